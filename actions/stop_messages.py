"""No more messages. By SMS one word stops them; elsewhere we send none unasked, and a person can note the wish."""

from __future__ import annotations

from actions.base import Ability
from actions.offers import to_a_person
from actions.said import Said
from actions.turn import Turn
from actions.voice import Voice


class StopMessages(Ability):
    called = "action_stop_messages"

    async def answer(self, turn: Turn) -> Said:
        voice = Voice(turn.language)
        if turn.by_sms:
            return Said("answered", voice.telling("stop_messages_sms"), turn.memory, turn.language)
        said = Said("answered", voice.telling("stop_messages"), turn.memory, turn.language)
        return to_a_person(said, "stop_messages")
