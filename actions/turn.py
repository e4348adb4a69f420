"""What an ability may know of the turn: a small frozen view of Rasa's tracker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker

from actions.answer import Language
from actions.memory import Memory

LANGUAGES: tuple[Language, ...] = ("vi", "en")
DEFAULT_LANGUAGE: Language = "vi"
SMS = "sms"                 # the name of the channel, whoever carries it


@dataclass(frozen=True, slots=True)
class Turn:
    language: Language
    text: str
    intent: str
    confidence: float
    entities: dict[str, tuple[str, ...]]
    memory: Memory
    now: datetime
    conversation: str
    channel: str | None = None
    address: str | None = None
    message: str | None = None          # its id: the same one again is the same turn, of which nothing was kept
    handovers: int = 0                  # how often the conversation has gone to a person or come back
    likely: tuple[str, ...] = ()        # intents, likeliest first, without nlu_fallback
    chance: float = 0.0                 # of the likeliest of them

    @property
    def chosen(self) -> bool:
        """Whether the turn came understood already: a choice was taken, nothing had to be guessed."""
        return self.confidence >= 1.0

    @property
    def by_sms(self) -> bool:
        return self.channel == SMS

    @property
    def way(self) -> str:
        """How the name of a sentence ends that is another by SMS and in apps, where people are known by a number or an
        account and STOP holds: "_sms", "_app", and "" for the web."""
        return "_sms" if self.by_sms else "" if self.channel in (None, "web") else "_app"

    def entity(self, name: str) -> str | None:
        return next(iter(self.entities.get(name, ())), None)


def read(tracker: Tracker, now: datetime) -> Turn:
    message: dict[str, Any] = tracker.latest_message or {}
    intent: dict[str, Any] = message.get("intent") or {}
    ranking = _ranking(message.get("intent_ranking") or [])
    return Turn(
        language=language_of(tracker),
        text=message.get("text") or "",
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0.0),
        entities=_entities(message.get("entities") or []),
        memory=Memory.read(tracker.slots),
        now=now,
        conversation=tracker.sender_id,
        channel=channel_of(tracker),
        address=_metadata(tracker).get("address"),
        message=_metadata(tracker).get("message"),
        handovers=handovers_of(tracker),
        likely=tuple(entry["name"] for entry in ranking),
        chance=float(ranking[0].get("confidence") or 0.0) if ranking else 0.0,
    )


def language_of(tracker: Tracker) -> Language:
    """The turn's language: our channel sets it in the slot, by an entity of that name."""
    found = tracker.slots.get("language")
    return found if found in LANGUAGES else DEFAULT_LANGUAGE


def channel_of(tracker: Tracker) -> str | None:
    return _metadata(tracker).get("channel") or tracker.slots.get("channel")


def handovers_of(tracker: Tracker) -> int:
    return _metadata(tracker).get("handovers") or 0


def _metadata(tracker: Tracker) -> dict[str, Any]:
    """What our channel said of the message: with it, or in the event of the citizen's turn."""
    message: dict[str, Any] = tracker.latest_message or {}
    users = [event for event in tracker.events if event.get("event") == "user"]
    return message.get("metadata") or (users[-1].get("metadata") if users else None) or {}


def _entities(found: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Values by name, in the order of the text, each once."""
    values: dict[str, tuple[str, ...]] = {}
    for entity in found:
        name, value = entity.get("entity"), entity.get("value")
        if name and value is not None and str(value) not in values.get(name, ()):
            values[name] = (*values.get(name, ()), str(value))
    return values


def _ranking(ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in ranking if entry.get("name") not in (None, "nlu_fallback")]
