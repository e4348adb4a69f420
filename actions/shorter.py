"""The last answer in one or two sentences: what an SMS would have said, with its diacritics."""

from __future__ import annotations

from actions.base import Ability
from actions.not_understood import shorter
from actions.repeat import nothing_to_repeat
from actions.said import Said
from actions.turn import Turn


class Shorter(Ability):
    called = "action_shorter"

    async def answer(self, turn: Turn) -> Said:
        last = turn.memory.last_answer
        return shorter(turn, last) if last else nothing_to_repeat(turn)
