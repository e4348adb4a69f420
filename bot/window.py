"""Apps take a reply only for so long after the citizen wrote. After that: a template, another channel, or a person.

Nothing pretends to be sent. The template carries a link to the answer; another channel is one that the same person has
linked and not stopped; else a task says that it did not arrive.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import consent
from bot.core import Core
from bot.ending import failed, over
from bot.model import conversation, correspondent, delivery
from bot.secrets import digest
from bot.store import Tx
from bot.words import say
from channels.contract import Channel
from text.sms import count, fold

CODE = "window"  # why a row did not go out as it is
ELSEWHERE = ("sms",)  # channels without a window, to which an answer may go instead


def until(channel: Channel, heard_at: datetime | None) -> datetime | None:
    """Until when a reply is allowed; None: always, as far as is known."""
    hours = channel.limits.window
    return None if hours is None or heard_at is None else heard_at + timedelta(hours=hours)


def is_closed(core: Core, channel: Channel, row: sa.Row[Any]) -> bool:
    """Whether it is too long since they wrote."""
    closes = until(channel, row.heard_at)
    return closes is not None and core.clock() > closes


async def closed(core: Core, row: sa.Row[Any], attempt: int, code: str) -> None:
    """The same for a row that is being sent, unless somebody else has settled it meanwhile."""
    async with core.store.write() as tx:
        ours = delivery.c.id == row.id, delivery.c.state == "sending", delivery.c.attempts == attempt
        if (await tx.execute(sa.select(delivery.c.id).where(*ours).with_for_update())).first() is not None:
            await go_on(core, tx, row, code)


async def go_on(core: Core, tx: Tx, row: sa.Row[Any], code: str) -> None:
    """By a template, once; then elsewhere; else staff see to it. A later part is in what the first one led to."""
    now = core.clock()
    if row.part and await _told_of(tx, row):
        await over(tx, row.id, "silenced", now, CODE)
    elif not row.template:
        await _by_template(core, tx, row)
    elif await _elsewhere(core, tx, row):
        await over(tx, row.id, "silenced", now, CODE)
    else:
        await failed(tx, row.id, code or CODE, now)
    core.store.after(tx, core.wake.post.set)


async def _told_of(tx: Tx, row: sa.Row[Any]) -> bool:
    """Whether an earlier part of the same answer went out as a link to all of it, or elsewhere."""
    earlier = sa.select(delivery.c.id).where(
        delivery.c.conversation == row.conversation,
        delivery.c.to_seq == row.to_seq,
        delivery.c.part < row.part,
        sa.or_(delivery.c.template != "", delivery.c.code == CODE),
    )
    return (await tx.execute(earlier.limit(1))).first() is not None


async def _by_template(core: Core, tx: Tx, row: sa.Row[Any]) -> None:
    """It waits again, as the link that a template carries."""
    link, token = _link(core)
    values = {"template": link, "link_digest": digest(token), "state": "waiting", "due_at": core.clock()}
    await tx.execute(sa.update(delivery).where(delivery.c.id == row.id).values(**values))


def _link(core: Core) -> tuple[str, str]:
    token = secrets.token_urlsafe(12)
    return f"{core.settings.address}/m/{token}", token


async def _elsewhere(core: Core, tx: Tx, row: sa.Row[Any]) -> bool:
    """A text with a link to the answer goes to the same person; whether there is a number that may be written to."""
    for other in await _others(tx, row):
        if other.provider in core.channels and not await consent.stopped(tx, other.channel, other.address):
            await _as_text(core, tx, row, other)
            return True
    return False


async def _as_text(core: Core, tx: Tx, row: sa.Row[Any], other: sa.Row[Any]) -> None:
    link, token = _link(core)
    language = (
        await tx.execute(sa.select(conversation.c.language).where(conversation.c.id == row.conversation))
    ).scalar_one()
    whole = f"{say(language, 'answer_waits')} {link}"
    text = fold(whole) if core.site.fold_to_gsm7 else whole
    counted, now = count(text), core.clock()
    await tx.execute(
        sa.insert(delivery).values(
            conversation=row.conversation,
            from_seq=row.from_seq,
            to_seq=row.to_seq,
            channel=other.channel,
            address=other.address,
            provider=other.provider,
            text=text,
            encoding=counted.encoding,
            segments=counted.segments,
            price=counted.segments * core.settings.sms_price,
            link_digest=digest(token),
            state="waiting",
            written_at=now,
            due_at=now,
        )
    )


async def _others(tx: Tx, row: sa.Row[Any]) -> list[sa.Row[Any]]:
    """The numbers that the same person has linked."""
    theirs = sa.select(correspondent.c.person).where(
        correspondent.c.channel == row.channel, correspondent.c.address == row.address
    )
    linked = correspondent.c.person.in_(theirs), correspondent.c.channel.in_(ELSEWHERE)
    return list(await tx.execute(sa.select(correspondent).where(*linked)))


async def phone_of(core: Core, row: sa.Row[Any]) -> str | None:
    """The number that they have linked, for templates that go to a number."""
    async with core.store.read() as tx:
        others = await _others(tx, row)
    return core.secrets.unsealed(others[0].sealed) if others else None
