"""Whom to call back, or to answer, by a moment that was promised; with the number that they left for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import queueing
from bot.core import Core
from bot.model import handoff
from bot.people import Person, require


async def listed(core: Core, who: Person) -> list[dict[str, Any]]:
    """As queueing.callbacks, each also with "contact": the number in E.164, None where none was left, and "late"."""
    require(who, "converse")
    shown = await queueing.callbacks(core, who)
    waiting = handoff.c.conversation.in_([one["conversation"] for one in shown])
    left = sa.select(handoff.c.conversation, handoff.c.contact).where(waiting, handoff.c.state == "queued")
    async with core.store.read() as tx:
        sealed = {row.conversation: row.contact for row in await tx.execute(left.where(handoff.c.contact.is_not(None)))}
    numbers = {conversation: core.secrets.unsealed(contact) for conversation, contact in sealed.items()}
    return [one | {"contact": numbers.get(one["conversation"]), "late": _is_late(core, one)} for one in shown]


def _is_late(core: Core, one: dict[str, Any]) -> bool:
    promised = one["promised_at"]
    return promised is not None and datetime.fromisoformat(promised) <= core.clock()
