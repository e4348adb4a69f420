"""The clock that tests set: the same in every process, whenever that began."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from calendars.clock import clock_of
from calendars.working_time import ZONE

GIVEN = datetime(2026, 11, 26, 9, 30, tzinfo=ZONE)
LITTLE = timedelta(seconds=30)


def test_the_real_one() -> None:
    assert abs(clock_of()() - datetime.now(UTC)) < LITTLE


@pytest.mark.parametrize("given", ["2026-11-26T09:30", "2026-11-26T09:30+07:00", "2026-11-26T02:30:00Z"])
def test_it_starts_where_it_is_set_and_runs_on(given: str) -> None:
    first = clock_of(given)
    before = first()
    assert timedelta() <= before - GIVEN < LITTLE
    time.sleep(0.01)
    assert first() > before


def test_a_process_that_begins_later_shows_the_same() -> None:
    an_hour_ago = str(time.time() - 3600)
    assert timedelta(hours=1) <= clock_of(GIVEN.isoformat(), an_hour_ago)() - GIVEN < timedelta(hours=1) + LITTLE


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="yesterday"):
        clock_of("yesterday")
