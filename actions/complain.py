"""A complaint goes to a person, with an apology and without defending anything."""

from __future__ import annotations

from actions.base import Ability
from actions.pass_on import pass_on
from actions.said import Said
from actions.turn import Turn


class Complain(Ability):
    called = "action_complain"

    async def answer(self, turn: Turn) -> Said:
        return await pass_on(self.world, turn, "complaint", "complaint_passed_on")
