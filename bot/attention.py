"""Who of the staff has a conversation open, and what they do there; a sign of it is good for some seconds.

The citizen sees one thing of it: that whoever owns the conversation writes a reply. A note is nobody's business.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.core import Core, beside
from bot.handoff import visible
from bot.model import attention, conversation, person
from bot.people import Person
from bot.store import Tx

log = logging.getLogger(__name__)

Doing = Literal["reading", "replying", "noting"]
CHANGED = "attention"  # what those who look at all of it listen for
LOOK_AGAIN = 1.0  # seconds: another process may have been told
LASTS = {"reading": timedelta(seconds=40), "replying": timedelta(seconds=8), "noting": timedelta(seconds=8)}


def writing(conversation_id: str) -> str:
    """Where it is heard that somebody begins or ends writing a reply."""
    return f"writing:{conversation_id}"


@dataclass(frozen=True, slots=True)
class _Sign:
    conversation: str
    person: int
    doing: Doing
    until: datetime


async def attend(core: Core, who: Person, conversation_id: str, doing: Doing | None) -> None:
    """`who` does this now; None: they have gone. Raises NotFound for a conversation that they may not see."""
    now = core.clock()
    own = sa.and_(attention.c.conversation == conversation_id, attention.c.person == who.id)
    async with core.store.read() as tx:
        await visible(tx, who, conversation_id)
        was = (await tx.execute(sa.select(attention.c.doing).where(own, attention.c.until > now))).scalar_one_or_none()
    if doing is not None:
        await core.store.together(_keep, core, _Sign(conversation_id, who.id, doing, now + LASTS[doing]))
    elif was is not None:
        async with core.store.write() as tx:
            await tx.execute(sa.delete(attention).where(own))
    if doing != was:
        core.wake.grew(CHANGED, beside(conversation_id))


async def _keep(core: Core, tx: Tx, signs: Sequence[_Sign]) -> Sequence[None]:
    """Signs of two hundred people at once are one commit; of one person's several for a conversation the last holds."""
    insert = sqlite.insert if core.store.sqlite else postgresql.insert
    last = {(sign.conversation, sign.person): sign for sign in signs}
    rows = [{"conversation": one.conversation, "person": one.person, "doing": one.doing, "until": one.until}
            for one in last.values()]  # fmt: skip
    kept = insert(attention)
    same = {"doing": kept.excluded.doing, "until": kept.excluded.until}
    await tx.execute(kept.on_conflict_do_update(index_elements=["conversation", "person"], set_=same), rows)
    return [None] * len(signs)


async def others(core: Core, tx: Tx, conversation_id: str, who: Person) -> list[dict[str, Any]]:
    """Which colleagues have it open now, by name: {"name", "doing"}."""
    there = (
        sa.select(person.c.name, attention.c.doing)
        .join(person)
        .where(attention.c.conversation == conversation_id, attention.c.person != who.id)
        .where(attention.c.until > core.clock())
        .order_by(person.c.name)
    )
    return [{"name": row.name, "doing": row.doing} for row in await tx.execute(there)]


TYPING = (
    sa.select(attention.c.conversation)
    .join(conversation, sa.and_(conversation.c.id == attention.c.conversation, conversation.c.owner == "staff"))
    .where(attention.c.person == conversation.c.person, attention.c.doing == "replying")
    .where(attention.c.until > sa.bindparam("now"))
)


class Typing:
    """Where whoever of the staff owns the conversation is writing a reply: what its citizen may know.

    One look serves all who listen: at once for what this process was told, every second for what another one was.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._changed = core.wake.listen(CHANGED)
        self._where: frozenset[str] = frozenset()

    def at(self, conversation_id: str) -> bool:
        """As of the last look."""
        return conversation_id in self._where

    async def watch(self) -> None:
        """Look again and again, and wake those of whom it is no longer so; runs until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN):
                    await self._changed.wait()
            try:
                await self.look()
            except Exception:
                log.exception("looking who writes broke off")
                await asyncio.sleep(LOOK_AGAIN)

    async def look(self) -> None:
        self._changed.clear()
        async with self._core.store.read() as tx:
            found = frozenset((await tx.execute(TYPING, {"now": self._core.clock()})).scalars())
        moved, self._where = found ^ self._where, found
        self._core.wake.grew(*map(writing, moved))
