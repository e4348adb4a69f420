"""axe finds no WCAG 2.2 AA violation: every page, both languages, both themes, before and after a conversation."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.citizen import Citizen
from tests.browser.desk import Caller

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})"
LANGUAGES = ("vi", "en")
PAGES = ("/", "/chat", "/demo", "/accessibility", "/nowhere")
THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
Open = Callable[[str, str], Citizen]


def violations(page: Page) -> list[str]:
    """One line for each element that axe objects to."""
    page.evaluate(AXE)
    found = page.evaluate(RULES, TAGS)["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.fixture
def faults() -> list[str]:
    """Not watched here: axe itself tries styles that our policy forbids."""
    return []


@pytest.fixture(params=THEMES)
def visit(request: pytest.FixtureRequest, live_system: Any, context: Callable[..., BrowserContext]) -> Open:
    page = context(color_scheme=request.param).new_page()
    return lambda path, language: Citizen(page, live_system.public_url).visit(f"{path}?lang={language}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_pages(visit: Open, path: str, language: str) -> None:
    assert violations(visit(path, language).page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conversation(visit: Open, language: str) -> None:
    citizen = visit("/chat", language)
    citizen.ask("làm giấy khai sinh cho con cần giấy tờ gì")
    citizen.ask("I am having a baby")
    citizen.input.fill("a" * 2_001)
    citizen.input.press("Enter")
    assert violations(citizen.page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_open_panel(visit: Open, language: str) -> None:
    citizen = visit("/", language)
    citizen.page.locator("motcua-chat .launcher").click()
    assert violations(citizen.page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_before_javascript(visit: Open, language: str) -> None:
    """What stands on the chat page without the widget, looked at by axe where scripts can run."""
    citizen = visit("/accessibility", language)
    citizen.page.route("**/widget.js", lambda route: route.abort())
    citizen.page.route("**/site.js", lambda route: route.abort())
    citizen.page.goto(citizen.url + "/chat")
    citizen.page.locator("#input").fill("làm giấy khai sinh cho con cần giấy tờ gì")
    citizen.page.locator(".composer button").click()
    citizen.page.locator(".message").first.wait_for()
    assert violations(citizen.page) == []
    citizen.page.locator("#input").fill("a" * 2_001)
    citizen.page.locator(".composer button").click()
    citizen.page.locator("#alert").wait_for()
    assert violations(citizen.page) == [], "an error beside what was typed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_of_a_long_text(visit: Open, caller: Caller, language: str) -> None:
    """What a text's link leads to."""
    conversation = caller.asks_for_a_person()
    here = f"conversations/{conversation}"
    caller.office.do("POST", f"{here}/claim")
    caller.office.do("POST", f"{here}/messages", id=str(uuid.uuid4()), text="Hồ sơ đất đai cần nhiều giấy tờ.\n\n" * 40)
    link = re.compile(r"/m/[\w-]{16}")
    expect(caller.handset.texts("in").last).to_contain_text(link)
    found = link.search(caller.handset.texts("in").last.inner_text())
    caller.office.do("POST", f"{here}/close", outcome="informed")
    assert found
    page = visit(found.group(), language).page
    expect(page.locator("main")).to_contain_text("Hồ sơ đất đai cần nhiều giấy tờ.")
    assert violations(page) == []


def test_text_spacing_hides_nothing(visit: Open) -> None:
    """WCAG 1.4.12: the citizen's own spacing does not cut text off."""
    page = visit("/", "vi").page
    page.locator("motcua-chat .launcher").click()
    page.evaluate("""() => { const sheet = new CSSStyleSheet();
        const spacing = 'line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important';
        sheet.replaceSync(`* { ${spacing} }`);
        document.adoptedStyleSheets = [sheet];
        document.querySelector('motcua-chat').shadowRoot.adoptedStyleSheets = [sheet]; }""")
    assert page.evaluate("""() => {
        const chat = document.querySelector('motcua-chat').shadowRoot;
        const cut = (each) => getComputedStyle(each).overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1;
        return [...document.querySelectorAll('main *'), ...chat.querySelectorAll('dialog *')]
            .filter((each) => !each.matches('.unseen, .hero') && cut(each)).map((each) => each.outerHTML.slice(0, 120));
    }""") == []
