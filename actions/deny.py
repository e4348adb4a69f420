"""No: the offered person is left alone, none of the choices was it, or there is nothing more."""

from __future__ import annotations

from actions.base import Ability
from actions.offers import to_a_person
from actions.said import Said
from actions.starters import starters
from actions.turn import Turn
from actions.voice import Voice


class Deny(Ability):
    called = "action_deny"

    async def answer(self, turn: Turn) -> Said:
        voice = Voice(turn.language)
        pending = turn.memory.pending
        if pending and pending["kind"] == "choice":
            said = Said("no_answer", voice.telling("none_of_these"), turn.memory, turn.language)
            return to_a_person(said, "clarification_failed")
        choices = starters(turn, await self.world.knowledge.current())
        return Said("answered", voice.telling("then_what_else"), turn.memory, turn.language, choices)
