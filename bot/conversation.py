"""A citizen opens a conversation, says something, reads what was said; all of it committed before it returns."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot import door, limits, outbox
from bot.core import Core
from bot.errors import Conflict, Empty, NotFound, TooLong
from bot.hearing import content_digest, disclosure, hear
from bot.meaning import Said
from bot.model import LOCKED, conversation, message
from bot.secrets import digest
from bot.store import Tx
from bot.turn import take_new
from text.clean import clean, visible

LIMIT = 2_000  # code points after NFC
RASA_FIRST = 0.005  # seconds until whoever reads along is told: until then Rasa is being asked
BY_TOKEN = sa.select(conversation.c.id).where(conversation.c.token_digest == sa.bindparam("digest"))
SENT_BEFORE = sa.select(message.c.seq, message.c.digest).where(
    message.c.conversation == sa.bindparam("whose"), message.c.message_id == sa.bindparam("id")
)


@dataclass(frozen=True, slots=True)
class Opened:
    conversation: str
    token: str


@dataclass(frozen=True, slots=True)
class Received:
    """The seq of the citizen's message; `again` when the same id had been received before."""

    seq: int
    again: bool


async def open_conversation(core: Core, *, language: str | None, address: str) -> Opened:
    """A new web conversation with the message that discloses the assistant; raises TooMany over the address's limit."""
    now, hashed = core.clock(), core.secrets.address(address)
    opened = Opened("c-" + secrets.token_urlsafe(16), secrets.token_urlsafe(32))
    spoken = language or core.site.default_language
    async with core.store.write() as tx:
        await limits.check_new(core, tx, hashed, now)
        await tx.execute(
            sa.insert(conversation).values(
                id=opened.conversation,
                channel="web",
                address=hashed,
                token_digest=digest(opened.token),
                language=spoken,
                agency=core.site.identifier,
                created_at=now,
                updated_at=now,
            )
        )
        await outbox.append(tx, opened.conversation, disclosure(core, spoken), now)
    return opened


async def find_by_token(core: Core, token: str) -> str | None:
    """The conversation that a bearer token opens."""
    async with core.store.read() as tx:
        return (await tx.execute(BY_TOKEN, {"digest": digest(token)})).scalar_one_or_none()


async def read(core: Core, conversation_id: str, after: int = 0) -> list[dict[str, Any]]:
    """All messages after a seq."""
    async with core.store.read() as tx:
        return await outbox.messages_after(tx, conversation_id, after)


async def receive(
    core: Core,
    conversation_id: str,
    *,
    message_id: str,
    text: str | None = None,
    payload: str | None = None,
) -> Received:
    """Keep what a citizen said, and answer at once what the door recognises.

    Raises Empty, TooLong, NotOffered, TooMany, Conflict (same id, other content), NotFound.
    """
    said = Said(message_id, readable(text) if text is not None else None, payload)
    now = core.clock()
    with core.hands.hold(new=True) as hand:
        async with core.store.write() as tx:
            row = await _locked(tx, conversation_id)
            if (before := await _before(core, tx, row, said)) is not None:
                return Received(before, again=True)
            if said.text is None or door.danger(said.text) is None:  # a cry for help is never too many
                await limits.check_rate(core, tx, conversation_id, now)
            seq = await hear(core, tx, row, said, now)
            if hand:
                hand.holds = await take_new(tx, conversation_id, seq, now)
    if not hand:
        core.wake.work.set()
    asyncio.get_running_loop().call_later(RASA_FIRST, core.wake.grew, conversation_id)
    return Received(seq, again=False)


def readable(text: str) -> str:
    """The text as it may be kept; raises TooLong or Empty."""
    length = len(unicodedata.normalize("NFC", text))
    if length > LIMIT:
        raise TooLong(
            f"The text has {length} characters, {length - LIMIT} too many; the limit is {LIMIT}.",
            field="text",
            extra={"limit": LIMIT, "length": length, "over": length - LIMIT},
        )
    cleaned = clean(text)
    if not visible(cleaned):
        raise Empty("The text is empty or invisible; write a question.", field="text")
    return cleaned


async def _locked(tx: Tx, conversation_id: str) -> sa.Row[Any]:
    found = await tx.execute(LOCKED, {"whose": conversation_id})
    row = found.one_or_none()
    if row is None:
        raise NotFound("No such conversation.")
    return row


async def _before(core: Core, tx: Tx, row: sa.Row[Any], said: Said) -> int | None:
    before = (await tx.execute(SENT_BEFORE, {"whose": row.id, "id": said.message_id})).one_or_none()
    if before is not None and before.digest != content_digest(core, said):
        raise Conflict("This id was already used for another message; use a new id.", field="id")
    return None if before is None else int(before.seq)
