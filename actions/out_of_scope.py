"""A question that is not for a public body: declined kindly, with what can be asked instead."""

from __future__ import annotations

from actions.base import Ability
from actions.said import Said
from actions.starters import starters
from actions.turn import Turn
from actions.voice import Voice


class OutOfScope(Ability):
    called = "action_out_of_scope"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        choices = starters(turn, known)
        return Said("out_of_scope", Voice(turn.language).telling("out_of_scope"), turn.memory, turn.language, choices)
