"""Yes: to the person that was offered, to the likeliest of the choices, or to nothing in particular."""

from __future__ import annotations

from actions.base import Ability
from actions.routes import take
from actions.said import Said
from actions.starters import starters
from actions.talk_to_person import pass_on
from actions.turn import Turn
from actions.voice import Voice


class Affirm(Ability):
    called = "action_affirm"

    async def answer(self, turn: Turn) -> Said:
        pending = turn.memory.pending
        if pending and pending["kind"] == "person":
            return await pass_on(self.world, turn, pending.get("reason", "asked"))
        likeliest = next(iter(pending.get("choices", [])), None) if pending else None
        if likeliest:
            return await take(self.world, turn, likeliest["value"])
        choices = starters(turn, await self.world.knowledge.current())
        return Said("answered", Voice(turn.language).telling("what_else"), turn.memory, turn.language, choices)
