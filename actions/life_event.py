"""A journey across agencies: what to do, in order, when a child is born, somebody moves, marries, starts a business…"""

from __future__ import annotations

from dataclasses import replace

from actions.answer import Choice, choice
from actions.base import Ability
from actions.knowledge import Known
from actions.offers import to_a_person, to_choose
from actions.said import Said, Telling, about
from actions.telling.short import joined
from actions.telling.sources import links
from actions.telling.view import View
from actions.telling.write import lines, steps
from actions.turn import Turn
from actions.voice import Voice
from actions.which import hits_of
from knowledge.contract import JourneyStep, LifeEvent
from text.fold import words

MOST_CHOICES = 4


class Journey(Ability):
    called = "action_life_event"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        event = which_event(turn, known)
        if event:
            return journey(turn, known, event)
        return _ask_which(turn, known)


def journey(turn: Turn, known: Known, event: LifeEvent) -> Said:
    voice = Voice(turn.language)
    views = [View(known.catalogue.services[step.service], known.catalogue, voice, turn.now) for step in event.steps]
    text = lines(voice.pick(event.introduction), steps([_step(step, voice) for step in event.steps]))
    names = [f"{number}) {view.name}" for number, view in enumerate(views, 1)]
    brief = joined(voice, voice("event_lead", name=voice.pick(event.name)), names)
    telling = Telling(text, brief, links(voice, [view.service.source for view in views]))
    memory = replace(turn.memory, event=event.identifier, service=None, facet=None)
    return Said("answered", telling, memory, turn.language, _choices(views), about=about(event=event.identifier))


def _choices(views: list[View]) -> tuple[Choice, ...]:
    """The papers of each step's service."""
    once = {view.service.identifier: view for view in views}
    return tuple(
        choice(view.voice("choice_documents_of", name=view.inside), "documents", service=identifier)
        for identifier, view in list(once.items())[:MOST_CHOICES]
    )


def _step(step: JourneyStep, voice: Voice) -> str:
    return f"{voice.pick(step.text)} {voice.pick(step.note)}" if step.note else voice.pick(step.text)


def named_event(turn: Turn, known: Known) -> LifeEvent | None:
    """The event that the understanding or the text's own words name."""
    events = known.catalogue.life_events
    named = [events[one] for one in turn.entities.get("event", ()) if one in events]
    if named:
        return named[0]
    said = set(words(turn.text))
    best = max(events.values(), key=lambda event: _likeness(event, said), default=None)
    return best if best and _likeness(best, said) else None


def which_event(turn: Turn, known: Known) -> LifeEvent | None:
    """The event named, else the only one that the service in the text belongs to."""
    event = named_event(turn, known)
    if event:
        return event
    events = known.catalogue.life_events
    hits = hits_of(turn.text, known)
    of_service = known.catalogue.services[hits[0].id].life_events if hits else ()
    return events.get(of_service[0]) if len(of_service) == 1 else None


def _likeness(event: LifeEvent, said: set[str]) -> int:
    """The length of the longest of the event's names whose words all stand in the text."""
    names = [*event.name.values(), *(name for many in event.alternative_names.values() for name in many)]
    return max((len(found) for name in names if (found := set(words(name))) and found <= said), default=0)


def _ask_which(turn: Turn, known: Known) -> Said:
    voice = Voice(turn.language)
    if turn.memory.clarified:
        said = Said("no_answer", voice.telling("no_answer"), turn.memory, turn.language)
        return to_a_person(said, "clarification_failed")
    events = known.catalogue.life_events.values()
    choices = tuple(choice(voice.pick(event.name), "life_event", event=event.identifier) for event in events)
    return to_choose(Said("clarified", voice.telling("which_event"), turn.memory, turn.language, choices))
