"""Yes: to the one thing that was offered; between several it is asked which; else to nothing in particular."""

from __future__ import annotations

from actions.answer import Choice
from actions.base import Ability
from actions.offers import to_a_person, to_choose
from actions.routes import take
from actions.said import Said
from actions.starters import starters
from actions.talk_to_person import take_offer
from actions.turn import Turn
from actions.voice import Voice


def _which(turn: Turn, offered: tuple[Choice, ...]) -> Said:
    """Asked once; to a second "yes", a person is offered beside the choices."""
    voice = Voice(turn.language)
    telling = voice.telling("which_of_these")
    last = turn.memory.last_answer
    if last and last["text"] == telling.text:
        said = Said("no_answer", voice.telling("choose_or_person"), turn.memory, turn.language, offered)
        return to_a_person(said, "clarification_failed")
    return to_choose(Said("clarified", telling, turn.memory, turn.language, offered))


class Affirm(Ability):
    called = "action_affirm"

    async def answer(self, turn: Turn) -> Said:
        pending = turn.memory.pending
        if pending and pending["kind"] == "person":
            return await take_offer(self.world, turn)
        offered = pending.get("choices", []) if pending else []
        if len(offered) == 1:
            return await take(self.world, turn, offered[0]["value"])
        if offered:
            return _which(turn, tuple(offered))
        choices = starters(turn, await self.world.knowledge.current())
        return Said("answered", Voice(turn.language).telling("what_else"), turn.memory, turn.language, choices)
