"""The understanding is unsure: one clarifying question with the likeliest choices, then a person, never a loop."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import Choice, choice
from actions.base import Ability
from actions.check_case import CheckCase
from actions.events import named_event
from actions.journeys import journey
from actions.knowledge import Known
from actions.labels import label
from actions.naming import names_nothing_known, only_asks
from actions.offers import NO_ANSWER, fresh, to_a_person, to_choose
from actions.said import Said
from actions.service import said_of, tell
from actions.sides import likeliest_side
from actions.starters import likeliest
from actions.telling.facets import FIRST, TELL, facet_choices
from actions.telling.notices import FINES, speaks_of_lateness, speaks_of_penalty
from actions.turn import Turn
from actions.voice import Voice
from actions.which import Found, find

MOST = 4
NOTHING = 0.05          # chance under which a text is hardly understood as anything
LIKELY = 0.4            # chance from which a side that was understood unsurely is answered, the service being clear


class Clarify(Ability):
    called = "action_clarify"

    async def answer(self, turn: Turn) -> Said:
        if turn.entity("case_reference") or (turn.entity("proof") and turn.memory.case_reference):
            return await CheckCase(self.world).answer(turn)
        known = await self.world.knowledge.current()
        event = named_event(turn, known)
        if event and not (turn.entity("service") and likeliest_side(turn)):
            return journey(turn, known, event)
        return _about(turn, known, find(turn, known))


def _about(turn: Turn, known: Known, found: Found) -> Said:
    """A service that is clear is asked about further; one that is named as an answer to our question is that answer."""
    if found.services and _asked_for_a_service(turn):
        return said_of(turn, known, found)
    free = replace(turn, memory=replace(turn.memory, facet=None))
    strange = found.kind == "unknown" or (found.kind == "none" and _is_nonsense(turn, known))
    if strange or (found.services and not found.sure and turn.memory.clarified):
        return _nothing_found(turn, known, found.services)
    if found.kind == "one":
        asked = likeliest_side(turn)
        fined = speaks_of_penalty(turn.text) and found.services[0] != FINES
        if asked or fined or speaks_of_lateness(turn.text):
            return said_of(replace(turn, memory=replace(turn.memory, facet=asked)), known, found)
        if found.also:
            return said_of(free, known, Found("several", (*found.services, *found.also)))
        return _what_about(free, known, found.services[0])
    return said_of(free, known, found) if found.services else _anything(turn, known)


def _is_nonsense(turn: Turn, known: Known) -> bool:
    """Hardly understood as anything, and nothing in it is spoken of anywhere; with a service before it, it is asked
    once what is meant."""
    hardly = bool(turn.likely) and turn.chance < NOTHING and turn.memory.service is None
    return hardly and names_nothing_known(turn.text, known.words, turn.language)


def _nothing_found(turn: Turn, known: Known, unsure: tuple[str, ...]) -> Said:
    """The text says something that is not ours to answer; what comes nearest is offered beside a person."""
    choices = tuple(choice(label(turn, known.catalogue.services[one]), "name_service", service=one) for one in unsure)
    said = Said("no_answer", fresh(turn, *NO_ANSWER), turn.memory, turn.language, choices)
    return to_a_person(said, "no_answer")


def _asked_for_a_service(turn: Turn) -> bool:
    pending = turn.memory.pending
    return bool(pending and pending["kind"] == "choice" and turn.memory.facet)


def _what_about(turn: Turn, known: Known, service: str) -> Said:
    if turn.memory.clarified:
        return tell(turn, known, service)
    voice = Voice(turn.language)
    name = voice.pick(known.catalogue.services[service].name)
    memory = replace(turn.memory, service=service)
    telling = voice.telling("what_about", name=voice.inside(name))
    return to_choose(Said("clarified", telling, memory, turn.language, _facets(turn, voice, service)))


def _likely_side(turn: Turn) -> bool:
    """Hardly understood as anything else: "and the documents" about the service before."""
    return turn.chance >= LIKELY and turn.likely[0] in TELL


def _facets(turn: Turn, voice: Voice, service: str) -> tuple[Choice, ...]:
    """The sides that the understanding thinks likeliest, then those most asked."""
    likely = [intent for intent in turn.likely[:2] if intent in TELL]
    return facet_choices(voice, service, tuple(dict.fromkeys([*likely, *FIRST]))[:MOST])


def _anything(turn: Turn, known: Known) -> Said:
    """No service to be seen: asked once about the one before or the likeliest ones, then a person is offered."""
    voice = Voice(turn.language)
    if turn.memory.clarified:
        said = Said("no_answer", fresh(turn, *NO_ANSWER), turn.memory, turn.language)
        return to_a_person(said, "clarification_failed")
    service = known.catalogue.services.get(turn.memory.service or "")
    side = likeliest_side(turn) or (turn.likely[0] if _likely_side(turn) else None)
    if service and side and only_asks(turn.text, turn.language):
        return said_of(replace(turn, memory=replace(turn.memory, facet=side)), known, Found("none"))
    if service:
        telling = voice.telling("unsure_about", name=voice.inside(voice.pick(service.name)))
        choices = _facets(turn, voice, service.identifier)
    else:
        telling, choices = voice.telling("unsure"), likeliest(turn, known, "name_service")
    return to_choose(Said("clarified", telling, turn.memory, turn.language, choices))
