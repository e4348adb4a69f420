"""Life events: the journey of one across agencies, as numbered steps."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import Choice, choice
from actions.knowledge import Known
from actions.labels import label
from actions.said import Said, Telling, about
from actions.telling.short import joined
from actions.telling.sources import links
from actions.telling.view import View
from actions.telling.write import lines, steps
from actions.turn import Turn
from actions.voice import Voice
from knowledge.contract import JourneyStep, LifeEvent

MOST_CHOICES = 4


def journey(turn: Turn, known: Known, event: LifeEvent) -> Said:
    voice = Voice(turn.language)
    views = [View(known.catalogue.services[step.service], known.catalogue, voice, turn.now) for step in event.steps]
    text = lines(voice.pick(event.introduction), steps([_step(step, voice) for step in event.steps]))
    names = [f"{number}) {view.short_name}" for number, view in enumerate(views, 1)]
    brief = joined(voice, voice("event_lead", name=voice.pick(event.name)), names)
    telling = Telling(text, brief, links(voice, [view.service.source for view in views]))
    memory = replace(turn.memory, event=event.identifier, service=None, facet=None)
    return Said("answered", telling, memory, turn.language, _choices(turn, views), about=about(event=event.identifier))


def _choices(turn: Turn, views: list[View]) -> tuple[Choice, ...]:
    """The papers of each step's service."""
    voice = Voice(turn.language)
    names = {view.service.identifier: voice.inside(label(turn, view.service)) for view in views}
    labels = {one: voice("choice_documents_of", name=name) for one, name in names.items()}
    return tuple(choice(papers, "documents", service=one) for one, papers in labels.items())[:MOST_CHOICES]


def _step(step: JourneyStep, voice: Voice) -> str:
    return f"{voice.pick(step.text)} {voice.pick(step.note)}" if step.note else voice.pick(step.text)
