"""Templates of phrases, and words as they are typed."""

from __future__ import annotations

import pytest

from bot.phrases import Found, Phrases, read_sets, read_templates
from bot.spelling import Spelling

SETS = read_sets({"who": "mẹ, má", "someone": "<who> [tôi], ai đó"})


def found(template: str, text: str, *, crossing: bool = False) -> bool:
    phrases = Phrases(crossing=crossing)
    phrases.add("it", read_templates(template, SETS))
    return bool(phrases.found(Spelling(phrases.words).words(text)))


@pytest.mark.parametrize(
    ("template", "text", "stands"),
    [
        ("nhà cháy", "ôi nhà cháy rồi", True),
        ("nhà cháy", "nhà hay cháy", False),
        ("nhà (cháy|bốc khói)", "nhà bốc khói", True),
        ("nhà [đang] cháy", "nhà cháy", True),
        ("nhà [đang] cháy", "nhà đang cháy", True),
        ("nhà _ cháy", "nhà bên cạnh tôi cháy", True),
        ("nhà _ cháy", "nhà ở ngay cạnh tôi cháy", False),
        ("<someone> ngất", "má tôi ngất", True),
        ("<someone> ngất", "ai đó ngất", True),
        ("<someone> ngất", "tôi ngất", False),
        ("tầng #", "tầng 5", True),
        ("tầng #", "tầng năm", False),
        ("nhà cháy .", "nhà cháy", True),
        ("nhà cháy .", "nhà cháy, cứu", True),
        ("nhà cháy .", "nhà cháy rồi", False),
        ("nhà cháy, nhà sập", "nhà sập", True),
        ("nhà (cháy|\nsập)", "nhà sập", True),
        ("cháy", "chay", True),
        ("cháy", "chạy", False),
        ("cháy!", "cháy", True),
        ("cháy!", "chay", False),
        ("bất tỉnh", "bất tĩnh", True),
        ("bất tỉnh", "bât tinh", True),
        ("hoả hoạn", "hỏa hoạn", True),
        ("đứng", "dung", True),
        ("đứng", "đúng", True),
        ("help", "heeeelp", True),
        ("ambulance", "ambulence", True),
        ("fire", "fier", True),
        ("fire", "free", False),
        ("cant breathe", "can’t breathe", True),
        ("dad s", "dad's", True),
        ("cấp cứu", "capcuu", True),
        ("cấp cứu", "caaps cuwsu", True),
        ("gọi 115", "goi115", True),
        ("cháy", "cha1y", True),
    ],
)
def test_where_a_template_stands(template: str, text: str, stands: bool) -> None:
    assert found(template, text) == stands


def test_a_phrase_goes_on_behind_punctuation_only_where_it_may() -> None:
    assert found("phòng cháy", "phòng, cháy", crossing=True)
    assert not found("phòng cháy", "phòng, cháy")


def test_every_place_of_every_phrase_is_found() -> None:
    phrases = Phrases()
    phrases.add("a", read_templates("cháy, cháy nhà", {}))
    phrases.add("b", read_templates("nhà", {}))
    words = Spelling(phrases.words).words("cháy nhà cháy")
    assert phrases.found(words) == {Found("a", 0, 1), Found("a", 0, 2), Found("b", 1, 2), Found("a", 2, 3)}


@pytest.mark.parametrize("template", ["(a", "[a", "a)", "(a]"])
def test_a_bracket_without_its_other_half(template: str) -> None:
    with pytest.raises(ValueError, match=r"is missing|closes nothing"):
        read_templates(template, {})


def test_a_set_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        read_templates("<nobody> falls", {})
