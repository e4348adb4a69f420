"""A number or a date alone is asked about, with what there is to choose; a person is one of the choices, by SMS 0."""

from __future__ import annotations

from typing import Any

import pytest

from actions.answer import Language
from knowledge.catalogue import Catalogue
from tests.actions.conftest import Talk
from tests.actions.conversation import PERSON, Names, offered, passed_on
from tests.actions.test_texted import checked, texting

NUMBERS = [
    ("vi", "2"), ("vi", "số 7"), ("vi", "so 7"), ("vi", "42"), ("vi", "15."), ("en", "2"),
    ("en", "number 9"), ("en", "99"),
]


@pytest.mark.parametrize(("language", "text"), NUMBERS)
@pytest.mark.parametrize("intent", ["out_of_scope", "nlu_fallback", "rate", "name_service"])
async def test_with_nothing_to_choose_it_is_asked_what_is_meant(
    language: Language, text: str, intent: str, talk: Talk
) -> None:
    answer = await talk(language).say(text, intent)
    assert answer["outcome"] == "clarified"
    assert answer.get("expect") == "choice"
    assert offered(answer)[-1] == PERSON
    assert len(offered(answer)) > 2


@pytest.mark.parametrize(("language", "says"), [("vi", "từ 1 đến 4"), ("en", "from 1 to 4")])
async def test_the_numbers_that_there_are_are_said(language: Language, says: str, talk: Talk) -> None:
    citizen = talk(language)
    before = await citizen.say("…", "fee", service="passport")
    answer = await citizen.say("9", "out_of_scope")
    assert says in answer["reply"]["text"]
    assert offered(answer) == [*offered(before), PERSON]
    taken = await citizen.choose(1)
    assert taken.get("about") == {"service": "passport", "facet": "documents"}


@pytest.mark.parametrize(("language", "asked", "says"), [
    ("vi", "hộ chiếu phí bao nhiêu", "từ 1 đến 3"), ("en", "passport fee", "from 1 to 3"),
    ("vi", "hủy đăng ký tạm trú", "chỉ có mục 1"), ("en", "cancel my temporary residence", "only number 1"),
])
async def test_by_sms_a_person_is_no_number_of_them(
    language: Language, asked: str, says: str, catalogue: Catalogue, names: Names
) -> None:
    citizen = texting(catalogue, names, language)
    await citizen.say(asked, "fee")
    answer = await citizen.say("8", "nlu_fallback")
    assert says in answer["reply"]["short"]
    checked(answer)
    assert offered(answer)[-1] == PERSON


@pytest.mark.parametrize(("language", "intent", "entities", "says"), [
    ("vi", "check_case", {}, "Bạn gửi mã hồ sơ."), ("en", "check_case", {}, "Send the case reference."),
    ("vi", "check_case", {"case_reference": "H15.50.05.13-261008-0975"}, "4 số cuối"),
])
async def test_what_was_asked_for_is_asked_for_again(
    language: Language, intent: str, entities: dict[str, Any], says: str, talk: Talk
) -> None:
    citizen = talk(language)
    before = await citizen.say("…", intent, **entities)
    answer = await citizen.say("2", "out_of_scope")
    assert says in answer["reply"]["text"]
    assert answer.get("expect") == before.get("expect")


@pytest.mark.parametrize(("language", "text"), [("vi", "24/12"), ("vi", "ngày 24/12"), ("en", "24/12/2026")])
@pytest.mark.parametrize("intent", ["rate", "out_of_scope", "nlu_fallback"])
async def test_a_day_alone_may_be_asked_about_for_its_hours(
    language: Language, text: str, intent: str, talk: Talk
) -> None:
    citizen = talk(language)
    answer = await citizen.say(text, intent)
    assert answer["outcome"] == "clarified"
    assert "rating" not in answer
    hours = await citizen.choose(1)
    assert "24" in hours["reply"]["text"].splitlines()[0]
    assert "7:30–11:30" in hours["reply"]["text"].splitlines()[0]


@pytest.mark.parametrize("intent", ["rate", "nlu_fallback"])
async def test_after_opening_hours_a_day_is_about_them(intent: str, talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("bảo hiểm xã hội mấy giờ làm việc", "office_hours", agency="social-insurance")
    answer = await citizen.say("24/12", intent)
    assert answer["reply"]["text"].startswith("Có, thứ Năm 24/12/2026 mở cửa 8:00–12:00")


@pytest.mark.parametrize(("text", "rating"), [("3/5", 3), ("8/10", 4), ("5*", 5)])
async def test_what_is_on_a_scale_is_a_rating(text: str, rating: int, talk: Talk) -> None:
    assert (await talk("vi").say(text, "rate")).get("rating") == rating


@pytest.mark.parametrize(("text", "rating"), [
    ("rất tệ", 1), ("rat te", 1), ("quá tồi ạ", 1), ("không hài lòng", 2), ("hữu ích", 4), ("terrible", 1),
    ("not helpful", 2),
])
@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope", "complain"])
async def test_a_verdict_that_was_not_understood_is_a_rating(text: str, rating: int, intent: str, talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("…", "fee", service="passport")
    answer = await citizen.say(text, intent)
    assert answer.get("rating") == rating
    assert passed_on(answer) == ("low_rating" if rating <= 2 else None)


@pytest.mark.parametrize(("text", "intent", "entities"), [
    ("2", "documents", {"service": "passport"}),                # a choice that was taken by its number
    ("hộ chiếu 2", "fee", {}), ("2 hộ chiếu bao nhiêu tiền", "fee", {}), ("chi tiết bước 2", "nlu_fallback", {}),
])
async def test_a_number_beside_words_is_none(text: str, intent: str, entities: dict[str, Any], talk: Talk) -> None:
    answer = await talk("vi").say(text, intent, confidence=1.0 if entities else 0.9, **entities)
    assert "Bạn gửi số" not in answer["reply"]["text"]
