"""What every action derives from, and the one place that catches: a failure becomes an honest sentence and a person."""

from __future__ import annotations

import logging
import secrets
import traceback
from dataclasses import replace
from typing import ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer import Language, Reason
from actions.errors import Failure
from actions.memory import LastAnswer, Memory
from actions.offers import to_a_person
from actions.said import Said, Telling, finished
from actions.telling.short import cut, one_sms
from actions.turn import Turn, language_of, read
from actions.voice import Voice
from actions.world import World

log = logging.getLogger(__name__)


class Ability(Action):
    """One thing the assistant can do. Subclasses give `called`, the action's name in Rasa's domain, and `answer`."""

    called: ClassVar[str]

    def __init__(self, world: World) -> None:
        self.world = world

    def name(self) -> str:
        return self.called

    async def answer(self, turn: Turn) -> Said:
        raise NotImplementedError

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        said = await self._safely(tracker)
        dispatcher.utter_message(json_message=dict(finished(said, one_sms(said.telling.brief))))
        return _events(said, Memory.read(tracker.slots), language_of(tracker))

    async def _safely(self, tracker: Tracker) -> Said:
        language = language_of(tracker)
        try:
            return await self.answer(read(tracker, self.world.now()))
        except Failure as failure:
            log.warning("%s: %s", self.called, type(failure).__name__)
            telling = Voice(language).telling(failure.sentence, **failure.values)
            return _failed(telling, language, tracker, failure.reason)
        except Exception as error:
            reference = f"MC-{secrets.token_hex(3)[:5].upper()}"
            log.error("%s %s: %s in %s", reference, self.called, type(error).__name__, _place(error))
            return _failed(Voice(language).telling("failed", reference=reference), language, tracker, "failure")


def _place(error: Exception) -> str:
    """Where it went wrong: file and line only, for a message or a local variable may hold what a citizen wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames[-3:]))


def _failed(telling: Telling, language: Language, tracker: Tracker, reason: Reason) -> Said:
    said = Said("failed", telling, Memory.read(tracker.slots), language)
    return to_a_person(said, reason)


def _events(said: Said, before: Memory, language: Language) -> list[EventType]:
    slots = _settled(said, before).changed_since(before)
    if said.language != language:
        slots["language"] = said.language
    return [SlotSet(name, value) for name, value in slots.items()]


def _settled(said: Said, before: Memory) -> Memory:
    """The memory after the turn: an offer lasts one turn, and only clarifying questions in a row are counted."""
    return replace(
        said.memory,
        pending=said.pending,
        clarified=before.clarified + 1 if said.outcome == "clarified" else 0,
        last_answer=before.last_answer if said.again else _last(said),
    )


def _last(said: Said) -> LastAnswer:
    return {
        "text": said.telling.text,
        "brief": cut(said.telling.brief),
        "language": said.language,
        "choices": list(said.choices),
        "sources": list(said.telling.sources),
        "about": said.about,
        "expect": said.expect,
    }
