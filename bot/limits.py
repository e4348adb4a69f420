"""How much one address and one conversation may send."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.core import Core
from bot.errors import TooMany
from bot.model import conversation, message
from bot.store import Tx

CONVERSATIONS = sa.select(sa.func.count()).where(
    conversation.c.address == sa.bindparam("whose"), conversation.c.created_at > sa.bindparam("since")
)
MESSAGES = sa.select(sa.func.count()).where(
    message.c.conversation == sa.bindparam("whose"),
    message.c.author == "citizen",
    message.c.at > sa.bindparam("since"),
)
# On PostgreSQL those who come from one address at once are counted one after the other.
ONE_AT_A_TIME = sa.select(sa.func.pg_advisory_xact_lock(7_203_118, sa.func.hashtext(sa.bindparam("whose"))))


async def check_new(core: Core, tx: Tx, address: str, now: datetime) -> None:
    """Raises TooMany. Who comes with others from the same address is counted after them."""
    if limit := core.settings.limit_conversations_per_hour:
        await _check_new(tx, address, now, limit)
        if tx.dialect.name == "postgresql":
            await tx.execute(ONE_AT_A_TIME, {"whose": address})
            await _check_new(tx, address, now, limit)


async def _check_new(tx: Tx, address: str, now: datetime, limit: int) -> None:
    if await _count(tx, CONVERSATIONS, address, now - timedelta(hours=1)) >= limit:
        raise _too_many(f"More than {limit} conversations in an hour from one address.", 600)


async def check_rate(core: Core, tx: Tx, conversation_id: str, now: datetime) -> None:
    limit = core.settings.limit_messages_per_minute
    if limit and await _count(tx, MESSAGES, conversation_id, now - timedelta(minutes=1)) >= limit:
        raise _too_many(f"More than {limit} messages in a minute.", 20)


async def _count(tx: Tx, counting: sa.Select[Any], whose: str, since: datetime) -> int:
    counted: int = (await tx.execute(counting, {"whose": whose, "since": since})).scalar_one()
    return counted


def _too_many(detail: str, seconds: int) -> TooMany:
    return TooMany(
        f"{detail} Try again in {seconds} seconds.", extra={"seconds": seconds}, headers={"Retry-After": str(seconds)}
    )
