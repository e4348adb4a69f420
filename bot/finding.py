"""Search over past conversations: by case reference, telephone number, the conversation's own id, or words.

One query for all of them and for both databases. Who searches finds what they may open, and nothing of other agencies.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot import audit
from bot.core import Core
from bot.errors import Unreadable
from bot.model import conversation, handoff, message, person, task, turn
from bot.people import Person, require
from bot.store import Tx
from text import phone, reference
from text.clean import clean
from text.fold import fold

PAGE = 20
SHORTEST, LONGEST = 2, 200  # code points of what is searched for
MOST_WORDS = 12
AROUND = 60  # code points of a snippet on either side of what was found
_ID = re.compile(r"c-[A-Za-z0-9_-]{1,38}")
_EDGES = " \t\n.,;:!?…\"'“”‘’()[]"


class Sought(NamedTuple):
    """What a query asks for: all `words` in one message, or a conversation by what is known of it."""

    words: list[str]
    reference: str | None
    phone: str | None
    conversation: str | None

    @property
    def by(self) -> str:
        """The nearest thing that the query is, for the audit log."""
        named = {"conversation": self.conversation, "reference": self.reference, "phone": self.phone}
        return next((name for name, value in named.items() if value), "text")


def sought(q: str) -> Sought:
    """Raises Unreadable for a query that is too short or too long."""
    cleaned = clean(q)
    found = list(dict.fromkeys(filter(None, (word.strip(_EDGES) for word in fold(cleaned).split()))))
    if len(cleaned) > LONGEST or len(found) > MOST_WORDS:
        detail = f"Search for at most {LONGEST} characters and {MOST_WORDS} words."
        raise Unreadable(detail, field="q", word="problem_query_long")
    if len("".join(found)) < SHORTEST:
        raise Unreadable(f"Search for at least {SHORTEST} characters.", field="q", word="problem_query_short")
    named = cleaned if _ID.fullmatch(cleaned) else None
    return Sought(found, reference.normalise(cleaned), phone.normalise(cleaned), named)


async def find(core: Core, who: Person, q: str, before: int | None = None) -> dict[str, Any]:
    """{"found": [{"conversation", "channel", "language", "agency", "owner", "test", "at", "snippet", "episode"}],
    "before": what to ask with for the next page, None after the last}, those in which it was said last first.

    "snippet": [{"text", "hit"}] in order; "episode": the last one {"opened_at", "ended_at", "reason", "topic",
    "outcome", "person"}. Audited, without what was searched for. Raises Unreadable, NotAllowed.
    """
    require(who, "converse")
    wanted = sought(q)
    async with core.store.read() as tx:
        rows = list(await tx.execute(_hits(core, who, wanted, before)))
        shown = rows[:PAGE]
        episodes = await _episodes(tx, [row.id for row in shown])
    async with core.store.write() as tx:
        await audit.record(tx, who.name, "search", core.clock(), by=wanted.by, found=len(shown))
    more = shown[-1].hit if len(rows) > PAGE else None
    return {"found": [_shown(row, wanted, episodes) for row in shown], "before": more}


def _hits(core: Core, who: Person, wanted: Sought, before: int | None) -> sa.Select[Any]:
    """The newest message in each conversation that has what is wanted; of one that is meant as a whole, its last."""
    newest = sa.func.max(message.c.id).label("hit")
    at = sa.select(newest).where(_has(core, wanted), message.c.conversation.in_(_seen_by(who)))
    at = at.group_by(message.c.conversation)
    if before is not None:
        at = at.having(newest < before)
    hits = at.order_by(newest.desc()).limit(PAGE + 1).subquery()
    found = sa.select(conversation, message.c.text, message.c.at.label("said_at"), message.c.id.label("hit"))
    return (
        found.join(message, message.c.conversation == conversation.c.id)
        .join(hits, hits.c.hit == message.c.id)
        .order_by(message.c.id.desc())
    )


def _seen_by(who: Person) -> sa.Select[Any]:
    """As at handoff.visible: from the first hand-off or task on, of one's own agencies."""
    about = [sa.exists().where(one.c.conversation == conversation.c.id) for one in (handoff, task)]
    seen = sa.select(conversation.c.id).where(sa.or_(*about))
    return seen if who.agencies is None else seen.where(conversation.c.agency.in_(who.agencies))


def _has(core: Core, wanted: Sought) -> sa.ColumnElement[bool]:
    """Whether a message has it, or is in a conversation that is meant."""
    said = sa.and_(*(message.c.folded.contains(word, autoescape=True) for word in wanted.words))
    return sa.or_(said, *(message.c.conversation.in_(meant) for meant in _meant(core, wanted)))


def _meant(core: Core, wanted: Sought) -> list[sa.Select[Any]]:
    meant: list[sa.Select[Any]] = []
    if wanted.conversation:
        meant.append(sa.select(conversation.c.id).where(conversation.c.id == wanted.conversation))
    if wanted.phone:
        channels = {"sms", *(channel.name for channel in core.channels.values())}
        numbers = [core.secrets.address(f"{channel}:{wanted.phone}") for channel in sorted(channels)]
        meant.append(sa.select(conversation.c.id).where(conversation.c.address.in_(numbers)))
    if wanted.reference:
        quoted = f'"{wanted.reference}"'  # as it stands in JSON
        for column in (turn.c.about, handoff.c.cases):
            listed = sa.cast(column, sa.Text).contains(quoted, autoescape=True)
            meant.append(sa.select(column.table.c.conversation).where(listed))
    return meant


async def _episodes(tx: Tx, conversations: list[str]) -> dict[str, dict[str, Any]]:
    """The last episode of each."""
    last = sa.select(sa.func.max(handoff.c.id)).where(handoff.c.conversation.in_(conversations))
    found = sa.select(handoff, person.c.name).outerjoin(person, person.c.id == handoff.c.person)
    rows = await tx.execute(found.where(handoff.c.id.in_(last.group_by(handoff.c.conversation))))
    return {
        row.conversation: {
            "opened_at": row.opened_at.isoformat(),
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
            "reason": row.reason,
            "topic": row.topic,
            "outcome": row.outcome or row.state,
            "person": row.name,
        }
        for row in rows
    }


def _shown(row: sa.Row[Any], wanted: Sought, episodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "conversation": row.id,
        "channel": row.channel,
        "language": row.language,
        "agency": row.agency,
        "owner": row.owner,
        "test": row.test,
        "at": row.said_at.isoformat(),
        "snippet": snippet(row.text, wanted.words),
        "episode": episodes.get(row.id),
    }


def snippet(text: str, wanted: list[str]) -> list[dict[str, Any]]:
    """The part of a text around the first of the folded words, those words marked."""
    line = " ".join(text.split())
    folded = "".join(fold(char)[:1] or char for char in line)  # place for place
    spans = sorted(found.span() for word in wanted for found in re.finditer(re.escape(word), folded))
    first = spans[0][0] if spans else 0
    begin, end = max(0, first - AROUND), min(len(line), first + 2 * AROUND)
    marked = {at for start, stop in spans for at in range(start, stop)}
    parts = [{"text": "…", "hit": False}] if begin else []
    for hit, places in groupby(range(begin, end), marked.__contains__):
        parts.append({"text": "".join(line[at] for at in places), "hit": hit})
    return [*parts, {"text": "…", "hit": False}] if end < len(line) else parts
