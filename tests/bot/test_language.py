"""The language of a text: rows that decide, rows that must not, and the share over every training example."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.language import detect
from text.fold import fold

ROWS = [
    ("làm giấy khai sinh cho con cần giấy tờ gì", "vi"),
    ("bao nhiêu tiền", "vi"),
    ("phí?", "vi"),
    ("dang ky tam tru can gi", "vi"),
    ("giaays khai sinh laafn ddaafu", "vi"),
    ("nha toi dang chay", "vi"),
    ("gplx het han r doi o dau z", "vi"),
    ("check hồ sơ giúp mình", "vi"),
    ("and how long does it take?", "en"),
    ("I am having a baby", "en"),
    ("how much is a passport", "en"),
    ("what about sổ đỏ, is there a fee?", "en"),
    ("building permit", "en"),
    ("opening hours", "en"),
    ("fire!", "en"),
    ("ambulance", "en"),
    ("call the police", "en"),
    ("inheritance", "en"),
    ("divorce", "en"),
    ("I don't understand", "en"),
    ("hi", None),
    ("1", None),
    ("ok", None),
    ("passport", None),
    ("H15.50.05.13-261008-0975", None),
    ("👍", None),
    ("", None),
    ("STOP", None),
    ("khaisinh", None),
    ("hochieu", None),
    ("cancuoc", None),
    ("giaykhaisinh", None),
    ("camon", None),
    ("asdfgh", None),
    ("sdfsdf", None),
    ("abc", None),
    ("2+2", None),
    ("lam khaisinh o dau", "vi"),
    ("hochieu bao nhieu tien", "vi"),
]


@pytest.mark.parametrize(
    ("text", "language"), [*ROWS, *((fold(text), language) for text, language in ROWS if language == "vi")]
)
def test_rows(text: str, language: str | None) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("folded", [False, True])
def test_over_the_training_examples_few_are_taken_for_the_other_language(language: str, folded: bool) -> None:
    texts = [
        line.lstrip("- ")
        for file in Path(f"data/nlu/{language}").glob("*.yml")
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        if block["intent"] != "change_language"
        for line in block["examples"].splitlines()
    ]
    found = [detect(fold(text) if folded else text) for text in texts]
    other = sum(one not in (language, None) for one in found) / len(found)
    assert found.count(language) / len(found) >= 0.92
    assert other <= 0.015
