"""Deliveries leave one after the other in each conversation, and each ends delivered, failed or before a person.

A row is marked `sending` and committed before the provider is called. After a crash, or where the provider's answer got
lost, it is settled by a receipt or by asking the provider, and only then sent again.
"""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from bot import consent, messaging, tasks, window
from bot.core import Core
from bot.ending import failed, over
from bot.model import Moment, conversation, correspondent, delivery
from bot.pace import Pace
from bot.receipts import LONGEST_WAIT, TRIES, Counted, moved
from bot.store import Tx
from channels.contract import (
    Channel,
    NotAsked,
    OptedOut,
    Option,
    Receipt,
    Refused,
    Reply,
    TokenRefused,
    TryLater,
    Uncertain,
    WindowClosed,
)

log = logging.getLogger(__name__)

AT_ONCE = 16  # texts under way
ASK_AFTER = timedelta(seconds=20)  # longer than any call: after that nobody in any process is still sending the row
ASK_SOON = timedelta(seconds=3)  # the answer got lost while we waited for it
WAITS = timedelta(minutes=70)  # at least, and TRIES attempts: a provider that is away for an hour loses nothing
AWAY = 3  # attempts after which the other provider is tried, where settings allow
UNDER_WAY = ("waiting", "sending")
UNREADABLE = "address unreadable"  # sealed with keys that are lost


def _due(provider: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """What is to go by `provider` by `now`, and is the first of its conversation that is under way."""
    older = delivery.alias()
    blocked = sa.exists().where(
        older.c.conversation == delivery.c.conversation, older.c.id < delivery.c.id, older.c.state.in_(UNDER_WAY)
    )
    waits = sa.and_(delivery.c.state == "waiting", delivery.c.due_at <= sa.bindparam("now", type_=Moment))
    return sa.and_(waits, delivery.c.provider == provider, ~blocked)


def _with_address() -> sa.Select[Any]:
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
    _with_address()
    .where(_due(sa.bindparam("provider")))
    .order_by(delivery.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(of=delivery, skip_locked=True)
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


async def deliver(core: Core, counted: Counted) -> None:
    """Send what waits; runs until cancelled. Whatever goes wrong with one row, the next is served."""
    paces = {provider: Pace(core.settings.sms_limit_per_second) for provider in core.channels}
    under_way = set[asyncio.Task[None]]()
    while True:
        await core.wake.calm()
        core.wake.post.clear()  # before looking: what comes while looking is seen
        due = await _providers_due(core, tuple(paces))
        rows = [row for provider in due for row in await _next(core, provider, paces[provider], len(under_way))]
        for row in rows:
            task = asyncio.create_task(_carried(core, counted, row))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        if not rows:
            await core.wake.rest(core.wake.post)


async def _providers_due(core: Core, providers: tuple[str, ...]) -> list[str]:
    """Which of them have something to carry: most looks find nothing, and need not keep others from writing."""
    try:
        async with core.store.read() as tx:
            row = (await tx.execute(_looking(providers), {"now": core.clock()})).one() if providers else ()
    except Exception:
        log.exception("looking for deliveries broke off")
        return []
    return [provider for provider, waits in zip(providers, row, strict=True) if waits]


async def _next(core: Core, provider: str, pace: Pace, under_way: int) -> list[sa.Row[Any]]:
    free = min(AT_ONCE - under_way, pace.free())
    try:
        rows = await take(core, provider, free) if free > 0 else []
    except Exception:
        log.exception("taking deliveries broke off")
        return []
    pace.used(len(rows))
    return rows


async def _carried(core: Core, counted: Counted, row: sa.Row[Any]) -> None:
    try:
        await carry(core, counted, row)
    except Exception:
        log.exception("delivery %s broke off; the provider is asked about it", row.id)
    finally:
        core.wake.post.set()  # the conversation's next one may go now


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


async def carry(core: Core, counted: Counted, row: sa.Row[Any]) -> None:
    """Give one row to its provider, and write down what came of it."""
    attempt = row.attempts + 1
    channel = core.channels[row.provider]
    try:
        to = core.secrets.unsealed(row.sealed)
        if not row.template and await window.is_closed(core, channel, row):
            raise WindowClosed
        provider_id = await channel.send(to, await _reply(core, channel, row, attempt))
    except InvalidToken:
        receipt = Receipt(row.id, attempt, "permanent", code=UNREADABLE)
    except WindowClosed as err:
        await window.closed(core, row, attempt, err.code)
        return
    except OptedOut as err:
        receipt = Receipt(row.id, attempt, "opted_out", code=err.code)
    except Refused as err:
        receipt = Receipt(row.id, attempt, "permanent", code=err.code)
    except TryLater as err:
        await _back(core, row, attempt, err)
        return
    except Uncertain as err:
        await _ask_soon(core, row.id, attempt, err.code)
        return
    else:
        receipt = Receipt(row.id, attempt, "sent", provider_id)
        counted(row.provider, "sent", row.segments, row.price)
    await core.store.together(moved, core, (receipt, counted))


async def _reply(core: Core, channel: Channel, row: sa.Row[Any], attempt: int) -> Reply:
    """The message itself; or, after the window, the link to it that a template carries."""
    if row.template:
        phone = await window.phone_of(core, row)
        return Reply(row.template, row.id, attempt, template=True, language=row.spoken, phone=phone)
    part = _part(channel, row)
    return Reply(part.text, row.id, attempt, part.options, part.opener, language=row.spoken)


def _part(channel: Channel, row: sa.Row[Any]) -> messaging.Part:
    options = tuple(Option(one["key"], one["label"]) for one in row.options)
    return messaging.fitted(messaging.Part(row.text, options, row.opener), row.spoken, channel.limits)


async def _back(core: Core, row: sa.Row[Any], attempt: int, why: TryLater) -> None:
    """Nothing was sent: the row waits, longer each time, and at last for a person; for our own token without an end."""
    now = core.clock()
    doubled = min(LONGEST_WAIT, 2.0 ** (attempt - 1)) * random.uniform(0.75, 1.0)  # noqa: S311 (jitter)
    wait = timedelta(seconds=max(doubled, why.after or 0.0))
    provider = _other(core, row) if attempt >= AWAY else row.provider
    later = _still_sending(row.id, attempt).values(state="waiting", code=why.code, provider=provider, due_at=now + wait)
    tried = attempt >= TRIES and now - row.written_at >= WAITS and not isinstance(why, TokenRefused)
    async with core.store.write() as tx:
        still = bool((await tx.execute(later)).rowcount)
        if still and tried:
            await failed(tx, row.id, why.code, now)


def _still_sending(delivery_id: int, attempt: int) -> sa.Update:
    """Nobody else has settled it meanwhile: no receipt, no other process."""
    return sa.update(delivery).where(
        delivery.c.id == delivery_id, delivery.c.attempts == attempt, delivery.c.state == "sending"
    )


def _other(core: Core, row: sa.Row[Any]) -> str:
    """Another provider of the same channel, where settings allow it."""
    others = [name for name, one in core.channels.items() if one.name == row.channel and name != row.provider]
    return others[0] if others and core.settings.sms_failover else str(row.provider)


async def _ask_soon(core: Core, delivery_id: int, attempt: int, code: str) -> None:
    later = _still_sending(delivery_id, attempt).values(code=code, due_at=core.clock() + ASK_SOON)
    async with core.store.write() as tx:
        await tx.execute(later)


async def settle(core: Core, counted: Counted) -> None:
    """Ask about what nobody knows the end of, every second; runs until cancelled."""
    while True:
        try:
            await settle_once(core, counted)
        except Exception:
            log.exception("settling broke off")
        await asyncio.sleep(1)


async def settle_once(core: Core, counted: Counted) -> None:
    """One look at the rows left in `sending`: the provider took it, or it waits again, or a person has to see to it."""
    due = (
        _with_address().where(delivery.c.state == "sending", delivery.c.due_at <= core.clock()).order_by(delivery.c.id)
    )
    async with core.store.read() as tx:
        rows = list(await tx.execute(due.limit(AT_ONCE)))
    await asyncio.gather(*(_asked(core, counted, row) for row in rows))


async def _asked(core: Core, counted: Counted, row: sa.Row[Any]) -> None:
    channel = core.channels.get(row.provider)
    if channel is None:
        await _to_staff(core, row)
        return
    try:
        taken = await _taken(core, channel, row)
    except InvalidToken:
        await core.store.together(moved, core, (Receipt(row.id, row.attempts, "permanent", code=UNREADABLE), counted))
    except NotAsked:
        await _to_staff(core, row)
    except TryLater:
        await _ask_soon(core, row.id, row.attempts, row.code)
    else:
        if taken:
            await core.store.together(moved, core, (Receipt(row.id, row.attempts, "sent", taken), counted))
        else:
            await _back(core, row, row.attempts, TryLater(row.code))


async def _taken(core: Core, channel: Channel, row: sa.Row[Any]) -> str | None:
    """The provider's id of this row, if it took it: same text, same number, since then, and no other row's."""
    said = row.template or _part(channel, row).text
    found = await channel.taken(core.secrets.unsealed(row.sealed), said, row.sent_at)
    others = sa.select(delivery.c.provider_id).where(delivery.c.provider_id.in_(found), delivery.c.id != row.id)
    async with core.store.read() as tx:
        known = set((await tx.execute(others)).scalars())
    return next((one for one in found if one not in known), None)


async def _to_staff(core: Core, row: sa.Row[Any]) -> None:
    now = core.clock()
    async with core.store.write() as tx:
        left = _still_sending(row.id, row.attempts).values(state="unsettled", settled_at=now)
        if (await tx.execute(left)).rowcount:
            await tasks.open_for(tx, row.id, "unsettled", row.code, now)
