"""The case systems that the contract suite runs over, all filled with the demonstration cases, and a clock to set."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from actions.cases.contract import Case, CaseSystem, Missing, Progress
from actions.cases.demonstration import demonstration_rows, fill, to_try
from actions.cases.fake import FakeCases, Kept
from actions.cases.sql import SqlCases
from calendars.working_time import DaysOff

KEY = "a key of the digests"
TODAY = date(2026, 11, 24)


@dataclass
class Clock:
    """A clock that stands still until it is told to move."""

    now: datetime = field(default=datetime(2026, 11, 24, 2, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def as_case(row: dict[str, Any]) -> Case:
    """A demonstration row as the case that every system must give for it."""
    return Case(
        row["reference"], row["service"], row["service_name"], row["agency"], row["status"], row["due_at"], 1,
        row["received_at"], row["finished_at"], row["returned_at"], row["channel"], row["applicant"],
        tuple(Progress(datetime.fromisoformat(p["at"]), p["department"], p["note"]) for p in row["progress"]),
        tuple(Missing(m["document"], m["why"]) for m in row["missing"]), row["next_step"],
    )


def _fake(clock: Clock) -> FakeCases:
    proofs = {one.reference: frozenset({one.proof, one.phone}) for one in to_try()}
    rows = demonstration_rows(KEY, TODAY, DaysOff())
    return FakeCases(clock, [
        Kept(as_case(row), proofs.get(row["reference"], frozenset()), row["changed_at"]) for row in rows
    ])


@pytest.fixture(params=["sqlite", "postgresql"])
def cases_url(request: pytest.FixtureRequest) -> str:
    """A case store with the demonstration cases, on both databases."""
    url = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])
    fill(url, KEY, TODAY)
    return url


@asynccontextmanager
async def opened(url: str, clock: Clock) -> AsyncGenerator[SqlCases]:
    system = SqlCases(url, KEY, clock)
    try:
        yield system
    finally:
        await system.close()


@pytest.fixture(params=["sqlite", "postgresql", "fake"])
async def system(request: pytest.FixtureRequest, clock: Clock) -> AsyncGenerator[CaseSystem]:
    """Every case system there is."""
    if request.param == "fake":
        yield _fake(clock)
        return
    url = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])
    fill(url, KEY, TODAY)
    async with opened(url, clock) as sql:
        yield sql
