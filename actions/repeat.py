"""The last answer once more, as it was."""

from __future__ import annotations

from actions.base import Ability
from actions.memory import LastAnswer
from actions.said import Said, Telling
from actions.turn import Turn
from actions.voice import Voice


class Repeat(Ability):
    called = "action_repeat"

    async def answer(self, turn: Turn) -> Said:
        last = turn.memory.last_answer
        return once_more(turn, last, last["text"]) if last else nothing_to_repeat(turn)


def once_more(turn: Turn, last: LastAnswer, text: str) -> Said:
    return Said(
        outcome="answered",
        telling=Telling(text, last["brief"], tuple(last["sources"])),
        memory=turn.memory,
        language=last["language"],
        choices=tuple(last["choices"]),
        expect=last["expect"],
        about=last["about"],
        pending=turn.memory.pending,
        again=True,
    )


def nothing_to_repeat(turn: Turn) -> Said:
    return Said("answered", Voice(turn.language).telling("nothing_to_repeat"), turn.memory, turn.language)
