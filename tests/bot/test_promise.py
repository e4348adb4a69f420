"""The clocks of a queue's promise: working time alone, standing still while the citizen is awaited."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from bot import model, promise, watch
from bot.hours import hours_of
from bot.promise import Rules, clock, promised
from calendars.timetable import Timetable
from calendars.working_time import OFFICE_HOURS
from tests.bot.conftest import Agent, Citizen, Gateway
from tests.bot.staffed import handed_over, person
from tests.calendars.test_timetable import HOLIDAYS, at, told

OFFICE = Timetable(OFFICE_HOURS, HOLIDAYS)


def moment(text: str) -> datetime:
    """HH:MM is on Wednesday, 25 November."""
    return at(text if " " in text else f"2026-11-25 {text}")


def hand_off(
    response: str | None = None,
    resolution: str | None = None,
    replied: str | None = None,
    paused: str | None = None,
    promised: str | None = None,
    state: str = "queued",
) -> Any:
    given = {
        "response_due": response,
        "resolution_due": resolution,
        "replied_at": replied,
        "paused_at": paused,
        "promised_at": promised,
    }
    return SimpleNamespace(state=state, **{name: text and moment(text) for name, text in given.items()})


CLAIMED: dict[str, Any] = {"state": "claimed", "replied": "08:05"}


@pytest.mark.parametrize(("row", "now", "expected"), [
    # the first reply, within 20 minutes of which the last 5 are warned of
    (hand_off("08:20"), "08:00", "ok"), (hand_off("08:20"), "08:14", "ok"), (hand_off("08:20"), "08:15", "warned"),
    (hand_off("08:20"), "08:19", "warned"), (hand_off("08:20"), "08:20", "breached"),
    (hand_off("08:20"), "12:00", "breached"),
    (hand_off("08:20", state="claimed"), "08:20", "breached"),
    # lunch and night do not count
    (hand_off("13:34"), "11:29", "warned"), (hand_off("13:34"), "11:28", "ok"), (hand_off("13:34"), "12:00", "warned"),
    (hand_off("2026-11-26 07:34"), "16:59", "warned"), (hand_off("2026-11-26 07:36"), "16:58", "ok"),
    (hand_off("2026-11-30 07:31"), "2026-11-28 09:00", "warned"),
    (hand_off("2026-11-30 07:41"), "2026-11-28 09:00", "ok"),
    # a promised answer counts in place of the first reply
    (hand_off("08:20", promised="14:00"), "09:00", "ok"), (hand_off("08:20", promised="14:00"), "14:00", "breached"),
    # after the first reply the resolution runs: 400 minutes, of which the last 100 are warned of
    (hand_off("08:20", "15:00", **CLAIMED), "09:00", "ok"), (hand_off("08:20", "15:00", **CLAIMED), "11:20", "warned"),
    (hand_off("08:20", "15:00", **CLAIMED), "11:19", "ok"),
    (hand_off("08:20", "15:00", **CLAIMED), "15:00", "breached"),
    (hand_off("08:20", "15:00", **CLAIMED, promised="08:01"), "09:00", "ok"),
    # nothing runs while the citizen is awaited, before there is a promise, or after the end
    (hand_off("08:20", "15:00", **CLAIMED, paused="08:05"), "16:00", "paused"),
    (hand_off(), "09:00", "none"), (hand_off("08:20", **CLAIMED), "09:00", "none"),
    (hand_off("08:20", state="closed"), "09:00", "none"), (hand_off("08:20", state="returned"), "09:00", "none"),
])  # fmt: skip
def test_the_state_of_a_clock(row: Any, now: str, expected: str) -> None:
    shown = clock(row, OFFICE, Rules(response_minutes=20, resolution_minutes=400), moment(now))
    assert (shown["state"], shown["of"]) == (expected, "resolution" if row.replied_at else "response")
    due = row.resolution_due if row.replied_at else row.promised_at or row.response_due
    assert shown["due"] == (due and due.isoformat())


@pytest.mark.parametrize(("now", "response", "resolution"), [
    ("2026-11-25 08:00", "2026-11-25 08:15", "2026-11-26 08:30"),
    ("2026-11-25 11:20", "2026-11-25 13:35", "2026-11-26 13:50"),
    ("2026-11-25 20:00", "2026-11-26 07:45", "2026-11-27 08:00"),
    ("2026-11-27 16:50", "2026-11-30 07:35", "2026-12-01 07:50"),
    ("2026-02-13 16:50", "2026-02-23 07:35", "2026-02-24 07:50"),
])  # fmt: skip
def test_what_is_promised_is_working_time(now: str, response: str, resolution: str) -> None:
    due = promised(OFFICE, Rules(), at(now))
    assert (told(due["response_due"]), told(due["resolution_due"])) == (response, resolution)


def test_a_queue_that_never_opens_promises_nothing() -> None:
    assert promised(Timetable(()), Rules(), at("2026-11-25 08:00")) == {"response_due": None, "resolution_due": None}


async def resolution(gateway: Gateway, conversation: str) -> tuple[str | None, bool]:
    """When it has to be settled, and whether the clock stands still."""
    async with gateway.core.store.read() as tx:
        found = await tx.execute(sa.select(model.handoff).where(model.handoff.c.conversation == conversation))
        row = found.one()
    return told(row.resolution_due), row.paused_at is not None


PAUSES: tuple[tuple[str, str, str, str], ...] = (  # due, the agent replied, the citizen wrote, due since then
    ("2026-11-25 16:00", "2026-11-25 08:00", "2026-11-25 09:00", "2026-11-25 17:00"),
    ("2026-11-25 16:00", "2026-11-25 11:00", "2026-11-25 14:00", "2026-11-25 17:00"),  # lunch did not count anyway
    ("2026-11-25 16:00", "2026-11-25 12:00", "2026-11-25 13:00", "2026-11-25 16:00"),
    ("2026-11-25 16:00", "2026-11-25 15:00", "2026-11-25 20:00", "2026-11-26 08:30"),
    ("2026-11-25 16:00", "2026-11-25 15:00", "2026-11-27 16:50", "2026-11-30 08:20"),  # over days and a weekend
    ("2026-11-25 16:00", "2026-11-25 15:00", "2026-11-25 15:00", "2026-11-25 16:00"),
    ("2026-11-25 16:00", "2026-11-25 16:30", "2026-11-26 09:00", "2026-11-25 16:00"),  # broken before: it stays so
)


async def test_while_the_citizen_is_awaited_the_clock_stands_still(gateway: Gateway) -> None:
    core, lan = gateway.core, await person(gateway, "Lan")
    for number, (due, replied, wrote, expected) in enumerate(PAUSES):
        conversation = await handed_over(gateway, str(number), person=lan.id, resolution_due=at(due))
        async with core.store.write() as tx:
            await promise.replied(tx, conversation, at(replied))
        assert await resolution(gateway, conversation) == (due, True)
        async with core.store.write() as tx:
            table = await hours_of(core, tx, "mau-ward")
            left = table.between(at(replied), at(due))
            await promise.go_on(core, tx, conversation, at(wrote))
        assert await resolution(gateway, conversation) == (expected, False), PAUSES[number]
        if at(replied) < at(due):
            assert table.between(at(wrote), at(expected)) == left


async def served(gateway: Gateway) -> tuple[Citizen, Agent]:
    """Somebody whom Lan answers, on Monday at 10:00."""
    citizen, lan = await gateway.open("vi"), await gateway.agent("Lan")
    await citizen.say("gặp nhân viên")
    await lan.post(f"conversations/{citizen.conversation}/claim")
    return citizen, lan


async def reply(agent: Agent, citizen: Citizen, number: int = 0) -> None:
    said = {"id": f"00000000-0000-4000-8000-{number:012}", "text": "Tôi xem giúp."}
    assert (await agent.post(f"conversations/{citizen.conversation}/messages", **said)).status == 201


async def test_a_reply_pauses_and_the_citizen_starts_it_again(gateway: Gateway) -> None:
    citizen, lan = await served(gateway)
    promised, _ = await resolution(gateway, citizen.conversation)
    assert promised == "2026-11-24 10:30"
    await citizen.say("nhanh giúp tôi")
    assert await resolution(gateway, citizen.conversation) == (promised, False)
    await reply(lan, citizen)
    gateway.clock.forward(minutes=10)
    await reply(lan, citizen, 1)  # the pause began with the first
    gateway.clock.forward(minutes=20)
    await citizen.say("đây ạ")
    assert await resolution(gateway, citizen.conversation) == ("2026-11-24 11:00", False)


async def test_a_note_and_a_colleague_pause_nothing(gateway: Gateway) -> None:
    citizen, lan = await served(gateway)
    await gateway.agent("Minh")
    where = f"conversations/{citizen.conversation}"
    await lan.post(f"{where}/notes", text="xem lại")
    await lan.post(f"{where}/transfer", person="Minh")
    assert await resolution(gateway, citizen.conversation) == ("2026-11-24 10:30", False)


@pytest.mark.parametrize("leaving", ["transfer", "offline"])
async def test_back_in_a_queue_the_clock_runs_once_we_are_awaited(gateway: Gateway, leaving: str) -> None:
    """Who is passed on waits for us; who lost their agent does so from their next message on."""
    citizen, lan = await served(gateway)
    await reply(lan, citizen)
    gateway.clock.forward(minutes=30)
    if leaving == "transfer":
        await lan.post(f"conversations/{citizen.conversation}/transfer", agency="tax-office")
    else:
        await watch.look(gateway.core)
        assert await resolution(gateway, citizen.conversation) == ("2026-11-24 10:30", True)
        await citizen.say("còn ở đó không")
    assert await resolution(gateway, citizen.conversation) == ("2026-11-24 11:00", False)
