"""The number that a text came from: it opens the sender's own cases, and is as nothing for all others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from actions.answer import Answer, Language
from actions.cases.contract import Case
from actions.cases.fake import FakeCases, Kept
from knowledge.catalogue import Catalogue
from tests.actions.conftest import MONDAY, PackStore, make_world, sealed
from tests.actions.conversation import Conversation, Names
from tests.actions.test_check_case import PAUSED, PROOF, REFERENCE

MINE, STRANGERS = "+84912000001", "+84912000002"
OTHER = "H15.50.05.13-261123-1021"
Texting = Callable[..., Conversation]


@pytest.fixture
def texting(catalogue: Catalogue, names: Names) -> Texting:
    """A citizen by SMS, where one case has their number on file and another has not."""

    def citizen(case: Case = PAUSED, language: Language = "vi", at: datetime = MONDAY) -> Conversation:
        other = replace(case, reference=OTHER)
        kept = [Kept(case, frozenset({PROOF, MINE}), at), Kept(other, frozenset({"7183", "+84900001021"}), at)]
        cases = FakeCases(lambda: at, kept, name="demonstration")
        talk = Conversation(make_world(PackStore(catalogue), cases, at), language, names)
        talk.channel = "sms"
        return talk

    return citizen


def is_open(answer: Answer) -> bool:
    return "Giấy chứng sinh" in answer["reply"]["text"] + answer["reply"]["short"]


@pytest.mark.parametrize(("language", "paper", "asks"), [
    ("vi", "Nộp thêm: Giấy chứng sinh", "CCCD"), ("en", "Hand in: Birth notification", "digits"),
])
async def test_a_text_from_the_number_on_file_needs_no_digits(
    language: Language, paper: str, asks: str, texting: Texting
) -> None:
    answer = await texting(language=language).say(
        REFERENCE, "check_case", case_reference=REFERENCE, sender=sealed(MINE)
    )
    assert paper in answer["reply"]["short"]
    assert asks not in answer["reply"]["short"]
    assert "expect" not in answer


@pytest.mark.parametrize("token", [
    sealed(STRANGERS), sealed("0912000001"), sealed(PROOF), sealed(MINE, "another conversation"), "no token", "",
], ids=["a stranger's", "like it", "digits", "of another conversation", "no token", "none"])
async def test_any_other_number_is_as_none(token: str, texting: Texting) -> None:
    without = texting()
    expected = await without.say(REFERENCE, "check_case", case_reference=REFERENCE)
    citizen = texting()
    for _ in range(12):                         # more often than any limit bears
        answer = await citizen.say(REFERENCE, "check_case", case_reference=REFERENCE, sender=token)
        assert answer == expected
    assert citizen.slots == without.slots
    assert is_open(await citizen.say(f"{REFERENCE} ••••", "check_case", case_reference=REFERENCE, proof=sealed(PROOF)))


async def test_the_number_opens_no_case_of_another(texting: Texting) -> None:
    answer = await texting().say(OTHER, "check_case", case_reference=OTHER, sender=sealed(MINE))
    assert not is_open(answer)
    assert answer.get("expect") == "proof"


@pytest.mark.parametrize("text", ["còn thiếu giấy tờ gì", "con thieu giay to gi"])
async def test_it_comes_with_each_text_and_is_not_remembered(text: str, texting: Texting) -> None:
    citizen = texting()
    await citizen.say(REFERENCE, "check_case", case_reference=REFERENCE, sender=sealed(MINE))
    assert is_open(await citizen.say(text, "documents", sender=sealed(MINE)))
    assert not is_open(await citizen.say(text, "documents"))
    assert citizen.slots.get("opened") is None
    assert MINE not in str(citizen.slots)


async def test_a_wrong_proof_is_wrong_whoever_sends_it(texting: Texting) -> None:
    """What was typed is answered by what was typed: counted five times, then locked, from the right phone too."""
    citizen = texting()
    for n in range(5):
        wrong = await citizen.say(
            f"{REFERENCE} ••••", "check_case", case_reference=REFERENCE, proof=sealed(f"000{n}"), sender=sealed(MINE)
        )
        assert not is_open(wrong)
        assert wrong["outcome"] == ("case_status" if n < 4 else "refused")
        if n < 4:
            assert wrong.get("expect") == "proof"
    locked = await citizen.say(REFERENCE, "check_case", case_reference=REFERENCE, sender=sealed(MINE))
    assert locked["outcome"] == "case_status"
    assert "Cần bổ sung giấy tờ" in locked["reply"]["short"]         # level 0 is told all the same
    assert not is_open(locked)


async def test_after_a_wrong_proof_the_next_text_is_shown_to_its_sender(texting: Texting) -> None:
    citizen = texting()
    given: dict[str, Any] = {"case_reference": REFERENCE, "sender": sealed(MINE)}
    assert not is_open(await citizen.say(f"{REFERENCE} ••••", "check_case", **given, proof=sealed("0000")))
    assert is_open(await citizen.say(REFERENCE, "check_case", **given))


async def test_a_right_proof_from_another_phone_opens(texting: Texting) -> None:
    citizen = texting()
    given: dict[str, Any] = {"case_reference": REFERENCE, "sender": sealed(STRANGERS)}
    assert is_open(await citizen.say(f"{REFERENCE} ••••", "check_case", **given, proof=sealed(PROOF)))
    assert is_open(await citizen.say("còn thiếu gì", "documents", sender=sealed(STRANGERS)))       # by the proof held


async def test_when_a_proof_of_before_is_too_old_the_number_opens(texting: Texting) -> None:
    citizen = texting(at=MONDAY + timedelta(minutes=11))
    citizen.slots |= {"case_reference": REFERENCE, "opened": {"case": REFERENCE, "token": sealed(PROOF)}}
    fresh = sealed(MINE, at=MONDAY + timedelta(minutes=11))
    assert is_open(await citizen.say("hồ sơ đến đâu rồi", "check_case", sender=fresh))
    assert citizen.slots["opened"] is None


REST = ["{}", "ho so {}", "hồ sơ {} đến đâu rồi ạ", "Mã hồ sơ: {}.", "case {} please", "tra cứu {}"]


@pytest.mark.parametrize("text", REST)
@pytest.mark.parametrize("intent", ["check_case", "name_service", "documents", "nlu_fallback", "talk_to_person"])
async def test_a_reference_alone_is_enough_however_it_is_understood(text: str, intent: str, texting: Texting) -> None:
    answer = await texting().say(text.format(REFERENCE), intent, case_reference=REFERENCE)
    assert answer["outcome"] == "case_status"
    assert REFERENCE in answer["reply"]["short"]


@pytest.mark.parametrize("text", ["{} ••••", "ho so {} 4 so cuoi CCCD ••••", "case {}, last four digits of ID: ••••"])
@pytest.mark.parametrize("intent", ["check_case", "fee", "deny"])
async def test_reference_and_digits_in_one_text(text: str, intent: str, texting: Texting) -> None:
    answer = await texting().say(text.format(REFERENCE), intent, case_reference=REFERENCE, proof=sealed(PROOF))
    assert is_open(answer)


@pytest.mark.parametrize(("text", "intent", "outcome"), [
    ("khiếu nại hồ sơ {}", "complain", "handed_off"), ("gặp người thật, hồ sơ {}", "talk_to_person", "handed_off"),
    ("lệ phí hộ chiếu bao nhiêu, hồ sơ {}", "fee", "answered"),
])
async def test_who_asks_for_something_else_gets_that(text: str, intent: str, outcome: str, texting: Texting) -> None:
    service: dict[str, Any] = {"service": "passport"} if intent == "fee" else {}
    answer = await texting().say(text.format(REFERENCE), intent, case_reference=REFERENCE, **service)
    assert answer["outcome"] == outcome
