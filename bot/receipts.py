"""What becomes of a delivery that left: forward only, by receipts that may come in any order and more than once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import consent, tasks
from bot.core import Core
from bot.model import delivery
from bot.store import Tx
from channels.contract import Receipt

TRIES = 12  # attempts in all, about 20 minutes
LONGEST_WAIT = 300.0  # seconds
# What a receipt may still move: forward only, and what is delivered stays so.
BEFORE = {
    "sent": ("sending", "unsettled"),
    "delivered": ("sending", "sent", "unsettled"),
    "temporary": ("sending", "sent", "unsettled"),
    "permanent": ("sending", "sent", "unsettled"),
    "opted_out": ("sending", "sent", "unsettled"),
}
OPEN = ("sending", "sent", "unsettled")
Counted = Callable[[str, str, int, int], None]  # provider, state, segments, VND


async def moved(core: Core, tx: Tx, told: Sequence[tuple[Receipt, Counted]]) -> Sequence[None]:
    """Deliveries go on to where receipts say they are; what is over, or of an attempt before, changes nothing."""
    named = sa.and_(delivery.c.id.in_({receipt.row for receipt, _ in told}), delivery.c.state.in_(OPEN))
    found = sa.select(delivery).where(named).order_by(delivery.c.id).with_for_update(key_share=True)
    rows = {row.id: row for row in await tx.execute(found)}
    states = {row.id: str(row.state) for row in rows.values()}
    for receipt, counted in told:
        row = rows.get(receipt.row)
        if row is None or row.attempts != receipt.attempt or states[row.id] not in BEFORE[receipt.state]:
            continue
        await _move(core, tx, row, states[row.id], receipt)
        states[row.id] = receipt.state
        if receipt.state != "sent":
            counted(row.provider, receipt.state, 0, 0)
        core.wake.post.set()
    return [None] * len(told)


async def _move(core: Core, tx: Tx, row: sa.Row[Any], state: str, receipt: Receipt) -> None:
    now = core.clock()
    named = receipt.provider_id or row.provider_id
    if state == "unsettled":
        await tasks.done(tx, row.id, now)
    if receipt.state == "permanent":
        await failed(tx, row.id, receipt.code, now, provider_id=named)
    elif receipt.state == "temporary":
        await _once_more(core, tx, row, receipt.code, now)
    elif receipt.state == "opted_out":
        await consent.record(tx, row.channel, row.address, "stop", "provider", receipt.code or "receipt", now)
        await over(tx, row.id, "silenced", now, receipt.code, provider_id=named)
    else:
        await over(tx, row.id, receipt.state, now, provider_id=named)


async def _once_more(core: Core, tx: Tx, row: sa.Row[Any], code: str, now: datetime) -> None:
    """It did not arrive, and may another time: nothing of it is under way any more."""
    if row.attempts >= TRIES:
        await failed(tx, row.id, code, now)
        return
    wait = timedelta(seconds=min(LONGEST_WAIT, 5.0 * 2**row.attempts))
    again = sa.update(delivery).where(delivery.c.id == row.id)
    await tx.execute(again.values(state="waiting", code=code, provider_id=None, due_at=now + wait))


async def failed(tx: Tx, delivery_id: int, code: str, now: datetime, **more: Any) -> None:
    await over(tx, delivery_id, "failed", now, code, **more)
    await tasks.open_for(tx, delivery_id, "undelivered", code, now)


async def over(tx: Tx, delivery_id: int, state: str, now: datetime, code: str = "", **more: Any) -> None:
    """In one statement: PostgreSQL would check the conversation's key again at a second one, and wait for it."""
    row = sa.update(delivery).where(delivery.c.id == delivery_id)
    await tx.execute(row.values(state=state, code=code, settled_at=now, **more))
