"""Answering a choice that was taken in words ("yes"): the ability behind its intent, as Rasa's rules would have it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

from actions.base import Ability
from actions.check_case import CheckCase
from actions.life_event import Journey
from actions.office_hours import OfficeHours
from actions.rate import Rate
from actions.said import Said
from actions.service import Service
from actions.talk_to_person import TalkToPerson
from actions.telling.facets import TELL
from actions.turn import Turn
from actions.world import World

_ABILITIES: dict[str, type[Ability]] = {
    **dict.fromkeys((*TELL, "name_service"), Service),
    "life_event": Journey,
    "check_case": CheckCase,
    "talk_to_person": TalkToPerson,
    "office_hours": OfficeHours,
    "rate": Rate,
}


async def take(world: World, turn: Turn, value: str) -> Said:
    """The answer to a choice's value, "intent=fee&service=passport"."""
    given = {name: tuple(values) for name, values in parse_qs(value).items()}
    intent = given.pop("intent")[0]
    taken = replace(turn, intent=intent, confidence=1.0, entities=given, memory=replace(turn.memory, pending=None))
    return await _ABILITIES[intent](world).answer(taken)
