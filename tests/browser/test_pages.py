"""The pages as such: words in both languages, which language a citizen gets, headers, the grammar of plain text."""

from __future__ import annotations

import json
import re
import urllib.request
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from bot.web.plain_text import blocks
from bot.words import table

STATIC = Path(__file__).parents[2] / "bot/web/static"
BLOCKS = json.loads((Path(__file__).parent / "blocks.json").read_text(encoding="utf-8"))
PAGES = ("/", "/chat", "/demo", "/accessibility")


def keys(words: Any, at: str = "") -> set[str]:
    """Every path to a sentence."""
    if isinstance(words, dict):
        return {key for name, inner in words.items() for key in keys(inner, f"{at}.{name}")}
    if isinstance(words, list):
        return {key for index, inner in enumerate(words) for key in keys(inner, f"{at}[{index}]")}
    return {at}


def get(url: str, **headers: str) -> tuple[str, HTTPMessage]:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 (loopback)
        return response.read().decode(), response.headers


def test_both_languages_have_the_same_words() -> None:
    assert keys(table("pages.vi")) == keys(table("pages.en"))


def test_both_languages_have_the_same_words_in_the_widget(live_system: Any, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(live_system.public_url + "/accessibility")
    of = "async (language) => Object.keys((await import('/static/chat/words.js')).WORDS[language]).sort()"
    assert page.evaluate(of, "vi") == page.evaluate(of, "en")
    page.close()


@pytest.mark.parametrize("case", BLOCKS, ids=[case["label"] for case in BLOCKS])
def test_plain_text_on_the_server(case: dict[str, Any]) -> None:
    assert [[block.kind, block.start, block.parts] for block in blocks(case["text"])] == case["blocks"]


def test_plain_text_in_the_browser(live_system: Any, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(live_system.public_url + "/accessibility")
    read = """async (text) => (await import('/static/chat/text.js')).blocks(text)
        .map(({kind, start, parts}) => [kind, start, parts])"""
    assert [page.evaluate(read, case["text"]) for case in BLOCKS] == [case["blocks"] for case in BLOCKS]
    page.close()


CASES = {
    # reference, what proves it; more are listed
    "H15.50.05.13-261008-0975": "2345",
    "H15.50.05.13-261123-1021": "7183",
    "000.00.19.H15-261113-0412": "5069",
    "G01.50.05-20261118-0061233": "1746",
    "G24.50.05-261112-0296": "8719",
}


@pytest.mark.parametrize(("language", "first"), [("vi", "Giấy phép xây dựng"), ("en", "Building permit")])
def test_a_demonstration_lists_cases_with_what_proves_them(live_system: Any, language: str, first: str) -> None:
    text, _ = get(f"{live_system.public_url}/demo?lang={language}")
    cells = r"<tr>\s*<td[^>]*>([^<]+)</td>\s*<td[^>]*><code>([^<]+)</code></td>\s*<td[^>]*><code>(\d{4})</code>"
    rows = re.findall(cells, text)
    shown = {reference: proof for _, reference, proof in rows}
    assert {reference: shown.get(reference) for reference in CASES} == CASES
    assert rows[0][0].startswith(first)
    assert len(rows) == text.count("<tr>") - 1


LANGUAGES = [
    # query, cookie, Accept-Language, page
    ("?lang=en", "vi", "vi", "en"),
    ("?lang=fr", "en", "vi", "en"),
    ("", "en", "vi", "en"),
    ("", "", "en-GB,en;q=0.9", "en"),
    ("", "", "fr, en;q=0.4, vi;q=0.8", "vi"),
    ("", "", "en;q=nonsense, fr", "vi"),
    ("", "", "", "vi"),
]


@pytest.mark.parametrize(("query", "cookie", "accepted", "expected"), LANGUAGES)
def test_language_by_query_then_cookie_then_browser(
        live_system: Any, query: str, cookie: str, accepted: str, expected: str) -> None:
    url = f"{live_system.public_url}/{query}"
    text, headers = get(url, Cookie=f"motcua_language={cookie}", Accept_Language=accepted)
    assert f'<html lang="{expected}">' in text
    assert headers["Content-Language"] == expected


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_the_policy_forbids_it(live_system: Any, path: str) -> None:
    text, headers = get(live_system.public_url + path)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)
    assert not re.search(r"""(src|href|action)=["']?(https?:)?//""", text)


@pytest.mark.parametrize("path", ["/", "/chat", "/demo"])
def test_a_demonstration_says_so(live_system: Any, path: str) -> None:
    assert "trình diễn" in get(f"{live_system.public_url}{path}?lang=vi")[0]


@pytest.mark.parametrize("path", sorted(str(file.relative_to(STATIC)) for file in STATIC.rglob("*.*")))
def test_every_static_file_is_small_and_served(live_system: Any, path: str) -> None:
    text, _ = get(f"{live_system.public_url}/static/{path}")
    assert len(text.splitlines()) <= (900 if path.endswith(".css") else 300)
