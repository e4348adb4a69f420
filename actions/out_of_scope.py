"""A question that is not for a public body: declined kindly, unless a service of ours is found in it."""

from __future__ import annotations

from dataclasses import replace

from actions.base import Ability
from actions.said import Said
from actions.service import said_of
from actions.starters import starters
from actions.turn import Turn
from actions.voice import Voice
from actions.which import find


class OutOfScope(Ability):
    called = "action_out_of_scope"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        found = find(turn, known)
        if found.services and found.sure:
            return said_of(replace(turn, memory=replace(turn.memory, facet=None)), known, found)
        choices = starters(turn, known)
        return Said("out_of_scope", Voice(turn.language).telling("out_of_scope"), turn.memory, turn.language, choices)
