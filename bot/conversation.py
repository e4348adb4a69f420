"""A citizen opens a conversation, says something, reads what was said; all of it committed before it returns."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import door, handoff, outbox
from bot.core import Core
from bot.door import Understood
from bot.errors import Conflict, Empty, NotFound, NotOffered, TooLong, TooMany
from bot.language import detect
from bot.model import conversation, inbox, message, turn
from bot.outbox import Line
from bot.proof import conceal
from bot.secrets import keyed
from bot.store import Tx
from bot.words import say
from text.clean import clean, visible
from text.mask import mask

LIMIT = 2_000  # code points after NFC
CHOICES_STAND = timedelta(hours=24)


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
class Said:
    """A message as it came: a text, or the value of an offered choice."""

    message_id: str
    text: str | None = None
    payload: str | None = None


async def open_conversation(core: Core, *, language: str | None, address: str) -> Opened:
    """A new web conversation with the message that discloses the assistant; raises TooMany over the address's limit."""
    now, hashed = core.clock(), core.secrets.address(address)
    opened = Opened("c-" + secrets.token_urlsafe(16), secrets.token_urlsafe(32))
    spoken = language or core.site.default_language
    async with core.store.write() as tx:
        await _check_new(core, tx, hashed, now)
        await tx.execute(
            sa.insert(conversation).values(
                id=opened.conversation,
                channel="web",
                address=hashed,
                token_digest=_digest(opened.token),
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
        found = await tx.execute(sa.select(conversation.c.id).where(conversation.c.token_digest == _digest(token)))
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
        await _check_rate(core, tx, conversation_id, now)
        seq = await _keep(core, tx, row, said, now)
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
    shown, understood = await _understand(core, tx, row, said, now)
    language = (detect(shown) if understood.intent is None else None) or row.language
    seq = await outbox.append(
        tx, row.id, Line("citizen", shown, language, message_id=said.message_id, digest=_content(core, said)), now
    )
    owner = "assistant" if row.owner == "closed" else row.owner
    await tx.execute(sa.update(conversation).where(conversation.c.id == row.id).values(language=language, owner=owner))
    recognised = door.recognise(shown) if understood.intent is None else None
    if recognised == "emergency":
        await _answer_emergency(tx, row, owner, seq, language, now)
    elif owner == "staff":
        return seq  # a person owns it: the desk shows it, nobody else answers
    elif recognised == "person":
        await handoff.ask_at_door(core, tx, row, seq, language, now)
    else:
        await tx.execute(
            sa.insert(inbox).values(
                provider=row.channel,
                account=row.id,
                provider_id=said.message_id,
                conversation=row.id,
                seq=seq,
                understood=understood.as_json(),
                received_at=now,
                due_at=now,
            )
        )
    return seq


async def _understand(core: Core, tx: Tx, row: sa.Row[Any], said: Said, now: datetime) -> tuple[str, Understood]:
    """The text as it may be kept, and what is already known of it."""
    if said.payload is not None:
        return await _offered(tx, row.id, said.payload)
    text = said.text or ""
    if (choice := door.taken_choice(text, await _last_choices(tx, row.id, now))) is not None:
        return text, door.understood(choice["value"])
    hidden = conceal(text, expected=row.expect == "proof")
    token = hidden.seal(core.secrets.proof_key, row.id)
    known = Understood(entities={"proof": token} if token else {})
    if token and row.expect == "proof" and hidden.alone:
        known = replace(known, intent="check_case")
    return mask(hidden.text).text, known


async def _offered(tx: Tx, conversation_id: str, payload: str) -> tuple[str, Understood]:
    rows = await tx.execute(
        sa.select(message.c.choices)
        .where(message.c.conversation == conversation_id, message.c.author != "citizen")
        .order_by(message.c.seq.desc())
    )
    for choices in rows.scalars():
        for choice in choices:
            if choice["value"] == payload:
                return choice["label"], door.understood(payload)
    raise NotOffered(
        "This payload was not offered in this conversation; send the value of a choice, or a text.", field="payload"
    )


async def _last_choices(tx: Tx, conversation_id: str, now: datetime) -> list[dict[str, str]]:
    rows = await tx.execute(
        sa.select(message.c.choices)
        .where(
            message.c.conversation == conversation_id,
            message.c.author == "assistant",
            message.c.at > now - CHOICES_STAND,
        )
        .order_by(message.c.seq.desc())
        .limit(1)
    )
    return rows.scalar_one_or_none() or []


async def _answer_emergency(tx: Tx, row: sa.Row[Any], owner: str, seq: int, language: str, now: datetime) -> None:
    author = (
        "system" if owner == "staff" else "assistant"
    )  # the assistant is silent while a person owns the conversation
    await outbox.append(tx, row.id, Line(author, say(language, "emergency"), language, reply_to=seq), now)
    await tx.execute(
        sa.insert(turn).values(
            conversation=row.id,
            seq=seq,
            outcome="answered",
            intent="emergency",
            about={},
            language=language,
            received_at=now,
            finished_at=now,
        )
    )


async def _check_new(core: Core, tx: Tx, address: str, now: datetime) -> None:
    limit = core.settings.limit_conversations_per_hour
    if (
        limit
        and await _count(
            tx,
            sa.select(sa.func.count()).where(
                conversation.c.address == address, conversation.c.created_at > now - timedelta(hours=1)
            ),
        )
        >= limit
    ):
        raise _too_many(f"More than {limit} conversations in an hour from one address.", 600)


async def _check_rate(core: Core, tx: Tx, conversation_id: str, now: datetime) -> None:
    limit = core.settings.limit_messages_per_minute
    if (
        limit
        and await _count(
            tx,
            sa.select(sa.func.count()).where(
                message.c.conversation == conversation_id,
                message.c.author == "citizen",
                message.c.at > now - timedelta(minutes=1),
            ),
        )
        >= limit
    ):
        raise _too_many(f"More than {limit} messages in a minute.", 20)


async def _count(tx: Tx, counting: sa.Select[Any]) -> int:
    counted: int = (await tx.execute(counting)).scalar_one()
    return counted


def _too_many(detail: str, seconds: int) -> TooMany:
    return TooMany(
        f"{detail} Try again in {seconds} seconds.", extra={"seconds": seconds}, headers={"Retry-After": str(seconds)}
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _content(core: Core, said: Said) -> str:
    kind, content = ("payload", said.payload) if said.payload is not None else ("text", said.text)
    return keyed(core.secrets.session_key, f"{kind}:{content}")
