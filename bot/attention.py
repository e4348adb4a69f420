"""Who of the staff has a conversation open, and what they do there; a sign of it is good for some seconds.

The citizen sees one thing of it: that whoever owns the conversation writes a reply. A note is nobody's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.core import Core
from bot.handoff import visible
from bot.model import attention, conversation, person
from bot.people import Person
from bot.store import Tx

Doing = Literal["reading", "replying", "noting"]
LASTS = {"reading": timedelta(seconds=40), "replying": timedelta(seconds=8), "noting": timedelta(seconds=8)}


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
        core.wake.grew(conversation_id)


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


TYPING = sa.select(attention.c.person).where(
    attention.c.conversation == sa.bindparam("whose"),
    attention.c.doing == "replying",
    attention.c.until > sa.bindparam("now"),
    sa.exists().where(
        conversation.c.id == attention.c.conversation,
        conversation.c.owner == "staff",
        conversation.c.person == attention.c.person,
    ),
)


async def typing(core: Core, conversation_id: str) -> bool:
    """Whether whoever of the staff owns the conversation is writing a reply: what the citizen may know."""
    async with core.store.read() as tx:
        return (await tx.execute(TYPING, {"whose": conversation_id, "now": core.clock()})).first() is not None
