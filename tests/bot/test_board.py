"""The supervisors' board: its figures on both databases, by what they say and not by how they are counted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import board, hours, model, promise, queueing
from bot.errors import NotAllowed, NotFound, Unreadable
from bot.people import Person
from bot.promise import Rules
from bot.queue_figures import NEVER, warned_until
from calendars.timetable import Timetable
from calendars.working_time import OFFICE_HOURS, Hours
from tests.bot.conftest import MONDAY, Gateway
from tests.bot.staffed import handed_over, logged, person, update

NO_PROMISES = {"ok": 0, "warned": 0, "breached": 0, "paused": 0, "escalated": 0}
EMPTY_NOW = {
    "waiting": 0,
    "longest_wait": None,
    "callbacks": 0,
    "late_callbacks": 0,
    "in_hand": 0,
    "promises": NO_PROMISES,
}
EMPTY_TODAY: dict[str, Any] = {
    **dict.fromkeys(("opened", "resolved", "surveys", "drafts"), 0),
    **dict.fromkeys(("first_reply_kept", "first_reply_minutes", "survey_mean", "drafts_used")),
}


def ago(**by: float) -> datetime:
    return MONDAY - timedelta(**by)


def ahead(**by: float) -> datetime:
    return MONDAY + timedelta(**by)


async def agency(gateway: Gateway, who: Person, name: str) -> dict[str, Any]:
    shown = await board.board(gateway.core, who)
    return next(one for one in shown["agencies"] if one["agency"] == name)


async def test_nothing_yet(gateway: Gateway) -> None:
    """Monday 10:00, both agencies by the usual hours."""
    boss = await person(gateway, "Boss", "supervisor")
    shown = await board.board(gateway.core, boss)
    opening = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    for one in shown["agencies"]:
        assert (one["now"], one["today"]) == (EMPTY_NOW, EMPTY_TODAY)
        assert (one["closed"], one["open"], datetime.fromisoformat(one["next_opening"])) == (False, True, opening)
    assert [one["agency"] for one in shown["agencies"]] == ["mau-ward", "tax-office"]
    assert shown["open"] == []


async def test_who_sees_which_board(gateway: Gateway) -> None:
    for role in ("agent", "content editor"):
        with pytest.raises(NotAllowed):
            await board.board(gateway.core, await person(gateway, role, role))
    await handed_over(gateway, "ward", opened_at=ago(minutes=5))
    await person(gateway, "Of tax", agencies=("tax-office",))
    await person(gateway, "Of all")
    for role in ("supervisor", "analyst", "administrator"):
        shown = await board.board(gateway.core, await person(gateway, role, role, ("tax-office",)))
        assert [(one["agency"], one["now"]) for one in shown["agencies"]] == [("tax-office", EMPTY_NOW)]
        assert shown["open"] == []
    await person(gateway, "Of ward", agencies=("mau-ward",))
    assert [one["name"] for one in shown["people"] if not one["name"].islower()] == ["Of all", "Of tax"]


async def test_how_it_stands_now(gateway: Gateway) -> None:
    boss, lan = await person(gateway, "Boss", "supervisor"), await person(gateway, "Lan")
    due: dict[str, Any] = {"response_due": ahead(minutes=15), "resolution_due": ahead(hours=8)}
    await handed_over(gateway, "waits", opened_at=ago(seconds=95), **due)
    await handed_over(
        gateway, "waits longer", opened_at=ago(minutes=40), response_due=ago(minutes=25), escalated_at=MONDAY
    )
    await handed_over(gateway, "callback", wanted="callback", promised_at=ahead(hours=3), **due)
    await handed_over(gateway, "late", wanted="message", promised_at=ago(minutes=1), opened_at=ago(days=1), **due)
    await handed_over(gateway, "in hand", person=lan.id, replied_at=ago(minutes=1), paused_at=ago(minutes=1), **due)
    await handed_over(gateway, "in hand too", person=lan.id, response_due=ahead(minutes=3))
    await handed_over(gateway, "a test", opened_at=ago(days=3), test=True, response_due=ago(days=3))
    await handed_over(gateway, "of tax", "tax-office", opened_at=ago(minutes=3))
    assert (await agency(gateway, boss, "mau-ward"))["now"] == {
        "waiting": 2,
        "longest_wait": 40 * 60,
        "callbacks": 2,
        "late_callbacks": 1,
        "in_hand": 2,
        "promises": {"ok": 2, "warned": 1, "breached": 2, "paused": 1, "escalated": 1},
    }
    assert (await agency(gateway, boss, "tax-office"))["now"] == EMPTY_NOW | {"waiting": 1, "longest_wait": 180}


async def test_how_the_day_goes(gateway: Gateway) -> None:
    """Today began three hours ago, as the wall clock of UTC says, and ten by the authority's."""
    boss, lan = await person(gateway, "Boss", "supervisor"), await person(gateway, "Lan")
    mine: dict[str, Any] = {"person": lan.id}
    soon: dict[str, Any] = {"response_due": ago(hours=9), "opened_at": ago(hours=9, minutes=30)}
    yesterday: dict[str, Any] = {"response_due": ago(hours=11), "opened_at": ago(hours=12)}
    ended: dict[str, Any] = {"state": "closed", "owner": "closed", "ended_at": ago(hours=1)}
    scored: dict[str, Any] = {**ended, "outcome": "resolved", "survey_at": ago(hours=1)}
    await handed_over(gateway, "kept", **soon, **mine, replied_at=ago(hours=9, minutes=20))  # after 10 minutes
    await handed_over(gateway, "kept, the next", **soon, **mine, replied_at=ago(hours=9, minutes=10))  # after 20
    await handed_over(gateway, "late", **soon, **mine, replied_at=ago(hours=8, minutes=30))  # after 60
    await handed_over(gateway, "missed", **soon)
    await handed_over(gateway, "missed, and then withdrawn", **soon, **ended | {"outcome": "withdrawn"})
    await handed_over(
        gateway, "withdrawn in time", **soon | {"response_due": ago(minutes=5)}, **ended | {"outcome": "withdrawn"}
    )
    await handed_over(gateway, "not yet due", response_due=ahead(minutes=5), opened_at=ago(minutes=5))
    await handed_over(gateway, "missed yesterday", **yesterday)
    await handed_over(
        gateway, "a callback", **yesterday, **mine, wanted="callback", promised_at=MONDAY, replied_at=MONDAY
    )
    before: dict[str, Any] = {**scored, "ended_at": ago(hours=11), "survey_at": ago(hours=11), "survey_score": 1}
    await handed_over(gateway, "ended yesterday", **yesterday, **before)
    await handed_over(gateway, "given back", **yesterday, **ended | {"state": "returned"})
    await handed_over(gateway, "thanked", **yesterday, **scored, survey_score=5)
    await handed_over(gateway, "not so well", **yesterday, **scored, survey_score=3)
    await handed_over(gateway, "silent", **yesterday, **scored)
    await handed_over(gateway, "a test", **soon, **scored, test=True, survey_score=1, replied_at=ago(hours=9))
    for each in DRAFTS:
        await drafted(gateway, *each)
    assert (await agency(gateway, boss, "mau-ward"))["today"] == {
        "opened": 7,
        "first_reply_kept": 0.5,  # kept, kept the next, a callback; late, missed, missed and then withdrawn
        "first_reply_minutes": 20.0,
        "resolved": 4,
        "surveys": 2,
        "survey_mean": 4.0,
        "drafts": 3,
        "drafts_used": 0.333,
    }
    assert (await agency(gateway, boss, "tax-office"))["today"] == EMPTY_TODAY


DRAFTS: tuple[tuple[str, int, int, bool], ...] = (  # conversation, seq, hours ago, whether it was used
    ("c-kept", 1, 1, True), ("c-kept", 2, 1, False), ("c-late", 1, 9, False), ("c-kept", 3, 11, True),
    ("c-a test", 1, 1, True),
)  # fmt: skip


async def drafted(gateway: Gateway, conversation: str, seq: int, hours_ago: int, used: bool) -> None:
    at = ago(hours=hours_ago)
    row = {"conversation": conversation, "seq": seq, "text": "", "language": "vi", "sources": [], "at": at}
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.insert(model.draft).values(**row, used_at=at if used else None))


@pytest.mark.parametrize(("minutes", "expected"), [
    ([7], 7.0), ([1, 4], 2.5), ([9, 1, 5], 5.0), ([1, 2, 4, 9], 3.0), ([0.25, 0.5], 0.4),
])  # fmt: skip
async def test_the_median_of_the_first_replies(gateway: Gateway, minutes: list[float], expected: float) -> None:
    boss = await person(gateway, "Boss", "supervisor")
    for number, each in enumerate(minutes):
        values: dict[str, Any] = {
            "opened_at": ago(hours=1),
            "replied_at": ago(hours=1) + timedelta(minutes=each),
            "person": boss.id,
        }
        await handed_over(gateway, str(number), **values)
        await handed_over(gateway, f"tax {number}", "tax-office", **values | {"opened_at": ago(hours=2)})
    assert (await agency(gateway, boss, "mau-ward"))["today"]["first_reply_minutes"] == expected


async def test_promises_are_counted_as_the_queue_shows_them(gateway: Gateway) -> None:
    """Over a lunch and an evening, near every limit, with a schedule that a supervisor changed."""
    core, boss = gateway.core, await person(gateway, "Boss", "supervisor")
    await queueing.set_queue(core, boss, "tax-office", response_minutes=7, resolution_minutes=61)
    shifts = [{"weekday": 0, "opens": "09:00", "closes": "10:10"}, {"weekday": 0, "opens": "10:40", "closes": "12:00"}]
    await hours.set_week(core, boss, "tax-office", shifts)
    for number, minutes in enumerate([-1, 0, 1.7, 1.8, 10, 40, 45, 120, 125, 480]):
        for name in ("mau-ward", "tax-office"):
            at = ahead(minutes=minutes)
            replied: dict[str, Any] = {"person": boss.id, "replied_at": MONDAY, "resolution_due": at}
            kinds: dict[str, dict[str, Any]] = {
                "waiting": {"response_due": at},
                "replied": replied,
                "awaited": replied | {"paused_at": MONDAY},
                "callback": {"wanted": "callback", "promised_at": at, "response_due": ago(hours=1)},
            }
            for kind, values in kinds.items():
                await handed_over(gateway, f"{name} {number} {kind}", name, **values)
    for step in (0, 31, 100, 600):
        gateway.clock.now = MONDAY + timedelta(minutes=step)
        for name in ("mau-ward", "tax-office"):
            shown = [
                one
                for one in [*await queueing.waiting(core, boss), *await queueing.mine(core, boss)]
                if one["agency"] == name
            ]
            states = Counter(one["clock"]["state"] for one in shown)
            counted = (await agency(gateway, boss, name))["now"]["promises"]
            assert NO_PROMISES | states == counted, (name, step)


@pytest.mark.parametrize(("shifts", "minutes"), [
    (OFFICE_HOURS, 480), (OFFICE_HOURS, 15), (OFFICE_HOURS, 360), ((), 15), ([Hours(0, time(9), time(10, 15))], 60),
])  # fmt: skip
def test_up_to_when_it_is_warned_of(shifts: Any, minutes: int) -> None:
    """The moment of warned_until is the last that the clock of the queue calls warned, to the microsecond."""
    table, rules = Timetable(shifts), Rules(response_minutes=minutes, resolution_minutes=minutes)
    limit = timedelta(minutes=minutes * promise.WARNED)
    until = warned_until(table, rules, MONDAY)[0]
    if until == NEVER:
        assert table.between(MONDAY, ahead(days=900)) <= limit
    else:
        assert table.between(MONDAY, until - timedelta(microseconds=1)) <= limit < table.between(MONDAY, until)


async def test_people_with_what_they_have_in_hand(gateway: Gateway) -> None:
    boss = await person(gateway, "Boss", "supervisor", seen_at=None)
    lan = await person(gateway, "Lan", agencies=("mau-ward",), capacity=5)
    await person(gateway, "Gone", active=False)
    await person(gateway, "Writer", "content editor")
    await person(gateway, "Idle", acted_at=ago(hours=1))
    await person(gateway, "Minh", presence="busy", acted_at=None)
    for name, channel in (("1", "web"), ("2", "sms"), ("3", "sms")):
        await handed_over(gateway, name, channel=channel, person=lan.id)
    await handed_over(gateway, "given back", person=lan.id)
    await update(gateway, model.conversation, "id", "c-given back", owner="assistant")
    shown = (await board.board(gateway.core, boss))["people"]
    assert [(one["name"], one["presence"], one["in_hand"], one["load"], one["capacity"]) for one in shown] == [
        ("Boss", "offline", 0, 0, 8),
        ("Idle", "away", 0, 0, 8),
        ("Lan", "available", 3, 4, 5),
        ("Minh", "busy", 0, 0, 8),
    ]
    assert (shown[2]["agencies"], shown[2]["acted_at"]) == (["mau-ward"], MONDAY.isoformat())


async def test_what_is_open_the_most_pressing_first(gateway: Gateway) -> None:
    boss, lan = await person(gateway, "Boss", "supervisor"), await person(gateway, "Lan")
    await handed_over(gateway, "later", response_due=ahead(hours=1))
    await handed_over(
        gateway, "awaited", person=lan.id, replied_at=MONDAY, paused_at=MONDAY, resolution_due=ago(hours=9)
    )
    await handed_over(gateway, "broken", "tax-office", response_due=ago(hours=1), topic="tax-code")
    await handed_over(gateway, "unpromised")
    await handed_over(gateway, "soon", person=lan.id, replied_at=MONDAY, resolution_due=ahead(minutes=30))
    await handed_over(gateway, "a test", test=True)
    await handed_over(gateway, "over", state="closed", owner="closed", ended_at=MONDAY)
    shown = (await board.board(gateway.core, boss))["open"]
    assert [(one["conversation"], one["person"], one["clock"]["state"]) for one in shown] == [
        ("c-broken", None, "breached"),
        ("c-soon", "Lan", "warned"),
        ("c-later", None, "ok"),
        ("c-unpromised", None, "none"),
        ("c-awaited", "Lan", "paused"),
    ]
    assert (shown[0]["agency"], shown[0]["topic"], shown[0]["channel"]) == ("tax-office", "tax-code", "web")


async def test_capacity_is_set_by_supervisors_for_their_colleagues(gateway: Gateway) -> None:
    core, boss = gateway.core, await person(gateway, "Boss", "supervisor", ("mau-ward",))
    await person(gateway, "Lan", agencies=("mau-ward", "tax-office"))
    await person(gateway, "Tax", agencies=("tax-office",))
    await board.set_capacity(core, boss, "Lan", 3)
    assert [one["capacity"] for one in (await board.board(core, boss))["people"] if one["name"] == "Lan"] == [3]
    for name, capacity, expected in (
        ("Tax", 3, NotFound),
        ("Nobody", 3, NotFound),
        ("Lan", 0, Unreadable),
        ("Lan", 51, Unreadable),
    ):
        with pytest.raises(expected):
            await board.set_capacity(core, boss, name, capacity)
    with pytest.raises(NotAllowed):
        await board.set_capacity(core, await person(gateway, "Minh"), "Lan", 5)
    assert await logged(gateway) == [("Boss", "set_capacity", {"person": "Lan", "capacity": 3})]
