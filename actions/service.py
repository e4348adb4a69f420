"""Answers about one service: documents, fee, time, place and the other sides, or an overview where none was asked."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

from actions.agencies import asks_for_an_agency, at
from actions.answer import Choice, choice
from actions.base import Ability
from actions.events import named_event
from actions.journeys import journey
from actions.knowledge import Known
from actions.labels import label
from actions.memory import Memory
from actions.naming import only_asks
from actions.offers import NO_ANSWER, fresh, person, to_a_person, to_choose
from actions.office_hours import OfficeHours
from actions.said import Said, Telling, about
from actions.sides import asked_sides, sides
from actions.starters import likeliest
from actions.telling.facets import FIRST, TELL, facet_choices, overview, with_sides
from actions.telling.notices import asks_for_penalty, for_foreigners, for_the_late, penalty
from actions.telling.view import View, short_name
from actions.telling.write import lines, short_day
from actions.turn import Turn
from actions.voice import Voice
from actions.which import Found, find


class Service(Ability):
    called = "action_service"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        facet = turn.intent if turn.intent in TELL else _side(turn) or turn.memory.facet
        asked = replace(turn, memory=replace(turn.memory, facet=facet))
        if facet == "where" and not turn.chosen and asks_for_an_agency(turn, known):
            return at(turn, known, await OfficeHours(self.world).answer(turn))
        found = find(turn, known)
        event = named_event(turn, known) if turn.entity("event") else None
        if event and (not found.services or not found.sure or _only_an_event(turn)):
            return journey(turn, known, event)
        return said_of(asked, known, found)


def _side(turn: Turn) -> str | None:
    """The side asked for by a text that names nothing, however it was understood: "còn phí thì sao"."""
    return next(iter(sides(turn.text)), None) if only_asks(turn.text, turn.language) else None


def _only_an_event(turn: Turn) -> bool:
    """ "Chuyển nhà thì phải làm gì": the way through an event, not one of its services."""
    return turn.intent in ("how_to", "name_service") and turn.entity("service") is None


def said_of(turn: Turn, known: Known, found: Found) -> Said:
    """The answer to the facet in memory, once it is clear, or as clear as it gets, which service is meant."""
    if found.kind == "one":
        return _in_full(turn, known, found.services[0], found.also)
    if found.kind == "several":
        return _several(turn, known, found.services)
    if found.kind == "unknown":
        return _unknown(turn)
    if turn.memory.service in known.catalogue.services:
        return _in_full(turn, known, turn.memory.service)
    return _ask_which(turn, known)


def _in_full(turn: Turn, known: Known, service: str, also: tuple[str, ...] = ()) -> Said:
    """The answer, and of two questions in one the second too: another side of the same service is told below the first;
    another service is the first choice, and so is a side for which one SMS has no room."""
    asked = () if turn.chosen else asked_sides(turn.text)
    if len(asked) > 1 and turn.memory.facet not in asked:
        turn = replace(turn, memory=replace(turn.memory, facet=asked[0]))
    said, voice, facet = tell(turn, known, service), Voice(turn.language), turn.memory.facet
    others = tuple(one for one in asked if one != facet) if facet in asked and said.outcome == "answered" else ()
    telling, left = with_sides(_view(turn, known, service), said.telling, others, by_sms=turn.by_sms)
    more = [choice(_half(turn, known, one), facet or "name_service", service=one) for one in also]
    more += facet_choices(voice, service, left)
    told = {one["value"] for one in (*more, *facet_choices(voice, service, others))}
    rest = [one for one in said.choices if one["value"] not in told]
    return replace(said, telling=telling, choices=(*more, *rest)[: max(len(said.choices), len(more))])


def _half(turn: Turn, known: Known, service: str) -> str:
    voice, facet, name = Voice(turn.language), turn.memory.facet, label(turn, known.catalogue.services[service])
    return voice("choice_side_of", facet=voice(f"facet_{facet}"), name=voice.inside(name)) if facet else name


def _view(turn: Turn, known: Known, service: str) -> View:
    asked = "" if turn.chosen else turn.text
    return View(known.catalogue.services[service], known.catalogue, Voice(turn.language), turn.now, asked)


def tell(turn: Turn, known: Known, service: str) -> Said:
    view, facet = _view(turn, known, service), turn.memory.facet
    telling = TELL[facet](view) if facet else overview(view)
    memory = replace(turn.memory, service=service)
    regarding = about(service=service, facet=facet)
    if asks_for_penalty(view):
        return _penalty(view, memory, regarding)
    if telling is None:
        missing = view.voice.telling("not_in_catalogue", facet=view.voice(f"facet_{facet}"), name=view.inside)
        others = facet_choices(view.voice, service, _told(view, facet)[:2])
        said = Said("no_answer", missing, memory, turn.language, others, about=regarding)
        return to_a_person(said, "no_answer")
    next_ones = facet_choices(view.voice, service, _told(view, facet))
    telling = _dated(view, for_foreigners(view, for_the_late(view, telling, facet)))
    return Said("answered", telling, memory, turn.language, next_ones, about=regarding)


def _penalty(view: View, memory: Memory, regarding: dict[str, str]) -> Said:
    """No penalty is made up: what the record says, and a person for the rest."""
    telling, told = penalty(view)
    others = facet_choices(view.voice, view.service.identifier, _told(view, None)[:2])
    outcome = "answered" if told else "no_answer"
    return to_a_person(Said(outcome, telling, memory, view.voice.language, others, about=regarding), "no_answer")


def _told(view: View, facet: str | None) -> tuple[str, ...]:
    """The next questions that the catalogue can answer."""
    others = [one for one, is_said in FIRST.items() if one != facet and is_said(view)]
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
    choices = tuple(choice(label(turn, known.catalogue.services[one]), intent, service=one) for one in services)
    name = voice.inside(short_name(voice.pick(known.catalogue.services[services[0]].name)))
    if not turn.memory.clarified:
        memory = replace(turn.memory, service=None)
        if len(choices) > 1:
            return to_choose(Said("clarified", voice.telling("several"), memory, turn.language, choices))
        asked = to_choose(Said("clarified", voice.telling("is_it", name=name), memory, turn.language, choices))
        return replace(asked, choices=(*choices, person(voice, "clarification_failed")))
    said = tell(turn, known, services[0])
    guess = voice("guess", name=name)
    telling = replace(said.telling, text=lines(guess, said.telling.text))
    return replace(said, telling=telling, choices=(*choices[1:], *said.choices[:2]))


def _unknown(turn: Turn) -> Said:
    """Something is named that we do not have: said so, and the service before it is no longer the subject."""
    memory = replace(turn.memory, service=None)
    said = Said("no_answer", fresh(turn, "unknown_service", *NO_ANSWER[1:]), memory, turn.language)
    return to_a_person(said, "no_answer")


def _ask_which(turn: Turn, known: Known) -> Said:
    voice = Voice(turn.language)
    facet = turn.memory.facet
    if facet and (choices := _same_about(turn, known, facet)):
        telling = voice.telling("which_facet_service", facet=voice(f"facet_{facet}"))
        return to_choose(Said("clarified", telling, turn.memory, turn.language, choices))
    if turn.memory.clarified:
        said = Said("no_answer", fresh(turn, "still_unsure", *NO_ANSWER[1:]), turn.memory, turn.language)
        return to_a_person(said, "clarification_failed")
    asked = voice(f"facet_{facet}") if facet else ""
    telling = voice.telling("which_facet_service", facet=asked) if facet else voice.telling("which_service")
    choices = likeliest(turn, known, facet or "name_service")
    return to_choose(Said("clarified", telling, turn.memory, turn.language, choices))


def _same_about(turn: Turn, known: Known, facet: str) -> tuple[Choice, ...]:
    """The choices of our question that is still open, about another side; none where that side was asked already."""
    pending = turn.memory.pending
    values = [one["value"] for one in pending.get("choices", ())] if pending and pending["kind"] == "choice" else []
    read = [{name: many[0] for name, many in parse_qs(value).items()} for value in values]
    services = [one["service"] for one in read if one.get("service") in known.catalogue.services]
    if len(set(services)) < 2 or any(one.get("intent") == facet for one in read):
        return ()
    return tuple(choice(label(turn, known.catalogue.services[one]), facet, service=one) for one in services)
