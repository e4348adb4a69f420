"""Which service is meant in the middle of a conversation: what came before, what is named, and what is not ours."""

from __future__ import annotations

import pytest

from actions.answer import Language
from tests.actions.conftest import Talk
from tests.actions.conversation import PERSON, offered
from text.fold import strip_diacritics

FEE_OF_PASSPORT = "intent=fee&service=passport"


def twice(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Each row, and a Vietnamese one without diacritics too."""
    return list(dict.fromkeys(one for row in rows for one in (row, tuple(map(strip_diacritics, row)))))


@pytest.mark.parametrize(("language", "before", "text", "intent"), twice([
    ("vi", "driving-licence-renewal", "nhận con nuôi", "name_service"),
    ("vi", "driving-licence-renewal", "nhận con nuôi", "documents"),
    ("vi", "", "thi bằng lái xe", "how_to"),
    ("vi", "birth-registration", "cải chính hộ tịch", "documents"),
    ("vi", "birth-registration", "ly hôn cần giấy tờ gì", "documents"),
    ("vi", "birth-registration", "giấy xác nhận độc thân", "where"),
    ("vi", "", "đăng ký xe máy mới", "how_to"),
    ("vi", "", "đăng ký nuôi chó", "name_service"), ("vi", "", "đăng ký nuôi mèo", "how_to"),
    ("vi", "", "xin việc làm ở phường", "how_to"),
    ("vi", "passport", "giấy phép lao động thì sao", "name_service"),
    ("en", "", "fire safety certificate", "documents"),
    ("en", "birth-registration", "adopt a child", "how_to"),
    ("en", "marriage-registration", "divorce papers", "documents"),
    ("en", "", "register my motorbike", "how_to"),
    ("en", "passport", "what about beekeeping", "name_service"),
]))
async def test_what_we_do_not_have_is_said_so(
    language: Language, before: str, text: str, intent: str, talk: Talk
) -> None:
    citizen = talk(language)
    if before:
        await citizen.say("…", "documents", service=before)
    answer = await citizen.say(text, intent)
    assert answer["outcome"] == "no_answer"
    assert offered(answer) == [PERSON]


@pytest.mark.parametrize(("language", "before", "text", "intent", "service"), twice([
    ("en", "marriage-registration", "and the time limit", "time_limit", "marriage-registration"),
    ("vi", "temporary-residence", "nộp ở phường hay công an", "where", "temporary-residence"),
    ("vi", "temporary-residence", "nộp ở công an phường phải không", "where", "temporary-residence"),
    ("vi", "marriage-registration", "đã ly hôn thì cần giấy tờ gì", "documents", "marriage-registration"),
    ("vi", "passport", "còn phí thì sao", "name_service", "passport"),
    ("vi", "passport", "trẻ em thì sao", "name_service", "passport"),
    ("vi", "identity-card", "mất thẻ thì sao", "name_service", "identity-card"),
    ("en", "identity-card", "what if I lost it", "name_service", "identity-card"),
    ("en", "passport", "and for children", "name_service", "passport"),
    ("vi", "temporary-residence", "còn thường trú", "name_service", "permanent-residence"),
    ("vi", "", "thường trú", "name_service", "permanent-residence"),
    ("vi", "", "đk thường trú cần giấy j", "documents", "permanent-residence"),
    ("vi", "", "e ở trọ thì dk thuong tru dc k", "who_may_apply", "permanent-residence"),
    ("vi", "", "xóa đăng ký thường trú cho người chết", "how_to", "death-package"),
    ("en", "", "what documents for marriage", "documents", "marriage-registration"),
]))
async def test_the_service_that_is_meant(
    language: Language, before: str, text: str, intent: str, service: str, talk: Talk
) -> None:
    citizen = talk(language)
    if before:
        await citizen.say("…", "documents", service=before)
    answer = await citizen.say(text, intent)
    assert (answer["outcome"], answer.get("about", {}).get("service")) == ("answered", service)


@pytest.mark.parametrize(("language", "text", "intent", "never"), twice([
    ("vi", "xin giấy xác nhận cư trú", "name_service", "judicial-record"),
    ("vi", "cơ sở pháp lý là gì", "legal_basis", "judicial-record"),
    ("vi", "đồ ngu", "nlu_fallback", "overnight-stay"), ("vi", "du học Mỹ", "name_service", "school-enrolment"),
    ("vi", "ông ngoại em yếu lắm", "nlu_fallback", "passport"),
    ("vi", "chiều nay có làm việc không", "nlu_fallback", "passport"),
    ("en", "I was fired from my job", "nlu_fallback", "building-permit"),
]))
async def test_a_syllable_alone_is_no_name(
    language: Language, text: str, intent: str, never: str, talk: Talk
) -> None:
    answer = await talk(language).say(text, intent)
    assert answer.get("about", {}).get("service") != never
    assert not any(never in value for value in offered(answer))


async def test_a_side_that_is_named_alone_is_told(talk: Talk) -> None:
    citizen = talk("en")
    await citizen.say("what documents for marriage", "documents")
    answer = await citizen.say("con phi thi sao", "name_service", language="vi")
    assert answer.get("about") == {"service": "marriage-registration", "facet": "fee"}


@pytest.mark.parametrize(("language", "first", "text"), twice([
    ("vi", "thường trú hay tạm trú cần giấy tờ gì", "bn tiền vậy ạ"),
    ("en", "temporary residence or permanent residence", "how much is it"),
]))
async def test_another_side_of_an_open_question_keeps_its_choices(
    language: Language, first: str, text: str, talk: Talk
) -> None:
    citizen = talk(language)
    asked = await citizen.say(first, "documents")
    again = await citizen.say(text, "fee")
    assert again["outcome"] == "clarified"
    values = [one["value"].replace("=documents&", "=fee&") for one in asked["reply"]["choices"]]
    assert [one["value"] for one in again["reply"]["choices"]] == values
    assert (await citizen.say(text, "fee"))["outcome"] == "no_answer"


@pytest.mark.parametrize(("language", "text", "says"), [
    ("en", "employment centre address", "5 Minh Hoa Street"),
    ("vi", "công an tỉnh ở đâu", "Số 90 đường Minh Họa"),
    ("vi", "cong an tinh o dau", "Số 90 đường Minh Họa"),
    ("vi", "chi nhánh văn phòng đất đai ở đâu", "Số 42 đường Thí Dụ"),
    ("vi", "chi nhanh van phong dat dai o dau", "Số 42 đường Thí Dụ"),
])
@pytest.mark.parametrize("before", ["", "passport"])
async def test_an_agency_is_told_by_its_offices(
    language: Language, text: str, says: str, before: str, talk: Talk
) -> None:
    citizen = talk(language)
    if before:
        await citizen.say("…", "documents", service=before)
    answer = await citizen.say(text, "where")
    assert answer["outcome"] == "answered"
    assert says in answer["reply"]["text"]
    assert "service" not in answer.get("about", {})


@pytest.mark.parametrize(("language", "text", "service", "other", "label"), [
    ("vi", "giấy khai sinh và hộ chiếu phí bao nhiêu", "birth-registration", FEE_OF_PASSPORT, "hộ chiếu"),
    ("vi", "giay khai sinh va ho chieu phi bao nhieu", "birth-registration", FEE_OF_PASSPORT, "hộ chiếu"),
    ("en", "fee for a passport and an identity card", "passport", "intent=fee&service=identity-card", "identity card"),
])
async def test_the_other_service_of_a_question_is_the_first_choice(
    language: Language, text: str, service: str, other: str, label: str, talk: Talk
) -> None:
    answer = await talk(language).say(text, "fee")
    assert answer.get("about") == {"service": service, "facet": "fee"}
    assert answer["reply"]["choices"][0]["value"] == other
    assert label in answer["reply"]["choices"][0]["label"]


@pytest.mark.parametrize(("language", "text"), [
    ("vi", "mất thẻ căn cước và hộ chiếu"),
    ("vi", "mat the can cuoc va ho chieu"),
    ("en", "I lost my ID card and passport"),
])
async def test_of_two_that_are_only_named_both_are_offered(language: Language, text: str, talk: Talk) -> None:
    answer = await talk(language).say(text, "nlu_fallback")
    assert answer["outcome"] == "clarified"
    assert {value.partition("service=")[2] for value in offered(answer)} == {"identity-card", "passport"}
