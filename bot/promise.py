"""The promise of a queue: a first reply within so much working time, and the matter settled within so much more.

Both are counted in the queue's own hours. While the citizen is awaited, the clock of the resolution stands still.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.core import Core
from bot.hours import hours_of
from bot.model import Moment, desk_queue, handoff
from bot.store import Tx
from calendars.timetable import Timetable

QUEUES = sa.select(desk_queue).where(desk_queue.c.agency.in_(sa.bindparam("agencies", expanding=True)))
WARNED = 0.25  # share of the promised time that is left when it is warned of


@dataclass(frozen=True, slots=True)
class Rules:
    """What is promised for a queue; minutes of working time, `answer_minutes` by the clock on the wall."""

    response_minutes: int = 15
    resolution_minutes: int = 480
    answer_minutes: int = 10
    callback_minutes: int = 240
    longest: int = 50
    closed: bool = False
    topics: tuple[str, ...] = ()


async def rules_of(tx: Tx, agency: str) -> Rules:
    """The rules of an agency's queue."""
    return (await rules_of_all(tx, [agency]))[agency]


async def rules_of_all(tx: Tx, agencies: Iterable[str]) -> dict[str, Rules]:
    """The same of several agencies, in one query."""
    wanted = sorted(set(agencies))
    rows = await tx.execute(QUEUES, {"agencies": wanted})
    set_by_people = {row.agency: _rules(row) for row in rows}
    return {agency: set_by_people.get(agency, Rules()) for agency in wanted}


def _rules(row: sa.Row[Any]) -> Rules:
    return Rules(
        row.response_minutes,
        row.resolution_minutes,
        row.answer_minutes,
        row.callback_minutes,
        row.longest,
        row.closed,
        tuple(row.topics),
    )


def promised(table: Timetable, rules: Rules, now: datetime) -> dict[str, datetime | None]:
    """The two moments that are promised to whoever asks now; None where the queue never opens."""
    return {
        "response_due": table.after(now, rules.response_minutes),
        "resolution_due": table.after(now, rules.resolution_minutes),
    }


def clock(row: sa.Row[Any], table: Timetable, rules: Rules, now: datetime) -> dict[str, Any]:
    """{"of": response|resolution, "due": ISO time or None, "state": ok|warned|breached|paused|none}."""
    of = "response" if row.replied_at is None else "resolution"
    due: datetime | None = row.response_due if of == "response" else row.resolution_due
    if of == "response" and row.promised_at is not None:
        due = row.promised_at
    minutes = rules.response_minutes if of == "response" else rules.resolution_minutes
    state = _state(row, table, due, timedelta(minutes=minutes * WARNED), now)
    return {"of": of, "due": due.isoformat() if due else None, "state": state}


def _state(row: sa.Row[Any], table: Timetable, due: datetime | None, warned: timedelta, now: datetime) -> str:
    if due is None or row.state not in ("queued", "claimed"):
        return "none"
    if row.paused_at is not None:
        return "paused"
    if now >= due:
        return "breached"
    return "warned" if due - now <= warned or table.between(now, due) <= warned else "ok"


def is_broken(now: datetime) -> sa.ColumnElement[bool]:
    """The same as the state "breached" of an open hand-off, for the database to sort by."""
    h = handoff.c
    response = sa.func.coalesce(h.promised_at, h.response_due)
    due = sa.case((h.replied_at.is_(None), response), else_=h.resolution_due)
    return sa.case((sa.and_(h.paused_at.is_(None), due <= now), 1), else_=0)


async def replied(tx: Tx, conversation_id: str, now: datetime) -> None:
    """A person answered: the first promise is kept, and the citizen is awaited."""
    of_episode = sa.update(handoff).where(handoff.c.conversation == conversation_id, handoff.c.state == "claimed")
    await tx.execute(
        of_episode.values(
            replied_at=sa.func.coalesce(handoff.c.replied_at, sa.literal(now, Moment)),
            paused_at=sa.func.coalesce(handoff.c.paused_at, sa.literal(now, Moment)),
            last_reply_at=now,
        )
    )


async def go_on(core: Core, tx: Tx, conversation_id: str, now: datetime) -> None:
    """We are awaited again, also in a queue: what working time was left when the clock stopped is left now."""
    stopped = sa.select(handoff).where(
        handoff.c.conversation == conversation_id,
        handoff.c.state.in_(("queued", "claimed")),
        handoff.c.paused_at.is_not(None),
    )
    row = (await tx.execute(stopped)).one_or_none()
    if row is None:
        return
    due = row.resolution_due
    if due is not None and due > row.paused_at:
        table = await hours_of(core, tx, row.agency)
        due = table.after(now, table.between(row.paused_at, due) / timedelta(minutes=1))
    await tx.execute(sa.update(handoff).where(handoff.c.id == row.id).values(paused_at=None, resolution_due=due))
