"""What was answered to a message, read from the tracker: the same for a fresh turn and for one asked twice."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

Answer = dict[str, Any]
QUIET = ("action_listen", "action_session_start", "action_extract_slots")
OURS = ("language", "channel")  # entities that only fill our own slots


class Unanswered(Exception):
    """An action failed, or said nothing: the turn must not be kept."""


def turn_of(tracker: DialogueStateTracker, message: str) -> list[Event] | None:
    """The events of the turn that this message began, itself first; None where the tracker does not know it."""
    events = list(tracker.events)
    for place in range(len(events) - 1, -1, -1):
        event = events[place]
        if isinstance(event, UserUttered) and event.message_id == message:
            rest = events[place + 1 :]
            end = next((i for i, later in enumerate(rest) if isinstance(later, UserUttered)), len(rest))
            return [event, *rest[:end]]
    return None


def told(turn: list[Event]) -> dict[str, Any]:
    """The response to the gateway. Raises Unanswered."""
    asked = turn[0]
    assert isinstance(asked, UserUttered)
    _complete(turn)
    language = asked.metadata.get("language", "vi")
    return {
        "answers": [_answer(event, language) for event in turn if isinstance(event, BotUttered)],
        "intent": asked.intent.get("name"),
        "confidence": round(float(asked.intent.get("confidence") or 0.0), 4),
        "entities": [{"entity": e["entity"], "value": e["value"]} for e in asked.entities if e["entity"] not in OURS],
    }


def _complete(turn: list[Event]) -> None:
    """Every action of a turn says something. Rasa goes on when one raises: it is then an action without words."""
    waiting: str | None = "the turn"
    for event in turn[1:]:
        if isinstance(event, ActionExecutionRejected):
            raise Unanswered(event.action_name)
        if isinstance(event, ActionExecuted) and event.action_name not in QUIET:
            if waiting not in (None, "the turn"):
                raise Unanswered(waiting)
            waiting = event.action_name
        if isinstance(event, BotUttered):
            waiting = None
    if waiting:
        raise Unanswered(waiting)


def _answer(said: BotUttered, language: str) -> Answer:
    custom = said.data.get("custom")
    if custom:
        if not isinstance(custom.get("outcome"), str) or not isinstance(custom.get("reply"), dict):
            raise Unanswered("an answer without outcome or reply")
        return custom
    return _wrapped(said, language)


def _wrapped(said: BotUttered, language: str) -> Answer:
    """A response of the domain: its words, its buttons as choices, its outcome from its metadata."""
    about = said.metadata.get("metadata") or {}
    choices = [{"label": b["title"], "value": b["payload"]} for b in said.data.get("buttons") or []]
    text = said.text or ""
    return {
        "outcome": about.get("outcome", "answered"),
        "reply": {
            "text": text,
            "short": about.get("short", text),
            "choices": choices,
            "sources": [],
            "language": language,
        },
    }
