"""Both languages say the same things with the same values in them."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from actions.telling.short import fits
from actions.voice import Voice, danger_words, rating_words, words
from text.fold import fold

VI, EN = words("vi"), words("en")
KEYS = sorted(VI)


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(VI) == set(EN)


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_have_the_same_blanks(key: str) -> None:
    allowed = {"month_of": {"month", "number", "year"}}.get(key, set())
    assert blanks(VI[key]) == blanks(EN[key]) or (blanks(VI[key]) | blanks(EN[key])) <= allowed


@pytest.mark.parametrize("key", [key for key in KEYS if key.endswith("_brief")])
def test_a_brief_form_belongs_to_a_sentence_and_is_shorter(key: str) -> None:
    for language in (VI, EN):
        assert key.removesuffix("_brief") in language
        assert fits(language[key])


def test_every_sentence_is_used() -> None:
    """A key is written out in the code, or built from a prefix that is."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path("actions").rglob("*.py"))
    prefixes = set(re.findall(r'f"([a-z_]+)\{', code)) | set(re.findall(r"f'([a-z_]+)\{", code))
    unused = [
        key for key in KEYS
        if f'"{key}"' not in code and f"'{key}'" not in code and not any(key.startswith(prefix) for prefix in prefixes)
        and not (key.endswith("_brief") and f'"{key.removesuffix("_brief")}"' in code)
    ]
    assert unused == []


@pytest.mark.parametrize(("name", "inside"), [
    ("Đăng ký khai sinh", "đăng ký khai sinh"),
    ("Birth registration", "birth registration"),
    ("VNeID", "VNeID"),
    ("ID card", "ID card"),
    ("Ủy ban", "ủy ban"),
])
def test_a_name_inside_a_sentence(name: str, inside: str) -> None:
    assert Voice("vi").inside(name) == inside


def test_words_for_ratings_and_dangers_say_one_thing_each() -> None:
    for table in (rating_words(), danger_words()):
        said = [fold(word) for many in table.values() for word in many]
        assert len(said) == len(set(said))
