"""The page as it is sent: in both languages, with nothing inline, and its words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.phone.handsets import national
from bot.words import table
from tests.bot.phone.conftest import Demonstration


@pytest.mark.parametrize(("language", "says"), [
    ("vi", ["Máy 1", "0912 000 001", "0912 000 002", "0900 000 000", "Phường Mẫu", "500 ₫", "không cần SIM"]),
    ("en", ["Phone 2", "0912 000 001", "Mau Ward", "₫500", "no SIM needed", "TROGIUP"]),
])  # fmt: skip
async def test_the_page(demonstration: Demonstration, language: str, says: list[str]) -> None:
    response = await demonstration.staff.get(f"/phone?lang={language}")
    text = await response.text()
    assert (response.headers["Content-Language"], f'<html lang="{language}">' in text) == (language, True)
    assert [word for word in [*says, "<noscript>"] if word not in text] == []
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)
    assert not re.search(r"""(src|action)=["']?(https?:)?//""", text)
    for address in set(re.findall(r'(?:href|src)="(/phone/static/[^"]+)"', text)):
        assert (await demonstration.staff.get(address)).status == 200


@pytest.mark.parametrize("name", ["views.py", "..%2fviews.py", "%2e%2e/views.py", "phone.html", "site.css", ""])
async def test_nothing_else_is_served(demonstration: Demonstration, name: str) -> None:
    assert (await demonstration.staff.get(f"/phone/static/{name}")).status == 404


def test_both_languages_have_the_same_words() -> None:
    vi, en = table("phone.vi"), table("phone.en")
    assert _keys(vi) == _keys(en)
    assert [each["text"] for each in vi["tries"]] == [each["text"] for each in en["tries"]]


def _keys(words: Any, at: str = "") -> set[str]:
    if isinstance(words, dict):
        return {key for name, inner in words.items() for key in _keys(inner, f"{at}.{name}")}
    if isinstance(words, list):
        return {key for index, inner in enumerate(words) for key in _keys(inner, f"{at}[{index}]")}
    return {f"{at} {sorted(re.findall(r'{(\w+)}', str(words)))}"}


@pytest.mark.parametrize(("number", "shown"), [
    ("+84912000001", "0912 000 001"), ("+842873000000", "+842873000000"), ("+12025550199", "+12025550199"),
    ("MG" + "0" * 32, "MG" + "0" * 32), ("19001", "19001"),
])  # fmt: skip
def test_numbers_as_people_write_them(number: str, shown: str) -> None:
    assert national(number) == shown
