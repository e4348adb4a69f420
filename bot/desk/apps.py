"""What a messaging app takes of a reply, told before it is written: how much in one message, and until when."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot import window
from bot.core import Core
from bot.model import correspondent


async def limits(core: Core, conversation_id: str) -> dict[str, Any] | None:
    """{"most": letters of one message, "hours": of the window, "until": a moment, "closed"}; None for web and SMS.

    `hours` and `until` are None where the app always takes a reply.
    """
    of = sa.select(correspondent).where(correspondent.c.conversation == conversation_id)
    async with core.store.read() as tx:
        row = (await tx.execute(of)).one_or_none()
    channel = core.channels.get(row.provider) if row else None
    if row is None or channel is None or channel.name == "sms":
        return None
    until = window.until(channel, row.heard_at)
    closed = until is not None and core.clock() > until
    return {"most": channel.limits.length, "hours": channel.limits.window, "until": until, "closed": closed}
