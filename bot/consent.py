"""Who wants no more texts: the words that say so, and our own ledger, asked before everything that is sent.

Carriers and providers have lists of their own; this one is ours, by channel and address, and only ever added to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Literal

import sqlalchemy as sa

from bot.core import Core
from bot.model import consent
from bot.outbox import Line, spoken
from bot.store import Tx
from bot.words import table
from text.fold import fold

Word = Literal["stop", "start", "help"]
STATES = {"stop": "stopped", "start": "started"}


def word_of(text: str, *, asked: bool) -> Word | None:
    """What a text says about consent, if it says nothing else. `asked`: a question or a form is open, or a person is
    on the other side, so that "dung" may be "right" and "huy" may cancel something else."""
    words = re.findall(r"\w+", fold(text))
    if not words:
        return None
    whole = " ".join(words)
    if words[0] in _of("stop") and all(word in _of("stop_beside") for word in words[1:]):
        return "stop"
    if whole in _of("stop_alone") and not asked:
        return "stop"
    return next((word for word in ("start", "help") if whole in _of(f"{word}_alone")), None)


@cache
def _of(key: str) -> frozenset[str]:
    return frozenset(table("door")[key])


def _stopped() -> sa.Select[Any, Any]:
    wanted = consent.c.address.in_(sa.bindparam("addresses", expanding=True))
    newest = sa.select(sa.func.max(consent.c.id)).where(wanted)
    newest = newest.group_by(consent.c.channel, consent.c.address)
    return sa.select(consent.c.channel, consent.c.address).where(consent.c.id.in_(newest), consent.c.state == "stopped")


STOPPED = _stopped()


async def stopped(tx: Tx, channel: str, address: str) -> bool:
    """Whether the newest word of this address, by this channel, is that nothing may be sent."""
    return (channel, address) in await stopped_of(tx, {address})


async def silent(tx: Tx, channel: str, address: str, message_id: str, now: datetime) -> bool:
    """The same when they write. Where the provider told us, as of somebody who no longer follows us, writing again
    takes it back; but by SMS a carrier lets nothing through before START."""
    if not await stopped(tx, channel, address):
        return False
    told = sa.select(consent.c.source).where(consent.c.channel == channel, consent.c.address == address)
    newest = (await tx.execute(told.order_by(consent.c.id.desc()).limit(1))).scalar_one()
    if channel == "sms" or newest == "citizen":
        return True
    await record(tx, channel, address, "start", "citizen", message_id, now)
    return False


async def stopped_of(tx: Tx, addresses: Iterable[str]) -> set[tuple[str, str]]:
    """Those of the addresses, each with its channel, whose newest word is that nothing may be sent."""
    rows = await tx.execute(STOPPED, {"addresses": list(addresses)})
    return {(row.channel, row.address) for row in rows}


async def record(tx: Tx, channel: str, address: str, word: Word, source: str, evidence: str, now: datetime) -> None:
    """Add to the ledger; "help" is no consent and is not kept."""
    if word not in STATES:
        return
    values: dict[str, Any] = {"channel": channel, "address": address, "state": STATES[word]}
    await tx.execute(sa.insert(consent).values(**values, source=source, evidence=evidence[:255], at=now))


def confirmation(core: Core, word: Word, language: str, reply_to: int) -> Line:
    """What is said to such a word, once: who this is, and how to undo it."""
    key = {"stop": "stopped", "start": "started", "help": "help"}[word]
    return spoken("system", language, key, reply_to=reply_to, name=core.site.short_name[language])
