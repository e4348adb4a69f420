"""The hand-off itself: to whom, why, and what the citizen is told of it."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from actions.answer import Reason
from actions.desk import front_desk
from actions.errors import KnowledgeUnavailable
from actions.knowledge import Known
from actions.said import Said
from actions.summary import handoff
from actions.telling.hours import hours
from actions.turn import Turn
from actions.voice import Voice
from actions.world import World


async def pass_on(world: World, turn: Turn, reason: Reason, sentence: str = "passed_on", **values: str) -> Said:
    """The hand-off, also while the catalogue cannot be read: then to the ward's desk, without opening hours.

    `values` fill the sentence.
    """
    known = None
    with contextlib.suppress(KnowledgeUnavailable):
        known = await world.knowledge.current()
    voice = Voice(turn.language)
    telling = voice.telling(sentence, hours=_staff_hours(voice, known), **values)
    request = handoff(turn, reason, known)
    about = {"service": request["topic"]} if known and request["topic"] in known.catalogue.services else {}
    return Said("handed_off", telling, replace(turn.memory, pending=None), turn.language, handoff=request, about=about)


def _staff_hours(voice: Voice, known: Known | None) -> str:
    """When staff work: the hours of the front desk's first office."""
    agency = front_desk(known.catalogue) if known else None
    if not agency or not agency.offices:
        return ""
    return voice("staff_hours", hours=hours(voice, agency.offices[0].shifts))
