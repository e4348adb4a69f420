"""After a life event: one of its steps, or what all of them cost or take."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.knowledge import Known
from actions.offers import person
from actions.phrases import says
from actions.said import Said, Telling, about
from actions.service import tell
from actions.telling.facets import TELL
from actions.telling.short import joined
from actions.telling.sources import links
from actions.telling.view import View
from actions.telling.write import lines, steps
from actions.turn import Turn
from actions.voice import Voice
from actions.world import World
from knowledge.contract import LifeEvent
from text.fold import fold

_ORDINALS = {
    "mot": 1, "nhat": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6,
}
_STEP = re.compile(r"\b(?:buoc|viec|muc|step)\s+(?:so|thu|number)?\s*(\w+)")
_NTH_STEP = re.compile(r"\b(\d(?=st|nd|rd|th)|[a-z]+)\w*\s+step\b")
OVERALL = ("fee", "time_limit")


async def about_journey(world: World, turn: Turn) -> Said | None:
    known = await world.knowledge.current()
    event = known.catalogue.life_events.get(turn.memory.event or "")
    if event is None or turn.entities.get("service") or turn.entities.get("event"):
        return None
    if turn.memory.topic not in ("event", "service") or not _still_of(event, turn.memory.service):
        return None
    place = step_named(turn.text)
    if place is not None:
        return _step(turn, known, event, place)
    if turn.memory.topic == "event" and turn.memory.service is None and turn.intent in OVERALL:
        return _overall(turn, known, event)
    return None


def step_named(text: str) -> int | None:
    """2 from "chi tiết bước 2", "step two", "the second step"; 1 from "what do I do first"."""
    folded = fold(text)
    for found in (*_STEP.finditer(folded), *_NTH_STEP.finditer(folded)):
        number = found[1]
        if number.isdigit() or number in _ORDINALS:
            return int(number) if number.isdigit() else _ORDINALS[number]
    return 1 if says("first_step", text) else None


def _still_of(event: LifeEvent, service: str | None) -> bool:
    return service is None or service in {step.service for step in event.steps}


def _step(turn: Turn, known: Known, event: LifeEvent, place: int) -> Said:
    """What the journey says of the step, and how its service is done; the journey stays the topic."""
    voice = Voice(turn.language)
    if not 1 <= place <= len(event.steps):
        telling = voice.telling("no_such_step", n=len(event.steps))
        regarding = about(event=event.identifier)
        return Said("answered", telling, turn.memory, turn.language, (person(voice),), about=regarding)
    step = event.steps[place - 1]
    said = tell(replace(turn, memory=replace(turn.memory, facet="how_to")), known, step.service)
    note = voice.pick(step.note) if step.note else ""
    head = voice("step", n=place, text=" ".join(part for part in (voice.pick(step.text), note) if part))
    telling = replace(said.telling, text=lines(head, said.telling.text))
    memory = replace(said.memory, facet=None)
    return replace(said, telling=telling, memory=memory, about=said.about | about(event=event.identifier))


def _overall(turn: Turn, known: Known, event: LifeEvent) -> Said:
    """The fee, or the time, of each step."""
    voice, ask = Voice(turn.language), TELL[turn.intent]
    views = [View(known.catalogue.services[step.service], known.catalogue, voice, turn.now) for step in event.steps]
    answers = [ask(view) for view in views]
    told = [
        one.brief if one else f"{view.short_name}: {voice('not_known')}"
        for view, one in zip(views, answers, strict=True)
    ]
    text = lines(voice("by_step", facet=voice(f"facet_{turn.intent}")), steps(told))
    brief = joined(voice, "", [f"{n}) {one.rstrip('.')}" for n, one in enumerate(told, 1)])
    telling = Telling(text, brief, links(voice, [view.service.source for view in views]))
    memory = replace(turn.memory, facet=turn.intent)
    regarding = about(event=event.identifier, facet=turn.intent)
    return Said("answered", telling, memory, turn.language, (person(voice),), about=regarding)
