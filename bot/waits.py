"""How long people have waited for a person: computed from what happened, and not told before enough has."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

import sqlalchemy as sa

from bot.model import conversation, handoff
from bot.store import Tx

ENOUGH = 10  # figures until a wait is told
LATELY, MOST = timedelta(days=14), 50  # of the last fortnight, the last so many
LOW, HIGH = 0.25, 0.9  # a quarter waited less than the low one, a tenth more than the high one


async def waits_of(tx: Tx, agency: str, now: datetime) -> tuple[int, int] | None:
    """(low, high) in minutes of those who waited in a queue while it was served; None before there are enough."""
    waited = (
        sa.select(handoff.c.opened_at, handoff.c.claimed_at)
        .join(conversation)
        .where(
            handoff.c.agency == agency,
            handoff.c.claimed_at > now - LATELY,
            handoff.c.wanted == "wait",
            ~conversation.c.test,
        )
    )
    rows = await tx.execute(waited.order_by(handoff.c.claimed_at.desc()).limit(MOST))
    minutes = sorted((row.claimed_at - row.opened_at) / timedelta(minutes=1) for row in rows)
    if len(minutes) < ENOUGH:
        return None
    low, high = (ceil(minutes[int(share * (len(minutes) - 1))]) for share in (LOW, HIGH))
    return max(1, low), max(2, low + 1, high)
