"""Which deliveries may leave now: the first of each conversation, to whom it may go, and as fast as one may send."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot import consent
from bot.core import Core
from bot.ending import over
from bot.model import Moment, conversation, correspondent, delivery
from bot.store import Tx

log = logging.getLogger(__name__)

ASK_AFTER = timedelta(seconds=20)  # longer than any call: after that nobody in any process is still sending the row
UNDER_WAY = ("waiting", "sending")


def _due(provider: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """What is to go by `provider` by `now`, and is the first of its conversation that is under way."""
    older = delivery.alias()
    blocked = sa.exists().where(
        older.c.conversation == delivery.c.conversation, older.c.id < delivery.c.id, older.c.state.in_(UNDER_WAY)
    )
    waits = sa.and_(delivery.c.state == "waiting", delivery.c.due_at <= sa.bindparam("now", type_=Moment))
    return sa.and_(waits, delivery.c.provider == provider, ~blocked)


def with_address() -> sa.Select[Any]:
    same = sa.and_(correspondent.c.channel == delivery.c.channel, correspondent.c.address == delivery.c.address)
    of = (
        correspondent.c.sealed,
        correspondent.c.heard_at,
        correspondent.c.person,
        conversation.c.language.label("spoken"),
    )
    found = sa.select(delivery, *of).join_from(delivery, correspondent, same)
    return found.join(conversation, conversation.c.id == delivery.c.conversation)


# Made once: building them costs more than asking them.
DUE = (
    with_address()
    .where(_due(sa.bindparam("provider")))
    .order_by(delivery.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(of=delivery, skip_locked=True)
)


ABANDONED = (
    sa.select(delivery.c.provider, sa.func.count().label("waiting"))
    .where(delivery.c.state == "waiting", delivery.c.provider.not_in(sa.bindparam("names", expanding=True)))
    .group_by(delivery.c.provider)
)


@cache
def _looking(providers: tuple[str, ...]) -> sa.Executable:
    """For each of the providers whether something is due."""
    return sa.select(*(sa.exists().where(_due(sa.literal(provider))).label(provider) for provider in providers))


async def adopt(core: Core) -> None:
    """At the start: what waits for a provider that is not set up any more goes by another of its channel."""
    async with core.store.write() as tx:
        for provider, channel in core.channels.items():
            for of, open_ones in ((delivery, delivery.c.state == "waiting"), (correspondent, sa.true())):
                left = of.c.provider.not_in(list(core.channels))
                moves = sa.update(of).where(of.c.channel == channel.name, left, open_ones)
                await tx.execute(moves.values(provider=provider))
        for row in await tx.execute(ABANDONED, {"names": list(core.channels)}):
            log.error("%s is not set up; messages that wait until it is: %s", row.provider, row.waiting)


async def providers(core: Core) -> list[str]:
    """Those that have something to carry: most looks find nothing, and need not keep others from writing."""
    names = tuple(core.channels)
    if not names:
        return []
    async with core.store.read() as tx:
        row = (await tx.execute(_looking(names), {"now": core.clock()})).one()
    return [name for name, waits in zip(names, row, strict=True) if waits]


async def take(core: Core, provider: str, most: int) -> list[sa.Row[Any]]:
    """The oldest deliveries that are due, one a conversation, marked `sending`; silenced ones are settled instead."""
    now = core.clock()
    async with core.store.write() as tx:
        rows = list(await tx.execute(DUE, {"provider": provider, "now": now, "most": most}))
        ready = await _may_go(core, tx, rows, now)
        if ready:
            marked = sa.update(delivery).where(delivery.c.id.in_([row.id for row in ready]))
            await tx.execute(
                marked.values(state="sending", attempts=delivery.c.attempts + 1, sent_at=now, due_at=now + ASK_AFTER)
            )
    return ready


async def _may_go(core: Core, tx: Tx, rows: list[sa.Row[Any]], now: datetime) -> list[sa.Row[Any]]:
    """Not to whom opted out since it was written, and not more a minute than one number is to get."""
    addresses = {row.address for row in rows}
    stopped = await consent.stopped_of(tx, addresses)
    silent = [row for row in rows if (row.channel, row.address) in stopped and not row.consent]
    for row in silent:
        await over(tx, row.id, "silenced", now)
    full = await _full(core, tx, addresses, now)
    early = [row for row in rows if row.address in full and row not in silent]
    if early:
        later = sa.update(delivery).where(delivery.c.id.in_([row.id for row in early]))
        await tx.execute(later.values(due_at=now + timedelta(seconds=10)))
    return [row for row in rows if row not in silent and row not in early]


async def _full(core: Core, tx: Tx, addresses: set[str], now: datetime) -> set[str]:
    """Who was sent as much in the last minute as one number is to get."""
    limit = core.settings.sms_limit_per_recipient
    if not limit or not addresses:
        return set()
    recent = sa.and_(delivery.c.address.in_(addresses), delivery.c.sent_at > now - timedelta(minutes=1))
    counted = sa.select(delivery.c.address).where(recent).group_by(delivery.c.address)
    return set((await tx.execute(counted.having(sa.func.count() >= limit))).scalars())
