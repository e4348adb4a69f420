"""What the assistant would have said while a person answers: for that person's eyes, and counted when it is used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import audit
from bot.assistant import Answer
from bot.core import Core, beside
from bot.errors import NotFound
from bot.handoff import owned, visible
from bot.model import draft
from bot.people import Person
from bot.store import Tx


async def keep(tx: Tx, row: sa.Row[Any], answer: Answer, now: datetime) -> None:
    """`row`: of the inbox."""
    reply = answer.reply
    of = {"conversation": row.conversation, "seq": row.seq}
    await tx.execute(sa.delete(draft).where(*(draft.c[name] == value for name, value in of.items())))
    sources = [source.model_dump() for source in reply.sources]
    said = {"text": reply.text, "language": reply.language, "sources": sources}
    await tx.execute(sa.insert(draft).values(**of, **said, at=now))


async def drafts(core: Core, who: Person, conversation_id: str) -> list[dict[str, Any]]:
    """The drafts of a conversation, oldest first: {seq, text, language, sources, used}."""
    async with core.store.read() as tx:
        await visible(tx, who, conversation_id)
        rows = await tx.execute(sa.select(draft).where(draft.c.conversation == conversation_id).order_by(draft.c.seq))
        return [
            {
                "seq": row.seq,
                "text": row.text,
                "language": row.language,
                "sources": row.sources,
                "used": row.used_at is not None,
            }
            for row in rows
        ]


async def use(core: Core, who: Person, conversation_id: str, seq: int) -> None:
    """The owner took a draft over into a reply. Raises NotFound for one that does not exist."""
    now = core.clock()
    async with core.store.write() as tx:
        row = await owned(tx, who, conversation_id)
        of = sa.and_(draft.c.conversation == conversation_id, draft.c.seq == seq)
        if not (await tx.execute(sa.update(draft).where(of).values(used_at=now))).rowcount:
            raise NotFound("No such draft.")
        await audit.record(tx, who.name, "use_draft", now, conversation=row.id, agency=row.agency, seq=seq)
    core.wake.grew(beside(conversation_id))
