"""What the hours of an agency come to: whether it is open now, when it opens next, and each of the coming days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot import hours
from bot.core import Core
from bot.people import Person
from calendars.timetable import Timetable
from calendars.working_time import DAY, local

COMING = 14  # days


async def schedule(core: Core, who: Person, agency: str) -> dict[str, Any]:
    """As hours.week, and "open_until" and "next_opening" (ISO time or None), "coming": [{"day", "shifts": [{"opens",
    "closes"}], "because": "holiday" | "swapped" | "own" | None}]. Raises NotFound."""
    now, week = core.clock(), await hours.week(core, who, agency)
    async with core.store.read() as tx:
        table = await hours.hours_of(core, tx, agency)
    first = local(now).date()
    return week | {
        "open_until": _iso(table.open_until(now)),
        "next_opening": _iso(table.next_opening(now)),
        "coming": [_of_day(table, first + DAY * n) for n in range(COMING)],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _of_day(table: Timetable, day: date) -> dict[str, Any]:
    shifts = [{"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"} for opens, closes in table.on(day)]
    return {"day": day.isoformat(), "shifts": shifts, "because": _because(table, day)}


def _because(table: Timetable, day: date) -> str | None:
    """Why a day's hours are not its weekday's."""
    listed: Mapping[str, Any] = {
        "own": table.days,
        "swapped": table.holidays.swapped_workdays,
        "holiday": table.holidays.days_off,
    }
    return next((reason for reason, days in listed.items() if day in days), None)
