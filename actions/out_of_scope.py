"""A question that is not for a public body: declined kindly, unless a service or a paper of ours is named in it."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import Choice, choice
from actions.base import Ability
from actions.knowledge import Known
from actions.labels import label
from actions.offers import fresh, to_a_person
from actions.said import Said, Telling
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
WAYS = ("out_of_scope", "out_of_scope_again", "no_answer_still")


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
    """A person is offered from the second text in a row on that gets no answer, and the words change."""
    telling, nearest = _near(turn, known, near) if near else (fresh(turn, *WAYS), ())
    again = bool(turn.memory.stuck)
    offered = (*nearest, *starters(turn, known))[: MOST_CHOICES - again]
    said = Said("out_of_scope", telling, turn.memory, turn.language, offered)
    return to_a_person(said, "no_answer") if again else said


def _near(turn: Turn, known: Known, near: str) -> tuple[Telling, tuple[Choice, ...]]:
    voice, service = Voice(turn.language), known.catalogue.services[near]
    telling = voice.telling("out_of_scope_near", name=voice.inside(short_name(voice.pick(service.name))))
    return telling, (choice(label(turn, service), "name_service", service=near),)
