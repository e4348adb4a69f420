"""What staff see of a conversation beside its messages: channel, owner, opt-out, and where each text of ours is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot import consent
from bot.core import Core
from bot.handoff import visible
from bot.model import delivery
from bot.people import Person
from bot.store import Tx


async def details(core: Core, who: Person, conversation_id: str) -> dict[str, Any]:
    """Raises NotFound for a conversation of another agency, as for one that does not exist."""
    async with core.store.read() as tx:
        row = await visible(tx, who, conversation_id)
        return {
            "conversation": row.id,
            "channel": row.channel,
            "language": row.language,
            "agency": row.agency,
            "owner": row.owner,
            "opted_out": await consent.stopped(tx, row.channel, row.address),
            "deliveries": await _deliveries(tx, conversation_id),
        }


async def _deliveries(tx: Tx, conversation_id: str) -> list[dict[str, Any]]:
    """`seq`: of the last message that the text carries; price in VND."""
    rows = await tx.execute(
        sa.select(delivery).where(delivery.c.conversation == conversation_id).order_by(delivery.c.id)
    )
    return [
        {
            "seq": row.to_seq,
            "state": row.state,
            "provider": row.provider,
            "encoding": row.encoding,
            "segments": row.segments,
            "price": row.price,
            "code": row.code,
        }
        for row in rows
    ]
