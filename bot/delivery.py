"""Deliveries leave one after the other in each conversation, and each ends delivered, failed or before a person.

A row is marked `sending` and committed before the provider is called. After a crash, or where the provider's answer got
lost, it is settled by a receipt or by asking the provider, and only then sent again.
"""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from bot import due, messaging, tasks, window
from bot.core import Core
from bot.ending import failed
from bot.looking import each, looking
from bot.model import Moment, delivery
from bot.pace import Pace
from bot.receipts import LONGEST_WAIT, TRIES, Counted, moved
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

AT_ONCE = 16  # texts under way, of one provider: one that hangs holds up no other
LAST = 1.5  # seconds at the end for what is being sent
ASK_SOON = timedelta(seconds=3)  # the answer got lost while we waited for it
WAITS = timedelta(minutes=70)  # at least, and TRIES attempts: a provider that is away for an hour loses nothing
AWAY = 3  # attempts after which the other provider is tried, where settings allow
UNREADABLE = "address unreadable"  # sealed with keys that are lost

_LEFT = sa.and_(delivery.c.state == "sending", delivery.c.due_at <= sa.bindparam("now", type_=Moment))
UNSETTLED = sa.select(delivery.c.provider).where(_LEFT).distinct()
LEFT = (
    due.with_address()
    .where(_LEFT, delivery.c.provider == sa.bindparam("provider"))
    .order_by(delivery.c.id)
    .limit(AT_ONCE)
)


async def deliver(core: Core, counted: Counted) -> None:
    """Send what waits until the end is near; then what is being sent has LAST to arrive. Whatever goes wrong with one
    row, the next is served."""
    paces = {provider: Pace(core.settings.sms_limit_per_second) for provider in core.channels}
    under_way = {provider: set[asyncio.Task[None]]() for provider in core.channels}
    while not core.wake.closing:
        await core.wake.calm()
        core.wake.post.clear()  # before looking: what comes while looking is seen
        found = False
        for provider in await _providers(core):
            mine = under_way[provider]
            for row in await _next(core, provider, paces[provider], len(mine)):
                task = asyncio.create_task(_carried(core, counted, row))
                mine.add(task)
                task.add_done_callback(mine.discard)
                found = True
        if not found:
            await core.wake.rest(core.wake.post)
    # Broken off, it would have to be asked about, and most providers cannot be asked.
    if last := set[asyncio.Task[None]]().union(*under_way.values()):
        await asyncio.wait(last, timeout=LAST)


async def _providers(core: Core) -> list[str]:
    try:
        return await due.providers(core)
    except Exception:
        log.exception("looking for deliveries broke off")
        return []


async def _next(core: Core, provider: str, pace: Pace, under_way: int) -> list[sa.Row[Any]]:
    free = min(AT_ONCE - under_way, pace.free())
    try:
        rows = await due.take(core, provider, free) if free > 0 else []
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


async def carry(core: Core, counted: Counted, row: sa.Row[Any]) -> None:
    """Give one row to its provider, and write down what came of it."""
    attempt = row.attempts + 1
    channel = core.channels[row.provider]
    try:
        to, reply = core.secrets.unsealed(row.sealed), await _reply(core, channel, row, attempt)
    except InvalidToken:
        await core.store.together(moved, core, (Receipt(row.id, attempt, "permanent", code=UNREADABLE), counted))
        return
    try:
        if not row.template and window.is_closed(core, channel, row):
            raise WindowClosed
        provider_id = await channel.send(to, reply)
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
    now, ours = core.clock(), isinstance(why, TokenRefused)
    failures = row.failures if ours else row.failures + 1
    doubled = min(LONGEST_WAIT, 2.0 ** (attempt - 1)) * random.uniform(0.75, 1.0)  # noqa: S311 (jitter)
    wait = timedelta(seconds=max(doubled, why.after or 0.0))
    provider = _other(core, row) if attempt >= AWAY else row.provider
    waits = {"state": "waiting", "code": why.code, "provider": provider, "failures": failures, "due_at": now + wait}
    later = _still_sending(row.id, attempt).values(**waits)
    tried = failures >= TRIES and now - row.written_at >= WAITS and not ours
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
    """Ask about what nobody knows the end of, every second, of each provider by itself; runs until cancelled."""
    asking = dict[str, asyncio.Task[None]]()

    async def look() -> None:
        for provider in await _unsettled(core):
            if provider not in asking or asking[provider].done():
                asks = each([provider], partial(_settle, core, counted), "settling")
                asking[provider] = asyncio.create_task(asks)

    try:
        await looking(look, 1, "settling")
    finally:
        for task in asking.values():
            task.cancel()


async def settle_once(core: Core, counted: Counted) -> None:
    """One look at the rows left in `sending`: the provider took it, or it waits again, or a person has to see to it."""
    await asyncio.gather(*(_settle(core, counted, provider) for provider in await _unsettled(core)))


async def _unsettled(core: Core) -> list[str]:
    async with core.store.read() as tx:
        return list((await tx.execute(UNSETTLED, {"now": core.clock()})).scalars())


async def _settle(core: Core, counted: Counted, provider: str) -> None:
    async with core.store.read() as tx:
        rows = list(await tx.execute(LEFT, {"now": core.clock(), "provider": provider}))
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
