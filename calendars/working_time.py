"""Working time: which days count, when a result is due, when an office is open. Pure: holidays and shifts are given.

Every datetime has a zone (a naive one is refused). Results are in the authority's zone, or UTC where it says so.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import groupby
from typing import Literal, Protocol

# Vietnam has had +07:00 without summer time since 1975, so that no time-zone database is needed to know it.
ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
CUT_OFF = time(15)                        # received later counts as received the next working day (Decree 23/2015)
DAY = timedelta(days=1)
_LOOK_AHEAD = 60                          # days; no row of holidays is longer
Unit = Literal["working-hour", "working-day", "calendar-day", "month"]


class Shift(Protocol):
    """One stretch of opening: weekday 0 = Monday, local time. `closes` at or before `opens` is the next day."""

    @property
    def weekday(self) -> int: ...
    @property
    def opens(self) -> time: ...
    @property
    def closes(self) -> time: ...


class Holidays(Protocol):
    """The days off, and the weekend days that are worked in exchange."""

    @property
    def days_off(self) -> Collection[date]: ...
    @property
    def swapped_workdays(self) -> Collection[date]: ...


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The holidays of any number of years in one."""

    days_off: frozenset[date] = frozenset()
    swapped_workdays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Hours:
    """A shift where nobody gives one of their own."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class WeekdayHours:
    """Weekdays with the same hours, for "Monday to Friday 7:30–11:30 and 13:30–17:00"; in order, 0 = Monday."""

    weekdays: tuple[int, ...]
    hours: tuple[tuple[time, time], ...]


OFFICE_HOURS = tuple(
    Hours(weekday, opens, closes)
    for weekday in range(5)
    for opens, closes in ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
)


def joined(years: Iterable[Holidays]) -> DaysOff:
    """The holidays of several years as one."""
    years = list(years)
    return DaysOff(
        frozenset(day for year in years for day in year.days_off),
        frozenset(day for year in years for day in year.swapped_workdays),
    )


def local(at: datetime) -> datetime:
    """The same moment in the authority's zone. Raises ValueError for a time without zone."""
    if at.tzinfo is None:
        raise ValueError("a time without zone")
    return at.astimezone(ZONE)


def is_working_day(day: date, holidays: Holidays) -> bool:
    if day in holidays.swapped_workdays:
        return True
    return day.weekday() < 5 and day not in holidays.days_off


def next_working_day(day: date, holidays: Holidays) -> date:
    """The first working day after a day."""
    return _working(day + DAY, holidays)


def _working(day: date, holidays: Holidays) -> date:
    """The day itself if it is a working day, else the next one that is."""
    while not is_working_day(day, holidays):
        day += DAY
    return day


def add_working_days(day: date, amount: int, holidays: Holidays) -> date:
    """The `amount`-th working day after a day; the day itself does not count. 0: itself, or the next working day."""
    day = _working(day, holidays) if amount == 0 else day
    for _ in range(amount):
        day = next_working_day(day, holidays)
    return day


def working_days_between(first: date, last: date, holidays: Holidays) -> int:
    """How many working days came after `first`, up to and with `last`; 0 if `last` is not later."""
    return sum(is_working_day(first + DAY * n, holidays) for n in range(1, (last - first).days + 1))


def _stretch(day: date, shift: Shift) -> tuple[datetime, datetime]:
    opens, closes = (datetime.combine(day, clock, ZONE) for clock in (shift.opens, shift.closes))
    return opens, closes if closes > opens else closes + DAY


def stretches(day: date, shifts: Sequence[Shift], holidays: Holidays) -> list[tuple[datetime, datetime]]:
    """When it is open on a day: none on a day off; on a make-up Saturday the hours of the week's first open weekday."""
    weekday = day.weekday()
    if day in holidays.swapped_workdays:
        weekday = min((shift.weekday for shift in shifts), default=weekday)
    elif day in holidays.days_off:
        return []
    return sorted(_stretch(day, shift) for shift in shifts if shift.weekday == weekday)


def _stretches_from(at: datetime, shifts: Sequence[Shift], holidays: Holidays) -> Iterator[tuple[datetime, datetime]]:
    """All stretches not over yet, from the one of yesterday that may run past midnight."""
    first = local(at).date() - DAY
    for n in range(_LOOK_AHEAD):
        for opens, closes in stretches(first + DAY * n, shifts, holidays):
            if closes > at:
                yield opens, closes


def add_working_hours(at: datetime, amount: float, shifts: Sequence[Shift], holidays: Holidays) -> datetime:
    """The moment when that many open hours have passed. Raises ValueError where it never opens."""
    left = timedelta(hours=amount)
    for _ in range(int(amount) + 2):
        for opens, closes in _stretches_from(at, shifts, holidays):
            start = max(opens, local(at))
            if left <= closes - start:
                return start + left
            left -= closes - start
            at = closes
    raise ValueError("it never opens")


def _counts_from(received: datetime, holidays: Holidays, cut_off: time) -> date:
    """The day on which it counts as received: after the cut-off, or on a day off, the next working day."""
    day = received.date()
    late = received.time() > cut_off
    return next_working_day(day, holidays) if late or not is_working_day(day, holidays) else day


def _months_later(day: date, amount: int) -> date:
    """The same day of a later month, or its last (Civil Code 2015, article 148)."""
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _due_day(start: date, amount: int, unit: Unit, holidays: Holidays) -> date:
    """A term that ends on a day off ends on the next working day (Civil Code 2015, article 148.5)."""
    if unit == "working-day":
        return add_working_days(start, amount, holidays)
    day = start + DAY * amount if unit == "calendar-day" else _months_later(start, amount)
    return _working(day, holidays)


def due(
    received_at: datetime, amount: int, unit: Unit, holidays: Holidays, *,
    cut_off: time = CUT_OFF, shifts: Sequence[Shift] = OFFICE_HOURS,
) -> datetime:
    """When a result is due, in UTC: at closing time of its last day, or after so many open hours.

    After papers were completed the clock starts anew: give the time of completion as `received_at`.
    """
    if unit == "working-hour":
        return add_working_hours(received_at, amount, shifts, holidays).astimezone(UTC)
    day = _due_day(_counts_from(local(received_at), holidays, cut_off), amount, unit, holidays)
    open_that_day = stretches(day, shifts, holidays)
    closes = open_that_day[-1][1] if open_that_day else datetime.combine(day, time(17), ZONE)
    return closes.astimezone(UTC)


def open_until(shifts: Sequence[Shift], holidays: Holidays, at: datetime) -> datetime | None:
    """When the stretch that is open now ends; None if it is closed now."""
    first = next(_stretches_from(at, shifts, holidays), None)
    return first[1] if first and first[0] <= at else None


def is_open(shifts: Sequence[Shift], holidays: Holidays, at: datetime) -> bool:
    """Whether it is open: from the minute of opening, up to but not with the minute of closing."""
    return open_until(shifts, holidays, at) is not None


def next_opening(shifts: Sequence[Shift], holidays: Holidays, at: datetime) -> datetime | None:
    """The next time it opens after `at`, also while it is open; None if it does not within two months."""
    return next((opens for opens, _ in _stretches_from(at, shifts, holidays) if opens > at), None)


def hours_by_weekday(shifts: Sequence[Shift]) -> list[WeekdayHours]:
    """Opening hours as people say them: neighbouring weekdays with the same hours together, closed days left out."""
    week = [(day, tuple(sorted((s.opens, s.closes) for s in shifts if s.weekday == day))) for day in range(7)]
    groups = ((hours, tuple(day for day, _ in days)) for hours, days in groupby(week, key=lambda entry: entry[1]))
    return [WeekdayHours(days, hours) for hours, days in groups if hours]
