"""The supervisors' board: what waits, which promises hold, how the day goes, who is there and what is most pressing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import audit, promise
from bot.core import Core
from bot.errors import NotFound, Unreadable
from bot.hours import hours_of_all
from bot.model import conversation, handoff, person
from bot.people import Person, present, require
from bot.promise import Rules
from bot.queue_figures import countable, due, figures, is_open
from bot.queueing import WEIGHT, WEIGHTS
from bot.store import Tx
from calendars.timetable import Timetable

MOST_OPEN = 50  # open hand-offs that are listed
MOST_CAPACITY = 50


async def board(core: Core, who: Person) -> dict[str, Any]:
    """{"at", "agencies", "people", "open"} of what `who` serves. Raises NotAllowed.

    An agency: {"agency", "closed", "open", "next_opening", "now", "today"}, the last two as at queue_figures.
    A person: {"name", "role", "agencies", "presence", "in_hand", "load", "capacity", "acted_at"}.
    What is open, the most pressing first: {"conversation", "agency", "channel", "language", "reason", "topic",
    "wanted", "waiting_since", "person", "clock"}.
    """
    require(who, "measure")
    now = core.clock()
    served = [agency for agency in core.site.agencies if who.may_see(agency)]
    async with core.store.read() as tx:
        tables, rules = await hours_of_all(core, tx, served), await promise.rules_of_all(tx, served)
        counted = await figures(tx, served, tables, rules, now)
        return {
            "at": now.isoformat(),
            "agencies": [_of_queue(agency, tables[agency], rules[agency], now) | counted[agency] for agency in served],
            "people": await _people(tx, who, now),
            "open": await _open(tx, served, tables, rules, now),
        }


def _of_queue(agency: str, table: Timetable, rules: Rules, now: datetime) -> dict[str, Any]:
    opening = table.next_opening(now)
    return {
        "agency": agency,
        "closed": rules.closed,
        "open": table.is_open(now),
        "next_opening": opening.isoformat() if opening else None,
    }


async def _people(tx: Tx, who: Person, now: datetime) -> list[dict[str, Any]]:
    """Those who answer citizens of any agency that `who` serves, by name; load and capacity in weights of channels."""
    weights = sa.case(WEIGHTS, value=conversation.c.channel, else_=WEIGHT)
    load = sa.func.coalesce(sa.func.sum(weights).filter(conversation.c.id.is_not(None)), 0).label("load")
    own = sa.and_(conversation.c.person == person.c.id, conversation.c.owner == "staff")
    in_hand = sa.func.count(conversation.c.id).label("in_hand")
    counted = sa.select(person, load, in_hand)
    rows = await tx.execute(
        counted.outerjoin(conversation, own).where(person.c.active).group_by(person.c.id).order_by(person.c.name)
    )
    return [_shown(row, now) for row in rows if Person.of(row).may("converse") and shares(who, row.agencies)]


def shares(who: Person, agencies: list[str] | None) -> bool:
    """Whether somebody of these agencies serves one that `who` does; None are all."""
    return who.agencies is None or agencies is None or bool(set(agencies) & set(who.agencies))


def _shown(row: sa.Row[Any], now: datetime) -> dict[str, Any]:
    return {
        "name": row.name,
        "role": row.role,
        "agencies": row.agencies,
        "presence": present(row, now),
        "in_hand": row.in_hand,
        "load": row.load,
        "capacity": row.capacity,
        "acted_at": row.acted_at.isoformat() if row.acted_at else None,
    }


async def _open(
    tx: Tx, served: list[str], tables: Mapping[str, Timetable], rules: Mapping[str, Rules], now: datetime
) -> list[dict[str, Any]]:
    """The open hand-offs whose promises end first; those whose citizen is awaited come last."""
    chosen = sa.select(handoff, conversation.c.channel, person.c.name)
    found = countable(chosen, served).outerjoin(person, person.c.id == conversation.c.person).where(is_open)
    pressing = (handoff.c.paused_at.is_not(None), due.is_(None), due, handoff.c.id)
    rows = await tx.execute(found.order_by(*pressing).limit(MOST_OPEN))
    return [
        {
            "conversation": row.conversation,
            "agency": row.agency,
            "channel": row.channel,
            "language": row.language,
            "reason": row.reason,
            "topic": row.topic,
            "wanted": row.wanted,
            "waiting_since": row.opened_at.isoformat(),
            "person": row.name,
            "clock": promise.clock(row, tables[row.agency], rules[row.agency], now),
        }
        for row in rows
    ]


async def set_capacity(core: Core, who: Person, name: str, capacity: int) -> None:
    """How much a colleague has in hand at once, in weights of channels. Raises NotFound, NotAllowed, Unreadable."""
    require(who, "supervise")
    if not 1 <= capacity <= MOST_CAPACITY:
        detail = f"capacity is a number from 1 to {MOST_CAPACITY}."
        raise Unreadable(detail, field="capacity", word="problem_capacity")
    async with core.store.write() as tx:
        found = sa.select(person).where(person.c.name == name, person.c.active).with_for_update(key_share=True)
        row = (await tx.execute(found)).one_or_none()
        if row is None or not shares(who, row.agencies):
            raise NotFound("No such colleague.")
        await tx.execute(sa.update(person).where(person.c.id == row.id).values(capacity=capacity))
        await audit.record(tx, who.name, "set_capacity", core.clock(), person=name, capacity=capacity)
    core.wake.grew("desk")
