"""The way on: a person on offer, a choice to make, the next questions."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import Choice, Reason, choice
from actions.said import Said
from actions.voice import Voice


def person(voice: Voice) -> Choice:
    return choice(voice("choice_person"), "talk_to_person")


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
