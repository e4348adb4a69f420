"""Passing the conversation to a person: asked for, or taken when it was offered."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from actions.answer import Reason
from actions.base import Ability
from actions.desk import front_desk
from actions.errors import KnowledgeUnavailable
from actions.knowledge import Known
from actions.said import Said
from actions.summary import handoff
from actions.telling.hours import hours
from actions.turn import Turn
from actions.voice import Voice
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
