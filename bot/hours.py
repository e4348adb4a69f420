"""When the people of an agency answer: hours that a supervisor set, else the pack's; one calendar for all clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from bot import audit
from bot.core import Core
from bot.errors import NotFound, Unreadable
from bot.model import desk_day, desk_queue
from bot.people import Person, require
from bot.store import Tx
from calendars.timetable import Timetable, clock
from calendars.working_time import Hours, local

MOST_SHIFTS = 6  # a day


async def hours_of(core: Core, tx: Tx, agency: str) -> Timetable:
    """The hours of an agency's queue."""
    return (await hours_of_all(core, tx, [agency]))[agency]


async def hours_of_all(core: Core, tx: Tx, agencies: Iterable[str]) -> dict[str, Timetable]:
    """The same of several agencies, in two queries."""
    wanted = sorted(set(agencies))
    own = await tx.execute(sa.select(desk_queue.c.agency, desk_queue.c.shifts).where(desk_queue.c.agency.in_(wanted)))
    shifts = {row.agency: tuple(_shift(one) for one in row.shifts) for row in own if row.shifts is not None}
    days: dict[str, dict[date, list[tuple[time, time]]]] = {agency: {} for agency in wanted}
    for row in await tx.execute(sa.select(desk_day).where(desk_day.c.agency.in_(wanted))):
        days[row.agency][row.day] = [(clock(one["opens"]), clock(one["closes"])) for one in row.shifts]
    return {
        agency: Timetable(shifts.get(agency, core.site.hours_of(agency)), core.site.holidays, days[agency])
        for agency in wanted
    }


def _shift(stored: Mapping[str, Any]) -> Hours:
    return Hours(stored["weekday"], clock(stored["opens"]), clock(stored["closes"]))


async def week(core: Core, who: Person, agency: str) -> dict[str, Any]:
    """{"own": whether a supervisor set it, "shifts": [{"weekday", "opens", "closes"}], "days": [{"day", "name",
    "shifts"}] from today on, "open": now}. Raises NotFound for an agency that `who` does not serve."""
    now = core.clock()
    _served(core, who, agency)
    async with core.store.read() as tx:
        table = await hours_of(core, tx, agency)
        own = await tx.execute(sa.select(desk_queue.c.shifts).where(desk_queue.c.agency == agency))
        coming = sa.select(desk_day).where(desk_day.c.agency == agency, desk_day.c.day >= local(now).date())
        days = list(await tx.execute(coming.order_by(desk_day.c.day)))
        is_own = own.scalar_one_or_none() is not None
    shown = [
        {"weekday": one.weekday, "opens": f"{one.opens:%H:%M}", "closes": f"{one.closes:%H:%M}"} for one in table.shifts
    ]
    listed = [{"day": row.day.isoformat(), "name": row.name, "shifts": row.shifts} for row in days]
    return {"own": is_own, "shifts": shown, "days": listed, "open": table.is_open(now)}


async def set_week(core: Core, who: Person, agency: str, shifts: list[dict[str, Any]] | None) -> None:
    """Give the queue hours of its own, or with None the pack's again. Raises Unreadable for hours that cannot be."""
    require(who, "supervise")
    _served(core, who, agency)
    if any(one["weekday"] not in range(7) for one in shifts or ()):
        raise Unreadable("A weekday is a number from 0, Monday, to 6.", field="shifts", word="problem_weekday")
    for weekday in range(7):
        _checked([one for one in shifts or () if one["weekday"] == weekday], weekday=weekday)
    async with core.store.write() as tx:
        await store_queue(tx, agency, shifts=shifts)
        await audit.record(tx, who.name, "set_hours", core.clock(), agency=agency, shifts=shifts)
    core.wake.grew("desk")


async def set_day(core: Core, who: Person, agency: str, day: date, name: str, shifts: list[dict[str, str]]) -> None:
    """A single day with other hours; [] is closed. Set again: the new ones hold."""
    require(who, "supervise")
    _served(core, who, agency)
    _checked(shifts)
    async with core.store.write() as tx:
        await tx.execute(sa.delete(desk_day).where(desk_day.c.agency == agency, desk_day.c.day == day))
        await tx.execute(sa.insert(desk_day).values(agency=agency, day=day, name=name, shifts=shifts))
        await audit.record(tx, who.name, "set_day", core.clock(), agency=agency, day=day.isoformat(), shifts=shifts)
    core.wake.grew("desk")


async def remove_day(core: Core, who: Person, agency: str, day: date) -> None:
    """The day has its weekday's hours again. Raises NotFound if it had no others."""
    require(who, "supervise")
    _served(core, who, agency)
    async with core.store.write() as tx:
        gone = await tx.execute(sa.delete(desk_day).where(desk_day.c.agency == agency, desk_day.c.day == day))
        if not gone.rowcount:
            raise NotFound("This day has no hours of its own.")
        await audit.record(tx, who.name, "remove_day", core.clock(), agency=agency, day=day.isoformat())
    core.wake.grew("desk")


async def store_queue(tx: Tx, agency: str, **values: Any) -> None:
    """Keep settings of an agency's queue; what is not named stays as it is."""
    changed = await tx.execute(sa.update(desk_queue).where(desk_queue.c.agency == agency).values(**values))
    if not changed.rowcount:
        await tx.execute(sa.insert(desk_queue).values(agency=agency, **values))


def _served(core: Core, who: Person, agency: str) -> None:
    if agency not in core.site.agencies or not who.may_see(agency):
        raise NotFound("No such agency.")


def _checked(shifts: list[dict[str, Any]], **extra: object) -> None:
    """The hours of one day: in order, and none within another. `extra`: which day, where it is one of a week."""
    of_day: dict[str, Any] = {"field": "shifts", "extra": extra}
    try:
        spans = sorted((clock(one["opens"]), clock(one["closes"])) for one in shifts)
    except ValueError as err:
        raise Unreadable("Write every time as 07:30.", word="problem_time", **of_day) from err
    if len(spans) > MOST_SHIFTS:
        raise Unreadable(f"A day has at most {MOST_SHIFTS} shifts.", word="problem_many_shifts", **of_day)
    if any(closes <= opens for opens, closes in spans):
        raise Unreadable("A shift closes after it opens, on the same day.", word="problem_closes_first", **of_day)
    if any(after[0] < before[1] for before, after in pairwise(spans)):
        raise Unreadable("Two shifts of a day overlap.", word="problem_overlap", **of_day)
