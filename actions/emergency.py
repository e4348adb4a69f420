"""Somebody is in danger: the numbers, the fitting one first, and nothing else."""

from __future__ import annotations

import re

from actions.base import Ability
from actions.said import Said, Telling
from actions.telling.write import bullets, lines
from actions.turn import Turn
from actions.voice import Voice, danger_words
from text.fold import fold

NUMBERS = ("113", "114", "115", "111", "112")


class Emergency(Ability):
    called = "action_emergency"

    async def answer(self, turn: Turn) -> Said:
        voice = Voice(turn.language)
        numbers = _fitting_first(fold(turn.text))
        who = {number: voice(f"emergency_{number}") for number in numbers}
        told = [voice("emergency_number", number=number, who=who[number]) for number in numbers]
        text = lines(voice("emergency"), bullets(told), voice("emergency_after"))
        brief = voice("emergency_brief", numbers=", ".join(f"{number} {who[number]}" for number in numbers))
        return Said("answered", Telling(text, brief), turn.memory, turn.language)


def _fitting_first(text: str) -> list[str]:
    def fits(number: str) -> bool:
        return any(re.search(rf"\b{re.escape(fold(word))}\b", text) for word in danger_words().get(number, []))

    return sorted(NUMBERS, key=lambda number: not fits(number))
