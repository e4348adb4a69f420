"""A question that is not for a public body: declined kindly, unless a service or a paper of ours is named in it."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import Choice, choice
from actions.base import Ability
from actions.knowledge import Known
from actions.labels import label
from actions.offers import fresh, to_a_person
from actions.said import Said
from actions.service import said_of
from actions.starters import starters
from actions.telling.view import short_name
from actions.turn import LANGUAGES, Turn
from actions.voice import Voice
from actions.which import find, hits_of

# Chance from which a service that is not named is offered. Of 1,641 examples of what is not ours 3 in 100 come so near
# ("find me a flat"), and 9 in 100 would pass for sure: that is why a hit alone does not answer here.
NEAR = 0.85
MOST_CHOICES = 4
FIRST, AGAIN = "out_of_scope", "out_of_scope_again"


class OutOfScope(Ability):
    called = "action_out_of_scope"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        near = next((hit.id for hit in hits_of(turn, known) if hit.score >= NEAR), None)
        if turn.entity("service") in known.catalogue.services or (near and turn.entity("document")):
            free = replace(turn, memory=replace(turn.memory, facet=None))
            return said_of(free, known, find(turn, known))
        return _declined(turn, known, near)


def _again(turn: Turn, choices: tuple[Choice, ...]) -> Said | None:
    """The second time in a row, and from then on, a person is offered; the words change from one time to the next."""
    last = turn.memory.last_answer["text"] if turn.memory.last_answer else ""
    if last not in {Voice(language).telling(key).text for language in LANGUAGES for key in (FIRST, AGAIN)}:
        return None
    said = Said("out_of_scope", fresh(turn, AGAIN, FIRST), turn.memory, turn.language, choices[: MOST_CHOICES - 1])
    return to_a_person(said, "no_answer")


def _declined(turn: Turn, known: Known, near: str | None) -> Said:
    voice = Voice(turn.language)
    choices = starters(turn, known)
    if near is None:
        return _again(turn, choices) or Said("out_of_scope", voice.telling(FIRST), turn.memory, turn.language, choices)
    name = short_name(voice.pick(known.catalogue.services[near].name))
    telling = voice.telling("out_of_scope_near", name=voice.inside(name))
    nearest = choice(label(turn, known.catalogue.services[near]), "name_service", service=near)
    offered = (nearest, *choices)[:MOST_CHOICES]
    return Said("out_of_scope", telling, turn.memory, turn.language, offered)
