"""What an ability says, in parts, before it becomes the payload."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from actions.answer import Answer, Choice, Expect, Handoff, Language, Outcome, SourceLink
from actions.memory import Memory, Pending


@dataclass(frozen=True, slots=True)
class Telling:
    """The same thing twice: in full, and as `brief` as one SMS, both with their diacritics."""

    text: str
    brief: str
    sources: tuple[SourceLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What an ability gives to base.py: the answer in parts, and the memory after it."""

    outcome: Outcome
    telling: Telling
    memory: Memory
    language: Language
    choices: tuple[Choice, ...] = ()
    expect: Expect | None = None
    about: dict[str, str] = field(default_factory=dict[str, str])
    handoff: Handoff | None = None
    rating: int | None = None
    pending: Pending | None = None
    again: bool = False                 # this only says the last answer once more: it stays the last answer


def about(**parts: str | None) -> dict[str, str]:
    """What an answer is about, for figures and the desk: service, facet, event, case, whichever apply; beside a case
    `level` "1" where a proof opened it."""
    return {name: value for name, value in parts.items() if value}


def finished(said: Said, short: str) -> Answer:
    """The payload as it goes to Rasa."""
    optional = {"handoff": said.handoff, "expect": said.expect, "about": said.about or None, "rating": said.rating}
    answer: dict[str, Any] = {
        "outcome": said.outcome,
        "reply": {
            "text": said.telling.text,
            "short": short,
            "choices": list(said.choices),
            "sources": list(said.telling.sources),
            "language": said.language,
        },
    }
    return cast(Answer, answer | {name: value for name, value in optional.items() if value is not None})
