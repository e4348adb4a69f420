"""A case at both levels, in both languages, and every way in which it is not shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from actions.answer import Language
from actions.cases.contract import Case, Missing, Progress
from actions.cases.fake import FakeCases, Kept
from actions.cases.statuses import STATUSES
from calendars.working_time import ZONE
from knowledge.catalogue import Catalogue
from tests.actions.conftest import MONDAY, PackStore, Talk, make_world, sealed
from tests.actions.conversation import Conversation, passed_on

About = Callable[..., Conversation]
REFERENCE, PROOF = "H15.50.05.13-261008-0975", "2345"
CASE = Case(
    reference=REFERENCE,
    service="birth-registration",
    service_name={"vi": "Đăng ký khai sinh", "en": "Birth registration"},
    agency="mau-ward",
    status=4,
    due_at=datetime(2026, 11, 27, 17, tzinfo=ZONE),
    level=1,
    received_at=datetime(2026, 11, 20, 9, tzinfo=ZONE),
    channel="online",
    applicant="citizen",
    progress=(
        Progress(
            at=MONDAY,
            department={"vi": "Bộ phận Hộ tịch", "en": "Civil status desk"},
            note={"vi": "Đang kiểm tra.", "en": "Being checked."},
        ),
    ),
)
PAUSED = replace(
    CASE,
    status=5,
    missing=(
        Missing(
            {"vi": "Giấy chứng sinh", "en": "Birth notification"},
            {"vi": "bản nộp bị mờ", "en": "the copy is not legible"},
        ),
    ),
    next_step={"vi": "Nộp bản chính tại quầy.", "en": "Bring the original to the desk."},
)


@pytest.fixture
def about(catalogue: Catalogue) -> About:
    """A citizen where this one case exists."""

    def citizen(case: Case, language: Language = "vi") -> Conversation:
        cases = FakeCases(lambda: MONDAY, [Kept(case, frozenset({PROOF}), MONDAY)], name="demonstration")
        return Conversation(make_world(PackStore(catalogue), cases), language)

    return citizen


@pytest.mark.parametrize(("language", "text"), [
    ("vi", "{} và {}"), ("vi", "hồ sơ {} với {} đến đâu rồi"), ("en", "{} and {}"), ("en", "status of {}, {} please"),
])
@pytest.mark.parametrize("intent", ["check_case", "nlu_fallback"])
async def test_of_two_references_none_is_guessed(language: Language, text: str, intent: str, about: About) -> None:
    citizen, other = about(CASE, language), "H15.50.05.13-261008-0001"
    written = text.format(other, REFERENCE)
    asked = await citizen.say(written, intent, case_reference=(other, REFERENCE))
    assert asked["outcome"] == "clarified"
    assert [one["label"] for one in asked["reply"]["choices"]] == [other, REFERENCE]
    assert "about" not in asked
    told = await citizen.choose(2)
    assert told.get("about", {}).get("case") == REFERENCE


@pytest.mark.parametrize(("language", "asks"), [("vi", "mã hồ sơ"), ("en", "case reference")])
async def test_without_a_reference_it_is_asked_for(language: Language, asks: str, talk: Talk) -> None:
    answer = await talk(language).say("hồ sơ của tôi đến đâu rồi", "check_case")
    assert asks in answer["reply"]["text"]
    assert REFERENCE in answer["reply"]["text"]
    assert answer.get("expect") == "text"


@pytest.mark.parametrize(("language", "state", "due"), [
    ("vi", "Đang xử lý", "27/11/2026"), ("en", "In progress", "27 November 2026"),
])
async def test_level_0_tells_state_and_due_date_and_asks_for_proof(
    language: Language, state: str, due: str, about: About
) -> None:
    answer = await about(CASE, language).say("…", "check_case", case_reference=REFERENCE)
    assert answer["outcome"] == "case_status"
    assert answer.get("expect") == "proof"
    assert answer.get("about") == {"case": REFERENCE, "service": "birth-registration"}
    assert due in answer["reply"]["text"]
    for text in (answer["reply"]["text"], answer["reply"]["short"]):
        assert REFERENCE in text
        assert state in text
    assert "20/11/2026" not in answer["reply"]["text"]


@pytest.mark.parametrize(("language", "parts"), [
    ("vi", ["Giấy chứng sinh: bản nộp bị mờ", "Nộp bản chính tại quầy.", "20/11/2026", "Bộ phận Hộ tịch"]),
    ("en", ["Birth notification: the copy is not legible", "Bring the original to the desk.", "Civil status desk"]),
])
async def test_level_1_tells_what_is_missing_and_why(
    language: Language, parts: list[str], about: About
) -> None:
    citizen = about(PAUSED, language)
    await citizen.say("…", "check_case", case_reference=REFERENCE)
    answer = await citizen.say("••••", "nlu_fallback", proof=sealed(PROOF))
    assert answer["outcome"] == "case_status"
    assert "expect" not in answer
    assert [part for part in parts if part not in answer["reply"]["text"]] == []


@pytest.mark.parametrize(("proof", "level"), [(PROOF, "1"), (None, None), ("9999", None)])
async def test_the_level_stands_beside_the_case_where_a_proof_opened_it(
    proof: str | None, level: str | None, about: About
) -> None:
    """And stays there while the proof is good."""
    citizen = about(PAUSED, "vi")
    given: dict[str, Any] = {"proof": sealed(proof)} if proof else {}
    answer = await citizen.say("…", "check_case", case_reference=REFERENCE, **given)
    after = await citizen.say("còn thiếu gì", "documents")
    assert [one.get("about", {}).get("case") for one in (answer, after)] == [REFERENCE] * 2
    assert [one.get("about", {}).get("level") for one in (answer, after)] == [level] * 2


async def test_wrong_proof_and_unknown_reference_read_the_same(about: About) -> None:
    wrong = await about(CASE).say("…", "check_case", case_reference=REFERENCE, proof=sealed("9999"))
    other = "H15.50.05.13-261008-0001"
    unknown = await about(CASE).say("…", "check_case", case_reference=other, proof=sealed("9999"))
    stale = await about(CASE).say("…", "check_case", case_reference=REFERENCE, proof="not a token")
    for answer, reference in ((unknown, other), (stale, REFERENCE)):
        text = {name: str(value).replace(reference, REFERENCE) for name, value in answer.items()}
        assert text == {name: str(value) for name, value in wrong.items()}
    assert wrong.get("expect") == "proof"


async def test_one_mistyped_text_locks_no_case_however_often_its_turn_breaks_off(about: About) -> None:
    citizen = about(CASE, "vi")
    await citizen.say("…", "check_case", case_reference=REFERENCE)
    mistyped: dict[str, Any] = {"text": "••••", "intent": "check_case", "proof": sealed("1000")}
    broken = [await citizen.say_unheard(**mistyped) for _ in range(7)]
    assert broken == [await citizen.say(**mistyped)] * 7
    assert citizen.last
    assert citizen.last["outcome"] == "case_status"
    opened = await citizen.say("••••", "check_case", proof=sealed(PROOF))
    assert opened.get("about", {}).get("level") == "1"


async def test_after_five_wrong_proofs_the_lock_is_told(about: About) -> None:
    citizen = about(CASE, "vi")
    guesses = [sealed(str(number)) for number in range(1000, 1006)]
    answers = [await citizen.say("••••", "check_case", case_reference=REFERENCE, proof=one) for one in guesses]
    assert {answer["outcome"] for answer in answers[:4]} == {"case_status"}
    for answer in answers[4:]:              # the fifth closes the lock and says so
        assert answer["outcome"] == "refused"
        assert "tạm khóa" in answer["reply"]["text"]
        assert "15:00 hôm nay" in answer["reply"]["text"]
        assert "expect" not in answer
    other = about(CASE, "vi")
    unknown = "H15.50.05.13-261008-0001"
    locks = [await other.say("••••", "check_case", case_reference=unknown, proof=one) for one in guesses]
    assert [lock["reply"]["text"].replace(unknown, REFERENCE) for lock in locks] == [
        answer["reply"]["text"] for answer in answers
    ]


@pytest.mark.parametrize(("language", "sorry"), [("vi", "xin lỗi"), ("en", "sorry")])
async def test_a_late_case_is_apologised_for(language: Language, sorry: str, about: About) -> None:
    late = replace(CASE, due_at=MONDAY - timedelta(days=3))
    answer = await about(late, language).say("…", "check_case", case_reference=REFERENCE)
    assert sorry in answer["reply"]["text"]
    assert sorry in answer["reply"]["short"]


async def test_an_agency_may_keep_the_due_date_to_itself(catalogue: Catalogue) -> None:
    closed = {name: replace(agency, show_due_date=False) for name, agency in catalogue.agencies.items()}
    late = Kept(replace(CASE, due_at=MONDAY - timedelta(days=3)), frozenset({PROOF}), MONDAY)
    cases = FakeCases(lambda: MONDAY, [late], name="demonstration")
    citizen = Conversation(make_world(PackStore(replace(catalogue, agencies=closed)), cases))
    answer = await citizen.say("…", "check_case", case_reference=REFERENCE)
    assert "20/11/2026" not in answer["reply"]["text"] + answer["reply"]["short"]
    assert "quá hạn" in answer["reply"]["text"]
    proved = await citizen.say("••••", "check_case", proof=sealed(PROOF))
    assert "20/11/2026" in proved["reply"]["text"]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("status", sorted(STATUSES))
async def test_every_status_tells_its_next_step(status: int, language: Language, about: About) -> None:
    answer = await about(replace(CASE, status=status), language).say("…", "check_case", case_reference=REFERENCE)
    assert STATUSES[status].label[language] in answer["reply"]["text"]
    assert STATUSES[status].next_step[language] in answer["reply"]["text"]


@pytest.mark.parametrize(("language", "named"), [("vi", "Ủy ban nhân dân phường Mẫu"), ("en", "Mau Ward")])
async def test_a_case_system_that_is_down_is_named(
    language: Language, named: str, talk: Talk, cases: FakeCases
) -> None:
    cases.down = True
    citizen = talk(language)
    answer = await citizen.say("…", "check_case", case_reference=REFERENCE)
    assert answer["outcome"] == "failed"
    assert named in answer["reply"]["text"]
    assert passed_on(answer) == "case_system_down"
    assert REFERENCE in answer.get("handoff", {}).get("summary", "")


@pytest.mark.parametrize(("language", "text"), [
    ("vi", "hồ sơ còn thiếu gì"), ("vi", "rút hồ sơ"), ("en", "what is missing"),
])
async def test_whatever_is_asked_about_a_case_its_system_is_down_for_all(
    language: Language, text: str, talk: Talk, cases: FakeCases
) -> None:
    citizen = talk(language)
    await citizen.say("…", "check_case", case_reference=REFERENCE)
    cases.down = True
    answer = await citizen.say(text, "check_case")
    assert answer["outcome"] == "failed"
    assert passed_on(answer) == "case_system_down"
