"""What sounds like danger, or like none of our business: a service that is named is answered all the same."""

from __future__ import annotations

import pytest

from actions.answer import Language
from actions.voice import words
from bot.words import table
from tests.actions.conftest import Talk
from tests.actions.conversation import offered


@pytest.mark.parametrize(("language", "text", "service"), [
    ("vi", "hộ chiếu bị cháy", "passport"), ("vi", "ho chieu bi chay", "passport"),
    ("en", "my passport got burned in a fire last year", "passport"), ("en", "emergency passport", "passport"),
])
async def test_papers_that_sound_like_danger_are_answered(
    language: Language, text: str, service: str, talk: Talk
) -> None:
    answer = await talk(language).say(text, "emergency")
    assert answer.get("about", {}).get("service") == service
    assert "114" in answer["reply"]["text"].splitlines()[-1]


@pytest.mark.parametrize(("language", "text"), [
    ("vi", "giấy phép phòng cháy chữa cháy"), ("vi", "giay phep phong chay chua chay"),
    ("vi", "bị tai nạn lao động thì hưởng trợ cấp gì"), ("vi", "bi tai nan lao dong thi huong tro cap gi"),
])
async def test_papers_we_do_not_have_lead_on(language: Language, text: str, talk: Talk) -> None:
    answer = await talk(language).say(text, "emergency")
    assert "115" in answer["reply"]["text"]
    assert answer["outcome"] in ("no_answer", "clarified", "answered")
    assert offered(answer)
    assert "nguy hiểm" not in answer["reply"]["text"].splitlines()[0]


@pytest.mark.parametrize(("language", "text", "first", "kind"), [
    ("vi", "tôi không muốn sống nữa", "115", "Tôi rất tiếc"), ("vi", "toi muon tu tu", "115", "Tôi rất tiếc"),
    ("en", "I want to die", "115", "I am sorry"), ("vi", "chồng bạo hành tôi", "113", "Tôi rất tiếc"),
    ("en", "my husband beats me, violence every day", "113", "I am sorry"),
    ("vi", "nhà đang cháy, giấy khai sinh ở trong", "114", "Nếu có người"), ("en", "fire", "114", "If anyone"),
])
async def test_real_danger_comes_first(language: Language, text: str, first: str, kind: str, talk: Talk) -> None:
    answer = await talk(language).say(text, "emergency")
    rows = answer["reply"]["text"].splitlines()
    assert rows[0].startswith(kind)
    assert next(row for row in rows if row.startswith("- "))[2:5] == first
    assert len(answer["reply"]["short"]) <= 160


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_door_and_the_abilities_say_the_same_in_an_emergency(language: str) -> None:
    ours, doors = words(language), table(language)
    keys = [key for key in doors if key.startswith(("emergency", "number_"))]
    assert {key: ours[key] for key in keys} == {key: doors[key] for key in keys}


@pytest.mark.parametrize(("language", "text", "service"), [
    ("en", "my ID card is lost", "identity-card"), ("en", "I got a speeding ticket", "traffic-fine"),
    ("vi", "tôi bị mất thẻ căn cước", "identity-card"), ("vi", "toi bi mat the can cuoc", "identity-card"),
])
async def test_a_service_that_is_found_is_never_out_of_scope(
    language: Language, text: str, service: str, talk: Talk
) -> None:
    answer = await talk(language).say(text, "out_of_scope")
    assert answer["outcome"] in ("answered", "clarified")
    assert service in str(answer)


@pytest.mark.parametrize(("language", "text"), [
    ("vi", "giá vàng hôm nay"), ("vi", "gia vang hom nay"), ("en", "who won the football"),
    ("vi", "thời tiết mai thế nào"), ("vi", "thoi tiet mai the nao"),
])
async def test_what_is_not_ours_is_still_declined(language: Language, text: str, talk: Talk) -> None:
    assert (await talk(language).say(text, "out_of_scope"))["outcome"] == "out_of_scope"


@pytest.mark.parametrize(("language", "text", "service"), [
    ("vi", "con tôi sắp đi học lớp 1", "school-enrolment"), ("vi", "con toi sap di hoc lop 1", "school-enrolment"),
    ("en", "room for rent", "temporary-residence"),
])
async def test_a_service_that_is_near_is_offered_not_told(
    language: Language, text: str, service: str, talk: Talk
) -> None:
    answer = await talk(language).say(text, "out_of_scope")
    assert answer["outcome"] == "out_of_scope"
    assert offered(answer)[0] == f"intent=name_service&service={service}"
