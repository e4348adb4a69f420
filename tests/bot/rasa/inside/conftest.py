"""A tracker store on each database, and conversations to put into it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa.tracker_store import SqlTrackerStore

NAMES = count(1)
DOMAIN = Domain.from_dict(
    {
        "intents": ["fee"],
        "actions": ["action_service"],
        "slots": {
            name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
            for name in ("first", "last", "turn")
        },
    }
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return os.environ["TEST_POSTGRES"] if request.param == "postgresql" else f"sqlite:///{tmp_path / 'rasa.db'}"


@pytest.fixture
def store(url: str) -> SqlTrackerStore:
    return SqlTrackerStore(DOMAIN, url=url)


@pytest.fixture
def conversation() -> str:
    return f"c-{next(NAMES)}-{time.time_ns()}"


def turn(number: int, *slots: SlotSet) -> Iterator[Event]:
    """The events of one turn, as Rasa writes them."""
    yield UserUttered(f"question {number}", {"name": "fee", "confidence": 1.0}, [], message_id=f"m-{number}")
    yield ActionExecuted("action_service")
    yield BotUttered(f"answer {number}")
    yield SlotSet("turn", number)
    yield from slots
    yield ActionExecuted("action_listen")


def begin(tracker: DialogueStateTracker) -> None:
    tracker.update(ActionExecuted("action_session_start"))
    tracker.update(ActionExecuted("action_listen"))


def say(tracker: DialogueStateTracker, events: Iterator[Event]) -> None:
    for event in events:
        tracker.update(event, DOMAIN)
