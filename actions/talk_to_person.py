"""Passing the conversation to a person: asked for, or taken when it was offered."""

from __future__ import annotations

from dataclasses import replace

from actions.base import Ability
from actions.pass_on import pass_on
from actions.said import Said
from actions.turn import Turn
from actions.world import World


class TalkToPerson(Ability):
    called = "action_talk_to_person"

    async def answer(self, turn: Turn) -> Said:
        return await take_offer(self.world, turn)


async def take_offer(world: World, turn: Turn) -> Said:
    """The hand-off for the reason of the offer that stands, and about what it was made about; "asked" if none does."""
    pending = turn.memory.pending
    if pending is None or pending["kind"] != "person":
        return await pass_on(world, turn, "asked")
    memory = replace(turn.memory, service=turn.memory.service or pending.get("service"))
    return await pass_on(world, replace(turn, memory=memory), pending.get("reason", "asked"))
