"""No more messages: we send none unasked; a person can note the wish."""

from __future__ import annotations

from actions.base import Ability
from actions.offers import to_a_person
from actions.said import Said
from actions.turn import Turn
from actions.voice import Voice


class StopMessages(Ability):
    called = "action_stop_messages"

    async def answer(self, turn: Turn) -> Said:
        said = Said("answered", Voice(turn.language).telling("stop_messages"), turn.memory, turn.language)
        return to_a_person(said, "stop_messages")
