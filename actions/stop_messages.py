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
        voice = Voice(turn.language)
        if turn.by_sms or turn.by_app:
            key = "stop_messages_sms" if turn.by_sms else "stop_messages_app"
            return Said("answered", voice.telling(key), turn.memory, turn.language)
        said = Said("answered", voice.telling("stop_messages"), turn.memory, turn.language)
        return to_a_person(said, "stop_messages")
