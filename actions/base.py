"""What every action derives from, and the one place that catches: a failure becomes an honest sentence and a person."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer import Answer, Language, Reason
from actions.errors import CaseSystemDown, Failure
from actions.memory import LastAnswer, Memory, heard_since
from actions.offers import to_a_person
from actions.pass_on import pass_on
from actions.said import Said, Telling, about, finished
from actions.telling.short import cut
from actions.texted import texted
from actions.turn import SMS, Turn, channel_of, handovers_of, language_of, read
from actions.voice import Voice
from actions.world import World

log = logging.getLogger(__name__)
STUCK = ("clarified", "no_answer", "out_of_scope", "failed")
MOST_STUCK = 4          # texts remembered in which nothing was answered
TOPICS = ("case", "event", "service")       # of what an answer may be about, the one that later questions are of
Turned = tuple[Answer, list[EventType]]
FollowUp = Callable[[World, Turn], Awaitable[Said | None]]


class Ability(Action):
    """One thing the assistant can do. Subclasses give `called`, the action's name in Rasa's domain, and `answer`."""

    called: ClassVar[str]

    def __init__(self, world: World, follow_up: FollowUp | None = None) -> None:
        """`follow_up` is asked first: it answers what only the conversation before makes clear, whatever the intent."""
        self.world = world
        self._follow_up = follow_up

    def name(self) -> str:
        return self.called

    async def answer(self, turn: Turn) -> Said:
        raise NotImplementedError

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        cleared = heard_since(tracker.slots, handovers_of(tracker))
        tracker.slots.update(cleared)
        answer, events = await self._safely(tracker)
        dispatcher.utter_message(json_message=dict(answer))
        return [*(SlotSet(name, value) for name, value in cleared.items()), *events]

    async def _safely(self, tracker: Tracker) -> Turned:
        language = language_of(tracker)
        before, said = await self._said(tracker, language)
        return _turned(said, before, language, by_sms=channel_of(tracker) == SMS)

    async def _said(self, tracker: Tracker, language: Language) -> tuple[Memory, Said]:
        """What to say, and the memory before it."""
        try:
            turn = read(tracker, self.world.now())
            said = await self._follow_up(self.world, turn) if self._follow_up else None
            return turn.memory, said or await self.answer(turn)
        except CaseSystemDown as down:
            log.warning("%s: %s", self.called, type(down).__name__)
            return Memory.read(tracker.slots), await self._to_staff(tracker, down)
        except Failure as failure:
            log.warning("%s: %s", self.called, type(failure).__name__)
            telling = Voice(language).telling(failure.sentence, **failure.values)
            return Memory.read(tracker.slots), _failed(telling, language, failure.reason)
        except Exception as error:
            reference = f"MC-{secrets.token_hex(3)[:5].upper()}"
            log.error("%s %s: %s in %s", reference, self.called, type(error).__name__, _place(error))
            telling = Voice(language).telling("failed", reference=reference)
            return Memory(), _failed(telling, language, "failure")


    async def _to_staff(self, tracker: Tracker, down: CaseSystemDown) -> Said:
        turn = read(tracker, self.world.now())
        about_case = replace(turn, memory=replace(turn.memory, case_reference=down.reference))
        passed = await pass_on(self.world, about_case, down.reason, down.sentence, **down.values)
        return replace(passed, outcome="failed", about=about(case=down.reference))


def _place(error: Exception) -> str:
    """Where it went wrong: file and line only, for a message or a local variable may hold what a citizen wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames[-3:]))


def _failed(telling: Telling, language: Language, reason: Reason) -> Said:
    return to_a_person(Said("failed", telling, Memory(), language), reason)


def _turned(said: Said, before: Memory, language: Language, *, by_sms: bool) -> Turned:
    """The payload and the slots to set. After a failure what was spoken of stays as it was."""
    kept = replace(said, memory=before) if said.outcome == "failed" else said
    slots = _settled(kept, before).changed_since(before)
    if said.language != language:
        slots["language"] = said.language
    told = texted(said) if by_sms else said
    return finished(told, cut(told.telling.brief)), [SlotSet(name, value) for name, value in slots.items()]


def _settled(said: Said, before: Memory) -> Memory:
    """The memory after the turn: an offer lasts one turn, clarifying questions are counted until one led somewhere."""
    clarified = before.clarified + 1 if said.outcome == "clarified" else before.clarified
    return replace(
        said.memory,
        pending=said.pending,
        clarified=clarified if said.outcome in STUCK else 0,
        stuck=_stuck(said, before),
        topic=next((one for one in TOPICS if one in said.about), said.memory.topic),
        simpler=said.memory.simpler if said.again else 0,
        last_answer=said.memory.last_answer if said.again else last_of(said),
    )


def _stuck(said: Said, before: Memory) -> list[str]:
    if said.outcome in STUCK:
        return [*before.stuck, said.telling.text][-MOST_STUCK:]
    return before.stuck if said.again else []


def last_of(said: Said) -> LastAnswer:
    """What is remembered of an answer, to say it again or more simply."""
    return {
        "text": said.telling.text,
        "brief": cut(said.telling.brief),
        "language": said.language,
        "choices": list(said.choices),
        "sources": list(said.telling.sources),
        "about": said.about,
        "expect": said.expect,
    }
