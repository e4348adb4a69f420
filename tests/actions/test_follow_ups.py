"""Going on from an answer: what a short message means is clear from the conversation before it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from actions.answer import Language
from actions.cases.fake import FakeCases
from actions.telling.days import Asked, asked_days
from knowledge.catalogue import Catalogue
from tests.actions.conftest import MONDAY, PackStore, Talk, make_world
from tests.actions.conversation import PERSON, Conversation, Names, Row, both_spellings, offered


@pytest.mark.parametrize(("language", "text", "intent", "says"), both_spellings([
    ("vi", "chi tiết bước 2", "how_to", "Bước 2."), ("vi", "bước 1 làm sao", "how_to", "Bước 1."),
    ("vi", "làm gì trước", "nlu_fallback", "Bước 1."), ("vi", "bước hai", "name_service", "Bước 2."),
    ("vi", "bước 9", "how_to", "chỉ có"), ("vi", "bao nhiêu tiền", "fee", "Lệ phí theo từng bước"),
    ("en", "what do I do first", "how_to", "Step 1."), ("en", "step two please", "how_to", "Step 2."),
    ("en", "the second step", "nlu_fallback", "Step 2."), ("en", "how much is it", "fee", "Fee, step by step"),
    ("en", "how long does it take", "time_limit", "How long it takes, step by step"),
]))
async def test_a_journey_goes_on(language: Language, text: str, intent: str, says: str, talk: Talk) -> None:
    citizen = talk(language)
    await citizen.say("…", "life_event", event="having-a-baby")
    answer = await citizen.say(text, intent)
    assert answer["outcome"] == "answered"
    assert says in answer["reply"]["text"]
    assert answer.get("about", {}).get("event") == "having-a-baby"
    assert len(answer["reply"]["short"]) <= 160


async def test_after_a_step_its_service_is_spoken_of_and_the_next_step_is_found(talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("…", "life_event", event="having-a-baby")
    step = await citizen.say("bước 1", "how_to")
    fee = await citizen.say("bao nhiêu tiền", "fee")
    assert fee.get("about") == {"service": step.get("about", {})["service"], "facet": "fee"}
    assert "Bước 2." in (await citizen.say("còn bước 2", "name_service"))["reply"]["text"]


@pytest.mark.parametrize(("language", "text", "says"), [(row[0], row[1], row[3]) for row in both_spellings([
    ("vi", "thứ 7 có làm không", "", "thứ Bảy 28/11/2026"),
    ("vi", "T7 có mở không", "", "thứ Bảy 28/11/2026"),
    ("vi", "chủ nhật có làm việc không", "", "Không, Chủ nhật 29/11/2026"),
    ("vi", "CN mở cửa không", "", "Không, Chủ nhật"),
    ("vi", "hôm nay có làm không", "", "Có, thứ Hai 23/11/2026 mở cửa 7:30–11:30, 13:30–17:00"),
    ("vi", "tối nay có mở không", "", "Không, buổi tối thứ Hai 23/11/2026"),
    ("vi", "chiều nay có làm không", "", "Có, thứ Hai 23/11/2026"),
    ("vi", "ngày mai mở cửa không", "", "Có, thứ Ba 24/11/2026"),
    ("vi", "ngày lễ có làm không", "", "Không, các ngày nghỉ lễ"),
    ("vi", "mùng 2 tháng 9 có làm không", "", "Không, thứ Năm 02/09/2027"),
    ("en", "are you open on Sunday", "", "No, closed on Sunday 29 November 2026"),
    ("en", "open tomorrow?", "", "Yes, open on Tuesday 24 November 2026"),
    ("en", "open tonight?", "", "No, closed in the evening"),
    ("vi", "thứ 7 có nghỉ không", "", "Có, thứ Bảy 28/11/2026 không làm việc"),
    ("vi", "thứ 6 có đóng cửa không", "", "Không, thứ Sáu 27/11/2026 mở cửa"),
    ("vi", "ngày lễ có nghỉ không", "", "Có, các ngày nghỉ lễ"),
    ("vi", "ngày nghỉ lễ có làm việc không", "", "Không, các ngày nghỉ lễ"),
    ("en", "are you closed on Sunday", "", "Yes, closed on Sunday 29 November 2026"),
    ("en", "are you closed on Friday", "", "No, open on Friday 27 November"),
    ("en", "public holidays", "", "No, offices are closed on public holidays"),
    ("en", "on Friday", "", "Yes, open on Friday 27 November"),
])])
async def test_hours_of_a_day_begin_with_yes_or_no(language: Language, text: str, says: str, talk: Talk) -> None:
    answer = await talk(language).say(text, "office_hours", agency="mau-ward")
    assert says in answer["reply"]["text"].splitlines()[0]
    assert answer["reply"]["text"].split(",")[0] in ("Có", "Không", "Yes", "No")
    assert "7:30" in answer["reply"]["text"]
    assert len(answer["reply"]["short"]) <= 160


@pytest.mark.parametrize(("language", "text", "at", "says"), [
    ("vi", "bây giờ có mở không", 9, "Đang mở cửa, đến 11:30."), ("vi", "bay gio co mo khong", 20, "Đang đóng cửa"),
    ("vi", "giờ này còn làm việc không", 12, "Đang nghỉ trưa"), ("vi", "hôm nay còn mở cửa không", 20, "Đang đóng cửa"),
    ("vi", "công an phường đang mở cửa không", 20, "Đang đóng cửa"), ("en", "are you open now", 20, "Closed now"),
    ("en", "is the police open right now", 9, "Open now"), ("en", "are you still open today", 20, "Closed now"),
])
async def test_now_is_answered_by_what_is_now(
    language: Language, text: str, at: int, says: str, catalogue: Catalogue, names: Names, cases: FakeCases
) -> None:
    world = make_world(PackStore(catalogue), cases, MONDAY.replace(hour=at))
    answer = await Conversation(world, language, names).say(text, "office_hours")
    first, office, *_ = answer["reply"]["text"].splitlines()
    assert not first.startswith(("Có", "Không", "Yes", "No"))
    assert says in office


@pytest.mark.parametrize(("text", "on"), [
    ("thứ hai tuần sau", "2026-11-30"), ("next monday", "2026-11-30"), ("on the weekend", "2026-11-28"),
    ("tôi thứ 4 tới", "2026-11-25"), ("thủ tục hộ chiếu", None), ("tôi cần gặp", None), ("25/11", "2026-11-25"),
])
def test_the_day_meant(text: str, on: str | None) -> None:
    found = asked_days(text, MONDAY.date())
    assert [str(one.on) for one in found[:1]] == ([on] if on else [])
    assert all(isinstance(one, Asked) for one in found)


@pytest.mark.parametrize(("text", "intent"), [
    ("thứ 7 có làm không", "office_hours"), ("thu 7 thi sao", "name_service"), ("còn chủ nhật", "nlu_fallback"),
])
async def test_the_agency_asked_about_is_remembered(text: str, intent: str, talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("bảo hiểm xã hội mấy giờ làm việc", "office_hours", agency="social-insurance")
    answer = await citizen.say(text, intent)
    assert "ảo hiểm xã hội" in answer["reply"]["text"]


@pytest.mark.parametrize("number", ["1", "3", "5", "7"])
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_bare_number_is_a_rating_only_where_one_was_asked_for(
    language: Language, number: str, talk: Talk
) -> None:
    citizen = talk(language)
    await citizen.say("…", "fee", service="passport")
    answer = await citizen.say(number, "rate")
    assert answer["outcome"] == "clarified"
    assert "rating" not in answer
    assert PERSON in offered(answer)
    await citizen.say("đánh giá", "rate")
    rated = await citizen.say(number, "rate")
    assert rated.get("rating") == (int(number) if number != "7" else None)


UNCLEAR: list[Row] = [
    ("vi", "tôi không hiểu", "", ""), ("vi", "nói rõ hơn đi", "", ""), ("vi", "là sao ạ", "", ""),
    ("en", "what do you mean", "", ""), ("en", "I don't understand", "", ""),
]


@pytest.mark.parametrize(("language", "text"), [row[:2] for row in both_spellings(UNCLEAR)])
@pytest.mark.parametrize("intent", ["nlu_fallback", "repeat", "rate"])
async def test_not_understood_first_simpler_then_a_person(
    language: Language, text: str, intent: str, talk: Talk
) -> None:
    citizen = talk(language)
    said = await citizen.say("…", "documents", service="birth-registration")
    simpler = await citizen.say(text, intent)
    assert len(simpler["reply"]["text"]) < len(said["reply"]["text"])
    assert offered(simpler)[-1] == PERSON
    person = await citizen.say(text, intent)
    assert offered(person) == [PERSON]
    assert person["reply"]["text"] != simpler["reply"]["text"]
    again = await citizen.say("nhắc lại", "repeat")
    assert again["reply"]["text"] == said["reply"]["text"]


@pytest.mark.parametrize(("language", "intent", "entities"), [
    ("vi", "fee", {}), ("en", "fee", {}), ("vi", "check_case", {}), ("en", "check_case", {}),
])
async def test_a_question_is_said_in_fewer_words_once(
    language: Language, intent: str, entities: dict[str, Any], talk: Talk
) -> None:
    citizen = talk(language)
    asked = await citizen.say("…", intent, **entities)
    shorter = await citizen.say("ngắn hơn", "shorter")
    assert len(shorter["reply"]["text"]) < len(asked["reply"]["text"])
    assert shorter.get("expect") == asked.get("expect")
    last = await citizen.say("ngắn hơn", "shorter")
    assert offered(last) == [PERSON]


@pytest.mark.parametrize(("text", "intent"), [
    ("không đúng", "deny"), ("khong dung", "deny"), ("sai rồi", "complain"), ("sai roi", "nlu_fallback"),
    ("that's wrong", "rate"), ("wrong", "deny"),
])
async def test_a_wrong_answer_is_apologised_for(text: str, intent: str, talk: Talk) -> None:
    citizen = talk("en" if "wrong" in text else "vi")
    await citizen.say("…", "fee", service="passport")
    answer = await citizen.say(text, intent)
    assert "Xin lỗi" in answer["reply"]["text"] or "sorry" in answer["reply"]["text"]
    assert "handoff" not in answer
    assert offered(answer) == [PERSON]


@pytest.mark.parametrize(("language", "text"), [
    ("vi", "tôi không có mã"), ("vi", "toi khong co ma"), ("vi", "tôi không nhớ"), ("vi", "toi khong nho"),
    ("en", "I don't have it"), ("en", "I lost my receipt"),
])
@pytest.mark.parametrize("intent", ["deny", "nlu_fallback", "check_case"])
async def test_where_the_reference_stands_is_told(language: Language, text: str, intent: str, talk: Talk) -> None:
    citizen = talk(language)
    await citizen.say("…", "check_case")
    answer = await citizen.say(text, intent)
    assert "VNeID" in answer["reply"]["text"]
    assert offered(answer) == [PERSON]


@pytest.mark.parametrize(("language", "text", "idle"), [
    ("vi", "thôi", "Hiện không có việc gì đang làm dở"), ("vi", "thoi khong can nua", "Hiện không có việc gì"),
    ("en", "cancel", "Nothing is under way"),
])
async def test_nothing_is_cancelled_where_nothing_is_under_way(
    language: Language, text: str, idle: str, talk: Talk
) -> None:
    citizen = talk(language)
    said = await citizen.say("…", "fee", service="passport")
    assert idle in (await citizen.say(text, "cancel"))["reply"]["text"]
    assert (await citizen.say("nhắc lại", "repeat"))["reply"]["text"] == said["reply"]["text"]
    await citizen.say("…", "check_case")
    assert idle not in (await citizen.say(text, "cancel"))["reply"]["text"]
    assert idle in (await citizen.say(text, "cancel"))["reply"]["text"]


async def test_after_a_change_of_language_the_answer_is_repeated_without_it(talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("…", "fee", service="passport")
    changed = await citizen.say("english", "change_language")
    again = await citizen.say("repeat", "repeat", language="en")
    assert changed["reply"]["text"] == f"I will answer in English from now on.\n{again['reply']['text']}"


@pytest.mark.parametrize(("text", "intent"), [
    ("đường Mẫu số 12", "name_service"), ("duong Mau so 12", "nlu_fallback"), ("trước cổng chợ", "where"),
    ("12 Mau Street", "name_service"),
])
async def test_an_address_after_a_report_is_where_it_is_broken(text: str, intent: str, talk: Talk) -> None:
    citizen = talk("en" if "Street" in text else "vi")
    await citizen.say("đường có ổ gà", "report_problem")
    answer = await citizen.say(text, intent)
    assert "1022" in answer["reply"]["text"]
    assert offered(answer) == [PERSON]
    handed = await citizen.say("có", "affirm")
    assert handed.get("handoff", {}).get("reason") == "report_problem"


@pytest.mark.parametrize(("language", "channel", "says"), [
    ("vi", "web", "địa chỉ mạng"), ("en", "web", "network address"), ("vi", "sms", "số điện thoại của bạn"),
    ("vi", "zalo", "tài khoản hoặc số điện thoại bạn dùng để nhắn"), ("en", "whatsapp", "the account or phone number"),
])
async def test_what_is_kept_is_said_whole(language: Language, channel: str, says: str, talk: Talk) -> None:
    citizen = talk(language)
    citizen.channel = channel
    answer = await citizen.say("…", "delete_my_data")
    assert says in answer["reply"]["text"]
    assert len(answer["reply"]["short"]) <= 160


@pytest.mark.parametrize(("channel", "stops"), [("web", False), ("sms", True), ("zalo", True), ("telegram", True)])
async def test_how_messages_stop_is_said_where_they_can_be_stopped(channel: str, stops: bool, talk: Talk) -> None:
    citizen = talk("vi")
    citizen.channel = channel
    assert ("STOP" in (await citizen.say("…", "stop_messages"))["reply"]["text"]) is stops


@pytest.mark.parametrize(("language", "texts"), [
    ("vi", ["asdf qwer", "zxcv", "qwer asdf", "hjkl"]), ("en", ["blah", "foo bar", "qwerty", "bla"]),
])
async def test_nonsense_again_is_offered_a_person_and_never_answered_alike(
    language: Language, texts: list[str], talk: Talk
) -> None:
    citizen = talk(language)
    answers = [await citizen.say(text, "out_of_scope") for text in texts]
    assert [answer["outcome"] for answer in answers] == ["out_of_scope"] * 4
    assert [PERSON in offered(answer) for answer in answers] == [False, True, True, True]
    assert all(one["reply"]["text"] != other["reply"]["text"] for one, other in pairwise(answers))


@pytest.mark.parametrize(("language", "first", "text", "service"), [
    ("vi", "lệ phí hộ chiếu", "còn căn cước?", "identity-card"),
    ("vi", "le phi ho chieu", "con can cuoc?", "identity-card"),
    ("vi", "lệ phí hộ chiếu", "còn trẻ em thì sao", "passport"),
])
async def test_what_is_named_after_and_is_the_subject(
    language: Language, first: str, text: str, service: str, talk: Talk
) -> None:
    citizen = talk(language)
    await citizen.say(first, "fee")
    assert (await citizen.say(text, "name_service")).get("about") == {"service": service, "facet": "fee"}
