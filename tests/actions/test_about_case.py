"""Going on from a case: it stays the topic, stays open while its proof is good, and says what to do when it is late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from actions.answer import Language
from actions.cases.contract import Case
from actions.cases.fake import FakeCases, Kept
from knowledge.catalogue import Catalogue
from tests.actions.conftest import MONDAY, PackStore, make_world, sealed
from tests.actions.conversation import PERSON, Conversation, Names, both_spellings, offered
from tests.actions.test_check_case import CASE, PAUSED, PROOF, REFERENCE

LATE = replace(CASE, due_at=MONDAY - timedelta(days=3))
OfCase = Callable[..., Conversation]


@pytest.fixture
def of_case(catalogue: Catalogue, names: Names) -> OfCase:
    def citizen(case: Case, language: Language = "vi", at: datetime = MONDAY) -> Conversation:
        cases = FakeCases(lambda: at, [Kept(case, frozenset({PROOF}), at)], name="demonstration")
        return Conversation(make_world(PackStore(catalogue), cases, at), language, names)

    return citizen


@pytest.mark.parametrize(("language", "text", "intent", "says"), both_spellings([
    ("vi", "bao giờ lấy được", "time_limit", "27/11/2026"),
    ("vi", "còn bao lâu nữa", "time_limit", "27/11/2026"),
    ("vi", "khi nào có", "nlu_fallback", "27/11/2026"),
    ("vi", "lấy ở đâu", "where", "giấy hẹn và giấy tờ tùy thân"),
    ("vi", "thiếu giấy tờ gì", "documents", "không bị yêu cầu bổ sung"),
    ("vi", "tôi muốn rút hồ sơ", "cancel", "Muốn rút hồ sơ"),
    ("vi", "xem hồ sơ khác", "check_case", "Bạn cho tôi xin mã hồ sơ"),
    ("en", "when", "nlu_fallback", "27 November 2026"),
    ("en", "what is missing", "documents", "Nothing more has been asked for"),
    ("en", "where do I collect it", "where", "collect it at"),
    ("en", "I want to withdraw my application", "out_of_scope", "To withdraw the application"),
    ("en", "another case", "check_case", "Please send me the case reference"),
]))
async def test_a_case_stays_the_topic(language: Language, text: str, intent: str, says: str, of_case: OfCase) -> None:
    citizen = of_case(CASE, language)
    await citizen.say("…", "check_case", case_reference=REFERENCE)
    answer = await citizen.say(text, intent)
    assert says in answer["reply"]["text"]
    assert len(answer["reply"]["short"]) <= 160


@pytest.mark.parametrize(("text", "intent"), [
    ("làm hộ chiếu mất bao lâu", "time_limit"), ("lam ho chieu o dau", "where"),
])
async def test_another_service_is_no_longer_the_case(text: str, intent: str, of_case: OfCase) -> None:
    citizen = of_case(CASE)
    await citizen.say("…", "check_case", case_reference=REFERENCE)
    assert (await citizen.say(text, intent)).get("about") == {"service": "passport", "facet": intent}
    after = await citizen.say("bao lâu", "time_limit")
    assert after.get("about", {}).get("service") == "passport"


@pytest.mark.parametrize("text", ["thiếu giấy tờ gì", "thieu giay to gi"])
async def test_what_is_missing_is_asked_proof_for(text: str, of_case: OfCase) -> None:
    citizen = of_case(PAUSED)
    await citizen.say("…", "check_case", case_reference=REFERENCE)
    closed = await citizen.say(text, "documents")
    assert closed.get("expect") == "proof"
    assert "Giấy chứng sinh" not in closed["reply"]["text"]
    await citizen.say("••••", "check_case", confidence=1.0, proof=sealed(PROOF))
    answer = await citizen.say(text, "documents")
    assert "Giấy chứng sinh: bản nộp bị mờ" in answer["reply"]["text"]


@pytest.mark.parametrize(("language", "text"), [
    ("en", "why is it late?"), ("vi", "sao trễ vậy"), ("vi", "sao tre vay"), ("vi", "hồ sơ đến đâu rồi"),
])
async def test_an_opened_case_stays_open(language: Language, text: str, of_case: OfCase) -> None:
    citizen = of_case(LATE, language)
    await citizen.say("…", "check_case", case_reference=REFERENCE)
    await citizen.say("••••", "check_case", confidence=1.0, proof=sealed(PROOF))
    answer = await citizen.say(text, "check_case")
    assert "expect" not in answer
    assert ("Bộ phận Hộ tịch" if language == "vi" else "Civil status desk") in answer["reply"]["text"]
    assert PROOF not in str(citizen.slots)


async def test_an_opened_case_closes_when_the_proof_is_old(catalogue: Catalogue, of_case: OfCase) -> None:
    citizen = of_case(CASE, at=MONDAY + timedelta(minutes=11))
    citizen.slots |= {"case_reference": REFERENCE, "opened": {"case": REFERENCE, "token": sealed(PROOF)}}
    answer = await citizen.say("hồ sơ đến đâu rồi", "check_case")
    assert answer.get("expect") == "proof"
    assert citizen.slots["opened"] is None


@pytest.mark.parametrize(("language", "wait", "mends"), [
    ("vi", "chờ kết quả", "văn bản xin lỗi và hẹn lại"), ("en", "Wait for the result", "apologise in writing"),
])
async def test_a_late_case_is_not_told_to_wait(language: Language, wait: str, mends: str, of_case: OfCase) -> None:
    answer = await of_case(LATE, language).say("…", "check_case", case_reference=REFERENCE)
    assert wait not in answer["reply"]["text"]
    assert mends in answer["reply"]["text"]
    assert PERSON in offered(answer)
