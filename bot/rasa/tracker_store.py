"""Rasa's tracker store: every event in SQL, the last ones of live conversations in memory, nothing lost between.

A save is one transaction: new events are appended and the conversation's row moves from the count that this process
knows to the new one, or nothing happens. A tracker in memory is used only while it is exactly what the database has, so
a turn that raised, a second process and a deletion all end in reading again.
"""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa import events_table as table
from bot.rasa import patches, window
from bot.rasa.paths import home

LIVE = 256  # conversations kept in memory; about 0.1 MB each

patches.apply()


class Conflict(Exception):
    """The conversation was written by somebody else meanwhile; nothing of this turn is kept, send it again."""


class SqlTrackerStore(TrackerStore):
    """`url` is sqlite:///path or postgresql://…; without one MOTCUA_RASA_DATABASE_URL, else rasa.db in MOTCUA_HOME."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: Any = None,
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._engine = table.connect(url or host or default_url())
        self._live: OrderedDict[str, DialogueStateTracker] = OrderedDict()

    @property
    def domain(self) -> Domain:
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        """A new model may have other slots: live trackers are read again."""
        self._domain = domain or Domain.empty()
        self._live = OrderedDict()

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        tracker = super().init_tracker(sender_id)
        window.mark(tracker, 0, 0, 0)
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        with self._engine.connect() as connection:
            row = table.conversation(connection, sender_id)
            live = self._live.get(sender_id)
            if row is None:
                self._live.pop(sender_id, None)
                return None
            if live is not None and window.is_clean(live, row.events):
                self._live.move_to_end(sender_id)
                return live
            stored = table.events(connection, sender_id, after=row.cut)
        return self._remember(self._tracker(sender_id, json.loads(row.head), stored, row))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """All events from the first one on; not kept in memory."""
        with self._engine.connect() as connection:
            row = table.conversation(connection, conversation_id)
            if row is None:
                return None
            stored = table.events(connection, conversation_id)
        tracker = DialogueStateTracker.from_dict(conversation_id, stored, self.domain.slots)
        window.mark(tracker, row.events, 0, 0)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what is new. Raises Conflict, and then has written nothing."""
        before = window.mark_of(tracker) or self._stored_of(tracker)
        new = before.new_events(tracker)
        if not new:
            return
        after = window.slide(tracker, before, self.domain.slots)
        count = before.count + len(new)
        moved = table.Conversation(tracker.sender_id, count, after.cut, json.dumps([e.as_dict() for e in after.head]))
        with self._engine.begin() as connection:
            if not table.move(connection, moved, expected=before.count):
                raise Conflict(tracker.sender_id)
            table.append(connection, tracker.sender_id, before.count, [e.as_dict() for e in new])
        after.apply(tracker, count)
        self._remember(tracker)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)

    async def delete(self, conversation: str) -> bool:
        """Forget a conversation altogether; whether there was one."""
        self._live.pop(conversation, None)
        with self._engine.begin() as connection:
            return table.delete(connection, conversation)

    async def keys(self) -> Iterable[str]:
        with self._engine.connect() as connection:
            return table.conversations(connection)

    def _tracker(self, conversation: str, head: list[Any], stored: list[Any], row: Any) -> DialogueStateTracker:
        tracker = DialogueStateTracker.from_dict(conversation, [*head, *stored], self.domain.slots)
        window.mark(tracker, row.events, row.cut, len(head))
        return tracker

    def _stored_of(self, tracker: DialogueStateTracker) -> window.Mark:
        """Of a tracker that is not from here: Rasa's own rule, it holds all events and the first ones are stored."""
        with self._engine.connect() as connection:
            row = table.conversation(connection, tracker.sender_id)
        events: list[Event] = list(tracker.events)
        count = min(row.events, len(events)) if row else 0
        return window.Mark(row.events if row else 0, 0, 0, events[count - 1] if count else None)

    def _remember(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        self._live[tracker.sender_id] = tracker
        self._live.move_to_end(tracker.sender_id)
        while len(self._live) > LIVE:
            self._live.popitem(last=False)
        return tracker


def default_url() -> str:
    return os.environ.get("MOTCUA_RASA_DATABASE_URL") or f"sqlite:///{_folder() / 'rasa.db'}"


def _folder() -> Path:
    home().mkdir(parents=True, exist_ok=True)
    return home()
