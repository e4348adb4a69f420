"""The way on: a person on offer, a choice to make, the next questions."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import Choice, Reason, choice
from actions.memory import Pending
from actions.said import Said, Telling
from actions.turn import Turn
from actions.voice import Voice

NO_ANSWER = ("no_answer", "no_answer_again", "no_answer_still")
PERSON = "intent=talk_to_person"        # how the value of every such choice begins


def person(voice: Voice, reason: Reason = "asked") -> Choice:
    """A person to choose; why one is offered goes along in the value, for the hand-off that is made of it."""
    why = {} if reason == "asked" else {"reason": reason}
    return choice(voice("choice_person"), "talk_to_person", **why)


def is_person(offered: Choice) -> bool:
    return offered["value"].startswith(PERSON)


def fresh(turn: Turn, *keys: str, **values: str) -> Telling:
    """The first of several ways to say a thing that was not said since the last answer; else the one of longest ago."""
    said = turn.memory.stuck
    ways = [Voice(turn.language).telling(key, **values) for key in keys]
    return min(ways, key=lambda way: max((place for place, text in enumerate(said) if text == way.text), default=-1))


def to_a_person(said: Said, reason: Reason) -> Said:
    """The same with a person on offer: "yes" in the next turn takes it, and `reason` goes with the hand-off, as does
    the service that the answer is about."""
    pending: Pending = {"kind": "person", "reason": reason}
    if "service" in said.about:
        pending["service"] = said.about["service"]
    return replace(said, choices=(*said.choices, person(Voice(said.language), reason)), pending=pending)


def to_choose(said: Said) -> Said:
    """The same as a question with its choices: "yes" in the next turn takes the first, the likeliest."""
    return replace(said, expect="choice", pending={"kind": "choice", "choices": list(said.choices)})
