"""The last answer in one or two sentences: what an SMS would have said, with its diacritics."""

from __future__ import annotations

from actions.base import Ability
from actions.repeat import nothing_to_repeat, once_more
from actions.said import Said
from actions.turn import Turn


class Shorter(Ability):
    called = "action_shorter"

    async def answer(self, turn: Turn) -> Said:
        last = turn.memory.last_answer
        return once_more(turn, last, last["brief"]) if last else nothing_to_repeat(turn)
