"""Answers about one service: documents, fee, time, place and the other sides, or an overview where none was asked."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import choice
from actions.base import Ability
from actions.journeys import journey
from actions.knowledge import Known
from actions.offers import fresh, to_a_person, to_choose
from actions.said import Said, Telling, about
from actions.starters import likeliest
from actions.telling.facets import FIRST, TELL, facet_choices, overview
from actions.telling.view import View, short_name
from actions.telling.write import lines, short_day
from actions.turn import Turn
from actions.voice import Voice
from actions.which import MOST, Found, find


class Service(Ability):
    called = "action_service"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        facet = turn.intent if turn.intent in TELL else turn.memory.facet
        asked = replace(turn, memory=replace(turn.memory, facet=facet))
        found = find(turn, known)
        event = known.catalogue.life_events.get(turn.entity("event") or "")
        if event and (not found.services or not found.sure or _only_an_event(turn)):
            return journey(turn, known, event)
        return said_of(asked, known, found)


def _only_an_event(turn: Turn) -> bool:
    """ "Chuyển nhà thì phải làm gì": the way through an event, not one of its services."""
    return turn.intent in ("how_to", "name_service") and turn.entity("service") is None


def said_of(turn: Turn, known: Known, found: Found) -> Said:
    """The answer to the facet in memory, once it is clear, or as clear as it gets, which service is meant."""
    if found.kind == "one":
        return tell(turn, known, found.services[0])
    if found.kind == "several":
        return _several(turn, known, found.services)
    if found.kind == "unknown":
        return _unknown(turn)
    if turn.memory.service in known.catalogue.services:
        return tell(turn, known, turn.memory.service)
    return _ask_which(turn, known)


def tell(turn: Turn, known: Known, service: str) -> Said:
    view = View(known.catalogue.services[service], known.catalogue, Voice(turn.language), turn.now)
    facet = turn.memory.facet
    telling = TELL[facet](view) if facet else overview(view)
    memory = replace(turn.memory, service=service)
    regarding = about(service=service, facet=facet)
    if telling is None:
        missing = view.voice.telling("not_in_catalogue", facet=view.voice(f"facet_{facet}"), name=view.inside)
        others = facet_choices(view.voice, service, _told(view, facet)[:2])
        said = Said("no_answer", missing, memory, turn.language, others, about=regarding)
        return to_a_person(said, "no_answer")
    next_ones = facet_choices(view.voice, service, _told(view, facet))
    return Said("answered", _dated(view, telling), memory, turn.language, next_ones, about=regarding)


def _told(view: View, facet: str | None) -> tuple[str, ...]:
    """The next questions that the catalogue can answer."""
    others = [one for one in FIRST if one != facet and TELL[one](view) is not None]
    return tuple(others[: 4 if facet is None else 3])


def _dated(view: View, telling: Telling) -> Telling:
    """The same, preceded by the day where the service has ended or not begun."""
    service, voice = view.service, view.voice
    if service.effective_to and service.effective_to < view.today:
        warning = voice("no_longer", on=short_day(voice, service.effective_to))
    elif service.effective_from and service.effective_from > view.today:
        warning = voice("not_yet", on=short_day(voice, service.effective_from))
    else:
        return telling
    return replace(telling, text=lines(warning, telling.text), brief=f"{warning} {telling.brief}")


def _several(turn: Turn, known: Known, services: tuple[str, ...]) -> Said:
    """One clarifying question; asked one already, the likeliest is answered and the others stay on offer."""
    voice = Voice(turn.language)
    intent = turn.memory.facet or "name_service"
    names = {one: short_name(voice.pick(known.catalogue.services[one].name)) for one in services}
    choices = tuple(choice(name, intent, service=one) for one, name in names.items())
    if len(choices) == 1:
        choices += tuple(one for one in likeliest(turn, known, intent) if one not in choices)[: MOST - 1]
    if not turn.memory.clarified:
        memory = replace(turn.memory, service=None)
        return to_choose(Said("clarified", voice.telling("several"), memory, turn.language, choices))
    said = tell(turn, known, services[0])
    guess = voice("guess", name=voice.inside(names[services[0]]))
    telling = replace(said.telling, text=lines(guess, said.telling.text))
    return replace(said, telling=telling, choices=(*choices[1:], *said.choices[:2]))


def _unknown(turn: Turn) -> Said:
    """Something is named that we do not have: said so, and the service before it is no longer the subject."""
    memory = replace(turn.memory, service=None)
    said = Said("no_answer", fresh(turn, "unknown_service", "no_answer_again"), memory, turn.language)
    return to_a_person(said, "no_answer")


def _ask_which(turn: Turn, known: Known) -> Said:
    voice = Voice(turn.language)
    if turn.memory.clarified:
        said = Said("no_answer", fresh(turn, "still_unsure", "no_answer_again"), turn.memory, turn.language)
        return to_a_person(said, "clarification_failed")
    facet = turn.memory.facet
    asked = voice(f"facet_{facet}") if facet else ""
    telling = voice.telling("which_facet_service", facet=asked) if facet else voice.telling("which_service")
    choices = likeliest(turn, known, facet or "name_service")
    return to_choose(Said("clarified", telling, turn.memory, turn.language, choices))
