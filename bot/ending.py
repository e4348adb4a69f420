"""How a delivery ends: settled where it is, or failed and before a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import tasks
from bot.model import delivery
from bot.store import Tx


async def failed(tx: Tx, delivery_id: int, code: str, now: datetime, **more: Any) -> None:
    await over(tx, delivery_id, "failed", now, code, **more)
    await tasks.open_for(tx, delivery_id, "undelivered", code, now)


async def over(tx: Tx, delivery_id: int, state: str, now: datetime, code: str = "", **more: Any) -> None:
    """In one statement: PostgreSQL would check the conversation's key again at a second one, and wait for it."""
    row = sa.update(delivery).where(delivery.c.id == delivery_id)
    await tx.execute(row.values(state=state, code=code, settled_at=now, **more))
