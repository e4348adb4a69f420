"""What was said while a person had the conversation was not heard: what is remembered when it changes hands."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.answer import Answer, Language
from actions.memory import Memory
from tests.actions.conftest import Talk
from tests.actions.conversation import Conversation, offered

DRAFT, BEFORE, BACK = 1, 0, 2           # changes of hands: with a person, never, back with the assistant
UNKNOWN = ("nhận con nuôi", "documents")        # is answered with an offer of a person


async def say(citizen: Conversation, handovers: int, text: str, intent: str, **entities: Any) -> Answer:
    citizen.handovers = handovers
    return await citizen.say(text, intent, **entities)


async def what_is_said_first(talk: Talk, language: Language, text: str, intent: str) -> Answer:
    citizen = talk(language)
    citizen.handovers = BACK
    return await citizen.say(text, intent)


def test_rasa_knows_every_slot_of_the_memory() -> None:
    """It leaves out what is set and not in its domain, with a line in its log."""
    domain = yaml.safe_load(Path("bot/domain/memory.yml").read_text("utf-8"))
    assert {field.name for field in fields(Memory)} | {"handovers"} <= set(domain["slots"])


@pytest.mark.parametrize("when", [DRAFT, BEFORE])
@pytest.mark.parametrize(("language", "text", "intent"), [
    ("vi", "vâng", "affirm"), ("vi", "vang", "affirm"), ("en", "yes", "affirm"),
    ("vi", "nhắc lại", "repeat"), ("vi", "nhac lai", "repeat"), ("en", "say that again", "repeat"),
    ("vi", "ngắn hơn", "shorter"), ("en", "shorter please", "shorter"), ("vi", "không", "deny"), ("en", "no", "deny"),
    ("vi", "tôi không hiểu", "nlu_fallback"), ("vi", "sai rồi", "nlu_fallback"), ("vi", "2", "nlu_fallback"),
    ("vi", "dừng lại", "cancel"),
])
async def test_what_was_offered_and_said_last_is_gone_when_it_comes_back(
    when: int, language: Language, text: str, intent: str, talk: Talk
) -> None:
    """As if nothing had been said before: by a draft, or by an answer that was dropped or is older than a person's."""
    citizen = talk(language)
    await say(citizen, when, *UNKNOWN)
    assert await say(citizen, BACK, text, intent) == await what_is_said_first(talk, language, text, intent)


@pytest.mark.parametrize("handovers", [BEFORE, DRAFT, BACK, 4])
async def test_an_offer_is_taken_up_in_the_hands_that_it_was_made_in(handovers: int, talk: Talk) -> None:
    citizen = talk("vi")
    await say(citizen, BEFORE, "xin lỗi", "nlu_fallback")
    await say(citizen, handovers, *UNKNOWN)
    assert (await say(citizen, handovers, "vâng", "affirm"))["outcome"] == "handed_off"


async def test_once_back_it_goes_on_as_ever(talk: Talk) -> None:
    citizen = talk("vi")
    await say(citizen, DRAFT, *UNKNOWN)
    said = await say(citizen, BACK, "lệ phí hộ chiếu", "fee", service="passport")
    assert await say(citizen, BACK, "nhắc lại", "repeat") == said
    await say(citizen, BACK, *UNKNOWN)
    assert (await say(citizen, BACK, "vâng", "affirm"))["outcome"] == "handed_off"


async def test_the_service_spoken_of_stays(talk: Talk) -> None:
    citizen = talk("vi")
    await say(citizen, BEFORE, "làm hộ chiếu", "name_service", service="passport")
    await say(citizen, DRAFT, "bao lâu", "time_limit")
    assert (await say(citizen, BACK, "lệ phí bao nhiêu", "fee")).get("about", {}).get("service") == "passport"


async def test_drafts_go_on_from_each_other_and_not_from_what_was_offered_before(talk: Talk) -> None:
    citizen = talk("vi")
    await say(citizen, BEFORE, *UNKNOWN)
    assert (await say(citizen, DRAFT, "vâng", "affirm"))["outcome"] == "answered"
    draft = await say(citizen, DRAFT, "lệ phí hộ chiếu", "fee", service="passport")
    assert await say(citizen, DRAFT, "nhắc lại", "repeat") == draft


async def test_what_was_not_understood_meanwhile_is_not_held_against_the_citizen(talk: Talk) -> None:
    """The second in a row is answered otherwise than the first."""
    citizen = talk("vi")
    strange = ("thời tiết hôm nay", "out_of_scope")
    for _ in range(3):
        await say(citizen, DRAFT, *strange)
    assert await say(citizen, BACK, *strange) == await what_is_said_first(talk, "vi", *strange)


async def test_a_turn_that_breaks_off_clears_nothing_for_good(talk: Talk) -> None:
    citizen = talk("vi")
    await say(citizen, DRAFT, *UNKNOWN)
    citizen.handovers = BACK
    await citizen.say_unheard("lệ phí hộ chiếu", "fee", service="passport")
    again = await say(citizen, BACK, "vâng", "affirm")
    assert again["outcome"] == "answered"
    assert offered(again) == offered(await what_is_said_first(talk, "vi", "vâng", "affirm"))


@pytest.mark.parametrize(("text", "rating"), [("tốt", 5), ("rất tệ", 1)])
async def test_what_a_person_said_may_be_rated(text: str, rating: int, talk: Talk) -> None:
    rated = await what_is_said_first(talk, "vi", text, "nlu_fallback")
    assert rated.get("rating") is not None
    assert (rated.get("rating", 0) >= 3) == (rating >= 3)
