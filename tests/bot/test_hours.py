"""When the people of an agency answer: the pack's hours, a supervisor's, single days; and what citizens hear of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot import hours
from bot.errors import NotAllowed, NotFound, Unreadable
from bot.people import Person
from tests.bot.conftest import Gateway
from tests.bot.staffed import logged, person
from tests.calendars.test_timetable import at, told

MONDAY, TUESDAY = 0, 1


def shift(weekday: int, opens: str, closes: str) -> dict[str, Any]:
    return {"weekday": weekday, "opens": opens, "closes": closes}


LUNCH = [shift(MONDAY, "07:30", "10:30"), shift(MONDAY, "12:15", "17:00")]


async def boss(gateway: Gateway, *agencies: str) -> Person:
    return await person(gateway, f"Boss {agencies}", "supervisor", agencies or None)


async def opens(gateway: Gateway, agency: str, now: str) -> tuple[bool, str | None]:
    """Whether it is open, and when it opens next."""
    async with gateway.core.store.read() as tx:
        table = await hours.hours_of(gateway.core, tx, agency)
    return table.is_open(at(now)), told(table.next_opening(at(now)))


async def test_the_packs_hours_until_a_supervisor_sets_others_and_again_after(gateway: Gateway) -> None:
    core, who = gateway.core, await boss(gateway)
    usual = await hours.week(core, who, "mau-ward")
    assert (usual["own"], len(usual["shifts"]), usual["days"], usual["open"]) == (False, 10, [], True)
    await hours.set_week(core, who, "mau-ward", LUNCH)
    assert await hours.week(core, who, "mau-ward") == {"own": True, "shifts": LUNCH, "days": [], "open": True}
    assert await opens(gateway, "mau-ward", "2026-11-23 11:00") == (False, "2026-11-23 12:15")
    assert await opens(gateway, "tax-office", "2026-11-23 11:00") == (True, "2026-11-23 13:30")
    await hours.set_week(core, who, "mau-ward", None)
    assert await hours.week(core, who, "mau-ward") == usual
    assert [(name, action, details) for name, action, details in await logged(gateway)] == [
        (who.name, "set_hours", {"shifts": LUNCH}),
        (who.name, "set_hours", {"shifts": None}),
    ]


async def test_no_hours_at_all_is_never_open(gateway: Gateway) -> None:
    who = await boss(gateway)
    await hours.set_week(gateway.core, who, "mau-ward", [])
    assert (await hours.week(gateway.core, who, "mau-ward"))["own"] is True
    assert await opens(gateway, "mau-ward", "2026-11-23 09:00") == (False, None)


async def test_a_single_day_holds_over_its_weekday_until_it_is_taken_away(gateway: Gateway) -> None:
    core, who, day = gateway.core, await boss(gateway), date(2026, 11, 24)
    for name, spans in (("Họp", [{"opens": "09:00", "closes": "10:00"}]), ("Nghỉ", [])):
        await hours.set_day(core, who, "mau-ward", day, name, spans)
        shown = (await hours.week(core, who, "mau-ward"))["days"]
        assert shown == [{"day": "2026-11-24", "name": name, "shifts": spans}]
    assert await opens(gateway, "mau-ward", "2026-11-24 09:30") == (False, "2026-11-25 07:30")
    await hours.remove_day(core, who, "mau-ward", day)
    assert await opens(gateway, "mau-ward", "2026-11-24 09:30") == (True, "2026-11-24 13:30")
    with pytest.raises(NotFound):
        await hours.remove_day(core, who, "mau-ward", day)
    assert [action for _, action, _ in await logged(gateway)] == ["set_day", "set_day", "remove_day"]


async def test_days_that_are_over_are_not_listed(gateway: Gateway) -> None:
    core, who = gateway.core, await boss(gateway)
    for number in (22, 23, 25):
        await hours.set_day(core, who, "mau-ward", date(2026, 11, number), "Nghỉ", [])
    shown = (await hours.week(core, who, "mau-ward"))["days"]
    assert [one["day"] for one in shown] == ["2026-11-23", "2026-11-25"]


UNFIT: tuple[tuple[list[dict[str, Any]], str], ...] = (
    ([shift(0, "9:00", "10:00")], "problem_time"),
    ([shift(0, "09:00", "")], "problem_time"),
    ([shift(0, "09:00", "25:00")], "problem_time"),
    ([shift(0, "10:00", "09:00")], "problem_closes_first"),
    ([shift(0, "10:00", "10:00")], "problem_closes_first"),
    ([shift(0, "09:00", "11:00"), shift(0, "10:59", "12:00")], "problem_overlap"),
    ([shift(0, "09:00", "12:00"), shift(0, "10:00", "11:00")], "problem_overlap"),
    ([shift(0, f"{n:02}:00", f"{n:02}:30") for n in range(7)], "problem_many_shifts"),
    ([shift(7, "09:00", "10:00")], "problem_weekday"),
    ([shift(-1, "09:00", "10:00")], "problem_weekday"),
)
FIT: tuple[list[dict[str, Any]], ...] = (
    [shift(0, "10:00", "11:00"), shift(0, "09:00", "10:00")],  # in any order, one after the other without a gap
    [shift(0, "09:00", "11:00"), shift(1, "10:00", "12:00")],
    [shift(6, "00:00", "23:59")],
)


async def test_hours_that_can_be_and_hours_that_cannot(gateway: Gateway) -> None:
    core, who = gateway.core, await boss(gateway)
    for shifts, word in UNFIT:
        with pytest.raises(Unreadable) as refused:
            await hours.set_week(core, who, "mau-ward", shifts)
        assert (refused.value.field, refused.value.word) == ("shifts", word), shifts
        if word != "problem_weekday":
            with pytest.raises(Unreadable):
                await hours.set_day(core, who, "mau-ward", date(2026, 11, 24), "x", shifts)
    assert (await hours.week(core, who, "mau-ward"))["own"] is False
    for shifts in FIT:
        await hours.set_week(core, who, "mau-ward", shifts)


async def test_only_supervisors_of_the_agency_change_hours(gateway: Gateway) -> None:
    core, lan, tax = gateway.core, await person(gateway, "Lan"), await boss(gateway, "tax-office")
    day = date(2026, 11, 24)
    for who, agency, expected in ((lan, "mau-ward", NotAllowed), (tax, "mau-ward", NotFound), (tax, "moon", NotFound)):
        with pytest.raises(expected):
            await hours.set_week(core, who, agency, LUNCH)
        with pytest.raises(expected):
            await hours.set_day(core, who, agency, day, "Nghỉ", [])
        with pytest.raises(expected):
            await hours.remove_day(core, who, agency, day)
    with pytest.raises(NotFound):
        await hours.week(core, tax, "mau-ward")
    assert await logged(gateway) == []


ASKED: tuple[tuple[str, str], ...] = (  # what a citizen hears who asks for a person, with a lunch from 10:30 to 12:15
    ("2026-11-23 10:00", "Nhân viên UBND phường Mẫu trả lời đến 10:30 hôm nay"),
    ("2026-11-23 10:30", "ngoài giờ làm việc. Nhân viên UBND phường Mẫu làm việc lại lúc 12:15 hôm nay"),
    ("2026-11-23 12:15", "Nhân viên UBND phường Mẫu trả lời đến 17:00 hôm nay"),
    ("2026-11-23 17:00", "làm việc lại lúc 07:30 thứ Hai 30/11"),
)


async def test_a_lunch_break_changes_what_a_citizen_is_told(gateway: Gateway) -> None:
    who, lan = await boss(gateway), await gateway.agent("Lan")
    await hours.set_week(gateway.core, who, "mau-ward", LUNCH)
    for now, expected in ASKED:
        gateway.clock.now = at(now)
        await lan.get("queue")
        citizen = await gateway.open("vi")
        await citizen.say("gặp nhân viên")
        assert expected in (await citizen.heard())[-1][1], now
