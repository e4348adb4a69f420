"""A problem in the street: we cannot take reports yet, so we say where they are taken, and offer a person."""

from __future__ import annotations

from dataclasses import replace

from actions.base import Ability
from actions.offers import to_a_person
from actions.said import Said
from actions.turn import Turn
from actions.voice import Voice


class ReportProblem(Ability):
    called = "action_report_problem"

    async def answer(self, turn: Turn) -> Said:
        memory = replace(turn.memory, topic="report")
        said = Said("answered", Voice(turn.language).telling("report_problem"), memory, turn.language)
        return to_a_person(said, "report_problem")
