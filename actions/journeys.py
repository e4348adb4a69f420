"""Life events: which one a text names, and its journey across agencies as numbered steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from actions.answer import Choice, Language, choice
from actions.knowledge import Known
from actions.labels import label
from actions.naming import telling_words
from actions.said import Said, Telling, about
from actions.telling.short import joined
from actions.telling.sources import links
from actions.telling.view import View
from actions.telling.write import lines, steps
from actions.turn import LANGUAGES, Turn
from actions.voice import Voice
from actions.which import hits_of
from knowledge.contract import JourneyStep, LifeEvent
from text.fold import words

MOST_CHOICES = 4
MOST_OF = 0.6           # of a name's telling words
Likeness = Callable[[str, Language, set[str]], int]


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


def named_event(turn: Turn, known: Known) -> LifeEvent | None:
    """The event that the understanding names, or a name of which stands in the text word by word."""
    events = known.catalogue.life_events
    named = [events[one] for one in turn.entities.get("event", ()) if one in events]
    return named[0] if named else _likest(turn, events.values(), lambda name, _, said: _all_of(words(name), said))


def which_event(turn: Turn, known: Known) -> LifeEvent | None:
    """The event named, if only by most of its telling words; else the only one that the service named belongs to."""
    events = known.catalogue.life_events
    event = named_event(turn, known) or _likest(turn, events.values(), _most_of)
    if event:
        return event
    hits = hits_of(turn, known)
    of_service = known.catalogue.services[hits[0].id].life_events if hits else ()
    return events.get(of_service[0]) if len(of_service) == 1 else None


def _all_of(name: Iterable[str], said: set[str]) -> int:
    return len(set(name)) if set(name) <= said else 0


def _most_of(name: str, language: Language, said: set[str]) -> int:
    telling = telling_words(name, language)
    common = len(telling & said)
    return common if common >= 2 and common >= MOST_OF * len(telling) else 0


def _likest(turn: Turn, events: Iterable[LifeEvent], likeness: Likeness) -> LifeEvent | None:
    """The event one of whose names is most like the text; none if none is."""
    said = set(words(turn.text))
    scores = [(max(likeness(name, language, said) for name, language in _names(event)), event) for event in events]
    best = max(scores, key=lambda scored: scored[0], default=(0, None))
    return best[1] if best[0] else None


def _names(event: LifeEvent) -> list[tuple[str, Language]]:
    others = {language: event.alternative_names.get(language, ()) for language in LANGUAGES}
    return [(name, language) for language in LANGUAGES for name in (event.name[language], *others[language])]
