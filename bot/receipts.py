"""What becomes of a delivery that left: forward only, by receipts that may come in any order and more than once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import consent, tasks, window
from bot.core import Core
from bot.ending import failed, over
from bot.model import delivery
from bot.store import Tx
from channels.contract import Receipt

TRIES = 12  # attempts in all
LONGEST_WAIT = 300.0  # seconds
# What a receipt may still move: forward only, and what is delivered stays so.
BEFORE = {
    "sent": ("sending", "unsettled"),
    "delivered": ("sending", "sent", "unsettled"),
    "temporary": ("sending", "sent", "unsettled"),
    "unsure": ("sending", "sent", "unsettled"),
    "permanent": ("sending", "sent", "unsettled"),
    "opted_out": ("sending", "sent", "unsettled"),
    "window": ("sending", "sent", "unsettled"),
}
OPEN = ("sending", "sent", "unsettled")
Counted = Callable[[str, str, int, int], None]  # provider, state, segments, VND


async def moved(core: Core, tx: Tx, told: Sequence[tuple[Receipt, Counted]]) -> Sequence[None]:
    """Deliveries go on to where receipts say they are; what is over, or of an attempt before, changes nothing."""
    rows = await _rows(tx, [receipt for receipt, _ in told])
    states = {row.id: str(row.state) for row in rows}
    for receipt, counted in told:
        row = next((row for row in rows if _is_of(receipt, row)), None)
        if row is None or states[row.id] not in BEFORE[receipt.state]:
            continue
        await _move(core, tx, row, states[row.id], receipt)
        states[row.id] = receipt.state
        if receipt.state != "sent":
            counted(row.provider, receipt.state, 0, 0)
        core.store.after(tx, core.wake.post.set)
    return [None] * len(told)


async def _rows(tx: Tx, told: Sequence[Receipt]) -> list[sa.Row[Any]]:
    """The open deliveries that receipts may be of, locked: by our own number, or by the provider's id."""
    numbers = {receipt.row for receipt in told if receipt.row is not None}
    ids = {receipt.provider_id for receipt in told if receipt.row is None}
    named = delivery.c.id.in_(numbers)
    if ids:
        named = sa.or_(named, delivery.c.provider_id.in_(ids))
    found = sa.select(delivery).where(named, delivery.c.state.in_(OPEN)).order_by(delivery.c.id)
    return list(await tx.execute(found.with_for_update(key_share=True)))


def _is_of(receipt: Receipt, row: sa.Row[Any]) -> bool:
    if receipt.row is None:
        return row.provider_id is not None and row.provider_id == receipt.provider_id
    return row.id == receipt.row and row.attempts == receipt.attempt


async def _move(core: Core, tx: Tx, row: sa.Row[Any], state: str, receipt: Receipt) -> None:
    now = core.clock()
    named = receipt.provider_id or row.provider_id
    if state == "unsettled":
        await tasks.done(tx, row.id, now)
    if receipt.state == "permanent":
        await failed(tx, row.id, receipt.code, now, provider_id=named)
    elif receipt.state in ("temporary", "unsure"):
        await _again(tx, row, receipt.code, now, unsure=receipt.state == "unsure")
    elif receipt.state == "window":
        await window.go_on(core, tx, row, receipt.code)
    elif receipt.state == "opted_out":
        await consent.record(tx, row.channel, row.address, "stop", "provider", receipt.code or "receipt", now)
        await over(tx, row.id, "silenced", now, receipt.code, provider_id=named)
    else:
        await over(tx, row.id, receipt.state, now, provider_id=named)


async def _again(tx: Tx, row: sa.Row[Any], code: str, now: datetime, *, unsure: bool) -> None:
    """It did not arrive, and may another time: nothing of it is under way any more. `unsure`: it may have arrived, so
    that it goes once more and no oftener, for people would read it as often as it goes."""
    failures = row.failures + 1
    if failures >= TRIES or row.unsure:
        await failed(tx, row.id, code, now)
        return
    wait = timedelta(seconds=min(LONGEST_WAIT, 5.0 * 2**failures))
    again = sa.update(delivery).where(delivery.c.id == row.id)
    waits = {"state": "waiting", "code": code, "provider_id": None, "due_at": now + wait}
    await tx.execute(again.values(**waits, failures=failures, unsure=unsure))
