"""The tracker store on SQLite and PostgreSQL: flat, bounded, and losing nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from conftest import DOMAIN, begin, say, turn
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    ConversationPaused,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
)  # fmt: skip
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

from bot.rasa import tracker_store, window
from bot.rasa.tracker_store import Conflict, SqlTrackerStore


def run(awaitable: Any) -> Any:
    return asyncio.run(awaitable)


def talk(store: SqlTrackerStore, conversation: str, turns: int, *first: Event) -> DialogueStateTracker:
    tracker = run(store.get_or_create_tracker(conversation, append_action_listen=False))
    if not tracker.events:
        begin(tracker)
        say(tracker, iter(first))
    for number in range(1, turns + 1):
        say(tracker, turn(number))
        run(store.save(tracker))
        tracker = run(store.retrieve(conversation))
    return tracker


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    told = tracker.current_state(EventVerbosity.NONE)
    return {name: told[name] for name in told if name != "latest_event_time"}


def again(url: str) -> SqlTrackerStore:
    """Another process."""
    return SqlTrackerStore(DOMAIN, url=url)


@pytest.mark.parametrize("turns", [1, 5, 9, 30])
@pytest.mark.parametrize(
    ("label", "first"),
    [
        ("a slot", (SlotSet("first", {"kept": ["ever"]}),)),
        ("a slot taken back", (SlotSet("first", 1), SlotSet("first", None))),
        ("slots reset", (SlotSet("first", 1), AllSlotsReset(), SlotSet("last", 2))),
        ("an active loop", (ActiveLoop("a_form"), SlotSet("first", 1))),
        ("paused", (ConversationPaused(),)),
    ],
)
def test_read_again_after_a_restart(
    url: str, store: SqlTrackerStore, conversation: str, turns: int, label: str, first: tuple[Event, ...]
) -> None:
    live = talk(store, conversation, turns, *first)
    reread = run(again(url).retrieve(conversation))
    whole = run(store.retrieve_full_tracker(conversation))
    assert state(reread) == state(live) == state(whole), label
    assert state(live.copy()) == state(live)
    assert [event.as_dict() for event in reread.events] == [event.as_dict() for event in live.events]


def test_memory_is_bounded_and_the_table_has_everything(store: SqlTrackerStore, conversation: str) -> None:
    live = talk(store, conversation, 100, SlotSet("first", "kept"))
    whole = run(store.retrieve_full_tracker(conversation))
    assert len(live.events) < window.KEEP + 20
    assert len(whole.events) == 3 + 100 * 5
    assert (live.get_slot("first"), live.get_slot("turn")) == ("kept", 100)


def test_a_window_begins_with_listening(store: SqlTrackerStore, conversation: str) -> None:
    live = talk(store, conversation, 30, SlotSet("first", 1))
    real = [event for event in live.events if not isinstance(event, SlotSet)]
    assert isinstance(real[0], ActionExecuted)
    assert real[0].action_name == "action_listen"


@pytest.mark.parametrize("turns", [3, 20])
def test_a_turn_that_raised_is_gone(store: SqlTrackerStore, conversation: str, turns: int) -> None:
    before = state(talk(store, conversation, turns))
    half = run(store.retrieve(conversation))
    say(half, (event for event, _ in zip(turn(99, SlotSet("last", "lost")), range(3), strict=False)))
    assert state(run(store.retrieve(conversation))) == before
    say(run(store.retrieve(conversation)), turn(99))


@pytest.mark.parametrize(
    ("label", "events", "kept"),
    [
        ("restart", [Restarted()], None),
        ("a new session with its slots", [SessionStarted(), SlotSet("first", "kept")], "kept"),
        ("a new session without", [SessionStarted()], None),
    ],
)
@pytest.mark.parametrize("turns", [2, 30])
def test_sessions_and_restarts(
    url: str, store: SqlTrackerStore, conversation: str, label: str, events: list[Event], kept: str | None, turns: int
) -> None:
    tracker = talk(store, conversation, turns, SlotSet("first", "kept"))
    say(tracker, iter([*events, ActionExecuted("action_listen")]))
    run(store.save(tracker))
    for reread in (run(store.retrieve(conversation)), run(again(url).retrieve(conversation))):
        assert reread.get_slot("first") == kept, label
        assert reread.get_slot("turn") is None
    talk(store, conversation, 20)
    assert run(again(url).retrieve(conversation)).get_slot("first") == kept
    assert run(store.retrieve_full_tracker(conversation)).get_slot("first") == kept


def test_two_processes_see_each_other(url: str, store: SqlTrackerStore, conversation: str) -> None:
    other = again(url)
    talk(store, conversation, 12)
    talk(other, conversation, 3)
    assert run(store.retrieve(conversation)).get_slot("turn") == 3


@pytest.mark.parametrize("turns", [0, 4])
def test_of_two_writers_one_is_told(url: str, store: SqlTrackerStore, conversation: str, turns: int) -> None:
    talk(store, conversation, turns)
    ours = run(store.get_or_create_tracker(conversation, append_action_listen=False))
    theirs = run(again(url).get_or_create_tracker(conversation, append_action_listen=False))
    for tracker in (ours, theirs):
        say(tracker, turn(5))
    run(store.save(ours))
    with pytest.raises(Conflict):
        run(again(url).save(theirs))
    assert len(run(store.retrieve_full_tracker(conversation)).events) == (2 if turns else 0) + (turns + 1) * 5


def test_more_conversations_than_memory_holds(
    store: SqlTrackerStore, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_store, "LIVE", 2)
    names = [f"{conversation}-{number}" for number in range(5)]
    held = [run(store.get_or_create_tracker(name, append_action_listen=False)) for name in names]
    for number, tracker in enumerate(held):
        say(tracker, turn(number))
        run(store.save(tracker))
    for number, tracker in enumerate(held):  # the first ones have left memory meanwhile
        say(tracker, turn(number + 100))
        run(store.save(tracker))
    assert [run(store.retrieve(name)).get_slot("turn") for name in names] == [100, 101, 102, 103, 104]
    assert {len(run(store.retrieve_full_tracker(name)).events) for name in names} == {10}


def test_forgetting(url: str, store: SqlTrackerStore, conversation: str) -> None:
    talk(store, conversation, 12)
    talk(store, f"{conversation}-other", 1)
    other = again(url)
    assert run(other.retrieve(conversation)) is not None
    assert run(store.delete(conversation))
    assert not run(store.delete(conversation))
    for one in (store, other):
        assert run(one.retrieve(conversation)) is None
        assert run(one.retrieve_full_tracker(conversation)) is None
        assert conversation not in run(one.keys())
        assert f"{conversation}-other" in run(one.keys())
    talk(store, conversation, 1)
    assert len(run(store.retrieve_full_tracker(conversation)).events) == 7


def test_a_tracker_from_elsewhere_is_appended(store: SqlTrackerStore, conversation: str) -> None:
    """Rasa's HTTP API reads the whole conversation, adds events and saves it."""
    talk(store, conversation, 20)
    whole = run(store.retrieve_full_tracker(conversation))
    say(whole, turn(21, SlotSet("last", "added")))
    run(store.save(whole))
    assert run(store.retrieve(conversation)).get_slot("last") == "added"
    assert len(run(store.retrieve_full_tracker(conversation)).events) == 2 + 21 * 5 + 1


def test_a_new_model_keeps_conversations(store: SqlTrackerStore, conversation: str) -> None:
    talk(store, conversation, 12, SlotSet("first", "kept"))
    store.domain = DOMAIN
    assert run(store.retrieve(conversation)).get_slot("first") == "kept"


def test_rasa_makes_it_from_endpoints_and_does_not_wrap_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_RASA_DATABASE_URL", url)
    made = TrackerStore.create(EndpointConfig(type="bot.rasa.tracker_store.SqlTrackerStore"))
    assert isinstance(made, SqlTrackerStore)
    assert Agent(domain=DOMAIN, tracker_store=made).tracker_store is made


def test_a_save_that_fails_is_heard_of(
    store: SqlTrackerStore, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = talk(store, conversation, 12)
    before = state(tracker)
    say(tracker, turn(13))

    def broken(*_: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(tracker_store.table, "append", broken)
        with pytest.raises(OSError, match="disk full"):
            run(store.save(tracker))
    assert state(run(store.retrieve(conversation))) == before


@pytest.mark.parametrize("conversations", [20])
def test_conversations_at_once_do_not_mix(store: SqlTrackerStore, conversation: str, conversations: int) -> None:
    async def one(number: int) -> None:
        name = f"{conversation}-{number}"
        for step in range(12):
            tracker = await store.get_or_create_tracker(name, append_action_listen=False)
            await asyncio.sleep(0)
            say(tracker, turn(step, SlotSet("first", number)))
            await asyncio.sleep(0)
            await store.save(tracker)

    async def all_of_them() -> None:
        await asyncio.gather(*(one(number) for number in range(conversations)))

    run(all_of_them())
    found = [run(store.retrieve(f"{conversation}-{number}")).get_slot("first") for number in range(conversations)]
    assert found == list(range(conversations))
