"""When a place is open and how much open time passes: lunch, Tết, make-up Saturdays, single days, midnights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from calendars.timetable import Timetable, clock
from calendars.working_time import OFFICE_HOURS, ZONE, DaysOff, Hours, local

# As announced for 2026: Tết 16–20/02; 31/08 to 02/09, of which 31/08 is worked on Saturday 22/08.
HOLIDAYS = DaysOff(
    frozenset({*(date(2026, 2, day) for day in range(16, 21)), *(date(2026, 8, 31), date(2026, 9, 1))}),
    frozenset({date(2026, 8, 22)}),
)
NIGHT = (Hours(4, time(22), time(2)), Hours(5, time(8), time(10)))  # Friday into Saturday; Saturday morning
AROUND_THE_CLOCK = tuple(Hours(weekday, time(0), time(0)) for weekday in range(7))
DAYS = {
    date(2026, 11, 26): ((time(7, 30), time(9)), (time(10), time(11))),  # a Thursday with a meeting in it
    date(2026, 11, 27): (),  # a Friday that is closed
    date(2026, 11, 28): ((time(8), time(9)),),  # a Saturday that is open
    date(2026, 2, 17): ((time(9), time(10)),),  # an emergency desk at Tết
}
OFFICE = Timetable(OFFICE_HOURS, HOLIDAYS, DAYS)
TABLES = {
    "office": OFFICE,
    "night": Timetable(NIGHT),
    "always": Timetable(AROUND_THE_CLOCK),
    "night, the Saturday closed": Timetable(NIGHT, days={date(2026, 11, 28): ()}),
    "an hour on Mondays": Timetable([Hours(0, time(9), time(10))]),
    "never": Timetable(()),
    "single days alone": Timetable((), days={date(2026, 11, 26): ((time(9), time(10)),)}),
}


def at(text: str) -> datetime:
    """ "2026-02-13 15:00", local time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def told(moment: datetime | None) -> str | None:
    return moment and f"{local(moment):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(("table", "now", "until", "following"), [
    # a split day: the minute of opening is open, the minute of closing is not
    ("office", "2026-11-25 07:29", None, "2026-11-25 07:30"),
    ("office", "2026-11-25 07:30", "2026-11-25 11:30", "2026-11-25 13:30"),
    ("office", "2026-11-25 11:29", "2026-11-25 11:30", "2026-11-25 13:30"),
    ("office", "2026-11-25 11:30", None, "2026-11-25 13:30"),
    ("office", "2026-11-25 12:30", None, "2026-11-25 13:30"),
    ("office", "2026-11-25 17:00", None, "2026-11-26 07:30"),
    # the weekend, Tết, the make-up Saturday and the day it is worked for
    ("office", "2026-11-29 09:00", None, "2026-11-30 07:30"),
    ("office", "2026-02-13 17:00", None, "2026-02-17 09:00"),
    ("office", "2026-02-16 09:00", None, "2026-02-17 09:00"),
    ("office", "2026-02-18 09:00", None, "2026-02-23 07:30"),
    ("office", "2026-08-22 09:00", "2026-08-22 11:30", "2026-08-22 13:30"),
    ("office", "2026-08-15 09:00", None, "2026-08-17 07:30"),
    ("office", "2026-08-31 09:00", None, "2026-09-02 07:30"),
    # single days with other hours, whatever day they are
    ("office", "2026-11-26 08:59", "2026-11-26 09:00", "2026-11-26 10:00"),
    ("office", "2026-11-26 09:30", None, "2026-11-26 10:00"),
    ("office", "2026-11-26 14:00", None, "2026-11-28 08:00"),
    ("office", "2026-11-27 09:00", None, "2026-11-28 08:00"),
    ("office", "2026-11-28 08:30", "2026-11-28 09:00", "2026-11-30 07:30"),
    ("office", "2026-02-17 09:30", "2026-02-17 10:00", "2026-02-23 07:30"),
    # over midnight
    ("night", "2026-11-27 23:00", "2026-11-28 02:00", "2026-11-28 08:00"),
    ("night", "2026-11-28 00:00", "2026-11-28 02:00", "2026-11-28 08:00"),
    ("night", "2026-11-28 02:00", None, "2026-11-28 08:00"),
    ("night, the Saturday closed", "2026-11-27 23:00", "2026-11-28 00:00", "2026-12-04 22:00"),
    ("night, the Saturday closed", "2026-11-28 01:00", None, "2026-12-04 22:00"),
    ("always", "2026-11-28 00:00", "2026-11-29 00:00", "2026-11-29 00:00"),
    # never, or only on a day that comes
    ("never", "2026-11-25 09:00", None, None),
    ("single days alone", "2026-11-25 09:00", None, "2026-11-26 09:00"),
    ("single days alone", "2026-11-26 09:59", "2026-11-26 10:00", None),
    ("single days alone", "2026-11-26 10:00", None, None),
])  # fmt: skip
def test_when_it_is_open(table: str, now: str, until: str | None, following: str | None) -> None:
    asked = TABLES[table]
    for moment in (at(now), at(now).astimezone(UTC)):
        assert told(asked.open_until(moment)) == until
        assert asked.is_open(moment) is (until is not None)
        assert told(asked.next_opening(moment)) == following


@pytest.mark.parametrize(("table", "start", "minutes", "expected"), [
    ("office", "2026-11-25 08:00", 30, "2026-11-25 08:30"),
    ("office", "2026-11-25 08:00", 0, "2026-11-25 08:00"),
    ("office", "2026-11-25 12:00", 0, "2026-11-25 13:30"),
    ("office", "2026-11-25 11:20", 10, "2026-11-25 11:30"),         # ends with the stretch, not at the next opening
    ("office", "2026-11-25 11:20", 11, "2026-11-25 13:31"),         # lunch does not count
    ("office", "2026-11-25 12:00", 15, "2026-11-25 13:45"),
    ("office", "2026-11-25 16:50", 15, "2026-11-26 07:35"),         # nor the night
    ("office", "2026-11-25 16:50", 0.5, "2026-11-25 16:50"),
    ("office", "2026-11-26 08:50", 15, "2026-11-26 10:05"),         # nor the meeting
    ("office", "2026-11-26 10:50", 15, "2026-11-28 08:05"),         # nor the closed Friday
    ("office", "2026-11-28 08:50", 15, "2026-11-30 07:35"),         # nor the weekend
    ("office", "2026-02-13 16:50", 15, "2026-02-17 09:05"),         # nor Tết, but its emergency desk does
    ("office", "2026-02-13 16:50", 75, "2026-02-23 07:35"),
    ("office", "2026-08-21 16:50", 15, "2026-08-22 07:35"),         # the make-up Saturday counts
    ("office", "2026-11-30 07:30", 450, "2026-11-30 17:00"),
    ("office", "2026-11-30 07:30", 450 * 60, "2027-02-19 17:00"),   # sixty days of work, more than two months
    ("night", "2026-11-27 23:30", 60, "2026-11-28 00:30"),
    ("night", "2026-11-28 01:30", 60, "2026-11-28 08:30"),
    ("night, the Saturday closed", "2026-11-27 23:30", 60, "2026-12-04 22:30"),
    ("always", "2026-11-27 23:30", 1440, "2026-11-28 23:30"),
    ("an hour on Mondays", "2026-11-30 09:00", 60 * 20, "2027-04-12 10:00"),
    ("never", "2026-11-25 09:00", 1, None),
    ("single days alone", "2026-11-25 09:00", 60, "2026-11-26 10:00"),
    ("single days alone", "2026-11-25 09:00", 61, None),
])  # fmt: skip
def test_open_time_from_a_moment_on(table: str, start: str, minutes: float, expected: str | None) -> None:
    assert told(TABLES[table].after(at(start), minutes)) == expected
    assert told(TABLES[table].after(at(start).astimezone(UTC), minutes)) == expected


@pytest.mark.parametrize(("table", "start", "end", "minutes"), [
    ("office", "2026-11-25 08:00", "2026-11-25 08:30", 30),
    ("office", "2026-11-25 08:30", "2026-11-25 08:00", 0),          # never less than none
    ("office", "2026-11-25 08:00", "2026-11-25 08:00", 0),
    ("office", "2026-11-25 11:00", "2026-11-25 14:00", 60),
    ("office", "2026-11-25 11:30", "2026-11-25 13:30", 0),
    ("office", "2026-11-25 00:00", "2026-11-26 00:00", 450),
    ("office", "2026-11-25 16:00", "2026-11-28 08:30", 60 + 90 + 60 + 30),
    ("office", "2026-02-13 16:00", "2026-02-23 08:00", 60 + 60 + 30),
    ("night", "2026-11-27 21:00", "2026-11-28 09:00", 240 + 60),
    ("night, the Saturday closed", "2026-11-27 21:00", "2026-11-28 09:00", 120),
    ("always", "2026-11-27 21:00", "2026-11-28 21:00", 1440),
    ("never", "2026-11-25 00:00", "2026-12-25 00:00", 0),
])  # fmt: skip
def test_open_time_between_two_moments(table: str, start: str, end: str, minutes: int) -> None:
    assert TABLES[table].between(at(start), at(end)) == timedelta(minutes=minutes)
    assert TABLES[table].between(at(start).astimezone(UTC), at(end).astimezone(UTC)) == timedelta(minutes=minutes)


@pytest.mark.parametrize("table", ["office", "night", "always", "night, the Saturday closed", "an hour on Mondays"])
@pytest.mark.parametrize("minutes", [0, 1, 29.5, 240, 480, 2_000])
def test_after_and_between_are_inverse(table: str, minutes: float) -> None:
    for hours in range(0, 24 * 8, 5):
        start = at("2026-11-24 00:17") + timedelta(hours=hours)
        later = TABLES[table].after(start, minutes)
        assert later is not None
        assert TABLES[table].between(start, later) == timedelta(minutes=minutes), start


@pytest.mark.parametrize("ask", [
    lambda naive: OFFICE.is_open(naive),
    lambda naive: OFFICE.open_until(naive),
    lambda naive: OFFICE.next_opening(naive),
    lambda naive: OFFICE.after(naive, 1),
    lambda naive: OFFICE.between(naive, at("2026-11-25 09:00")),
    lambda naive: OFFICE.between(at("2026-11-25 09:00"), naive),
])  # fmt: skip
def test_a_time_without_zone_is_refused(ask: Callable[[datetime], Any]) -> None:
    with pytest.raises(ValueError, match="zone"):
        ask(datetime(2026, 11, 25, 8))


@pytest.mark.parametrize(("text", "expected"), [
    ("07:30", time(7, 30)), ("00:00", time(0)), ("23:59", time(23, 59)),
    ("7:30", None), ("24:00", None), ("07.30", None), ("07:60", None), ("", None), ("0730 ", None), ("T0730", None),
    ("07:3 ", None), ("07+07", None), ("ab:cd", None), ("٠٧:٣٠", None),
])  # fmt: skip
def test_a_time_of_day(text: str, expected: time | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match=r".*"):
            clock(text)
    else:
        assert clock(text) == expected
