"""Figures of the queues, all summed up in SQL: how it stands now, how the day goes; without tests.

Only the calendar knows up to when a promise is warned of; that is worked out before, one moment an agency.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import Moment, conversation, draft, handoff
from bot.promise import WARNED, Rules
from bot.store import Tx
from calendars.timetable import Timetable
from calendars.working_time import local

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
Limits = Mapping[str, tuple[datetime, datetime]]  # agency → until when a response, a resolution is warned of
Query = sa.Select[*tuple[Any, ...]]

is_open = handoff.c.state.in_(("queued", "claimed"))
waits = sa.and_(handoff.c.state == "queued", handoff.c.wanted == "wait")
to_be_called = sa.and_(handoff.c.state == "queued", handoff.c.wanted != "wait")
response_due = sa.func.coalesce(handoff.c.promised_at, handoff.c.response_due)
due = sa.case((handoff.c.replied_at.is_(None), response_due), else_=handoff.c.resolution_due)  # as at promise.clock


async def figures(
    tx: Tx, served: list[str], tables: Mapping[str, Timetable], rules: Mapping[str, Rules], now: datetime
) -> dict[str, Any]:
    """Of each agency {"now", "today"}.

    "now": {"waiting", "longest_wait" (s), "callbacks", "late_callbacks", "in_hand", "promises": {"ok", "warned",
    "breached", "paused", "escalated"}}. "today": {"opened", "first_reply_kept" (share), "first_reply_minutes" (the
    median of those who waited), "resolved", "surveys", "survey_mean" (1…5), "drafts", "drafts_used" (share)}; None
    where there is nothing to count.
    """
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    limits = {agency: warned_until(tables[agency], rules[agency], now) for agency in served}
    counted = {row.agency: row for row in await tx.execute(_counts(served, limits, midnight, now))}
    medians = {row.agency: row.seconds for row in await tx.execute(_medians(tx, served, midnight))}
    drafts = {row.agency: row for row in await tx.execute(_drafts(served, midnight))}
    return {
        agency: {
            "now": _now(counted.get(agency), now),
            "today": _today(counted.get(agency), medians.get(agency), drafts.get(agency)),
        }
        for agency in served
    }


def warned_until(table: Timetable, rules: Rules, now: datetime) -> tuple[datetime, datetime]:
    """A promise due by then is warned of, as at promise.clock; the next microsecond is over the limit."""
    of_response, of_resolution = (
        table.after(now, minutes * WARNED + 1 / 60_000_000)
        for minutes in (rules.response_minutes, rules.resolution_minutes)
    )
    return of_response or NEVER, of_resolution or NEVER


def _counts(served: list[str], limits: Limits, midnight: datetime, now: datetime) -> Query:
    """Of hand-offs that are open, or came to their end today."""
    touched = sa.or_(is_open, handoff.c.ended_at >= midnight)
    counts = _counts_now(limits, now) | _counts_today(midnight, now)
    columns = [column.label(name) for name, column in counts.items()]
    return countable(sa.select(handoff.c.agency, *columns), served).where(touched).group_by(handoff.c.agency)


def countable(chosen: Query, served: list[str]) -> Query:
    joined = chosen.join(conversation, conversation.c.id == handoff.c.conversation)
    return joined.where(handoff.c.agency.in_(served), ~conversation.c.test)


def _count(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count().filter(sa.and_(*conditions))


def _counts_now(limits: Limits, now: datetime) -> dict[str, sa.ColumnElement[Any]]:
    runs = sa.and_(is_open, due.is_not(None), handoff.c.paused_at.is_(None))
    passed, near = due <= now, due <= _limit(limits)
    return {
        "waiting": _count(waits),
        "waits_since": sa.func.min(handoff.c.opened_at).filter(waits),
        "callbacks": _count(to_be_called),
        "late_callbacks": _count(to_be_called, handoff.c.promised_at <= now),
        "in_hand": _count(handoff.c.state == "claimed"),
        "breached": _count(runs, passed),
        "warned": _count(runs, near, ~passed),
        "ok": _count(runs, ~near, ~passed),
        "paused": _count(is_open, due.is_not(None), handoff.c.paused_at.is_not(None)),
        "escalated": _count(is_open, handoff.c.escalated_at.is_not(None)),
    }


def _limit(limits: Limits) -> sa.ColumnElement[datetime]:
    """Up to when the promise that runs is warned of, by agency."""
    if not limits:
        return sa.literal(NEVER, Moment)
    response, resolution = (
        sa.case({agency: sa.literal(both[at], Moment) for agency, both in limits.items()}, value=handoff.c.agency)
        for at in (0, 1)
    )
    return sa.case((handoff.c.replied_at.is_(None), response), else_=resolution)


def _counts_today(midnight: datetime, now: datetime) -> dict[str, sa.ColumnElement[Any]]:
    """A first reply counts as kept or not on the day it comes, or else on the day it was promised for."""
    replied = handoff.c.replied_at >= midnight
    missing = sa.and_(
        handoff.c.replied_at.is_(None),
        response_due.between(midnight, now),
        sa.func.coalesce(handoff.c.ended_at, sa.literal(now, Moment)) >= response_due,
    )
    ended, withdrawn = handoff.c.ended_at >= midnight, sa.func.coalesce(handoff.c.outcome, "") == "withdrawn"
    scored = sa.and_(handoff.c.survey_at >= midnight, handoff.c.survey_score.is_not(None))
    return {
        "opened": _count(handoff.c.opened_at >= midnight),
        "kept": _count(replied, handoff.c.replied_at <= response_due),
        "promised": _count(sa.or_(sa.and_(replied, response_due.is_not(None)), missing)),
        "resolved": _count(ended, ~withdrawn),
        "surveys": _count(scored),
        "survey_sum": sa.func.coalesce(sa.func.sum(handoff.c.survey_score).filter(scored), 0),
    }


def _medians(tx: Tx, served: list[str], midnight: datetime) -> Query:
    """Seconds from the wish for a person to the first reply of today, of those who waited for it."""
    seconds = _seconds(tx, handoff.c.opened_at, handoff.c.replied_at)
    place = sa.func.row_number().over(partition_by=handoff.c.agency, order_by=seconds).label("place")
    number = sa.func.count().over(partition_by=handoff.c.agency).label("number")
    replied = countable(sa.select(handoff.c.agency, seconds.label("seconds"), place, number), served)
    of = replied.where(handoff.c.replied_at >= midnight, handoff.c.wanted == "wait").subquery()
    middle = (2 * of.c.place).between(of.c.number, of.c.number + 2)
    return sa.select(of.c.agency, sa.func.avg(of.c.seconds).label("seconds")).where(middle).group_by(of.c.agency)


def _seconds(tx: Tx, start: sa.Column[Any], end: sa.Column[Any]) -> sa.ColumnElement[float]:
    if tx.dialect.name == "postgresql":
        return sa.cast(sa.extract("epoch", end - start), sa.Float)
    return (sa.func.julianday(end) - sa.func.julianday(start)) * 86_400.0


def _drafts(served: list[str], midnight: datetime) -> Query:
    made, used = sa.func.count().label("made"), _count(draft.c.used_at.is_not(None)).label("used")
    joined = sa.select(conversation.c.agency, made, used).join_from(draft, conversation)
    of = joined.where(conversation.c.agency.in_(served), ~conversation.c.test, draft.c.at >= midnight)
    return of.group_by(conversation.c.agency)


def _now(row: sa.Row[Any] | None, now: datetime) -> dict[str, Any]:
    counted: dict[str, Any] = row._asdict() if row else {}
    since: datetime | None = counted.get("waits_since")
    numbers = {name: counted.get(name, 0) for name in ("waiting", "callbacks", "late_callbacks", "in_hand")}
    states = ("ok", "warned", "breached", "paused", "escalated")
    promises = {state: counted.get(state, 0) for state in states}
    longest = int((now - since) / timedelta(seconds=1)) if since else None
    return numbers | {"longest_wait": longest, "promises": promises}


def _today(row: sa.Row[Any] | None, median: float | None, drafts: sa.Row[Any] | None) -> dict[str, Any]:
    counted: dict[str, Any] = row._asdict() if row else {}
    return {
        "opened": counted.get("opened", 0),
        "first_reply_kept": _share(counted.get("kept", 0), counted.get("promised", 0)),
        "first_reply_minutes": None if median is None else round(float(median) / 60, 1),
        "resolved": counted.get("resolved", 0),
        "surveys": counted.get("surveys", 0),
        "survey_mean": _share(counted.get("survey_sum", 0), counted.get("surveys", 0)),
        "drafts": drafts.made if drafts else 0,
        "drafts_used": _share(drafts.used, drafts.made) if drafts else None,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
