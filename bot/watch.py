"""What the desk sees to by itself: conversations of whoever has gone or does not answer, promises that are broken."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot import audit, promise
from bot.asking import EARLIER
from bot.core import Core
from bot.handoff import requeue
from bot.hours import hours_of
from bot.looking import each, looking
from bot.model import LOCKED, conversation, handoff, person
from bot.store import Tx

LOOK_EVERY = 5.0  # seconds
GONE = timedelta(minutes=5)  # without a sign of life from whoever owns a conversation


async def watch(core: Core) -> None:
    """Look again and again; runs until cancelled."""
    await looking(partial(look, core), LOOK_EVERY, "looking after the queues")


async def look(core: Core) -> None:
    """One look. Two processes may look at once: each step is taken by one of them."""
    now = core.clock()
    await each(await _unattended(core, now), partial(_give_up, core, now), "taking a conversation back")
    await each(await _broken(core, now), partial(_escalate, core, now), "raising a broken promise")


async def _unattended(core: Core, now: datetime) -> list[str]:
    """Owned by somebody who is gone, or who has not replied in the time that the queue gives.

    The database leaves out whoever is there and has time left by any queue's rules: that is nearly all of them.
    """
    async with core.store.read() as tx:
        rules = await promise.rules_of_all(tx, core.site.agencies)
        shortest = min((one.answer_minutes for one in rules.values()), default=0)
        times = {"gone": now - GONE, "before": now - timedelta(minutes=shortest)}
        rows = list(await tx.execute(PERHAPS_UNATTENDED, times))
        rules |= await promise.rules_of_all(tx, {row.agency for row in rows} - rules.keys())
    return [row.conversation for row in rows if _is_unattended(row, rules[row.agency], now)]


def _perhaps_unattended() -> sa.Select[Any]:
    h, p = handoff.c, person.c
    gone = sa.or_(~p.active, p.presence == "offline", p.seen_at.is_(None), p.seen_at < sa.bindparam("gone"))
    unanswered = sa.or_(h.last_reply_at.is_(None), h.last_reply_at < h.claimed_at)
    late = sa.and_(unanswered, h.paused_at.is_(None), h.claimed_at < sa.bindparam("before"))
    return (
        sa.select(handoff, p.seen_at, p.presence, p.active)
        .join(conversation, conversation.c.id == h.conversation)
        .join(person, p.id == conversation.c.person)
        .where(h.state == "claimed", conversation.c.owner == "staff", sa.or_(gone, late))
    )


PERHAPS_UNATTENDED = _perhaps_unattended()


def _is_unattended(row: sa.Row[Any], rules: promise.Rules, now: datetime) -> bool:
    if not row.active or row.presence == "offline" or row.seen_at is None or row.seen_at < now - GONE:
        return True
    answered = row.last_reply_at is not None and row.last_reply_at >= row.claimed_at
    awaited = not answered and row.paused_at is None  # else it is the citizen's turn, also after a colleague's reply
    return awaited and now > row.claimed_at + timedelta(minutes=rules.answer_minutes)


async def _give_up(core: Core, now: datetime, conversation_id: str) -> None:
    async with core.store.write() as tx:
        row = (await tx.execute(LOCKED, {"whose": conversation_id})).one()
        if row.owner != "staff" or not await _still(core, tx, row, now):
            return
        await requeue(core, tx, row, now)
        await audit.record(tx, audit.SYSTEM, "requeue", now, conversation=row.id, agency=row.agency)
    core.wake.grew(conversation_id, "desk")


async def _still(core: Core, tx: Tx, row: sa.Row[Any], now: datetime) -> bool:
    found = (
        sa.select(handoff, person.c.seen_at, person.c.presence, person.c.active)
        .join(person, person.c.id == handoff.c.person)
        .where(handoff.c.conversation == row.id, handoff.c.state == "claimed")
    )
    owned = (await tx.execute(found)).one_or_none()
    return owned is not None and _is_unattended(owned, await promise.rules_of(tx, row.agency), now)


async def _broken(core: Core, now: datetime) -> list[sa.Row[Any]]:
    """Hand-offs whose promise is broken and of which nobody was told yet."""
    late = sa.or_(
        sa.and_(handoff.c.replied_at.is_(None), sa.func.coalesce(handoff.c.promised_at, handoff.c.response_due) < now),
        sa.and_(handoff.c.replied_at.is_not(None), handoff.c.paused_at.is_(None), handoff.c.resolution_due < now),
    )
    found = sa.select(handoff).where(handoff.c.state.in_(("queued", "claimed")), handoff.c.escalated_at.is_(None), late)
    async with core.store.read() as tx:
        return list(await tx.execute(found))


async def _escalate(core: Core, now: datetime, row: sa.Row[Any]) -> None:
    """Earlier in the queue, and written down for the supervisors."""
    async with core.store.write() as tx:
        clock = promise.clock(row, await hours_of(core, tx, row.agency), await promise.rules_of(tx, row.agency), now)
        mine = sa.and_(handoff.c.id == row.id, handoff.c.escalated_at.is_(None))
        raised = {"escalated_at": now, "priority": row.priority + 1, "rank_at": row.rank_at - EARLIER}
        if not (await tx.execute(sa.update(handoff).where(mine).values(**raised))).rowcount:
            return
        of = {"conversation": row.conversation, "agency": row.agency}
        await audit.record(tx, audit.SYSTEM, "escalate", now, **of, promise=clock["of"])
    core.wake.grew("desk")
