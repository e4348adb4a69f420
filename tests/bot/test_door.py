"""The door: what is recognised in both languages, with and without diacritics; and what only looks like it.

The sentences of danger stand in tests/bot/words/danger.<language>.yml, on the path of the phrases that find them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.danger import TIERS, danger
from bot.door import recognise, taken_choice, withdraws
from bot.phrases import read_sets, read_templates
from bot.words import LANGUAGES, emergency, table
from text.fold import fold

SENTENCES: dict[str, dict[str, Any]] = {
    language: yaml.safe_load(Path(f"tests/bot/words/danger.{language}.yml").read_text(encoding="utf-8"))
    for language in LANGUAGES
}
FORMS = {"vi": (str, fold), "en": (str, str.upper)}


def sentences(section: str) -> list[tuple[str, str]]:
    """Each sentence of a section with its heading, in each form in which people type it."""
    return [
        (heading, typed)
        for language, said in SENTENCES.items()
        for heading, texts in said[section].items()
        for text in texts
        for typed in dict.fromkeys(form(str(text)) for form in FORMS[language])
    ]


@pytest.mark.parametrize(("kind", "text"), sentences("alarm"))
def test_danger_and_its_kind(kind: str, text: str) -> None:
    assert recognise(text) == "emergency"
    assert danger(text) == kind


@pytest.mark.parametrize(("why", "text"), sentences("quiet"))
def test_what_only_looks_like_danger(why: str, text: str) -> None:
    assert danger(text) is None


@pytest.mark.parametrize(("failure", "text"), sentences("known"))
def test_known_failures_can_only_become_fewer(failure: str, text: str) -> None:
    assert (danger(text) is None) == (failure == "missed")


@pytest.mark.parametrize(
    ("text", "unmarked"),
    [
        ("tôi muốn tự vẫn", "toi muon tu van"),  # … is also "tư vấn", what most people come for
        ("bị bạo hành", "bao hanh may giat"),
        ("mẹ tôi đau đẻ", "di dau de lam can cuoc"),
        ("nó định bắn tôi", "toi dinh ban hang an sang"),
        ("đang cháy", "xe dang chay"),
        ("cháu bé 3 tuổi bị đuối", "hoc sinh bi duoi"),
    ],
)
def test_diacritics_tell_danger_from_a_common_word(text: str, unmarked: str) -> None:
    assert danger(text) is not None
    assert danger(unmarked) is None


@pytest.mark.parametrize(
    "text",
    [
        "cha1y nha2",
        "capcuu",
        "cuutoivoi",
        "goicongan",
        "CỨU VỚI!!!",
        "c\u01b0\u0301u t\u00f4i v\u01a1\u0301i",
        "bất tĩnh rồi",
        "đột quị",
        "emergancy",
        "unconcious",
        "fier in my house",
        "helppp meee",
        "he\u2019s not breathing",
    ],
)
def test_slips_of_the_keys(text: str) -> None:
    assert recognise(text) == "emergency"


def test_no_training_example_of_another_intent_raises_the_alarm_and_nearly_all_of_this_one_do() -> None:
    told = {True: 0, False: 0}
    of_danger = 0
    for file in Path("data/nlu").glob("*/*.yml"):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            texts = [line.lstrip("- ") for line in block["examples"].splitlines()]
            of_danger += len(texts) if block["intent"] == "emergency" else 0
            told[block["intent"] == "emergency"] += sum(danger(text) is not None for text in texts)
    assert told[False] == 0
    assert told[True] >= 0.99 * of_danger


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phrases_are_well_formed(language: str) -> None:
    said = table(f"danger.{language}")
    sets = read_sets(said["sets"])
    for tier in TIERS:
        for kind, templates in said[tier].items():
            assert kind in table("door")["numbers"]
            read_templates(templates, sets)


PERSON = [
    "cho tôi gặp nhân viên",
    "gặp người thật đi",
    "cho em nói chuyện với cán bộ ạ",
    "nhân viên",
    "Gặp nhân viên",
    "kết nối với cán bộ",
    "chuyển cho cán bộ",
    "gặp người phụ trách",
    "nhân viên hỗ trợ",
    "nối máy với tổng đài viên giúp tôi",
    "cho em gặp người hỗ trợ với ạ",
    "tôi muốn nói chuyện trực tiếp với nhân viên",
    "cần người tư vấn",
    "tôi không muốn nói chuyện với bot",
    "gapnhanvien",
    "I want to talk to a human please",
    "agent",
    "can I speak to someone",
    "Talk to a person",
    "connect me to a human",
    "talk with a human",
    "speak to a representative",
    "customer service",
    "real human",
    "put me through to an officer",
    "hello, can I talk to a person?",
    "is there a real person I can talk to",
    "let me talk to staff",
]


@pytest.mark.parametrize("text", [*PERSON, *map(fold, PERSON)])
def test_asking_for_a_person(text: str) -> None:
    assert recognise(text) == "person"


NO_PERSON = [
    "cán bộ hộ tịch làm việc giờ nào",
    "nhân viên phường có thu phí không",
    "giấy ủy quyền cho người khác",
    "người phụ trách là ai",
    "hỏi ai",
    "nộp cho ai",
    "nhờ người khác nộp được không",
    "nhân viên đánh mất giấy của tôi",
    "xin chào",
    "",
    "I am a person with disability, what benefits",
    "can I send someone",
    "do I need a representative",
    "customer service hours",
    "who is the officer in charge",
    "I want a passport for my representative",
]


@pytest.mark.parametrize("text", [*NO_PERSON, *map(fold, NO_PERSON)])
def test_not_asking_for_a_person(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize(
    ("text", "withdrawn"),
    [
        ("hủy", True),
        ("thôi không cần nữa", True),
        ("không cần gặp nhân viên nữa ạ", True),
        ("never mind", True),
        ("I don't need a person anymore", True),
        ("cancel my request please", True),
        ("cần gặp nhân viên nữa", False),
        ("I need a person", False),
        ("hủy hồ sơ", False),
        ("không", False),
    ],
)
def test_no_longer_wanting_a_person(text: str, withdrawn: bool) -> None:
    assert withdraws(text) == withdraws(fold(text)) == withdrawn


CHOICES = [
    {"label": "Lệ phí", "value": "a"},
    {"label": "Cần giấy tờ gì?", "value": "b"},
    {"label": "Ở đâu", "value": "c"},
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "a"),
        ("2", "b"),
        ("số 3", "c"),
        ("so 3", "c"),
        ("chọn 2", "b"),
        ("câu 1 ạ", "a"),
        ("option 2 please", None),
        ("number 2", "b"),
        ("2.", "b"),
        ("lệ phí", "a"),
        ("le phi", "a"),
        ("CAN GIAY TO GI", "b"),
        ("o dau", "c"),
        ("4", None),
        ("0", None),
        ("1 2", None),
        ("2+2", None),
        ("2/2", None),
        ("2 2", None),
        ("hai hai", None),
        ("cái thứ hai", "b"),
        ("the second one", "b"),
        ("1 con", None),
        ("2345", None),
    ],
)
def test_a_taken_choice(text: str, value: str | None) -> None:
    taken = taken_choice(text, CHOICES)
    assert (taken and taken["value"]) == value


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cháy nhà rồi", "114"),
        ("nổ bình gas", "114"),
        ("kẹt trong thang máy", "114"),
        ("mẹ tôi bất tỉnh", "115"),
        ("vợ tôi sắp sinh đau bụng quá", "115"),
        ("máu chảy nhiều", "115"),
        ("nhồi máu cơ tim", "115"),
        ("tôi muốn tự tử", "115"),
        ("có trộm vào nhà", "113"),
        ("trẻ bị lạc", "113"),
        ("có người đánh trẻ em", "111"),
        ("lũ cuốn trôi xe và người", "112"),
        ("chest pain", "115"),
        ("choking", "115"),
        ("cannot breathe", "115"),
        ("my wife is in labour", "115"),
        ("gas explosion", "114"),
        ("someone broke into my house", "113"),
        ("help me", "113"),
    ],
)
def test_the_number_that_fits_comes_first(text: str, first: str) -> None:
    kind = danger(text)
    assert kind is not None
    assert danger(fold(text)) == kind
    for language in LANGUAGES:
        said = emergency(kind, language)
        assert min(table("door")["numbers"][kind], key=lambda number: said.index(f"- {number}")) == first
