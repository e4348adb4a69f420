"""When a place is open: its week, its holidays, its single days with other hours; and time counted in open time alone.

One calendar for opening hours, queues and the clocks of promises. Every datetime has a zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from calendars.working_time import DAY, ZONE, DaysOff, Holidays, Hours, Shift, local, stretches

LOOK_AHEAD = 60  # days; a place that does not open for so long is closed for good
Stretch = tuple[datetime, datetime]
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Timetable:
    """`days`: dates that have their own hours, () for closed, whatever weekday or holiday they are; what began on the
    day before ends with it."""

    shifts: Sequence[Shift]
    holidays: Holidays = field(default_factory=DaysOff)
    days: Mapping[date, Sequence[tuple[time, time]]] = field(default_factory=dict[date, Sequence[tuple[time, time]]])

    def on(self, day: date) -> list[Stretch]:
        """From when until when it is open on a day, in order; a stretch may end on the next day."""
        own = self.days.get(day)
        if own is None:
            found = stretches(day, self.shifts, self.holidays)
        else:
            of_day = [Hours(day.weekday(), opens, closes) for opens, closes in own]
            found = stretches(day, of_day, DaysOff())
        if day + DAY not in self.days:
            return found
        midnight = datetime.combine(day + DAY, time(), ZONE)
        return [(opens, min(closes, midnight)) for opens, closes in found]

    def ahead(self, at: datetime) -> Iterator[Stretch]:
        """All stretches not over yet, from the one of yesterday that may run past midnight; without an end where it
        goes on opening."""
        opened = day = local(at).date() - DAY
        while day - opened < DAY * LOOK_AHEAD:
            for stretch in self.on(day):
                if stretch[1] > at:
                    opened = day
                    yield stretch
            day += DAY

    def open_until(self, at: datetime) -> datetime | None:
        """When the stretch that is open now ends; None if it is closed now."""
        first = next(self.ahead(at), None)
        return first[1] if first and first[0] <= at else None

    def is_open(self, at: datetime) -> bool:
        """From the minute of opening, up to but not with the minute of closing."""
        return self.open_until(at) is not None

    def next_opening(self, at: datetime) -> datetime | None:
        """The next time it opens after `at`, also while it is open; None if it does not within two months."""
        return next((opens for opens, _ in self.ahead(at) if opens > at), None)

    def after(self, at: datetime, minutes: float) -> datetime | None:
        """The moment when that much open time has passed since `at`; None where it does not open long enough."""
        left = timedelta(minutes=minutes)
        for opens, closes in self.ahead(at):
            start = max(opens, local(at))
            if left <= closes - start:
                return start + left
            left -= closes - start
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two moments; none if `end` is not later."""
        passed, day = timedelta(), local(start).date() - DAY
        while day <= local(end).date():
            for opens, closes in self.on(day):
                passed += max(timedelta(), min(closes, end) - max(opens, start))
            day += DAY
        return passed


def clock(text: str) -> time:
    """ "07:30" as a time of day; raises ValueError for anything else."""
    if not _CLOCK.fullmatch(text):
        raise ValueError("write a time as 07:30")
    return time.fromisoformat(text)

