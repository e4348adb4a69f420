"""What is said to the citizen: messages in one gapless sequence a conversation, written in the caller's transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.model import conversation, message, turn
from bot.store import Tx
from bot.words import say, say_short
from text.fold import fold

Author = Literal["citizen", "assistant", "staff", "system"]


@dataclass(frozen=True, slots=True)
class Line:
    """One message about to be written; `reply_to` is the citizen's seq that it answers."""

    author: Author
    text: str
    language: str
    reply_to: int | None = None
    choices: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    sources: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    message_id: str = ""
    digest: str | None = None
    short: str = ""  # the same for one SMS; "": the text will do
    person: int | None = None  # who of the staff wrote it


def spoken(author: Author, language: str, key: str, *, reply_to: int | None = None, **blanks: object) -> Line:
    """One of the gateway's own sentences, in full and for SMS."""
    short = say_short(language, key, **blanks)
    return Line(author, say(language, key, **blanks), language, reply_to=reply_to, short=short)


def growing(**also: Any) -> sa.Update:
    """A conversation grows by one message and changes in `also` with it: made once, for append(…, by=…)."""
    grows = sa.update(conversation).where(conversation.c.id == sa.bindparam("whose"))
    grown = grows.values(last_seq=conversation.c.last_seq + 1, updated_at=sa.bindparam("now"), **also)
    return grown.returning(conversation.c.last_seq)


# Made once, as everywhere on the way of a message: building them costs more than asking them.
GROW = growing()
MESSAGE = sa.insert(message)
LAST_SAID = (
    sa.select(message.c.text)
    .where(message.c.conversation == sa.bindparam("whose"), message.c.author != "citizen")
    .order_by(message.c.seq.desc())
    .limit(1)
)
TURN = sa.insert(turn)
MESSAGES = (
    sa.select(message)
    .where(message.c.conversation == sa.bindparam("whose"), message.c.seq > sa.bindparam("after"))
    .order_by(message.c.seq)
)


def offering(line: Line, choices: list[dict[str, str]]) -> Line:
    """The same line with choices."""
    return replace(line, choices=choices)


async def append(
    tx: Tx, conversation_id: str, line: Line, now: datetime, *, by: sa.Update = GROW, **changed: Any
) -> int:
    """Write `line` as the next message and return its seq. The row of the conversation is locked by the update.

    `changed`: what `by` sets beside it.
    """
    seq = int((await tx.execute(by, {"whose": conversation_id, "now": now, **changed})).scalar_one())
    await tx.execute(
        MESSAGE,
        {
            "conversation": conversation_id,
            "seq": seq,
            "message_id": line.message_id or str(uuid.uuid4()),
            "author": line.author,
            "reply_to": line.reply_to,
            "text": line.text,
            "short": line.short,
            "language": line.language,
            "choices": line.choices,
            "sources": line.sources,
            "digest": line.digest,
            "folded": fold(line.text),
            "person": line.person,
            "at": now,
        },
    )
    return seq


async def last_said(tx: Tx, conversation_id: str) -> str | None:
    """The last text to the citizen, whoever said it."""
    return (await tx.execute(LAST_SAID, {"whose": conversation_id})).scalar_one_or_none()


async def record_at_door(
    tx: Tx, conversation_id: str, seq: int, outcome: str, intent: str, language: str, now: datetime
) -> None:
    """The turn of a message that was answered at the door, for the figures."""
    what: dict[str, Any] = {"outcome": outcome, "intent": intent, "about": {}, "language": language}
    when = {"received_at": now, "finished_at": now}
    await tx.execute(TURN, {"conversation": conversation_id, "seq": seq, "confidence": None, **what, **when})


async def messages_after(tx: Tx, conversation_id: str, after: int) -> list[dict[str, Any]]:
    """The messages with a seq over `after`, as the web and the desk show them."""
    return [_shown(row) for row in await tx.execute(MESSAGES, {"whose": conversation_id, "after": after})]


def _shown(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "id": row.message_id,
        "reply_to": row.reply_to,
        "author": row.author,
        "text": row.text,
        "language": row.language,
        "choices": row.choices,
        "sources": row.sources,
        "at": row.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
