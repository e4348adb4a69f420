"""What finds no answer several times in a row: a person the second time at the latest, and never the same words."""

from __future__ import annotations

import pytest

from actions.answer import Language
from tests.actions.conftest import Talk
from tests.actions.conversation import PERSON, offered

NONSENSE = ("flibber gibbet", "wibble wobble", "zmxn bvqp", "purple monkey")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("intents", [
    ("out_of_scope",) * 3, ("nlu_fallback",) * 3, ("life_event",) * 3, ("out_of_scope", "nlu_fallback", "out_of_scope"),
    ("nlu_fallback", "out_of_scope", "nlu_fallback"), ("name_service", "out_of_scope", "name_service"),
    ("name_service", "nlu_fallback", "nlu_fallback"), ("life_event", "nlu_fallback", "out_of_scope"),
])
async def test_a_person_is_offered_and_nothing_is_said_twice(
    intents: tuple[str, ...], language: Language, talk: Talk
) -> None:
    citizen = talk(language)
    answers = [await citizen.say(text, intent) for text, intent in zip(NONSENSE, intents, strict=False)]
    said = [answer["reply"]["text"] for answer in answers]
    assert len(set(said)) == len(said)
    assert all(PERSON in offered(answer) for answer in answers[1:])


@pytest.mark.parametrize(("language", "text", "chance", "outcome"), [
    ("vi", "hgjdk", 0.01, "no_answer"), ("en", "flibber gibbet", 0.0, "no_answer"),
    ("vi", "hgjdk", 0.3, "clarified"),                      # understood as something
    ("vi", "giấy tờ gì vậy", 0.01, "clarified"), ("en", "the ward", 0.01, "clarified"),
])
async def test_nonsense_is_not_asked_about(
    language: Language, text: str, chance: float, outcome: str, talk: Talk
) -> None:
    """It is said at once that there is no answer, with a person."""
    answer = await talk(language).say(text, "nlu_fallback", likely=("out_of_scope",), chance=chance)
    assert answer["outcome"] == outcome
    assert (PERSON in offered(answer)) == (outcome == "no_answer")


@pytest.mark.parametrize("intent", ["out_of_scope", "nlu_fallback"])
async def test_the_longer_it_lasts_the_longer_ago_is_what_is_said_again(intent: str, talk: Talk) -> None:
    citizen = talk("vi")
    said = [(await citizen.say(text, intent))["reply"]["text"] for text in NONSENSE * 2]
    assert all(said[place] not in said[max(place - 2, 0) : place] for place in range(1, len(said)))


async def test_an_answer_between_begins_anew(talk: Talk) -> None:
    citizen = talk("vi")
    first = await citizen.say("…", "out_of_scope")
    await citizen.say("lệ phí hộ chiếu", "fee")
    again = await citizen.say("…", "out_of_scope")
    assert again["reply"]["text"] == first["reply"]["text"]
    assert PERSON not in offered(again)


async def test_a_near_service_is_declined_with_a_person_the_second_time(talk: Talk) -> None:
    citizen = talk("en")
    await citizen.say("…", "out_of_scope")
    answer = await citizen.say("room for rent", "out_of_scope")
    assert offered(answer)[0] == "intent=name_service&service=temporary-residence"
    assert offered(answer)[-1] == PERSON
