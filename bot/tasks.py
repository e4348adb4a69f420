"""What a person has to see to: texts that did not arrive, or of which nobody knows whether they did."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.core import Core
from bot.errors import NotFound
from bot.model import conversation, delivery, task
from bot.people import Person
from bot.store import Tx


async def open_for(tx: Tx, delivery_id: int, kind: str, code: str, now: datetime) -> None:
    """A task for a delivery; one a delivery, opened again if it was done."""
    again = sa.update(task).where(task.c.delivery == delivery_id)
    if (await tx.execute(again.values(kind=kind, code=code, opened_at=now, done_at=None, person=None))).rowcount:
        return
    of = sa.select(delivery.c.conversation).where(delivery.c.id == delivery_id).scalar_subquery()
    await tx.execute(
        sa.insert(task).values(conversation=of, delivery=delivery_id, kind=kind, code=code, opened_at=now)
    )


async def done(tx: Tx, delivery_id: int, now: datetime) -> None:
    """A receipt came after all: nothing is left to do."""
    await tx.execute(
        sa.update(task).where(task.c.delivery == delivery_id, task.c.done_at.is_(None)).values(done_at=now)
    )


async def waiting(core: Core, who: Person) -> list[dict[str, Any]]:
    """The open tasks that `who` may see, oldest first."""
    listed = (
        sa.select(task, delivery.c.from_seq, delivery.c.channel, delivery.c.provider, conversation.c.agency)
        .join_from(task, delivery)
        .join(conversation, conversation.c.id == task.c.conversation)
        .where(task.c.done_at.is_(None))
        .order_by(task.c.id)
    )
    async with core.store.read() as tx:
        rows = [row for row in await tx.execute(listed) if who.may_see(row.agency)]
    return [_shown(row) for row in rows]


def _shown(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "conversation": row.conversation,
        "seq": row.from_seq,
        "channel": row.channel,
        "provider": row.provider,
        "code": row.code,
        "agency": row.agency,
        "opened_at": row.opened_at.isoformat(),
    }


async def finish(core: Core, who: Person, task_id: str) -> None:
    """`who` has seen to it; again without effect. Raises NotFound, also for another agency's."""
    number = int(task_id) if re.fullmatch(r"[0-9]{1,18}", task_id) else 0
    found = sa.select(task, conversation.c.agency).join(conversation).where(task.c.id == number)
    async with core.store.write() as tx:
        row = (await tx.execute(found)).one_or_none()
        if row is None or not who.may_see(row.agency):
            raise NotFound("No such task.")
        if row.done_at is None:
            ended = sa.update(task).where(task.c.id == number)
            await tx.execute(ended.values(done_at=core.clock(), person=who.id))
