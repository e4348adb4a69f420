"""Deleting what is stored of a citizen: said honestly what is kept; a person can do it."""

from __future__ import annotations

from actions.base import Ability
from actions.offers import to_a_person
from actions.said import Said
from actions.turn import Turn
from actions.voice import Voice


class DeleteMyData(Ability):
    called = "action_delete_my_data"

    async def answer(self, turn: Turn) -> Said:
        telling = Voice(turn.language).telling(f"delete_my_data{turn.way}")
        said = Said("answered", telling, turn.memory, turn.language)
        return to_a_person(said, "delete_my_data")
