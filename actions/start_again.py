"""From the beginning: everything spoken of so far is forgotten."""

from __future__ import annotations

from dataclasses import replace

from actions.base import Ability
from actions.memory import Memory
from actions.said import Said
from actions.starters import starters
from actions.turn import Turn
from actions.voice import Voice


class StartAgain(Ability):
    called = "action_start_again"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        choices = starters(replace(turn, memory=Memory()), known)
        return Said("answered", Voice(turn.language).telling("started_again"), Memory(), turn.language, choices)
