"""Leaving what was under way: an open question, a proof that was asked for."""

from __future__ import annotations

from actions.base import Ability
from actions.said import Said
from actions.starters import starters
from actions.turn import Turn
from actions.voice import Voice


class Cancel(Ability):
    called = "action_cancel"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        choices = starters(turn, known)
        return Said("answered", Voice(turn.language).telling("cancelled"), turn.memory, turn.language, choices)
