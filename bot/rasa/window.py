"""The bounded history of a live tracker: its last events, and before them events that restate what came earlier.

Rasa replays all events of a tracker several times a turn. Slots, an active loop and a pause that were set before the
window are kept as a few events in front of it, so that replaying head and window gives the state of the whole history.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, ConversationPaused, Event, SlotSet
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

KEEP = 8  # the last turn: rules look back no further, and what actions remember is in slots
_MARK = "_motcua_mark"


@dataclass(frozen=True)
class Mark:
    """What of a tracker is stored: `count` events, the first `cut` of them told by the `head` events in front."""

    count: int
    cut: int
    head: int
    last: Event | None

    def new_events(self, tracker: DialogueStateTracker) -> list[Event]:
        """The events behind the last stored one."""
        new: list[Event] = []
        for event in reversed(tracker.events):
            if event is self.last:
                break
            new.append(event)
        return new[::-1]


def mark_of(tracker: DialogueStateTracker) -> Mark | None:
    return getattr(tracker, _MARK, None)


def is_clean(tracker: DialogueStateTracker, count: int) -> bool:
    """Whether the tracker is what the store has: no turn that raised half-applied, nothing written elsewhere."""
    mark = mark_of(tracker)
    return mark is not None and mark.count == count and bool(tracker.events) and tracker.events[-1] is mark.last


@dataclass(frozen=True)
class Slide:
    """Where the window stands after a save, and what it then holds."""

    cut: int
    head: list[Event]
    kept: list[Event]

    def apply(self, tracker: DialogueStateTracker, count: int) -> None:
        tracker.events = deque([*self.head, *self.kept])
        mark(tracker, count, self.cut, len(self.head))


def mark(tracker: DialogueStateTracker, count: int, cut: int, head: int) -> None:
    setattr(tracker, _MARK, Mark(count, cut, head, tracker.events[-1] if tracker.events else None))


def slide(tracker: DialogueStateTracker, before: Mark, slots: Iterable[Slot]) -> Slide:
    """Cut in front of the last turn that leaves KEEP events behind it."""
    events = list(tracker.events)
    head, kept = events[: before.head], events[before.head :]
    at = _boundary(kept)
    if at == 0:
        return Slide(before.cut, head, kept)
    return Slide(before.cut + at, _restated([*head, *kept[:at]], slots), kept[at:])


def _boundary(kept: Sequence[Event]) -> int:
    """A turn begins with the listening in front of it."""
    listening = (i for i in range(len(kept) - KEEP, 0, -1) if _listens(kept[i]))
    return next(listening, 0)


def _listens(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _restated(events: list[Event], slots: Iterable[Slot]) -> list[Event]:
    told = DialogueStateTracker.from_events("", events, slots)
    at = events[-1].timestamp
    head: list[Event] = [
        SlotSet(slot.name, slot.value, timestamp=at) for slot in told.slots.values() if slot.value != slot.initial_value
    ]
    if told.active_loop_name:
        head.append(ActiveLoop(told.active_loop_name, timestamp=at))
    if told.is_paused():
        head.append(ConversationPaused(timestamp=at))
    return head
