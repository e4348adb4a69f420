"""Channels that are switched off for a while: what is written there is kept, and answered with why; no restart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import channel_switch
from bot.store import Tx

OFF = sa.select(channel_switch.c.message).where(channel_switch.c.channel == sa.bindparam("by"))


async def off(tx: Tx, channel: str) -> dict[str, str] | None:
    """What to say on a channel that is off, {"vi": …, "en": …}; None while it is on."""
    return (await tx.execute(OFF, {"by": channel})).scalar_one_or_none()


async def states(tx: Tx) -> dict[str, dict[str, Any]]:
    """The channels that are off: {channel: {"message", "off_since"}}."""
    rows = await tx.execute(sa.select(channel_switch))
    return {row.channel: {"message": row.message, "off_since": row.off_since} for row in rows}


async def switch_off(tx: Tx, channel: str, message: dict[str, str], now: datetime) -> None:
    """From the next message on; again: with the new message."""
    await switch_on(tx, channel)
    await tx.execute(sa.insert(channel_switch).values(channel=channel, message=message, off_since=now))


async def switch_on(tx: Tx, channel: str) -> bool:
    """Whether it was off."""
    return bool((await tx.execute(sa.delete(channel_switch).where(channel_switch.c.channel == channel))).rowcount)
