"""A citizen opens a conversation, says something, reads what was said; all of it committed before it returns."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import door, handoff, limits, outbox
from bot.core import Core
from bot.errors import Conflict, Empty, NotFound, TooLong
from bot.language import detect
from bot.meaning import Meant, Said, understand
from bot.model import conversation, inbox, message
from bot.outbox import Line
from bot.secrets import digest, keyed
from bot.store import Tx
from bot.words import emergency, say
from text.clean import clean, visible

LIMIT = 2_000  # code points after NFC


@dataclass(frozen=True, slots=True)
class Opened:
    conversation: str
    token: str


@dataclass(frozen=True, slots=True)
class Received:
    """The seq of the citizen's message; `again` when the same id had been received before."""

    seq: int
    again: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that was just kept: its conversation as it was before, its owner from now on, and what it means."""

    row: sa.Row[Any]
    owner: str
    seq: int
    message_id: str
    meant: Meant
    language: str
    now: datetime


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
        disclosure = say(spoken, "disclosure", name=core.site.name[spoken])
        await outbox.append(tx, opened.conversation, Line("system", disclosure, spoken), now)
    return opened


async def find_by_token(core: Core, token: str) -> str | None:
    """The conversation that a bearer token opens."""
    async with core.store.read() as tx:
        found = await tx.execute(sa.select(conversation.c.id).where(conversation.c.token_digest == digest(token)))
        return found.scalar_one_or_none()


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
    async with core.store.write() as tx:
        row = await _locked(tx, conversation_id)
        if (before := await _before(core, tx, row, said)) is not None:
            return Received(before, again=True)
        if said.text is None or door.danger(said.text) is None:  # a cry for help is never too many
            await limits.check_rate(core, tx, conversation_id, now)
        seq = await _keep(core, tx, row, said, now)
    core.wake.work.set()
    core.wake.grew(conversation_id)
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
    found = await tx.execute(sa.select(conversation).where(conversation.c.id == conversation_id).with_for_update())
    row = found.one_or_none()
    if row is None:
        raise NotFound("No such conversation.")
    return row


async def _before(core: Core, tx: Tx, row: sa.Row[Any], said: Said) -> int | None:
    found = await tx.execute(
        sa.select(message.c.seq, message.c.digest).where(
            message.c.conversation == row.id, message.c.message_id == said.message_id
        )
    )
    before = found.one_or_none()
    if before is not None and before.digest != _content(core, said):
        raise Conflict("This id was already used for another message; use a new id.", field="id")
    return None if before is None else int(before.seq)


async def _keep(core: Core, tx: Tx, row: sa.Row[Any], said: Said, now: datetime) -> int:
    meant = await understand(core, tx, row, said, now)
    language = (detect(meant.shown) if meant.known.intent is None else None) or row.language
    line = Line("citizen", meant.shown, language, message_id=said.message_id, digest=_content(core, said))
    seq = await outbox.append(tx, row.id, line, now)
    owner = "assistant" if row.owner == "closed" else row.owner
    await tx.execute(
        sa.update(conversation)
        .where(conversation.c.id == row.id)
        .values(language=language, owner=owner, proof_until=meant.proof_until)
    )
    heard = Heard(row, owner, seq, said.message_id, meant, language, now)
    await _answer_or_queue(core, tx, heard)
    return seq


async def _answer_or_queue(core: Core, tx: Tx, heard: Heard) -> None:
    """What the door recognises is answered here; what a person owns waits for that person; the rest waits for Rasa."""
    text, typed = heard.meant.shown, heard.meant.known.intent is None
    recognised = door.recognise(text) if typed else None
    person = recognised == "person" or heard.meant.known.intent == "talk_to_person"  # a word, a label or a button
    if recognised == "emergency":
        await _answer_emergency(tx, heard)
    elif heard.owner == "staff":
        return
    elif person:
        await handoff.ask_at_door(core, tx, heard.row, heard.seq, heard.language, heard.now)
    elif typed and heard.owner == "queue" and door.withdraws(text):
        await handoff.withdraw(tx, heard.row, heard.seq, heard.language, heard.now)
    else:
        await _wait_for_rasa(tx, heard)


async def _wait_for_rasa(tx: Tx, heard: Heard) -> None:
    row = heard.row
    waiting = {"provider": row.channel, "account": row.id, "provider_id": heard.message_id}
    known = heard.meant.known.as_json()
    await tx.execute(
        sa.insert(inbox).values(
            **waiting, conversation=row.id, seq=heard.seq, understood=known, received_at=heard.now, due_at=heard.now
        )
    )


async def _answer_emergency(tx: Tx, heard: Heard) -> None:
    """The numbers, the fitting one first; as a system note where a person owns the conversation."""
    author = "system" if heard.owner == "staff" else "assistant"
    text = emergency(door.danger(heard.meant.shown) or "any", heard.language)
    await outbox.append(tx, heard.row.id, Line(author, text, heard.language, reply_to=heard.seq), heard.now)
    await outbox.record_at_door(tx, heard.row.id, heard.seq, "answered", "emergency", heard.language, heard.now)


def _content(core: Core, said: Said) -> str:
    kind, content = ("payload", said.payload) if said.payload is not None else ("text", said.text)
    return keyed(core.secrets.session_key, f"{kind}:{content}")
