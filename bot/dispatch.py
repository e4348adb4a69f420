"""What was said in a conversation becomes what a provider carries, written in the transaction that said it.

The web reads for itself; everybody else is sent deliveries: one text, counted and priced before it leaves, or the
messages of an app.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import consent, messaging, tasks
from bot.core import Core
from bot.model import conversation, correspondent, delivery, message
from bot.secrets import digest
from bot.store import Tx
from bot.texting import PERSON, Said, Text, render
from channels.contract import Limits

GONE = "channel not set up"
WHOLE = Limits(length=4096, unit="characters")  # of a channel that is gone


async def dispatch(core: Core, tx: Tx, conversation_id: str, channel: str, now: datetime) -> None:
    """Send all that was said since the last delivery; nothing on the web, and nothing if nothing was.

    To whom said STOP it is written down as silenced; by a channel that is not set up any more as failed, for staff.
    """
    if channel != "web" and (lines := await _unsent(tx, conversation_id)):
        await _send(core, tx, conversation_id, lines, now, confirms=False)


async def confirm(core: Core, tx: Tx, conversation_id: str, now: datetime) -> None:
    """Send the last line by itself, also to whom said STOP: it says who this is, which an unsent disclosure would."""
    lines = await _unsent(tx, conversation_id)
    await _send(core, tx, conversation_id, lines[-1:], now, confirms=True)


async def _send(
    core: Core, tx: Tx, conversation_id: str, lines: list[sa.Row[Any]], now: datetime, *, confirms: bool
) -> None:
    to = (await tx.execute(_reached().where(correspondent.c.conversation == conversation_id))).one()
    silent = not confirms and await consent.stopped(tx, to.channel, to.address)
    gone = not silent and to.provider not in core.channels
    rows = await (_as_text if to.channel == "sms" else _as_messages)(core, tx, to, lines)
    common = {
        "conversation": conversation_id,
        "from_seq": lines[0].seq,
        "to_seq": lines[-1].seq,
        "channel": to.channel,
        "address": to.address,
        "provider": to.provider,
        "consent": confirms,
        "state": "silenced" if silent else "failed" if gone else "waiting",
        "code": GONE if gone else "",
        "settled_at": now if silent or gone else None,
        "written_at": now,
        "due_at": now,
    }
    for row in rows:
        made = await tx.execute(sa.insert(delivery).values(**common, **row).returning(delivery.c.id))
        if gone:
            await tasks.open_for(tx, made.scalar_one(), "undelivered", GONE, now)
    core.store.after(tx, core.wake.post.set)


async def _as_text(core: Core, tx: Tx, to: sa.Row[Any], lines: list[sa.Row[Any]]) -> list[dict[str, Any]]:
    """One SMS; none where there is nothing that a text could say."""
    token = secrets.token_urlsafe(12)
    text = _rendered(core, lines, token, asks=to.expects == "choice")
    if not text.count.segments:
        return []
    await _show_only(tx, to.conversation, lines, text)
    return [
        {
            "text": text.text,
            "encoding": text.count.encoding,
            "segments": text.count.segments,
            "price": text.price_vnd,
            "link_digest": digest(token) if text.cut else None,
        }
    ]


async def _as_messages(core: Core, _tx: Tx, to: sa.Row[Any], lines: list[sa.Row[Any]]) -> list[dict[str, Any]]:
    """The parts that the app takes, by whichever of its providers."""
    limits = {provider: one.limits for provider, one in core.channels.items() if one.name == to.channel}
    mine = limits.get(to.provider, WHOLE)
    shortest = min((one.length for one in limits.values()), default=mine.length)
    said = [messaging.Line(line.seq, line.text, line.language, line.choices, line.sources) for line in lines]
    return [
        {
            "part": place,
            "text": part.text,
            "options": [{"key": one.key, "label": one.label} for one in part.options],
            "opener": part.opener,
            "encoding": "",
            "segments": 0,
            "price": 0,
        }
        for place, part in enumerate(messaging.render(said, replace(mine, length=shortest)))
    ]


def _reached() -> sa.Select[Any]:
    """How whoever is on the other side is reached, and what the last answer asks of them."""
    return sa.select(correspondent, conversation.c.expects).join(conversation)


async def _unsent(tx: Tx, conversation_id: str) -> list[sa.Row[Any]]:
    sent = sa.select(sa.func.coalesce(sa.func.max(delivery.c.to_seq), 0)).where(
        delivery.c.conversation == conversation_id
    )
    said = sa.select(message).where(
        message.c.conversation == conversation_id,
        message.c.author != "citizen",
        message.c.seq > sent.scalar_subquery(),
    )
    return list(await tx.execute(said.order_by(message.c.seq)))


def _rendered(core: Core, lines: list[sa.Row[Any]], token: str, *, asks: bool) -> Text:
    said = [Said(line.author, line.text, line.short, line.choices, line.language, asks) for line in lines]
    address = f"{core.settings.address}/m/{token}"
    return render(said, folded=core.site.fold_to_gsm7, link=lambda: address, price=core.settings.sms_price)


async def _show_only(tx: Tx, conversation_id: str, lines: list[sa.Row[Any]], text: Text) -> None:
    """A bare number takes a choice that was shown; what there was no room for was not offered. 0 always is a person."""
    last = next((line for line in reversed(lines) if line.choices), None)
    if last is None:
        return
    kept = [one for one in last.choices if one in text.choices_shown or one["value"].startswith(PERSON)]
    if kept != last.choices:
        shown = sa.update(message).where(message.c.conversation == conversation_id, message.c.seq == last.seq)
        await tx.execute(shown.values(choices=kept))
