"""A case by SMS: state, date and next step in one segment, behind whatever 40 letters say who is answering."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from actions.answer import Answer, Language
from actions.cases.contract import Case, Missing
from actions.cases.demonstration import demonstration_rows
from actions.cases.fake import FakeCases, Kept
from actions.cases.statuses import STATUSES
from calendars.working_time import DaysOff
from knowledge.catalogue import Catalogue
from tests.actions.cases.conftest import KEY, as_case
from tests.actions.conftest import MONDAY, PackStore, make_world, sealed
from tests.actions.conversation import Conversation, Names
from tests.actions.test_check_case import CASE, PAUSED, PROOF, REFERENCE
from text.gsm7 import septets, to_gsm7
from text.reference import LONGEST, normalise

A_LONG_ONE = "H15.50.05.13.123.12-20261008-000975"
DEMONSTRATION = [as_case(row) for row in demonstration_rows(KEY, MONDAY.date(), DaysOff())]
LATE = MONDAY - timedelta(days=3)
EVERY_STATUS = [
    replace(CASE, status=status, due_at=due, reference=reference)
    for status, due, reference in product(STATUSES, (None, CASE.due_at, LATE), (REFERENCE, A_LONG_ONE))
]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


def by_sms(
    catalogue: Catalogue, case: Case, language: Language, *, at: datetime = MONDAY, names: Names | None = None
) -> Conversation:
    cases = FakeCases(lambda: at, [Kept(case, frozenset({PROOF}), at)], name="demonstration")
    citizen = Conversation(make_world(PackStore(catalogue), cases, at), language, names)
    citizen.channel = "sms"
    return citizen


async def status_of(catalogue: Catalogue, case: Case, language: Language, level: int) -> Answer:
    proof: dict[str, Any] = {"proof": sealed(PROOF)} if level else {}
    citizen = by_sms(catalogue, case, language)
    return await citizen.say("…", "check_case", case_reference=case.reference, **proof)


def folded(answer: Answer) -> str:
    short = to_gsm7(answer["reply"]["short"])
    assert (septets(short) or 999) <= 120, short
    assert "..." not in short
    assert "?" not in short.replace("received?", "")
    assert short.endswith(".")
    return short


def day_of(case: Case, language: Language) -> str:
    assert case.due_at
    return f"{case.due_at:%d/%m/%Y}" if language == "vi" else f"{case.due_at.day} {case.due_at:%b %Y}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", [0, 1])
async def test_state_date_and_next_step_are_one_segment(level: int, language: Language, catalogue: Catalogue) -> None:
    for case in [*DEMONSTRATION, *EVERY_STATUS]:
        said = folded(await status_of(catalogue, case, language, level))
        status = STATUSES[case.status]
        assert said.startswith(f"{case.reference}: {to_gsm7(status.label[language])}"), said
        late = case.overdue(MONDAY)
        if late or (case.due_at and status.group == "open"):
            assert day_of(case, language) in said
        step = to_gsm7(status.step[language])
        if late:
            assert ("Soan 0 gap nhan vien." if language == "vi" else "Text 0 for a person.") in said
            assert ("xin loi" if language == "vi" else "sorry") in said
        elif level and case.missing:
            assert to_gsm7(case.missing[0].document[language]) in said
        elif level and case.next_step:
            assert to_gsm7(case.next_step[language].split(". ")[-1]) in said
        else:
            assert step in said


@pytest.mark.parametrize("language", LANGUAGES)
async def test_without_proof_it_says_how_to_learn_more(language: Language, catalogue: Catalogue) -> None:
    for case in DEMONSTRATION:
        hint = "4 so cuoi CCCD" if language == "vi" else "ID's last 4 digits"
        assert hint in folded(await status_of(catalogue, case, language, 0))
        assert hint not in folded(await status_of(catalogue, case, language, 1))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_where_the_agency_keeps_the_date_to_itself(language: Language, catalogue: Catalogue) -> None:
    closed = {name: replace(agency, show_due_date=False) for name, agency in catalogue.agencies.items()}
    secretive = replace(catalogue, agencies=closed)
    for case in EVERY_STATUS:
        said = folded(await status_of(secretive, case, language, 0))
        assert "2026" not in said.replace(case.reference, "")
        if case.overdue(MONDAY):
            assert ("da qua hen" if language == "vi" else ", late, sorry") in said


def papers(*names: str) -> tuple[Missing, ...]:
    return tuple(Missing({"vi": name, "en": name}, {"vi": "bị mờ", "en": "not legible"}) for name in names)


LONG = "Bản sao giấy tờ chứng minh quyền sử dụng đất"
PAPERS = [
    (("Giấy chứng sinh",), "Nộp thêm: Giấy chứng sinh (bị mờ)."),
    (("Tờ khai", "Ảnh"), "Nộp thêm: Tờ khai (bị mờ); Ảnh (bị mờ)."),
    (("Tờ khai", "Ảnh chân dung", "Sơ đồ thửa đất", "Sổ"), "Nộp thêm: Tờ khai; Ảnh chân dung; Sơ đồ thửa đất; Sổ."),
    ((f"{LONG} và nhà ở",), f"Nộp thêm: {LONG} và nhà ở (bị mờ)."),
    ((f"{LONG} và nhà ở kèm đất",), f"Nộp thêm: {LONG} và nhà ở kèm đất."),
    ((LONG, "Tờ khai"), f"Nộp thêm: {LONG}; Tờ khai."),
    ((LONG, LONG), f"Nộp thêm: {LONG} và 1 giấy khác."),
    (("Tờ khai", "Ảnh", LONG, LONG), "Nộp thêm: Tờ khai; Ảnh và 2 giấy khác."),
    ((LONG + " " + LONG, "Tờ khai"), "Nộp thêm giấy ghi trong phiếu yêu cầu."),
]


@pytest.mark.parametrize(("names", "says"), PAPERS)
async def test_papers_are_named_whole_or_counted(names: tuple[str, ...], says: str, catalogue: Catalogue) -> None:
    answer = await status_of(catalogue, replace(PAUSED, missing=papers(*names), next_step=None), "vi", 1)
    folded(answer)
    assert f"{REFERENCE}: Cần bổ sung giấy tờ. {says}" in answer["reply"]["short"]


FOLLOWING = [
    ("vi", "thiếu giấy tờ gì", "documents"), ("vi", "bao giờ lấy được", "time_limit"),
    ("vi", "không có số đó", "nlu_fallback"),
    ("en", "what is missing", "documents"), ("en", "when", "nlu_fallback"), ("en", "i don't have it", "nlu_fallback"),
]


@pytest.mark.parametrize(("language", "text", "intent"), FOLLOWING)
@pytest.mark.parametrize("level", [0, 1])
async def test_going_on_from_a_case(
    level: int, language: Language, text: str, intent: str, catalogue: Catalogue, names: Names
) -> None:
    proof: dict[str, Any] = {"proof": sealed(PROOF)} if level else {}
    for case in [PAUSED, *EVERY_STATUS[::4]]:
        citizen = by_sms(catalogue, case, language, names=names)
        await citizen.say("…", "check_case", case_reference=case.reference, **proof)
        answer = await citizen.say(text, intent)
        if "case" in answer.get("about", {}):
            folded(answer)


@pytest.mark.parametrize(("language", "asks"), [("vi", "Ma in tren giay tiep nhan"), ("en", "It is on your receipt")])
async def test_the_reference_is_asked_for(language: Language, asks: str, catalogue: Catalogue) -> None:
    answer = await by_sms(catalogue, CASE, language).say("hồ sơ", "check_case")
    assert asks in folded(answer)


@pytest.mark.parametrize("hour", [9, 20])                   # the lock ends today, or tomorrow
@pytest.mark.parametrize(("language", "wrong", "locked"), [
    ("vi", "Khong mo duoc ho so", "tam khoa chi tiet"), ("en", "I cannot open a case", "details locked"),
])
async def test_not_found_and_locked(
    language: Language, wrong: str, locked: str, hour: int, catalogue: Catalogue
) -> None:
    at = MONDAY.replace(hour=hour)
    citizen = by_sms(catalogue, CASE, language, at=at)
    given = [sealed(f"000{n}", at=at) for n in range(6)]
    answers = [await citizen.say("••••", "check_case", case_reference=REFERENCE, proof=one) for one in given]
    assert [wrong in folded(answer) for answer in answers] == [True] * 4 + [False] * 2
    assert [locked in folded(answer) for answer in answers] == [False] * 4 + [True] * 2
    unknown = by_sms(catalogue, replace(CASE, reference="H15.50.05.13-261008-0001"), language, at=at)
    assert folded(await unknown.say("…", "check_case", case_reference=REFERENCE)) == folded(answers[0])


def test_the_longest_reference_is_among_them() -> None:
    assert len(A_LONG_ONE) == LONGEST
    assert normalise(A_LONG_ONE) == A_LONG_ONE
