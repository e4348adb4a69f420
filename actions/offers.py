"""The way on: a person on offer, a choice to make, the next questions."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import Choice, Reason, choice
from actions.said import Said, Telling
from actions.turn import Turn
from actions.voice import Voice


def person(voice: Voice) -> Choice:
    return choice(voice("choice_person"), "talk_to_person")


def fresh(turn: Turn, *keys: str, **values: str) -> Telling:
    """The first of several ways to say a thing that is not what was said last."""
    last = turn.memory.last_answer["text"] if turn.memory.last_answer else ""
    ways = [Voice(turn.language).telling(key, **values) for key in keys]
    return next((way for way in ways if way.text != last), ways[0])


def to_a_person(said: Said, reason: Reason) -> Said:
    """The same with a person on offer: "yes" in the next turn takes it, and `reason` goes with the hand-off."""
    return replace(
        said,
        choices=(*said.choices, person(Voice(said.language))),
        pending={"kind": "person", "reason": reason},
    )


def to_choose(said: Said) -> Said:
    """The same as a question with its choices: "yes" in the next turn takes the first, the likeliest."""
    return replace(said, expect="choice", pending={"kind": "choice", "choices": list(said.choices)})
