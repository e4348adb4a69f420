"""Every answer by SMS: one segment of whole sentences, no word that carriers act on, 0 where a person is on offer."""

from __future__ import annotations

import pytest

from actions.answer import Answer, Language
from actions.cases.fake import FakeCases
from actions.labels import LONGEST, label
from actions.memory import Memory
from actions.turn import Turn
from knowledge.catalogue import Catalogue
from tests.actions.conftest import MONDAY, PackStore, Talk, make_world
from tests.actions.conversation import PERSON, Conversation, Names, offered
from tests.actions.test_words import INVITED, YES_OR_NO
from text.fold import strip_diacritics
from text.gsm7 import septets, to_gsm7

Turns = list[tuple[str, str]]           # what is texted, and what it is understood as

VI: list[Turns] = [
    [("hộ chiếu", "name_service")],
    [("giấy tờ gì", "documents"), ("vâng", "affirm"), ("vâng", "affirm"), ("không", "deny")],
    [("bao nhiêu tiền", "fee"), ("bao nhiêu tiền", "fee"), ("tiền", "fee")],
    [("khai sinh hay khai tử cần gì", "documents")],
    [("xin giấy phép câu cá", "documents")],
    [("phục hồi điểm bằng lái phí bao nhiêu", "fee")],
    [("hộ chiếu hết hạn có bị phạt không", "fee")],
    [("người nước ngoài làm căn cước cần gì", "documents")],
    [("tôi sắp cưới", "life_event"), ("hết bao nhiêu tiền", "fee"), ("bước 2", "how_to"), ("bước 9", "how_to")],
    [("sự kiện", "life_event"), ("không biết", "life_event")],
    [("mấy giờ mở cửa", "office_hours"), ("còn chủ nhật", "office_hours"), ("ngày lễ có làm không", "office_hours")],
    [("công an tỉnh ở đâu", "where")],
    [("gặp nhân viên", "talk_to_person")],
    [("chậm quá", "complain")],
    [("ổ gà trước nhà", "report_problem"), ("số 5 đường Mẫu", "name_service"), ("thôi", "cancel")],
    [("xóa dữ liệu của tôi", "delete_my_data")],
    [("đánh giá", "rate"), ("2", "rate")],
    [("7", "rate")],
    [("hộ chiếu phí bao nhiêu", "fee"), ("nhắc lại", "repeat"), ("ngắn hơn", "shorter"), ("ngắn hơn", "shorter")],
    [("hộ chiếu phí bao nhiêu", "fee"), ("không hiểu", "nlu_fallback"), ("không hiểu", "nlu_fallback")],
    [("hộ chiếu phí bao nhiêu", "fee"), ("sai rồi", "nlu_fallback")],
    [("bắt đầu lại", "start_again"), ("hủy", "cancel"), ("vâng", "affirm"), ("không", "deny")],
    [("giấy tờ gì", "documents"), ("hủy", "cancel")],
    [("thời tiết hôm nay", "out_of_scope")],
    [("abc xyz", "nlu_fallback"), ("abc xyz", "nlu_fallback")],
    [("cháy nhà", "emergency")], [("tôi muốn chết", "emergency")], [("chồng tôi bạo hành", "emergency")],
    [("làm lại giấy tờ cháy", "emergency")], [("hộ chiếu bị cháy", "emergency")],
    [("hồ sơ của tôi", "check_case"), ("không có mã", "nlu_fallback")],
    [("tôi muốn rút hồ sơ", "cancel")],
    [("nhắc lại", "repeat")], [("ngắn hơn", "shorter")], [("tiếng việt", "change_language")],
]
EN: list[Turns] = [
    [("passport", "name_service")],
    [("which papers", "documents"), ("yes", "affirm"), ("yes", "affirm"), ("no", "deny")],
    [("how much", "fee"), ("how much", "fee"), ("price", "fee")],
    [("birth registration or death registration", "documents")],
    [("fishing licence", "documents")],
    [("licence points fee", "fee")],
    [("what is the penalty for an expired passport", "fee")],
    [("can a foreigner get an identity card", "documents")],
    [("getting married", "life_event"), ("how much", "fee"), ("step 2", "how_to"), ("step 9", "how_to")],
    [("event", "life_event"), ("event", "life_event")],
    [("when are you open", "office_hours"), ("and sunday", "office_hours"), ("public holidays", "office_hours")],
    [("where is the provincial police", "where")],
    [("a person please", "talk_to_person")],
    [("too slow", "complain")],
    [("pothole", "report_problem"), ("5 Mau street", "name_service"), ("leave it", "cancel")],
    [("delete my data", "delete_my_data")],
    [("rate", "rate"), ("2", "rate")],
    [("7", "rate")],
    [("passport fee", "fee"), ("again", "repeat"), ("shorter", "shorter"), ("shorter", "shorter")],
    [("passport fee", "fee"), ("unclear", "nlu_fallback"), ("unclear", "nlu_fallback")],
    [("passport fee", "fee"), ("wrong", "nlu_fallback")],
    [("start again", "start_again"), ("leave it", "cancel"), ("yes", "affirm"), ("no", "deny")],
    [("which papers", "documents"), ("leave it", "cancel")],
    [("weather", "out_of_scope")],
    [("abc xyz", "nlu_fallback"), ("abc xyz", "nlu_fallback")],
    [("house on fire", "emergency")], [("I want to die", "emergency")], [("he beats me", "emergency")],
    [("papers burnt", "emergency")], [("passport burnt", "emergency")],
    [("my case", "check_case"), ("no reference", "nlu_fallback")],
    [("I want to withdraw my application", "cancel")],
    [("again", "repeat")], [("shorter", "shorter")], [("english", "change_language")],
]
PLAIN: list[Turns] = [[(strip_diacritics(text), intent) for text, intent in turns] for turns in VI]
TALKS: list[tuple[Language, Turns]] = [*(("vi", one) for one in [*VI, *PLAIN]), *(("en", one) for one in EN)]


def texting(catalogue: Catalogue, names: Names, language: Language, cases: FakeCases | None = None) -> Conversation:
    world = make_world(PackStore(catalogue), cases or FakeCases(lambda: MONDAY, name="demonstration"))
    citizen = Conversation(world, language, names)
    citizen.channel = "sms"
    return citizen


def checked(answer: Answer) -> str:
    """The short form as it goes out, which is one text that can be read aloud."""
    short = to_gsm7(answer["reply"]["short"])
    assert 0 < (septets(short) or 999) <= 160, short
    assert "..." not in short
    assert short.endswith((".", "?"))
    assert not YES_OR_NO.search(answer["reply"]["short"]), short
    assert not INVITED.search(short)
    return short


def person_of(answer: Answer) -> list[str]:
    return [value for value in offered(answer) if value == PERSON]


@pytest.mark.parametrize(("language", "turns"), TALKS, ids=lambda given: str(given)[:50])
async def test_every_answer_is_one_text(
    language: Language, turns: Turns, catalogue: Catalogue, names: Names, talk: Talk
) -> None:
    citizen, on_the_web = texting(catalogue, names, language), talk(language)
    way = "Soan 0 gap nhan vien." if language == "vi" else "Text 0 for a person."
    for text, intent in turns:
        answer = await citizen.say(text, intent, language=language)
        same = await on_the_web.say(text, intent, language=language)
        short = checked(answer)
        assert "0 gap" not in same["reply"]["text"] + same["reply"]["short"]
        assert person_of(same) == person_of(answer) or (short.endswith(way) and not person_of(answer))
        if answer["outcome"] == "clarified":
            assert person_of(same) == person_of(answer)             # a question stands alone; 0 is one of its numbers
            assert not any(choice["label"] in answer["reply"]["short"] for choice in answer["reply"]["choices"])
        elif person_of(same):
            assert way in short


@pytest.mark.parametrize(("language", "stops", "starts"), [
    ("vi", "Soạn STOP hoặc TUCHOI", "soạn START"), ("en", "Text STOP", "Text START"),
])
async def test_who_wants_no_more_texts_learns_the_words(
    language: Language, stops: str, starts: str, catalogue: Catalogue, names: Names, talk: Talk
) -> None:
    answer = await texting(catalogue, names, language).say("…", "stop_messages")
    assert stops in answer["reply"]["short"]
    assert starts in answer["reply"]["short"]
    assert (septets(to_gsm7(answer["reply"]["short"])) or 999) <= 160
    assert answer["reply"]["choices"] == []
    on_the_web = await talk(language).say("…", "stop_messages")
    assert not INVITED.search(on_the_web["reply"]["text"] + on_the_web["reply"]["short"])
    assert person_of(on_the_web)


@pytest.mark.parametrize(("language", "number"), [("vi", "số điện thoại"), ("en", "phone number")])
async def test_what_is_kept_of_a_number_is_said(
    language: Language, number: str, catalogue: Catalogue, names: Names, talk: Talk
) -> None:
    answer = await texting(catalogue, names, language).say("…", "delete_my_data")
    assert number in answer["reply"]["text"]
    assert number in answer["reply"]["short"]
    assert number not in (await talk(language).say("…", "delete_my_data"))["reply"]["text"]


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_failures_are_one_text_too(language: Language, catalogue: Catalogue, names: Names) -> None:
    down = FakeCases(lambda: MONDAY, name="demonstration")
    down.down = True
    prefixes = [agency.case_prefixes[0] for agency in catalogue.agencies.values() if agency.case_prefixes]
    for prefix in prefixes:
        answer = await texting(catalogue, names, language, down).say(
            "…", "check_case", case_reference=f"{prefix}-261008-0975"
        )
        assert answer["outcome"] == "failed"
        checked(answer)
    nothing = Conversation(make_world(PackStore(None), down), language)
    nothing.channel = "sms"
    checked(await nothing.say("hộ chiếu", "name_service"))


def sms_turn(language: Language, channel: str) -> Turn:
    return Turn(language, "", "", 1.0, {}, Memory(), MONDAY, "c-1", channel)



@pytest.mark.parametrize("language", ["vi", "en"])
def test_choices_have_short_names_by_sms(language: Language, catalogue: Catalogue) -> None:
    for one in [*catalogue.services.values(), *catalogue.agencies.values(), *catalogue.life_events.values()]:
        said = label(sms_turn(language, "sms"), one)
        assert (septets(to_gsm7(said)) or 999) <= LONGEST, said
        assert said[:1] == said[:1].upper()
        assert label(sms_turn(language, "web"), one) in one.name[language]


@pytest.mark.parametrize(("language", "service", "by_sms"), [
    ("vi", "land-transfer", "Sang tên sổ đỏ"), ("vi", "birth-registration", "Đăng ký khai sinh"),
    ("en", "land-certificate-first-issue", "Red book"), ("en", "permanent-residence", "Permanent residence"),
])
def test_a_long_name_is_said_as_people_say_it(
    language: Language, service: str, by_sms: str, catalogue: Catalogue
) -> None:
    assert label(sms_turn(language, "sms"), catalogue.services[service]) == by_sms
