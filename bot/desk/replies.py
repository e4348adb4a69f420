"""What staff write: replies, which reach the citizen, and notes, which never do."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot import audit, consent, outbox, promise
from bot.conversation import Received, readable
from bot.core import Core, beside
from bot.dispatch import dispatch
from bot.errors import Conflict
from bot.handoff import locked, owned, visible
from bot.language import detect
from bot.model import message, note, person
from bot.outbox import Line
from bot.people import Person
from bot.secrets import keyed
from bot.store import Tx


async def may_read(core: Core, who: Person, conversation_id: str) -> None:
    """Raises NotFound for a conversation of another agency, as for one that does not exist."""
    async with core.store.read() as tx:
        await visible(tx, who, conversation_id)


async def reply(
    core: Core, who: Person, conversation_id: str, message_id: str, text: str, draft: int | None = None
) -> Received:
    """Say something as the owner; the same id again has no second effect. Raises Conflict, NotFound, Empty, TooLong.

    `draft`: the seq of the assistant's draft that it was made from.
    """
    cleaned = readable(text)
    digest = keyed(core.secrets.session_key, f"staff:{cleaned}")
    async with core.store.write() as tx:
        row = await owned(tx, who, conversation_id)
        before = (
            await tx.execute(
                sa.select(message.c.seq, message.c.digest).where(
                    message.c.conversation == conversation_id, message.c.message_id == message_id
                )
            )
        ).one_or_none()
        if before is not None and before.digest != digest:
            raise Conflict("This id was already used for another message; use a new id.", field="id")
        if before is not None:
            return Received(before.seq, again=True)
        if await consent.stopped(tx, row.channel, row.address):
            raise Conflict("This citizen has opted out of texts (STOP); nothing can be sent until they text START.")
        now, language = core.clock(), detect(cleaned) or row.language
        line = Line("staff", cleaned, language, message_id=message_id, digest=digest, person=who.id)
        seq = await outbox.append(tx, conversation_id, line, now)
        await promise.replied(tx, conversation_id, now)
        await dispatch(core, tx, conversation_id, row.channel, now)
        await audit.record(tx, who.name, "reply", now, conversation=row.id, agency=row.agency, seq=seq, draft=draft)
    core.wake.grew(conversation_id, "desk")
    return Received(seq, again=False)


async def note_down(core: Core, who: Person, conversation_id: str, text: str, note_id: str | None = None) -> None:
    """Keep a private note; the same id again has no second effect."""
    cleaned = readable(text)
    async with core.store.write() as tx:
        row = await locked(tx, who, conversation_id)
        if note_id is not None and await _is_kept(tx, conversation_id, note_id):
            return
        kept = {"conversation": conversation_id, "person": who.id, "text": cleaned, "note_id": note_id}
        await tx.execute(sa.insert(note).values(**kept, at=core.clock()))
        await audit.record(tx, who.name, "note", core.clock(), conversation=row.id, agency=row.agency)
    core.wake.grew(beside(conversation_id))


async def _is_kept(tx: Tx, conversation_id: str, note_id: str) -> bool:
    same = sa.exists().where(note.c.conversation == conversation_id, note.c.note_id == note_id)
    return bool((await tx.execute(sa.select(same))).scalar_one())


async def notes(core: Core, who: Person, conversation_id: str) -> list[dict[str, Any]]:
    """The private notes of a conversation, oldest first."""
    async with core.store.read() as tx:
        await visible(tx, who, conversation_id)
        rows = await tx.execute(
            sa.select(note.c.text, note.c.at, person.c.name)
            .join(person)
            .where(note.c.conversation == conversation_id)
            .order_by(note.c.id)
        )
        return [{"person": row.name, "text": row.text, "at": row.at.isoformat()} for row in rows]
