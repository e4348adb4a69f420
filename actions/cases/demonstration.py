"""Demonstration cases (demonstration.yml) with dates that fit the day, put into the SQL case system at every start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, insert

from actions.cases.contract import Text
from actions.cases.digest import digest
from actions.cases.tables import cases, prepared
from calendars.working_time import ZONE, DaysOff, Holidays, add_working_days, due, is_working_day

ORIGIN = "demonstration"
_FILE = Path(__file__).with_suffix(".yml")
_RESULT_HOUR = time(10)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToTry:
    """A case for the demonstration page: what it shows, and the four digits that prove it."""

    reference: str
    proof: str
    phone: str
    what: Text


@cache
def _sample() -> Mapping[str, Any]:
    return yaml.safe_load(_FILE.read_text("utf-8"))


def to_try() -> list[ToTry]:
    """A handful of cases that together show what case status can say."""
    shown = (one for one in _sample()["cases"] if "try" in one)
    return [ToTry(one["reference"], one["proof"], one["phone"], one["try"]) for one in shown]


def fill(url: str, key: str, today: date, holidays: Holidays | None = None) -> int:
    """Put the cases in, with dates around `today`; the number of cases. Again: the same cases, attempts kept."""
    rows = demonstration_rows(key, today, holidays or DaysOff())
    with prepared(url) as connection:
        connection.execute(delete(cases).where(cases.c.origin == ORIGIN))
        connection.execute(insert(cases), rows)
    return len(rows)


def renew(url: str) -> None:
    """Cases that an earlier start put in stay, in the store's newest shape; one that was never filled stays so."""
    with prepared(url, new=False):
        pass


def demonstration_rows(key: str, today: date, holidays: Holidays) -> list[Row]:
    """The rows of the cases table."""
    return [_row(key, one, n, _Days(today, holidays)) for n, one in enumerate(_sample()["cases"])]


@dataclass(frozen=True, slots=True)
class _Days:
    """Working days counted from today, which on a day off is the next working day."""

    today: date
    holidays: Holidays

    def day(self, offset: int, start: date | None = None) -> date:
        day = start or add_working_days(self.today, 0, self.holidays)
        if offset >= 0:
            return add_working_days(day, offset, self.holidays)
        for _ in range(-offset):
            day -= timedelta(days=1)
            while not is_working_day(day, self.holidays):
                day -= timedelta(days=1)
        return day


def _received(one: Row, n: int, limit: int, days: _Days) -> datetime:
    """Some time of the morning or after lunch, always before the cut-off; for each case its own, every day the same."""
    day = days.day(one["due"] - limit) if "due" in one else days.day(-one["received"])
    return datetime.combine(day, time(8 + n % 4, n * 7 % 60), ZONE)


def _finished(one: Row, received: datetime, days: _Days) -> datetime | None:
    """When it was decided, or refused or withdrawn."""
    if "finished" in one:
        return datetime.combine(days.day(one["due"] - one["finished"]), _RESULT_HOUR, ZONE)
    after = {3: 1, 7: 2}.get(one["status"])
    return datetime.combine(days.day(after, received.date()), _RESULT_HOUR, ZONE) if after else None


def _progress(one: Row, agency: Row, times: Mapping[str, datetime | None], days: _Days) -> list[Row]:
    """The steps that were done before today, oldest first."""
    done: list[Row] = []
    for step in (_sample()["steps"][name] for name in _sample()["progress"][one["status"]]):
        received, after = times["received"], step["after"]
        at = times[after] if isinstance(after, str) else received
        if received and isinstance(after, int) and after:
            at = datetime.combine(days.day(after, received.date()), _RESULT_HOUR, ZONE)
        if at and at.date() < days.today:
            done.append({"at": at.astimezone(UTC).isoformat(), "department": agency[step["by"]], "note": step["note"]})
    return done


def _row(key: str, one: Row, n: int, days: _Days) -> Row:
    service = _sample()["services"][one["service"]]
    received = _received(one, n, service["limit"], days)
    finished = _finished(one, received, days)
    returned = datetime.combine(days.day(1, finished.date()), _RESULT_HOUR, ZONE) if finished else None
    returned = returned if one["status"] == 10 else None
    times = {"received": received, "finished": finished, "returned": returned}
    progress = _progress(one, _sample()["agencies"][service["agency"]], times, days)
    return {
        "reference": one["reference"], "service": one["service"], "service_name": service["name"],
        "agency": service["agency"], "status": one["status"], "received_at": received, "finished_at": finished,
        "returned_at": returned, "channel": one["channel"], "applicant": one.get("applicant", "citizen"),
        "due_at": due(received, service["limit"], "working-day", days.holidays) if "due" in one else None,
        "changed_at": datetime.fromisoformat(progress[-1]["at"]), "progress": progress,
        "missing": one.get("missing", []), "next_step": one.get("next_step"), "origin": ORIGIN,
        "id_digest": digest(key, one["reference"], one["proof"]),
        "phone_digest": digest(key, one["reference"], one["phone"]),
    }
