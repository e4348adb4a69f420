"""Leaving what was under way: an open question, a proof that was asked for."""

from __future__ import annotations

from dataclasses import replace

from actions.base import Ability
from actions.memory import LastAnswer
from actions.said import Said
from actions.starters import starters
from actions.turn import Turn
from actions.voice import Voice


class Cancel(Ability):
    called = "action_cancel"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        choices = starters(turn, known)
        key = "cancelled" if _under_way(turn) else "nothing_under_way"
        last = turn.memory.last_answer
        left: LastAnswer | None = {**last, "expect": None} if last else None
        memory = replace(turn.memory, topic=None, last_answer=left)
        return Said("answered", Voice(turn.language).telling(key), memory, turn.language, choices, again=True)


def _under_way(turn: Turn) -> bool:
    """A question of ours that is still open, or a problem that was being reported."""
    last = turn.memory.last_answer
    return bool(turn.memory.pending or (last and last["expect"]) or turn.memory.topic == "report")
