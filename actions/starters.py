"""What to offer where nothing was named: the services of the life event spoken of, else the authority's first ones."""

from __future__ import annotations

from urllib.parse import parse_qs

from actions.answer import Choice, choice
from actions.knowledge import Known
from actions.labels import label
from actions.turn import Turn
from actions.voice import Voice

MOST = 3
MOST_READY = 4


def starters(turn: Turn, known: Known) -> tuple[Choice, ...]:
    """What the authority offers before anything is typed."""
    voice = Voice(turn.language)
    offered = known.catalogue.authority.starters
    ready = tuple(Choice(label=voice.pick(one.label), value=one.value) for one in offered if one.value)
    return ready[:MOST_READY] or likeliest(turn, known, "name_service")


def likeliest(turn: Turn, known: Known, intent: str) -> tuple[Choice, ...]:
    """The same question about the likeliest services."""
    services = known.catalogue.services
    offered = _services(turn, known)[:MOST]
    return tuple(choice(label(turn, services[one]), intent, service=one) for one in offered)


def _services(turn: Turn, known: Known) -> list[str]:
    event = known.catalogue.life_events.get(turn.memory.event or "")
    journey = [step.service for step in event.steps] if event else []
    values = [one.value or "" for one in known.catalogue.authority.starters]
    offered = [name for value in values for name in parse_qs(value).get("service", [])]
    every = [*journey, *offered, *known.catalogue.services]
    return [one for one in dict.fromkeys(every) if one in known.catalogue.services]
