"""The order of the queues and who is given what: oldest first, broken promises before, within capacity and skill."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot import model, queueing
from bot.core import Core
from bot.errors import Conflict, NotAllowed, NotFound, Unreadable
from bot.handoff import reassign
from bot.people import Person
from bot.store import Tx
from tests.bot.conftest import MONDAY, Gateway
from tests.bot.staffed import handed_over, logged, person, said, update


def at(minutes: float) -> dict[str, Any]:
    """Opened so many minutes before now."""
    opened = MONDAY - timedelta(minutes=minutes)
    return {"opened_at": opened, "rank_at": opened}


async def order(gateway: Gateway, who: Person) -> list[str]:
    return [one["conversation"].removeprefix("c-") for one in await queueing.waiting(gateway.core, who)]


async def take(gateway: Gateway, who: Person, times: int = 1) -> list[str | None]:
    return [await queueing.take_next(gateway.core, who) for _ in range(times)]


async def test_oldest_first_and_a_broken_promise_before(gateway: Gateway) -> None:
    lan = await person(gateway, "Lan")
    due = MONDAY + timedelta(hours=1)
    rows: dict[str, dict[str, Any]] = {
        "second": at(20) | {"response_due": due},
        "third": at(10) | {"response_due": due},
        "first": at(30) | {"response_due": due},
        "broken": at(5) | {"response_due": MONDAY},
        "broken before": at(6) | {"response_due": MONDAY},
        "back at the front": at(1) | {"rank_at": MONDAY - timedelta(days=1), "requeued": 1},
        "in hand": at(90) | {"person": lan.id},
        "given back": at(90) | {"state": "returned", "owner": "assistant"},
    }
    for name, values in rows.items():
        await handed_over(gateway, name, **values)
    assert await order(gateway, lan) == ["broken before", "broken", "back at the front", "first", "second", "third"]
    assert await take(gateway, lan) == ["c-broken before"]


async def test_need_goes_first_but_whoever_waits_long_enough_comes_before(gateway: Gateway) -> None:
    """A step of priority is ten minutes: somebody in need is served as if they had asked half an hour earlier."""
    boss, lan = await person(gateway, "Boss", "supervisor"), await gateway.agent("Lan")
    await queueing.set_queue(gateway.core, boss, "mau-ward", response_minutes=480)
    asked: dict[str, str] = {}
    for minutes, name, text in (
        (0, "long before", "gặp nhân viên"),
        (10, "before", "gặp nhân viên"),
        (35, "in need", "tôi muốn tự tử"),
        (36, "after", "gặp nhân viên"),
    ):
        gateway.clock.now = MONDAY + timedelta(minutes=minutes)
        await lan.get("queue")
        citizen = await gateway.open("vi")
        await citizen.say(text)
        asked[citizen.conversation] = name
    shown = await queueing.waiting(gateway.core, boss)
    assert [asked[one["conversation"]] for one in shown] == ["long before", "in need", "before", "after"]
    assert [one["priority"] for one in shown] == [0, 3, 0, 0]


async def test_each_sees_the_queues_of_their_agencies(gateway: Gateway) -> None:
    for name, agency in (("ward", "mau-ward"), ("tax", "tax-office")):
        await handed_over(gateway, name, agency)
    for agencies, expected in (
        (None, ["tax", "ward"]),
        (("mau-ward",), ["ward"]),
        (("tax-office",), ["tax"]),
        ((), []),
    ):
        who = await person(gateway, f"of {agencies}", agencies=agencies)
        assert sorted(await order(gateway, who)) == expected
        if not expected:
            assert await take(gateway, who) == [None]


async def test_callbacks_by_the_moment_that_was_promised(gateway: Gateway) -> None:
    lan = await person(gateway, "Lan")
    for name, minutes, wanted in (("late", -5, "callback"), ("soon", 30, "message"), ("tomorrow", 1500, "callback")):
        await handed_over(gateway, name, wanted=wanted, promised_at=MONDAY + timedelta(minutes=minutes))
    await handed_over(gateway, "whenever", wanted="callback")
    await handed_over(gateway, "waits")
    shown = await queueing.callbacks(gateway.core, lan)
    assert [(one["conversation"], one["clock"]["state"]) for one in shown] == [
        ("c-late", "breached"),
        ("c-soon", "ok"),
        ("c-tomorrow", "ok"),
        ("c-whenever", "none"),
    ]


async def test_while_one_takes_the_next_a_colleague_may_give_them_another(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL one row of theirs is locked by both; on SQLite one waits for the other."""
    lan, boss = await person(gateway, "Lan", capacity=9), await person(gateway, "Boss", role="supervisor")
    first, other = await handed_over(gateway, "first"), await handed_over(gateway, "other")
    locked, takes = asyncio.Event(), queueing.take

    async def slowly(core: Core, tx: Tx, who: Person, conversation: str) -> bool:
        locked.set()
        if not core.store.sqlite:
            await asyncio.wait_for(asyncio.shield(given), 20)
        return await takes(core, tx, who, conversation)

    async def gives() -> None:
        await locked.wait()
        await reassign(gateway.core, boss, other, "Lan")

    monkeypatch.setattr(queueing, "take", slowly)
    given = asyncio.ensure_future(gives())
    assert await queueing.take_next(gateway.core, lan) == first
    await given
    assert {one["conversation"] for one in await queueing.mine(gateway.core, lan)} == {first, other}


@pytest.mark.parametrize(("capacity", "channels", "taken"), [
    (4, ["web", "web", "web"], 2), (2, ["sms", "sms", "sms"], 2), (3, ["web", "sms", "sms"], 2), (1, ["web"], 0),
    (5, ["sms", "web", "web", "sms"], 3),
])  # fmt: skip
async def test_capacity_is_counted_in_weights_of_channels(
    gateway: Gateway, capacity: int, channels: list[str], taken: int
) -> None:
    lan = await person(gateway, "Lan", capacity=capacity)
    for number, channel in enumerate(channels):
        await handed_over(gateway, str(number), channel=channel, **at(60 - number))
    assert await take(gateway, lan, taken) == [f"c-{number}" for number in range(taken)]
    with pytest.raises(Conflict, match="capacity"):
        await take(gateway, lan)
    assert len(await queueing.mine(gateway.core, lan)) == taken


async def test_who_has_room_for_a_text_alone_is_given_the_first_text(gateway: Gateway) -> None:
    lan = await person(gateway, "Lan", capacity=1)
    await handed_over(gateway, "web", **at(9))
    await handed_over(gateway, "sms", channel="sms", **at(5))
    assert await take(gateway, lan) == ["c-sms"]


async def test_a_full_person_to_whom_nothing_fits_has_nothing_to_finish_first(gateway: Gateway) -> None:
    full = await person(gateway, "Lan", skills=["en"], capacity=1)
    await handed_over(gateway, "Vietnamese", language="vi")
    assert await take(gateway, full) == [None]


SKILLS: tuple[tuple[list[str] | None, list[str]], ...] = (
    (None, ["old", "english", "passport", "tax"]),
    ([], ["old", "english", "passport", "tax"]),
    (["vi"], ["old", "passport", "tax"]),
    (["en"], ["english"]),
    (["passport"], ["old", "english", "passport"]),  # what has no topic is for everybody
    (["vi", "tax-code"], ["old", "tax"]),
)


async def test_skills_are_languages_and_services(gateway: Gateway) -> None:
    for number, (skills, expected) in enumerate(SKILLS):
        who = await person(gateway, f"{number}", skills=skills, capacity=50)
        rows: dict[str, dict[str, Any]] = {
            "old": at(50),
            "english": at(40) | {"language": "en"},
            "passport": at(30) | {"topic": "passport"},
            "tax": at(20) | {"topic": "tax-code"},
        }
        for name, values in rows.items():
            await handed_over(gateway, f"{number}{name}", **values)
        taken = [one for one in await take(gateway, who, len(rows)) if one]
        assert [one.removeprefix(f"c-{number}") for one in taken] == expected, skills
        for name in rows:
            await update(gateway, model.handoff, "conversation", f"c-{number}{name}", state="closed")


HELD: tuple[
    tuple[str, dict[str, Any], float, bool], ...
] = (  # who had it before, minutes that it waits, whether it is held
    ("there and free", {}, 1, True),
    ("there, and it is over two minutes", {}, 2.1, False),
    ("busy", {"presence": "busy"}, 1, False),
    ("gone", {"seen_at": MONDAY - timedelta(minutes=5)}, 1, False),
    ("idle", {"acted_at": MONDAY - timedelta(hours=1)}, 1, False),
    ("full", {"capacity": 1}, 1, False),
)


async def test_it_is_kept_for_whoever_knows_the_matter_while_they_are_free(gateway: Gateway) -> None:
    for label, values, minutes, held in HELD:
        before, other = await person(gateway, label, **values), await person(gateway, f"not {label}")
        conversation = await handed_over(gateway, label, preferred=before.id, **at(minutes))
        assert await take(gateway, other) == [None if held else conversation], label
        if held:
            [shown] = await queueing.waiting(gateway.core, before)
            assert shown["yours_before"] is True
            assert await take(gateway, before) == [conversation]


async def test_of_many_who_take_the_next_at_once_each_has_another(gateway: Gateway) -> None:
    for number in range(4):
        await handed_over(gateway, str(number), **at(number))
    people = [await person(gateway, f"agent {number}") for number in range(6)]
    taken = await asyncio.gather(*(queueing.take_next(gateway.core, who) for who in people))
    assert sorted(one or "" for one in taken) == ["", "", "c-0", "c-1", "c-2", "c-3"]


async def test_whoever_takes_in_two_windows_at_once_has_no_more_than_fits(gateway: Gateway) -> None:
    for number in range(4):
        await handed_over(gateway, str(number), channel="sms", **at(number))
    lan = await person(gateway, "Lan", capacity=2)
    tries = (queueing.take_next(gateway.core, lan) for _ in range(4))
    taken = await asyncio.gather(*tries, return_exceptions=True)
    assert [isinstance(one, Conflict) for one in taken].count(True) == 2
    assert len(await queueing.mine(gateway.core, lan)) == 2


async def test_the_first_that_fits_is_found_behind_many_that_do_not(gateway: Gateway) -> None:
    for number in range(queueing.PAGE + 3):
        await handed_over(gateway, str(number), language="en", **at(200 - number))
    await handed_over(gateway, "far back", language="vi", **at(1))
    assert await take(gateway, await person(gateway, "Lan", skills=["vi"]), 2) == ["c-far back", None]


async def test_only_who_answers_citizens_takes(gateway: Gateway) -> None:
    for role in ("analyst", "content editor"):
        with pytest.raises(NotAllowed):
            await queueing.take_next(gateway.core, await person(gateway, role, role))


async def test_ones_own_with_what_was_written_since_the_last_reply(gateway: Gateway) -> None:
    lan = await person(gateway, "Lan")
    claimed = MONDAY - timedelta(minutes=10)
    values: dict[str, Any] = {"person": lan.id, "claimed_at": claimed}
    await handed_over(gateway, "answered", **values, last_reply_at=MONDAY)
    await handed_over(gateway, "silent", **values)
    await handed_over(gateway, "asks", **values, last_reply_at=claimed + timedelta(minutes=2))
    await handed_over(gateway, "new", **values, response_due=MONDAY)
    for name, minutes in (("answered", 5), ("asks", 1), ("asks", 3), ("asks", 4), ("new", -5), ("new", 1)):
        await said(gateway, f"c-{name}", f"câu {minutes}", at=claimed + timedelta(minutes=minutes))
    await said(gateway, "c-asks", "trợ lý", "assistant", at=MONDAY)
    shown = await queueing.mine(gateway.core, lan)
    assert [(one["conversation"], one["unread"], one["last"]) for one in shown] == [
        ("c-new", 1, "câu 1"),
        ("c-asks", 2, "câu 4"),
        ("c-answered", 0, "câu 5"),
        ("c-silent", 0, ""),
    ]
    assert await queueing.mine(gateway.core, await person(gateway, "Minh")) == []


async def test_settings_of_a_queue(gateway: Gateway) -> None:
    core, boss = gateway.core, await person(gateway, "Boss", "supervisor", ("mau-ward",))
    usual = await queueing.settings_of(core, boss, "mau-ward")
    assert usual == {
        "closed": False,
        "response_minutes": 15,
        "resolution_minutes": 480,
        "answer_minutes": 10,
        "callback_minutes": 240,
        "longest": 50,
        "topics": [],
    }
    await queueing.set_queue(core, boss, "mau-ward", closed=True, topics=["tax-code"])
    await queueing.set_queue(core, boss, "mau-ward", longest=3)
    changed = {"closed": True, "topics": ["tax-code"], "longest": 3}
    assert await queueing.settings_of(core, boss, "mau-ward") == usual | changed
    with pytest.raises(Unreadable):
        await queueing.set_queue(core, boss, "mau-ward", topics=["moon"])
    for agency in ("tax-office", "moon"):
        with pytest.raises(NotFound):
            await queueing.settings_of(core, boss, agency)
        with pytest.raises(NotFound):
            await queueing.set_queue(core, boss, agency, closed=True)
    with pytest.raises(NotAllowed):
        await queueing.set_queue(core, await person(gateway, "Lan"), "mau-ward", closed=True)
    assert [details for _, _, details in await logged(gateway)] == [
        {"closed": True, "topics": ["tax-code"]},
        {"longest": 3},
    ]


SET: tuple[tuple[dict[str, Any], str], ...] = (  # what a supervisor set, and what the next citizen hears
    ({}, "Nhân viên UBND phường Mẫu trả lời đến 11:30 hôm nay"),
    ({"closed": True}, "UBND phường Mẫu đang tạm đóng"),
    ({"closed": False, "longest": 1}, "nhiều người đang chờ"),
    ({"longest": 50, "callback_minutes": 20}, "Nhân viên UBND phường Mẫu trả lời đến 11:30 hôm nay"),
    ({"closed": True}, "chậm nhất 10:20 hôm nay"),
)


async def test_what_a_supervisor_sets_is_what_citizens_hear(gateway: Gateway) -> None:
    boss, lan = await person(gateway, "Boss", "supervisor"), await gateway.agent("Lan")
    for values, expected in SET:
        if values:
            await queueing.set_queue(gateway.core, boss, "mau-ward", **values)
        await lan.get("queue")
        citizen = await gateway.open("vi")
        await citizen.say("gặp nhân viên")
        assert expected in (await citizen.heard())[-1][1], values
