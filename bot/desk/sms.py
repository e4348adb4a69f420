"""What a reply by SMS costs, told while it is written: what goes out with it, whether folded, at which price."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.core import Core
from bot.model import message
from bot.texting import MOST_SEGMENTS


async def outgoing(core: Core, known: dict[str, Any]) -> dict[str, Any]:
    """{"before": what was said and goes out in the same text, "folded", "price": VND a segment, "most": segments}.

    `known`: as bot.desk.details tells. static/sms.js counts with it.
    """
    sent = max((one["seq"] for one in known["deliveries"]), default=0)
    unsent = sa.select(message.c.text, message.c.short).where(
        message.c.conversation == known["conversation"], message.c.author != "citizen", message.c.seq > sent
    )
    async with core.store.read() as tx:
        before = [row.short or row.text for row in await tx.execute(unsent.order_by(message.c.seq))]
    rules = {"folded": core.site.fold_to_gsm7, "price": core.settings.sms_price, "most": MOST_SEGMENTS}
    return {"before": "\n".join(before), **rules}
