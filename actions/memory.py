"""What the assistant keeps in mind between two turns of one conversation: one slot a field, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, NotRequired, Self, TypedDict

from actions.answer import Choice, Expect, Language, Reason, SourceLink


class Pending(TypedDict):
    """A question of ours that "yes" and "no" may answer, for one turn."""

    kind: Literal["person", "choice", "rating"]
    reason: NotRequired[Reason]                     # person: why one was offered
    service: NotRequired[str]                       # person: what the offer was about
    choices: NotRequired[list[Choice]]              # choice: what was offered, likeliest first


class Opened(TypedDict):
    """The case that a right proof opened, and the proof as it came: sealed, good for ten minutes."""

    case: str
    token: str


class LastAnswer(TypedDict):
    text: str
    brief: str
    language: Language
    choices: list[Choice]
    sources: list[SourceLink]
    about: dict[str, str]
    expect: Expect | None


UNHEARD = ("pending", "clarified", "stuck", "simpler", "last_answer")        # what hangs on our having spoken last


def heard_since(slots: Mapping[str, Any], handovers: int) -> dict[str, Any]:
    """The slots to set before anything is looked at: those of what the citizen did not hear from us last.

    While a person has the conversation our answers are drafts for that person's eyes, and one that was on its way when
    they took it is dropped; what we said before is not what "yes" and "once more" mean behind a person's words. What
    was spoken of, a service or a case, stays. `handovers`: the gateway's count; it goes on with each change of hands.
    """
    if handovers == (slots.get("handovers") or 0):
        return {}
    return {name: None for name in UNHEARD if slots.get(name)} | {"handovers": handovers}


@dataclass(frozen=True, slots=True)
class Memory:
    service: str | None = None
    facet: str | None = None
    event: str | None = None
    case_reference: str | None = None
    opened: Opened | None = None
    topic: str | None = None                        # of short questions: service, event, case, report, hours
    asked_agency: str | None = None                 # whose opening hours were asked for
    pending: Pending | None = None
    clarified: int = 0                              # clarifying questions asked in a row
    stuck: list[str] = field(default_factory=list[str])     # what was said in a row without an answer, oldest first
    simpler: int = 0                                # how often the last answer was put more simply
    last_answer: LastAnswer | None = None

    @classmethod
    def read(cls, slots: Mapping[str, Any]) -> Self:
        """From the tracker's slots; one never set, or unreadable, is as if new."""
        return cls(**{f.name: slots[f.name] for f in fields(cls) if slots.get(f.name) is not None})

    def changed_since(self, before: Memory) -> dict[str, Any]:
        """The slots to set."""
        pairs = ((f.name, getattr(self, f.name), getattr(before, f.name)) for f in fields(self))
        return {name: now for name, now, then in pairs if now != then}
