"""What is told of a service, side by side in both languages, asked with and without diacritics."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from actions.answer import Language
from actions.telling.costs import fee, in_force
from actions.telling.facets import FIRST, TELL, overview
from actions.telling.hours import hours, state
from actions.telling.short import cut
from actions.telling.view import View
from actions.voice import Voice
from calendars.working_time import ZONE
from knowledge.catalogue import Catalogue
from knowledge.contract import Cost, Office, PublicService, Shift, Source
from tests.actions.conftest import MONDAY, Talk
from text.fold import strip_diacritics
from text.gsm7 import septets, to_gsm7

BIRTH, CARD, HOME = "birth-registration", "identity-card", "permanent-residence"
ASKED: list[tuple[str, Language, str, str, list[str]]] = [
    ("documents", "vi", "làm giấy khai sinh cho con cần giấy tờ gì", BIRTH, ["- Giấy chứng sinh", "\n- "]),
    ("documents", "en", "what do I need for a birth certificate", BIRTH, ["Documents for birth registration:", "\n- "]),
    ("fee", "vi", "đăng ký khai sinh bao nhiêu tiền", BIRTH, ["miễn phí", "chưa xác nhận"]),
    ("fee", "en", "how much does it cost to register a birth", BIRTH, ["free", "not confirmed"]),
    ("fee", "vi", "đăng ký thường trú hết bao nhiêu tiền", HOME, ["20.000 đồng", "10.000 đồng"]),
    ("fee", "en", "fee for permanent residence registration", HOME, ["VND 20,000", "VND 10,000"]),
    ("time_limit", "vi", "làm căn cước mất bao lâu", CARD, ["7 ngày làm việc"]),
    ("time_limit", "en", "how long does an identity card take", CARD, ["7 working days"]),
    ("where", "vi", "làm căn cước ở đâu", CARD, ["Công an", "Đang mở cửa"]),
    ("where", "en", "where do I get an identity card", CARD, ["Police", "Open now"]),
    ("how_to", "vi", "làm giấy khai sinh như thế nào", BIRTH, ["1. ", "2. ", "Kết quả"]),
    ("how_to", "en", "how do I register a birth", BIRTH, ["1. ", "2. ", "You get:"]),
    ("who_may_apply", "vi", "ai được đăng ký khai sinh cho trẻ", BIRTH, ["Đăng ký khai sinh: "]),
    ("who_may_apply", "en", "who can register a birth", BIRTH, ["Birth registration: "]),
    ("online", "vi", "đăng ký khai sinh trực tuyến được không", BIRTH, ["Có, "]),
    ("online", "en", "can I register a birth online", BIRTH, ["Yes, "]),
    ("form", "vi", "mẫu tờ khai đăng ký khai sinh", BIRTH, ["TK-KS"]),
    ("form", "en", "which form for birth registration", BIRTH, ["TK-KS"]),
    ("legal_basis", "vi", "căn cứ pháp lý của đăng ký khai sinh", BIRTH, ["60/2014/QH13"]),
    ("legal_basis", "en", "legal basis for birth registration", BIRTH, ["Articles 11, 15, 16"]),
]
TWICE = [
    (facet, language, text, service, parts)
    for facet, language, asked, service, parts in ASKED
    for text in dict.fromkeys([asked, strip_diacritics(asked)])
]


@pytest.mark.parametrize(("facet", "language", "text", "service", "parts"), TWICE)
async def test_a_facet(facet: str, language: Language, text: str, service: str, parts: list[str], talk: Talk) -> None:
    answer = await talk(language).say(text, facet)
    reply = answer["reply"]
    assert answer["outcome"] == "answered"
    assert answer.get("about") == {"service": service, "facet": facet}
    assert all(part in reply["text"] for part in parts), reply["text"]
    assert reply["language"] == language
    assert reply["sources"]
    assert 2 <= len(reply["choices"]) <= 4


EVERY = [(facet, language) for facet in [*TELL, "overview"] for language in ("vi", "en")]


@pytest.mark.parametrize(("facet", "language"), EVERY)
def test_every_short_form_is_one_sms_of_whole_sentences(facet: str, language: Language, catalogue: Catalogue) -> None:
    tell = TELL.get(facet, overview)
    for service in catalogue.services.values():
        telling = tell(View(service, catalogue, Voice(language), MONDAY))
        if telling:
            short = to_gsm7(cut(telling.brief))
            length = septets(short)
            assert length, (service.identifier, short)
            assert length <= 160, (service.identifier, short)
            assert not short.endswith("..."), (service.identifier, short)
            assert short.endswith("."), (service.identifier, short)
            assert telling.text.strip() == telling.text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_source_says_how_sure_it_is(language: Language, catalogue: Catalogue) -> None:
    for service in catalogue.services.values():
        for tell in TELL.values():
            telling = tell(View(service, catalogue, Voice(language), MONDAY))
            assert telling is None or all(source["verified"] for source in telling.sources)


SUMMER = Cost(5000, effective_from=date(2026, 6, 1), effective_to=date(2026, 8, 31), unconfirmed=True)


@pytest.mark.parametrize(("day", "applies"), [
    (date(2026, 5, 31), False), (date(2026, 6, 1), True), (date(2026, 8, 31), True), (date(2026, 9, 1), False),
])
def test_a_dated_fee_applies_on_its_days(day: date, applies: bool) -> None:
    assert in_force(SUMMER, day) is applies


def test_only_fees_of_today_are_told(catalogue: Catalogue) -> None:
    service = replace(catalogue.services[BIRTH], costs=(SUMMER, Cost(7000, unconfirmed=True)))
    july = datetime(2026, 7, 1, 9, tzinfo=ZONE)
    told = [fee(View(service, catalogue, Voice("vi"), at)) for at in (MONDAY, july)]
    assert ["5.000 đồng" in telling.text for telling in told if telling] == [False, True]


def test_a_confirmed_source_says_by_whom(catalogue: Catalogue) -> None:
    service = catalogue.services[BIRTH]
    assert service.source
    source: Source = replace(service.source, verified_by="Sở Tư pháp", verified_on=date(2026, 11, 20))
    view = View(replace(service, source=source), catalogue, Voice("vi"), MONDAY)
    assert view.sources()[0]["verified"] == "Sở Tư pháp xác nhận ngày 20/11/2026"


def test_nothing_is_made_up(catalogue: Catalogue) -> None:
    """A facet that the record does not give is not told."""
    bare = PublicService("bare", {"vi": "Trống", "en": "Bare"}, {"vi": "…", "en": "…"}, "none")
    for facet in ("documents", "fee", "time_limit", "how_to", "who_may_apply", "legal_basis"):
        assert TELL[facet](View(bare, catalogue, Voice("vi"), MONDAY)) is None


SHIFTS = tuple(
    Shift(weekday, opens, closes)
    for weekday in range(5)
    for opens, closes in ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
)
DESK = Office("desk", {"vi": "Quầy", "en": "Desk"}, {"vi": "Số 1", "en": "1 Street"}, SHIFTS)


@pytest.mark.parametrize(("at", "vi", "en"), [
    ("2026-11-23T09:00", "Đang mở cửa, đến 11:30.", "Open now, until 11:30."),
    ("2026-11-23T12:00", "Đang nghỉ trưa, mở lại lúc 13:30 hôm nay.", "Closed for lunch, opens again at 13:30 today."),
    ("2026-11-23T06:00", "Đang đóng cửa, mở lại lúc 7:30 hôm nay.", "Closed now, opens today at 7:30."),
    ("2026-11-23T18:00", "Đang đóng cửa, mở lại lúc 7:30 ngày mai.", "Closed now, opens tomorrow at 7:30."),
    ("2026-11-21T10:00", "mở lại lúc 7:30 thứ Hai 23/11/2026.", "opens Monday 23 November 2026 at 7:30."),
    ("2026-09-02T10:00", "Hôm nay nghỉ: Quốc khánh.", "Closed today: National Day."),
    ("2026-08-22T09:00", "Đang mở cửa, đến 11:30.", "Open now, until 11:30."),
])
def test_open_now_or_next_opening(at: str, vi: str, en: str, catalogue: Catalogue) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    assert vi in state(Voice("vi"), DESK, catalogue, now)
    assert en in state(Voice("en"), DESK, catalogue, now)


def test_hours_as_people_say_them() -> None:
    assert hours(Voice("vi"), SHIFTS) == "thứ Hai đến thứ Sáu 7:30–11:30, 13:30–17:00"
    saturday = (*SHIFTS, Shift(5, time(7, 30), time(11, 30)))
    assert hours(Voice("en"), saturday) == "Monday to Friday 7:30–11:30, 13:30–17:00; Saturday 7:30–11:30"
    assert hours(Voice("vi"), ()) == "chưa có giờ mở cửa"


@pytest.mark.parametrize("facet", FIRST)
def test_what_is_offered_next_is_what_is_told(facet: str, catalogue: Catalogue) -> None:
    for service in catalogue.services.values():
        for bare in (service, replace(service, costs=(), time_limits=(), evidence=())):
            view = View(bare, catalogue, Voice("vi"), MONDAY)
            assert FIRST[facet](view) == (TELL[facet](view) is not None), service.identifier
