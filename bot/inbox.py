"""What providers deliver: kept sealed in a common commit, acknowledged, then opened into its conversation in order.

The acknowledgement waits for nothing but the commit: not for Rasa, not for the conversation. What was delivered is kept
encrypted until it is opened, for it may hold a proof, and a proof never rests in the clear.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from bot import receipts
from bot.core import Core
from bot.model import envelope
from bot.receipts import Counted
from bot.store import Tx
from bot.texts import hear_text
from channels.contract import Channel, Message, Receipt
from text.phone import normalise

log = logging.getLogger(__name__)

ONE_OPENER = 7_203_115  # PostgreSQL's advisory lock: one process opens at a time, so that order is kept
_INTERNATIONAL = re.compile(r"\+[1-9]\d{7,14}")


OLDEST = sa.select(envelope).where(envelope.c.state == "waiting").order_by(envelope.c.id).limit(1)
MARK = (
    sa.update(envelope)
    .where(envelope.c.id == sa.bindparam("which"))
    .values(state=sa.bindparam("now"), sealed=sa.bindparam("left"))
)


def person(sender: str) -> str | None:
    """The sender in E.164; None for short codes and names, which are no people and cannot be answered."""
    national = normalise(sender)
    bare = sender.strip()
    number = national or (f"+{bare}" if re.fullmatch(r"[1-9]\d{9,14}", bare) else bare)
    return number if _INTERNATIONAL.fullmatch(number) else None


async def keep(core: Core, channel: Channel, events: Sequence[Message | Receipt], counted: Counted) -> int:
    """Returns when all of it is committed, in its order: how many of the messages are for us."""
    kept = await asyncio.gather(*(_keep_one(core, channel, event, counted) for event in events))
    if any(kept):
        core.wake.letters.set()
    return sum(kept)


async def _keep_one(core: Core, channel: Channel, event: Message | Receipt, counted: Counted) -> bool:
    if isinstance(event, Receipt):
        await core.store.together(receipts.moved, core, (event, counted))
        return False
    sender = person(event.sender) if channel.name == "sms" else event.sender
    if sender is None or sender == person(channel.sender):
        return False
    await core.store.together(_insert, core, _as_row(core, channel, event, sender))
    return True


def _as_row(core: Core, channel: Channel, message: Message, sender: str) -> dict[str, Any]:
    return {
        "provider": channel.provider,
        "account": message.account[:80],
        "provider_id": message.provider_id[:255],
        "sealed": core.secrets.sealed(json.dumps(asdict(message) | {"sender": sender})),
        "received_at": core.clock(),
    }


async def _insert(core: Core, tx: Tx, rows: Sequence[dict[str, Any]]) -> Sequence[None]:
    """Where the provider repeats itself, the first one stands: by constraint, whichever process got it."""
    insert = sqlite.insert if core.store.sqlite else postgresql.insert
    await tx.execute(insert(envelope).on_conflict_do_nothing(), list(rows))
    return [None] * len(rows)


async def open_letters(core: Core) -> None:
    """Open what was kept, oldest first; runs until cancelled."""
    while True:
        await core.wake.calm()
        core.wake.letters.clear()  # before looking: what comes while looking is seen
        try:
            opened = await open_next(core)
        except Exception:
            log.exception("opening what came in broke off")
            opened = False
        if not opened:
            await core.wake.rest(core.wake.letters)


async def open_next(core: Core) -> bool:
    """Open the oldest envelope; False when none waits, or another process opens.

    One in a transaction: whoever waits to be acknowledged waits no longer than that.
    """
    async with core.store.write() as tx:
        if not core.store.sqlite and not await _alone(tx):
            return False
        row = (await tx.execute(OLDEST)).one_or_none()
        if row is None:
            return False
        conversation = await _opened(core, tx, row, core.clock())
    if conversation:
        core.wake.grew(conversation)
        core.wake.work.set()
    return True


async def _alone(tx: Tx) -> bool:
    return bool((await tx.execute(sa.select(sa.func.pg_try_advisory_xact_lock(ONE_OPENER)))).scalar_one())


async def _opened(core: Core, tx: Tx, row: sa.Row[Any], now: datetime) -> str | None:
    """One that cannot be opened is set aside, sealed as it is, and holds up none behind it. What the database is to
    blame for (a deadlock, a lost connection, a lock) is raised: nothing of the transaction stays, and all wait."""
    try:
        async with tx.begin_nested():
            letter = Message(**json.loads(core.secrets.unsealed(row.sealed)))
            conversation = await hear_text(core, tx, row.provider, letter, now)
            await tx.execute(MARK, {"which": row.id, "now": "opened", "left": ""})
    except DBAPIError as err:
        if not isinstance(err, DataError | IntegrityError):
            raise
        return await _set_aside(tx, row)
    except Exception:
        return await _set_aside(tx, row)
    return conversation


async def _set_aside(tx: Tx, row: sa.Row[Any]) -> None:
    log.exception("envelope %s could not be opened and is set aside", row.id)
    await tx.execute(MARK, {"which": row.id, "now": "broken", "left": row.sealed})
