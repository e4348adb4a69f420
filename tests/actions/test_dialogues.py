"""Conversations: who speaks, what it is understood as, and what must come back."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from actions.answer import Language
from tests.actions.conftest import Talk
from tests.actions.conversation import PERSON, offered, passed_on
from text.fold import strip_diacritics

BIRTH, HOME, PASSPORT = "birth-registration", "permanent-residence", "passport"
SPELLINGS = [pytest.param(str, id="with diacritics"), pytest.param(strip_diacritics, id="without")]


@pytest.mark.parametrize("spell", SPELLINGS)
async def test_the_service_is_remembered_and_the_facet_kept(spell: type[str], talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say(spell("đăng ký khai sinh cho con cần giấy tờ gì"), "documents")
    answer = await citizen.say(spell("bao nhiêu tiền?"), "fee")
    assert answer.get("about") == {"service": BIRTH, "facet": "fee"}
    answer = await citizen.say("and how long does it take?", "time_limit", language="en")
    assert answer.get("about") == {"service": BIRTH, "facet": "time_limit"}
    assert "working day" in answer["reply"]["text"]
    answer = await citizen.say("and for a passport?", "name_service")
    assert answer.get("about") == {"service": PASSPORT, "facet": "time_limit"}
    answer = await citizen.say(spell("còn lệ phí?"), "fee", language="vi")
    assert answer.get("about") == {"service": PASSPORT, "facet": "fee"}


async def test_a_service_alone_gets_an_overview(talk: Talk) -> None:
    answer = await talk("en").say("passport", "name_service")
    assert answer["outcome"] == "answered"
    assert answer.get("about") == {"service": PASSPORT}
    assert len(answer["reply"]["choices"]) >= 3


@pytest.mark.parametrize(("language", "text"), [
    ("vi", "bao nhiêu tiền?"), ("vi", "bao nhieu tien"), ("vi", "bao lâu thì xong"), ("en", "how much is it?"),
])
async def test_no_service_at_all_is_asked_for_once(language: Language, text: str, talk: Talk) -> None:
    citizen = talk(language)
    first = await citizen.say(text, "fee")
    assert first["outcome"] == "clarified"
    assert first.get("expect") == "choice"
    assert 2 <= len(first["reply"]["choices"]) <= 3
    assert all(one["value"].startswith("intent=fee&service=") for one in first["reply"]["choices"])
    second = await citizen.say(text, "fee")
    assert second["outcome"] == "no_answer"
    assert offered(second)[-1] == PERSON
    handed = await citizen.say("vâng", "affirm")
    assert handed["outcome"] == "handed_off"
    assert handed.get("handoff", {}).get("reason") == "clarification_failed"


async def test_a_choice_answers_the_question_that_was_asked(talk: Talk) -> None:
    citizen = talk("vi")
    asked = await citizen.say("bao lâu thì xong", "time_limit")
    answer = await citizen.choose(1)
    assert answer["outcome"] == "answered"
    assert answer.get("about", {}).get("facet") == "time_limit"
    assert asked["reply"]["choices"][0]["value"].endswith(answer.get("about", {})["service"])


async def test_free_text_answers_the_question_that_was_asked(talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("bao lâu thì xong", "time_limit")
    answer = await citizen.say("đăng ký thường trú", "nlu_fallback", confidence=0.4)
    assert answer.get("about") == {"service": HOME, "facet": "time_limit"}


@pytest.mark.parametrize(("language", "yes"), [("vi", "đúng rồi"), ("vi", "dung roi"), ("en", "yes")])
async def test_yes_to_several_choices_asks_which_and_then_offers_a_person(
    language: Language, yes: str, talk: Talk
) -> None:
    citizen = talk(language)
    asked = await citizen.say("…", "fee")
    which = await citizen.say(yes, "affirm")
    assert which["outcome"] == "clarified"
    assert which["reply"]["choices"] == asked["reply"]["choices"]
    again = await citizen.say(yes, "affirm")
    assert offered(again)[-1] == PERSON
    assert (await citizen.say(yes, "affirm"))["outcome"] == "handed_off"


async def test_no_to_a_question_leads_to_a_person(talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("bao nhiêu tiền", "fee")
    answer = await citizen.say("không phải", "deny")
    assert answer["outcome"] == "no_answer"
    assert offered(answer)[-1] == PERSON
    answer = await citizen.say("thôi", "deny")
    assert answer["outcome"] == "answered"


@pytest.mark.parametrize("spell", SPELLINGS)
async def test_two_names_are_asked_about_once_then_the_best_is_told(spell: type[str], talk: Talk) -> None:
    citizen = talk("vi")
    text = spell("thường trú hay tạm trú")
    asked = await citizen.say(text, "documents")
    assert asked["outcome"] == "clarified"
    assert {one["value"] for one in asked["reply"]["choices"]} >= {
        "intent=documents&service=permanent-residence", "intent=documents&service=temporary-residence",
    }
    answer = await citizen.say(text, "documents")
    assert answer["outcome"] == "answered"
    assert {answer.get("about", {})["service"]} < {HOME, "temporary-residence"}
    others = {one["value"].partition("service=")[2] for one in answer["reply"]["choices"]}
    assert others & {HOME, "temporary-residence"}


@pytest.mark.parametrize(("language", "text", "intent"), [
    ("vi", "làm thẻ thư viện cần giấy tờ gì", "documents"),
    ("vi", "lam the thu vien can giay to gi", "documents"),
    ("vi", "xin giấy phép karaoke hết bao nhiêu tiền", "fee"),
    ("vi", "xin giay phep karaoke het bao nhieu tien", "fee"),
    ("vi", "còn giấy phép câu cá thì sao", "name_service"),
    ("en", "how much is a fishing licence", "fee"),
    ("en", "what about a library card", "name_service"),
])
async def test_a_service_we_do_not_have_is_not_answered_with_the_one_before(
    language: Language, text: str, intent: str, talk: Talk
) -> None:
    citizen = talk(language)
    await citizen.say("…", "fee", service=BIRTH)
    answer = await citizen.say(text, intent)
    assert answer["outcome"] in ("no_answer", "clarified")      # asked back where the catalogue has something near
    assert BIRTH not in str(answer)
    if answer["outcome"] == "no_answer":
        assert offered(answer)[-1] == PERSON
    after = await citizen.say("bao lâu" if language == "vi" else "how long", "time_limit")
    assert after.get("about", {}).get("service") is None


@pytest.mark.parametrize(("language", "text", "intent"), [
    ("vi", "bn tien v", "fee"),
    ("vi", "nộp online dc ko", "online"),
    ("vi", "nếu trễ hạn thì phí bao nhiêu", "fee"),
    ("vi", "neu tre han thi phi bao nhieu", "fee"),
    ("vi", "nộp ở đâu vậy ạ", "where"),
    ("vi", "mất mấy ngày", "time_limit"),
    ("vi", "có cần giấy chứng sinh không", "documents"),
    ("vi", "thế còn mẫu đơn", "form"),
    ("en", "is there a fee if I am late", "fee"),
    ("en", "where do I go", "where"),
    ("en", "can the grandparents do it", "who_may_apply"),
])
async def test_a_follow_up_is_about_the_service_before(language: Language, text: str, intent: str, talk: Talk) -> None:
    citizen = talk(language)
    await citizen.say("…", "how_to", service=BIRTH)
    answer = await citizen.say(text, intent)
    assert answer.get("about") == {"service": BIRTH, "facet": intent}


@pytest.mark.parametrize(("language", "text", "event"), [
    ("vi", "vợ tôi mới sinh", "having-a-baby"),
    ("vi", "vo toi moi sinh con", "having-a-baby"),
    ("en", "I am having a baby", "having-a-baby"),
    ("vi", "bố tôi mới mất", "death-in-the-family"),
    ("en", "my father died", "death-in-the-family"),
    ("vi", "tôi sắp chuyển nhà", "moving-home"),
    ("en", "we are moving house", "moving-home"),
    ("vi", "tôi muốn mở hộ kinh doanh", "starting-a-household-business"),
    ("vi", "sắp cưới vợ", "getting-married"),
    ("en", "we are getting married", "getting-married"),
])
async def test_a_life_event_is_a_journey(language: Language, text: str, event: str, talk: Talk) -> None:
    answer = await talk(language).say(text, "life_event")
    assert answer["outcome"] == "answered"
    assert answer.get("about") == {"event": event}
    assert "\n1. " in answer["reply"]["text"]
    assert "\n2. " in answer["reply"]["text"]
    assert answer["reply"]["choices"]
    assert len(answer["reply"]["short"]) <= 160


async def test_after_a_journey_its_services_are_the_likeliest(talk: Talk) -> None:
    citizen = talk("en")
    await citizen.say("I am having a baby", "life_event")
    answer = await citizen.say("can I do it online?", "online")
    assert answer["outcome"] == "clarified"
    assert "birth" in answer["reply"]["choices"][0]["value"]


async def test_an_unclear_event_is_asked_about_once(talk: Talk) -> None:
    citizen = talk("vi")
    first = await citizen.say("nhà tôi có việc", "life_event")
    assert first["outcome"] == "clarified"
    assert (await citizen.say("nhà tôi có việc", "life_event"))["outcome"] == "no_answer"


@pytest.mark.parametrize(("language", "text"), [
    ("vi", "hộ chiếu"), ("vi", "ho chieu"), ("en", "passport"), ("vi", "passport"),
])
async def test_unsure_of_everything_but_the_service(language: Language, text: str, talk: Talk) -> None:
    citizen = talk(language)
    asked = await citizen.say(text, "nlu_fallback", likely=("time_limit",), confidence=0.4)
    assert asked["outcome"] == "clarified"
    assert asked["reply"]["choices"][0]["value"] == "intent=time_limit&service=passport"
    assert 2 <= len(asked["reply"]["choices"]) <= 4
    answer = await citizen.choose(1)
    assert answer.get("about") == {"service": PASSPORT, "facet": "time_limit"}


@pytest.mark.parametrize(("language", "texts"), [
    ("vi", ["ờ thì", "hmm", "a", "ừm ừm", "?"]), ("en", ["well", "hm", "so", "eh", "?"]),
])
async def test_never_the_same_question_twice(language: Language, texts: list[str], talk: Talk) -> None:
    citizen = talk(language)
    answers = [await citizen.say(text, "nlu_fallback", confidence=0.3) for text in texts]
    assert [answer["outcome"] for answer in answers] == ["clarified", *["no_answer"] * 4]
    for one, next_one in pairwise(answers):
        assert one["reply"]["text"] != next_one["reply"]["text"]


async def test_unsure_of_the_side_but_not_of_the_service(talk: Talk) -> None:
    citizen = talk("en")
    await citizen.say("…", "fee", service=PASSPORT)
    answer = await citizen.say("and the documents", "nlu_fallback", likely=("documents",), confidence=0.5)
    assert answer.get("about") == {"service": PASSPORT, "facet": "documents"}


async def test_unsure_about_the_service_before(talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("…", "fee", service=PASSPORT)
    answer = await citizen.say("ờ còn cái kia", "nlu_fallback", confidence=0.3)
    assert answer["outcome"] == "clarified"
    assert all("service=passport" in one["value"] for one in answer["reply"]["choices"])


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_person(language: Language, talk: Talk) -> None:
    citizen = talk(language)
    await citizen.say("…", "fee", service=HOME)
    answer = await citizen.say("cho tôi gặp nhân viên", "talk_to_person")
    assert answer["outcome"] == "handed_off"
    handoff = answer.get("handoff")
    assert handoff
    assert (handoff["reason"], handoff["topic"], handoff["agency"]) == ("asked", HOME, "mau-ward-police")
    assert len(handoff["summary"].splitlines()) <= 3
    assert "7:30" in answer["reply"]["text"]
    assert len(answer["reply"]["short"]) <= 160


async def test_a_person_for_nothing_in_particular_is_of_the_ward(talk: Talk) -> None:
    answer = await talk("vi").say("gặp nhân viên", "talk_to_person")
    assert answer.get("handoff", {}).get("agency") == "mau-ward"
    assert answer.get("handoff", {}).get("topic") is None


@pytest.mark.parametrize(("intent", "outcome", "reason"), [
    ("complain", "handed_off", "complaint"),
    ("report_problem", "answered", "report_problem"),
    ("delete_my_data", "answered", "delete_my_data"),
    ("stop_messages", "answered", "stop_messages"),
])
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_what_has_no_ability_yet_says_so_and_offers_a_person(
    intent: str, outcome: str, reason: str, language: Language, talk: Talk
) -> None:
    citizen = talk(language)
    answer = await citizen.say("…", intent)
    assert answer["outcome"] == outcome
    if outcome != "handed_off":
        assert "handoff" not in answer
        answer = await citizen.say("có", "affirm")
    assert answer.get("handoff", {}).get("reason") == reason


async def test_an_offer_lasts_one_turn(talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("…", "report_problem")
    await citizen.say("…", "fee", service=PASSPORT)
    answer = await citizen.say("vâng", "affirm")
    assert answer["outcome"] == "answered"
    assert "handoff" not in answer


@pytest.mark.parametrize(("text", "entity", "rating"), [
    ("5", "5", 5), ("rất tốt", None, 5), ("rat tot", None, 5), ("tốt", None, 4), ("không tốt", None, 2),
    ("quá tệ", None, 1), ("qua te", None, 1), ("cho 4 sao", None, 4), ("3/5", None, 3), ("8/10", None, 4),
    ("very good", None, 5), ("not helpful", None, 2), ("bình thường", None, 3),
])
async def test_a_rating(text: str, entity: str | None, rating: int, talk: Talk) -> None:
    citizen = talk("vi")
    given: dict[str, Any] = {"rating": entity} if entity else {}
    answer = await citizen.say(text, "rate", **given)
    assert answer.get("rating") == rating
    assert passed_on(answer) == ("low_rating" if rating <= 2 else None)


async def test_a_rating_without_a_value_is_asked_for(talk: Talk) -> None:
    citizen = talk("vi")
    asked = await citizen.say("tôi muốn đánh giá", "rate")
    assert asked["outcome"] == "clarified"
    assert (await citizen.choose(3)).get("rating") == 1


async def test_once_more_and_shorter(talk: Talk) -> None:
    citizen = talk("vi")
    assert "nhắc lại" in (await citizen.say("nhắc lại", "repeat"))["reply"]["text"]
    said = await citizen.say("…", "documents", service=BIRTH)
    again = await citizen.say("nhắc lại", "repeat")
    assert again["reply"] == said["reply"]
    shorter = await citizen.say("ngắn hơn", "shorter")
    assert shorter["reply"]["text"].startswith("Đăng ký khai sinh cần: ")
    assert shorter["reply"]["short"] == said["reply"]["short"]
    assert (await citizen.say("nhắc lại", "repeat"))["reply"]["text"] == said["reply"]["text"]


@pytest.mark.parametrize(("text", "before", "after"), [
    ("nói tiếng Anh đi", "vi", "en"), ("noi tieng anh di", "vi", "en"), ("english please", "vi", "en"),
    ("tiếng Việt", "en", "vi"), ("đổi ngôn ngữ", "vi", "en"), ("change language", "en", "vi"), ("english", "en", "en"),
])
async def test_the_language_changes_with_the_answer(text: str, before: Language, after: Language, talk: Talk) -> None:
    citizen = talk(before)
    answer = await citizen.say(text, "change_language")
    assert answer["reply"]["language"] == citizen.slots["language"] == after
    citizen = talk(before)
    await citizen.say("…", "fee", service=PASSPORT)
    answer = await citizen.say(text, "change_language")
    assert answer.get("about") == {"service": PASSPORT, "facet": "fee"}
    assert ("VND 200,000" if after == "en" else "200.000 đồng") in answer["reply"]["text"]


async def test_from_the_beginning_nothing_is_remembered(talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("…", "fee", service=PASSPORT)
    answer = await citizen.say("bắt đầu lại", "start_again")
    assert answer["reply"]["choices"]
    assert (await citizen.say("bao nhiêu tiền", "fee"))["outcome"] == "clarified"


@pytest.mark.parametrize("intent", ["cancel", "out_of_scope", "affirm", "deny"])
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_way_on_is_offered(intent: str, language: Language, talk: Talk) -> None:
    answer = await talk(language).say("…", intent)
    assert answer["outcome"] == ("out_of_scope" if intent == "out_of_scope" else "answered")
    assert answer["reply"]["choices"]


@pytest.mark.parametrize(("language", "entities", "text", "says"), [
    ("vi", {}, "mấy giờ mở cửa", ["phường Mẫu", "Đang mở cửa, đến 11:30.", "7:30–11:30"]),
    ("en", {}, "when are you open", ["Mau Ward", "Open now, until 11:30."]),
    ("vi", {"agency": "social-insurance"}, "bảo hiểm mấy giờ làm", ["ảo hiểm xã hội"]),
    ("vi", {}, "cong an phuong may gio lam viec", ["ông an phường"]),
])
async def test_office_hours(
    language: Language, entities: dict[str, Any], text: str, says: list[str], talk: Talk
) -> None:
    answer = await talk(language).say(text, "office_hours", **entities)
    assert answer["outcome"] == "answered"
    assert [part for part in says if part not in answer["reply"]["text"]] == []


@pytest.mark.parametrize(("language", "text", "first"), [
    ("vi", "cháy nhà rồi", "114"), ("vi", "chay nha roi", "114"), ("en", "my house is on fire", "114"),
    ("vi", "có người bất tỉnh", "115"), ("en", "someone is bleeding", "115"), ("vi", "có trộm", "113"),
    ("vi", "đứa bé bị bạo hành", "111"), ("vi", "cứu tôi với", "113"),
])
async def test_an_emergency_has_the_fitting_number_first(language: Language, text: str, first: str, talk: Talk) -> None:
    answer = await talk(language).say(text, "emergency")
    numbers = [line[2:5] for line in answer["reply"]["text"].splitlines() if line.startswith("- ")]
    assert numbers[0] == first
    assert set(numbers) == {"111", "112", "113", "114", "115"}
    assert answer["reply"]["sources"] == []
    assert first in answer["reply"]["short"]
