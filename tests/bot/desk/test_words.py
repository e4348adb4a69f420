"""The words of the desk's pages: both languages say all of it, and all of it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.desk.shown import many, span
from bot.words import table

DESK = Path(__file__).parents[3] / "bot" / "desk"
WORDS = {language: table(f"desk.{language}") for language in ("vi", "en")}


def keys(given: Any, path: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Every sentence with its blanks; a form for one is what a language has or not."""
    if isinstance(given, dict):
        for key, value in given.items():
            if key != "one":
                yield from keys(value, f"{path}.{key}")
    elif isinstance(given, list):
        for place, value in enumerate(given):
            yield from keys(value, f"{path}.{place}")
    else:
        assert isinstance(given, str), path
        yield path, frozenset(re.findall(r"\{(\w*)\}", given))


def test_both_languages_have_the_same_sentences_with_the_same_blanks() -> None:
    assert dict(keys(WORDS["vi"])) == dict(keys(WORDS["en"]))


def test_the_scripts_say_the_same_as_the_pages() -> None:
    for words in WORDS.values():
        for path, key in (("time", "now"), ("time", "minutes"), ("time", "hours"), ("time", "days"), ("time", "ago"),
                          ("time", "left"), ("time", "late")):  # fmt: skip
            assert words["live"][path][key] == words[path][key]
        assert words["live"]["time"]["waited"] == words["queue"]["waited"]
        assert words["live"]["presences"] == words["frame"]["presences"]
        assert words["live"]["authors"] == words["conversation"]["authors"]
        assert words["live"]["out"] == words["frame"]["out"]


def test_every_icon_that_is_named_is_drawn() -> None:
    templates = {file.name: file.read_text(encoding="utf-8") for file in (DESK / "templates").glob("*.html")}
    drawn = set(re.findall(r'^  "(\w+)":', templates["icons.html"], re.MULTILINE))
    named = {name for text in templates.values() for name in re.findall(r'icon\("(\w+)"\)', text)}
    assert named <= drawn
    assert set(WORDS["vi"]["frame"]["pages"]) <= drawn


def test_a_language_says_one_and_many_its_own_way() -> None:
    assert many(WORDS["en"]["conversation"]["segments"], 1) == "1 segment"
    assert many(WORDS["en"]["conversation"]["segments"], 2) == "2 segments"
    assert many(WORDS["vi"]["conversation"]["segments"], 1) == "1 tin"
    assert [span("en", timedelta(days=days)) for days in (1, 3)] == ["1 day", "3 days"]
    assert span("vi", timedelta(seconds=30)) == "dưới 1 phút"
