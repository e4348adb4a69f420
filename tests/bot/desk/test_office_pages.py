"""The pages beside the conversations, all of them: both languages, who may see which, the guide, the words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.words import LANGUAGES, table
from tests.bot.conftest import Gateway
from tests.bot.desk.office import filled, plain, signed_in

LISTED = ("callbacks", "search?q=khai+sinh", "canned", "board", "schedule", "guide")
PAGES = (*LISTED, "canned/new", "canned/1", "board/queues/mau-ward", "fragments/board", "fragments/callbacks")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_in_both_languages_without_script_or_style_of_its_own(gateway: Gateway, language: str) -> None:
    await filled(gateway)
    boss = await signed_in(gateway, language=language)
    for path in PAGES:
        page = await boss.read(path)
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|javascript:", page), path
        assert "<b>con</b>" not in page, path
        if not path.startswith("fragments"):
            assert f'<html lang="{language}"' in page, path
            assert len(re.findall("<h1", page)) == 1, path
            assert (plain(page).count("Theo dõi") > 0) <= (language == "vi"), path


WHO: dict[str, set[str]] = {
    "callbacks": {"agent", "supervisor", "administrator"},
    "search": {"agent", "supervisor", "administrator"},
    "canned": {"agent", "supervisor", "administrator", "content editor", "analyst"},
    "canned/new": {"supervisor", "administrator", "content editor"},
    "board": {"supervisor", "administrator", "analyst"},
    "board/queues/mau-ward": {"supervisor", "administrator"},
    "schedule": {"supervisor", "administrator"},
    "guide": {"agent", "supervisor", "administrator", "content editor", "analyst"},
}


async def test_which_role_sees_which_page_and_its_way_there(gateway: Gateway) -> None:
    for role in ("agent", "supervisor", "administrator", "content editor", "analyst"):
        browser = await signed_in(gateway, role, role)
        guide = await browser.read("guide")
        for path, roles in WHO.items():
            await browser.read(path, 200 if role in roles else 403)
            if "/" not in path:
                assert (f'href="/desk/{path}"' in guide) == (role in roles), (role, path)
        assert ('action="/desk/search"' in guide) == (role in WHO["search"])


async def test_another_agencys_queue_does_not_exist(gateway: Gateway) -> None:
    tax = await signed_in(gateway, "Tax", "supervisor", "tax-office")
    for path in ("board/queues/mau-ward", "schedule?agency=mau-ward", "schedule?agency=moon"):
        await tax.read(path, 404)
    for path in ("board/queues/mau-ward", "schedule/mau-ward/week", "schedule/mau-ward/office"):
        assert (await tax.send(path, response_minutes="1"))[0] == 404
    assert (await tax.send("board/close", agency="mau-ward", closed="yes"))[0] == 404
    assert "phường Mẫu" not in plain(await tax.read("board"))
    assert "Thuế cơ sở" in plain(await tax.read("schedule"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_guide_has_all_of_it_in_either_language(gateway: Gateway, language: str) -> None:
    lan = await signed_in(gateway, "Lan", "agent")
    whole = await lan.read(f"guide?lang={language}")
    main = whole[whole.index("<main") : whole.index("</main")]
    page = plain(main)
    for section in table(f"desk.office.{language}")["guide"]["sections"]:
        assert section["title"] in page
        assert all(" ".join(line.split()) in page for line in section["text"])
    assert main.count('<dl class="keys">') == 1
    for each in table(f"desk.{language}")["shortcuts"]["list"]:
        assert f"{each['key']} {each['does']}" in page


def shape(value: Any) -> Any:
    """The keys of words, and the blanks of each sentence."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return sorted(re.findall(r"(?<!\{)\{(\w+)\}(?!\})", str(value)))


def test_both_languages_say_the_same() -> None:
    vietnamese, english = (shape(table(f"desk.office.{language}")) for language in LANGUAGES)
    assert vietnamese == english


def test_every_problem_of_these_modules_has_its_sentence() -> None:
    modules = [*Path("bot").glob("*.py"), *Path("bot/desk").glob("*.py")]
    ours = [
        file for file in modules if file.stem in {"canned", "finding", "board", "hours", "schedule_page", "queue_page"}
    ]
    used = {word for file in ours for word in re.findall(r'word="(problem_\w+)"', file.read_text(encoding="utf-8"))}
    assert len(used) > 15
    assert used <= set(table("desk.office.vi")["problems"])
