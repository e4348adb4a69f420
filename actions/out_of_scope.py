"""A question that is not for a public body: declined kindly, unless a service or a paper of ours is named in it."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import choice
from actions.base import Ability
from actions.knowledge import Known
from actions.labels import label
from actions.said import Said
from actions.service import said_of
from actions.starters import starters
from actions.telling.view import short_name
from actions.turn import Turn
from actions.voice import Voice
from actions.which import find, hits_of

# Chance from which a service that is not named is offered. Of 1,641 examples of what is not ours 3 in 100 come so near
# ("find me a flat"), and 9 in 100 would pass for sure: that is why a hit alone does not answer here.
NEAR = 0.85
MOST_CHOICES = 4


class OutOfScope(Ability):
    called = "action_out_of_scope"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        near = next((hit.id for hit in hits_of(turn, known) if hit.score >= NEAR), None)
        if turn.entity("service") in known.catalogue.services or (near and turn.entity("document")):
            free = replace(turn, memory=replace(turn.memory, facet=None))
            return said_of(free, known, find(turn, known))
        return _declined(turn, known, near)


def _declined(turn: Turn, known: Known, near: str | None) -> Said:
    voice = Voice(turn.language)
    choices = starters(turn, known)
    if near is None:
        return Said("out_of_scope", voice.telling("out_of_scope"), turn.memory, turn.language, choices)
    name = short_name(voice.pick(known.catalogue.services[near].name))
    telling = voice.telling("out_of_scope_near", name=voice.inside(name))
    nearest = choice(label(turn, known.catalogue.services[near]), "name_service", service=near)
    offered = (nearest, *choices)[:MOST_CHOICES]
    return Said("out_of_scope", telling, turn.memory, turn.language, offered)
