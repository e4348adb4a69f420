"""Working time over Tết 2026, the swap of 31/08 with 22/08, lunch breaks and midnights."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from calendars.working_time import (
    OFFICE_HOURS,
    ZONE,
    DaysOff,
    Hours,
    Unit,
    WeekdayHours,
    add_working_days,
    add_working_hours,
    due,
    hours_by_weekday,
    is_open,
    is_working_day,
    joined,
    local,
    next_opening,
    open_until,
    working_days_between,
)
from knowledge.contract import Holidays as KnowledgeHolidays
from knowledge.contract import Shift as KnowledgeShift

# 2026 as announced: Tết 16–20/02; 31/08 to 02/09, of which 31/08 is worked on Saturday 22/08.
NAMES = {"vi": "Nghỉ lễ", "en": "Holiday"}
YEAR_2026 = KnowledgeHolidays(
    2026,
    dict.fromkeys((
        date(2026, 1, 1), *(date(2026, 2, day) for day in range(16, 21)), date(2026, 4, 27), date(2026, 4, 30),
        date(2026, 5, 1), date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2),
    ), NAMES),
    (date(2026, 8, 22),),
)
YEAR_2027 = KnowledgeHolidays(2027, {date(2027, 1, 1): NAMES})
HOLIDAYS = joined([YEAR_2026, YEAR_2027])
NONE = DaysOff()


def at(text: str) -> datetime:
    """"2026-02-13 15:00", local time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def told(moment: datetime | None) -> str | None:
    return moment and f"{local(moment):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(("day", "expected"), [
    ("2026-02-13", True), ("2026-02-14", False), ("2026-02-16", False), ("2026-02-20", False), ("2026-02-23", True),
    ("2026-08-22", True), ("2026-08-29", False), ("2026-08-31", False), ("2026-09-02", False), ("2026-09-03", True),
    ("2026-01-01", False), ("2027-01-01", False), ("2026-11-24", True),
])
def test_working_days(day: str, expected: bool) -> None:
    assert is_working_day(date.fromisoformat(day), HOLIDAYS) is expected


def test_one_year_of_the_catalogue_is_enough() -> None:
    assert not is_working_day(date(2026, 2, 16), YEAR_2026)


@pytest.mark.parametrize(("day", "amount", "expected"), [
    ("2026-02-12", 1, "2026-02-13"), ("2026-02-13", 1, "2026-02-23"), ("2026-02-13", 3, "2026-02-25"),
    ("2026-02-18", 1, "2026-02-23"), ("2026-02-18", 0, "2026-02-23"), ("2026-02-13", 0, "2026-02-13"),
    ("2026-08-21", 1, "2026-08-22"), ("2026-08-21", 2, "2026-08-24"), ("2026-08-28", 1, "2026-09-03"),
    ("2026-12-31", 1, "2027-01-04"), ("2026-11-09", 30, "2026-12-21"),
])
def test_adding_working_days(day: str, amount: int, expected: str) -> None:
    assert add_working_days(date.fromisoformat(day), amount, HOLIDAYS) == date.fromisoformat(expected)


@pytest.mark.parametrize(("first", "last", "expected"), [
    ("2026-02-13", "2026-02-23", 1), ("2026-02-13", "2026-02-22", 0), ("2026-08-21", "2026-08-24", 2),
    ("2026-11-10", "2026-11-10", 0), ("2026-11-10", "2026-11-09", 0),
])
def test_working_days_between(first: str, last: str, expected: int) -> None:
    assert working_days_between(date.fromisoformat(first), date.fromisoformat(last), HOLIDAYS) == expected


@pytest.mark.parametrize("day", [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 365, 7)])
@pytest.mark.parametrize("amount", [1, 2, 8, 20])
def test_adding_and_counting_agree(day: date, amount: int) -> None:
    later = add_working_days(day, amount, HOLIDAYS)
    assert is_working_day(later, HOLIDAYS)
    assert working_days_between(day, later, HOLIDAYS) == amount


@pytest.mark.parametrize(("received", "amount", "unit", "expected"), [
    # working days: before, at and after the cut-off
    ("2026-11-10 09:00", 3, "working-day", "2026-11-13 17:00"),
    ("2026-11-10 15:00", 3, "working-day", "2026-11-13 17:00"),
    ("2026-11-10 15:01", 3, "working-day", "2026-11-16 17:00"),
    ("2026-11-10 09:00", 0, "working-day", "2026-11-10 17:00"),
    ("2026-11-10 16:00", 0, "working-day", "2026-11-11 17:00"),
    ("2026-11-14 09:00", 1, "working-day", "2026-11-17 17:00"),            # Saturday counts as Monday
    ("2026-02-13 14:59", 1, "working-day", "2026-02-23 17:00"),
    ("2026-02-13 15:30", 1, "working-day", "2026-02-24 17:00"),
    ("2026-08-21 16:00", 0, "working-day", "2026-08-22 17:00"),            # the make-up Saturday
    ("2026-08-28 09:00", 2, "working-day", "2026-09-04 17:00"),
    ("2026-11-10 00:00", 1, "working-day", "2026-11-11 17:00"),
    ("2026-11-10 23:59", 1, "working-day", "2026-11-12 17:00"),
    # calendar days and months that end on a day off end on the next working day
    ("2026-11-10 09:00", 4, "calendar-day", "2026-11-16 17:00"),
    ("2026-02-10 09:00", 7, "calendar-day", "2026-02-23 17:00"),
    ("2026-01-30 09:00", 1, "month", "2026-03-02 17:00"),
    ("2026-12-15 09:00", 1, "month", "2027-01-15 17:00"),
    ("2026-11-10 09:00", 12, "month", "2027-11-10 17:00"),
    # working hours: lunch, night, Tết
    ("2026-11-10 08:00", 2, "working-hour", "2026-11-10 10:00"),
    ("2026-11-10 10:30", 2, "working-hour", "2026-11-10 14:30"),
    ("2026-11-10 12:00", 1, "working-hour", "2026-11-10 14:30"),
    ("2026-11-10 16:00", 2, "working-hour", "2026-11-11 08:30"),
    ("2026-11-10 07:30", 4, "working-hour", "2026-11-10 11:30"),
    ("2026-02-13 16:00", 8, "working-hour", "2026-02-23 16:30"),
])
def test_due(received: str, amount: int, unit: Unit, expected: str) -> None:
    moment = due(at(received), amount, unit, HOLIDAYS)
    assert told(moment) == expected
    assert moment.tzinfo is UTC
    assert due(at(received).astimezone(UTC), amount, unit, HOLIDAYS) == moment     # stored UTC gives the same


def test_another_cut_off_and_other_hours() -> None:
    late = (Hours(1, time(8), time(19)), Hours(2, time(8), time(12)))
    received = at("2026-11-10 16:59")
    assert told(due(received, 1, "working-day", NONE, cut_off=time(17), shifts=late)) == "2026-11-11 12:00"
    assert told(due(received, 1, "working-day", NONE, shifts=late)) == "2026-11-12 17:00"


SATURDAY_TOO = (*OFFICE_HOURS, Hours(5, time(8), time(11)))
NIGHT = tuple(Hours(day, time(0), time(0)) for day in range(7))
PAST_MIDNIGHT = (Hours(4, time(20), time(2)),)


@pytest.mark.parametrize(("shifts", "moment", "until", "opening"), [
    (OFFICE_HOURS, "2026-11-10 07:29", None, "2026-11-10 07:30"),
    (OFFICE_HOURS, "2026-11-10 07:30", "2026-11-10 11:30", "2026-11-10 13:30"),
    (OFFICE_HOURS, "2026-11-10 11:30", None, "2026-11-10 13:30"),
    (OFFICE_HOURS, "2026-11-10 12:15", None, "2026-11-10 13:30"),
    (OFFICE_HOURS, "2026-11-10 16:59", "2026-11-10 17:00", "2026-11-11 07:30"),
    (OFFICE_HOURS, "2026-11-13 17:00", None, "2026-11-16 07:30"),
    (OFFICE_HOURS, "2026-11-14 09:00", None, "2026-11-16 07:30"),
    (OFFICE_HOURS, "2026-02-13 18:00", None, "2026-02-23 07:30"),
    (OFFICE_HOURS, "2026-02-17 09:00", None, "2026-02-23 07:30"),
    (OFFICE_HOURS, "2026-08-22 09:00", "2026-08-22 11:30", "2026-08-22 13:30"),
    (OFFICE_HOURS, "2026-08-31 09:00", None, "2026-09-03 07:30"),
    (SATURDAY_TOO, "2026-11-14 09:00", "2026-11-14 11:00", "2026-11-16 07:30"),
    (SATURDAY_TOO, "2026-08-22 14:00", "2026-08-22 17:00", "2026-08-24 07:30"),
    (NIGHT, "2026-11-10 00:00", "2026-11-11 00:00", "2026-11-11 00:00"),
    (NIGHT, "2026-11-10 23:59", "2026-11-11 00:00", "2026-11-11 00:00"),
    (PAST_MIDNIGHT, "2026-11-14 01:59", "2026-11-14 02:00", "2026-11-20 20:00"),
    (PAST_MIDNIGHT, "2026-11-14 02:00", None, "2026-11-20 20:00"),
    ((), "2026-11-10 09:00", None, None),
])
def test_opening(shifts: tuple[Hours, ...], moment: str, until: str | None, opening: str | None) -> None:
    for now in (at(moment), at(moment).astimezone(UTC)):
        assert told(open_until(shifts, HOLIDAYS, now)) == until
        assert is_open(shifts, HOLIDAYS, now) is (until is not None)
        assert told(next_opening(shifts, HOLIDAYS, now)) == opening


def test_shifts_of_the_catalogue_fit() -> None:
    shifts = tuple(KnowledgeShift(day, time(8), time(12)) for day in range(5))
    assert is_open(shifts, YEAR_2026, at("2026-11-10 09:00"))


def test_hours_by_weekday() -> None:
    office = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
    assert hours_by_weekday(SATURDAY_TOO) == [
        WeekdayHours((0, 1, 2, 3, 4), office), WeekdayHours((5,), ((time(8), time(11)),)),
    ]
    assert hours_by_weekday([Hours(0, time(8), time(9)), Hours(2, time(8), time(9))]) == [
        WeekdayHours((0,), ((time(8), time(9)),)), WeekdayHours((2,), ((time(8), time(9)),)),
    ]
    assert hours_by_weekday([]) == []


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="without zone"):
        due(datetime(2026, 11, 10, 9), 1, "working-day", NONE)
    with pytest.raises(ValueError, match="never opens"):
        add_working_hours(at("2026-11-10 09:00"), 1, [], NONE)
