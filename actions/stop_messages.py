"""No more messages. By SMS and in apps one word stops them; on the web we send none unasked, and a person can note the
wish."""

from __future__ import annotations

from actions.base import Ability
from actions.offers import to_a_person
from actions.said import Said
from actions.turn import Turn
from actions.voice import Voice


class StopMessages(Ability):
    called = "action_stop_messages"

    async def answer(self, turn: Turn) -> Said:
        telling = Voice(turn.language).telling(f"stop_messages{turn.way}")
        said = Said("answered", telling, turn.memory, turn.language)
        return said if turn.way else to_a_person(said, "stop_messages")
