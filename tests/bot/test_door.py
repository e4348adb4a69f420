"""What is recognised at the door, in both languages, with and without diacritics; and what only looks like it."""

from __future__ import annotations

import pytest

from bot.door import danger, recognise, taken_choice
from bot.words import emergency
from text.fold import fold

EMERGENCIES = [
    "cháy nhà rồi cứu với",
    "nhà hàng xóm tôi đang cháy",
    "có người bị đâm ở chợ",
    "gọi cấp cứu giúp tôi",
    "có tai nạn giao thông ở ngã tư",
    "con tôi bị đuối nước",
    "tôi muốn tự tử",
    "chồng tôi đang đánh tôi dã man cứu tôi với",
    "có trộm vào nhà",
    "mẹ tôi bất tỉnh không thở được",
]
EMERGENCIES_EN = [
    "my house is on fire",
    "There's a fire in my building!",
    "someone is being attacked outside",
    "please call an ambulance",
    "my father is unconscious",
    "I want to kill myself",
    "a child is drowning in the river",
    "there has been a car crash",
    "my neighbour is beating his wife",
    "I smell gas, gas leak",
]
LOOK_ALIKES = [
    "giấy phép phòng cháy chữa cháy cho quán karaoke",
    "thẻ căn cước bị cháy thì làm lại ở đâu",
    "chạy xe quá tốc độ nộp phạt bao nhiêu",
    "chế độ tai nạn lao động cần giấy tờ gì",
    "khai tử cho người bị tai nạn giao thông",
    "fire safety certificate for a shop",
    "my passport burned in a house fire, how do I replace it",
    "mức phạt hành hung là bao nhiêu",
]


@pytest.mark.parametrize(
    "text", [*EMERGENCIES, *map(fold, EMERGENCIES), *EMERGENCIES_EN, *(text.upper() for text in EMERGENCIES_EN)]
)
def test_an_emergency(text: str) -> None:
    assert recognise(text) == "emergency"


@pytest.mark.parametrize("text", [*LOOK_ALIKES, *map(fold, LOOK_ALIKES)])
def test_what_only_looks_like_one(text: str) -> None:
    assert recognise(text) is None


PERSON = [
    "cho tôi gặp nhân viên",
    "gặp người thật đi",
    "cho em nói chuyện với cán bộ ạ",
    "nhân viên",
    "I want to talk to a human please",
    "agent",
    "can I speak to someone",
    "Talk to a person",
    "Gặp nhân viên",
]


@pytest.mark.parametrize("text", [*PERSON, *map(fold, PERSON)])
def test_asking_for_a_person(text: str) -> None:
    assert recognise(text) == "person"


@pytest.mark.parametrize(
    "text",
    [
        "cán bộ hộ tịch làm việc giờ nào",
        "nhân viên phường có thu phí không",
        "I am a person with disability, what benefits",
        "giấy ủy quyền cho người khác",
        "xin chào",
        "",
    ],
)
def test_not_asking_for_a_person(text: str) -> None:
    assert recognise(text) is None


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
        ("1 con", None),
        ("2345", None),
    ],
)
def test_a_taken_choice(text: str, value: str | None) -> None:
    taken = taken_choice(text, CHOICES)
    assert (taken and taken["value"]) == value


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("cháy nhà rồi", "fire", "114"),
        ("mẹ tôi bất tỉnh", "medical", "115"),
        ("vợ tôi sắp sinh đau bụng quá", "medical", "115"),
        ("có trộm vào nhà", "crime", "113"),
        ("tôi muốn tự tử", "self_harm", "115"),
        ("có người đánh trẻ em", "child", "111"),
        ("my wife is in labour", "medical", "115"),
        ("someone broke into my house", "crime", "113"),
    ],
)
def test_the_number_that_fits_comes_first(text: str, kind: str, first: str) -> None:
    for typed in (text, fold(text)):
        assert danger(typed) == kind
    for language in ("vi", "en"):
        said = emergency(kind, language)
        assert said.index(f"- {first}") == min(
            said.index(f"- {number}") for number in ("111", "112", "113", "114", "115")
        )
