"""The chat with JavaScript: what is typed stays, usable by keyboard, on small screens, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.citizen import Citizen, saying

Contexts = Callable[..., BrowserContext]
QUESTION = "làm giấy khai sinh cho con cần giấy tờ gì"


@pytest.fixture
def home(live_system: Any, context: Contexts) -> Citizen:
    """Somebody on the home page; the chat is closed."""
    return Citizen(context().new_page(), live_system.public_url).visit("/?lang=vi")


def test_starters_are_the_empty_state(citizen: Citizen) -> None:
    starters = citizen.page.locator("motcua-chat .starters button")
    expect(starters).to_have_count(6)
    starters.first.click()
    expect(citizen.messages("assistant")).to_have_count(1)
    expect(starters.first).to_be_hidden()


def test_what_is_typed_before_the_scripts_arrive_is_kept(live_system: Any, context: Contexts) -> None:
    page = context().new_page()
    held: list[Route] = []
    page.route("**/static/chat/element.js", lambda route: held.append(route))
    page.goto(live_system.public_url + "/chat?lang=vi", wait_until="commit")
    page.locator("#input").fill(QUESTION)
    while not held:
        page.wait_for_timeout(50)
    page.route("**/static/chat/element.js", lambda route: route.continue_())
    for route in held:
        route.continue_()
    citizen = Citizen(page, live_system.public_url)
    page.locator("motcua-chat:defined").wait_for(state="attached")
    expect(citizen.input).to_have_value(QUESTION)
    expect(citizen.input).to_be_focused()


def test_what_is_typed_while_the_styles_arrive_is_kept(live_system: Any, context: Contexts) -> None:
    """On a slow machine the chat has its scripts long before its styles: no key is lost between the two fields."""
    page = context().new_page()
    asked: list[Route] = []
    page.route("**/static/chat/chat.css", lambda route: asked.append(route) or (len(asked) == 1 and route.continue_()))
    page.goto(live_system.public_url + "/chat?lang=vi")
    page.locator("motcua-chat:defined").wait_for(state="attached")
    citizen = Citizen(page, live_system.public_url)
    citizen.input.press_sequentially("một")
    citizen.input.press("Shift+Enter")
    citizen.input.press("ArrowUp")
    while len(asked) < 2:
        page.wait_for_timeout(50)
    asked[1].continue_()
    page.locator("motcua-chat:empty").wait_for(state="attached")
    page.keyboard.type("hai ")
    expect(citizen.input).to_have_value("hai một\n")
    expect(citizen.input).to_be_focused()


LENGTHS = [
    ("a", 2_001, 1), ("ệ", 2_010, 10), ("e\u0302\u0323", 2_003, 3), ("😀", 2_002, 2),
]


@pytest.mark.parametrize(("letter", "count", "over"), LENGTHS)
def test_too_long_a_text_is_kept_and_counted(citizen: Citizen, letter: str, count: int, over: int) -> None:
    citizen.input.fill(letter * count)
    expect(citizen.page.locator("motcua-chat .count")).to_have_text(f"Thừa {over} ký tự")
    citizen.input.press("Enter")
    expect(citizen.alert).to_contain_text(f"thừa {over} ký tự")
    expect(citizen.input).to_have_value(letter * count)
    expect(citizen.page.locator("motcua-chat .message")).to_have_count(0)


def test_the_counter_shows_near_the_limit_only(citizen: Citizen) -> None:
    counter = citizen.page.locator("motcua-chat .count")
    citizen.input.fill("a" * 1_700)
    expect(counter).to_be_hidden()
    citizen.input.fill("a" * 1_990)
    expect(counter).to_have_text("Còn 10 ký tự")


def test_nothing_typed_is_said_kindly(citizen: Citizen) -> None:
    citizen.say("   ")
    expect(citizen.alert).to_contain_text("chưa viết gì")


def test_what_the_gateway_refuses_comes_back(citizen: Citizen) -> None:
    invisible = "\u200b\u200b"
    citizen.ask("xin chào")
    citizen.say(invisible)
    expect(citizen.alert).not_to_be_empty()
    expect(citizen.input).to_have_value(invisible)


def test_shift_enter_is_a_new_line(citizen: Citizen) -> None:
    citizen.input.press_sequentially("một")
    citizen.input.press("Shift+Enter")
    citizen.input.press_sequentially("hai")
    expect(citizen.input).to_have_value("một\nhai")


def test_language_switch(citizen: Citizen) -> None:
    citizen.page.get_by_role("button", name="English").click()
    expect(citizen.page.get_by_role("button", name="Talk to a person")).to_be_visible()
    expect(citizen.page.locator("html")).to_have_attribute("lang", "en")
    citizen.say("hi")                       # tells no language: answered in the one that was chosen
    expect(citizen.messages("assistant").locator(".body")).to_have_attribute("lang", "en")
    citizen.reload()
    expect(citizen.page.get_by_role("button", name="Tiếng Việt")).to_be_visible()


def test_taking_a_choice_says_its_label_and_closes_the_set(citizen: Citizen) -> None:
    citizen.ask("I am having a baby")
    label = str(citizen.choices().first.get_attribute("data-label"))
    button = citizen.page.locator(f'motcua-chat button.choice[data-label="{label}"]').first
    button.click()
    expect(citizen.messages("citizen").last.locator(".body")).to_have_text(label)
    expect(button).to_be_disabled()
    citizen.reload()
    expect(citizen.page.locator("motcua-chat button.choice.taken")).to_have_attribute("data-label", label)


def test_new_answers_are_read_aloud_once(citizen: Citizen) -> None:
    citizen.page.evaluate("""() => {
        const region = document.querySelector('motcua-chat').shadowRoot.querySelector('[aria-live=polite]');
        window.spoken = [];
        const heard = ({addedNodes}) => addedNodes.forEach((node) => spoken.push(node.textContent));
        new MutationObserver((changes) => changes.forEach(heard)).observe(region, {childList: true});
    }""")
    answer = citizen.ask(QUESTION).locator(".body").inner_text()
    spoken = [each for each in citizen.page.evaluate("spoken") if answer[:20] in each]
    assert len(spoken) == 1
    assert not any(each.endswith(QUESTION) for each in citizen.page.evaluate("spoken"))


def _focused(page: Page) -> str:
    """The label of what has the focus, looked for through shadow roots."""
    return page.evaluate("""() => {
        let at = document.activeElement;
        while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at.className || at.id || at.tagName; }""")


@pytest.mark.parametrize("width", [1280, 390])
def test_keyboard_alone(home: Citizen, width: int) -> None:
    page = home.page
    page.set_viewport_size({"width": width, "height": 800})
    page.locator("motcua-chat .launcher").focus()
    page.keyboard.press("Enter")
    assert _focused(page) == "input"
    page.keyboard.type("lam the can cuoc o dau")
    page.keyboard.press("Enter")
    expect(home.messages("assistant")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("motcua-chat dialog")).to_be_hidden()
    expect(page.locator("motcua-chat .launcher")).to_be_focused()


def test_every_control_is_reached_and_left_by_tab(citizen: Citizen) -> None:
    expect(citizen.page.locator("motcua-chat .starters button")).to_have_count(6)
    citizen.page.locator("motcua-chat a.brand").focus()
    seen = [_focused(citizen.page)]
    for _ in range(20):
        citizen.page.keyboard.press("Tab")
        seen.append(_focused(citizen.page))
    for wanted in ("quiet", "button person", "choice", "input", "button send"):
        assert wanted in seen


@pytest.mark.parametrize("path", ["/", "/chat", "/demo", "/accessibility"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_scrolls_sideways_at_320_px(live_system: Any, context: Contexts, path: str, language: str) -> None:
    page = context(viewport={"width": 320, "height": 640}).new_page()
    Citizen(page, live_system.public_url).visit(f"{path}?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wide = "all => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.className)"
    assert page.locator("motcua-chat :is(.frame, .head, .bar, .composer)").evaluate_all(wide) == []


def test_at_400_percent_zoom_one_can_still_read_and_write(live_system: Any, context: Contexts) -> None:
    page = context(viewport={"width": 320, "height": 256}).new_page()
    citizen = Citizen(page, live_system.public_url).visit("/chat?lang=vi")
    answer = citizen.ask(QUESTION)
    answer.locator(".sources").scroll_into_view_if_needed()
    expect(answer.locator(".sources")).to_be_in_viewport()
    citizen.input.scroll_into_view_if_needed()
    expect(citizen.input).to_be_in_viewport(ratio=0.9)


def test_asking_from_the_home_page_opens_the_chat(home: Citizen) -> None:
    home.page.get_by_label("Bạn cần hỏi việc gì?").fill(QUESTION)
    home.page.get_by_role("button", name="Hỏi ngay").click()
    expect(home.messages("assistant").first).to_contain_text(saying("giấy chứng sinh"))
    home.page.get_by_role("button", name="Đóng cửa sổ trò chuyện").click()
    home.page.goto(home.url + "/chat")
    expect(home.messages("assistant")).to_have_count(1)          # the same conversation, on the whole page
