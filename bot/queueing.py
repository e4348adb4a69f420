"""The queues as the staff see them: what waits, what is theirs, whom to call back; the next one for whoever is free.

Oldest first, those whose promise is broken before the others; priority counts as having asked earlier, so that nobody
waits for ever behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import audit, promise
from bot.core import Core
from bot.errors import Conflict, NotFound, Unreadable
from bot.handoff import take
from bot.hours import hours_of_all, store_queue
from bot.model import conversation, handoff, message, person
from bot.people import Person, present, require
from bot.store import Tx

WEIGHTS = {"web": 2}  # of a conversation in a person's capacity
WEIGHT = 1  # of any other channel: there nobody waits for an answer within the minute
PAGE = 50  # hand-offs that are read at once
HELD = timedelta(minutes=2)  # for whom it was before, if they are there and free
SETTINGS = (
    "closed",
    "response_minutes",
    "resolution_minutes",
    "answer_minutes",
    "callback_minutes",
    "longest",
    "topics",
)


async def waiting(core: Core, who: Person, start: int = 0, most: int | None = None) -> list[dict[str, Any]]:
    """What waits in the queues that `who` serves, in the order in which it is taken; `most` of them from `start`."""
    async with core.store.read() as tx:
        return await _listed(core, tx, who, handoff.c.state == "queued", start=start, most=most)


async def callbacks(core: Core, who: Person) -> list[dict[str, Any]]:
    """Of those the ones that were promised an answer by a moment, the nearest first."""
    async with core.store.read() as tx:
        shown = await _listed(core, tx, who, handoff.c.state == "queued", handoff.c.wanted != "wait")
    return sorted(shown, key=lambda one: one["promised_at"] or "9")


async def mine(core: Core, who: Person) -> list[dict[str, Any]]:
    """What `who` owns, the ones that wait for a reply first."""
    async with core.store.read() as tx:
        own = await _listed(core, tx, who, handoff.c.state == "claimed", conversation.c.person == who.id)
        news = await _news(tx, [one["conversation"] for one in own])
    for one in own:
        one |= news.get(one["conversation"], {"unread": 0, "last": "", "last_at": None})
    return sorted(own, key=lambda one: (not one["unread"], one["clock"]["state"] != "breached"))


async def _listed(
    core: Core, tx: Tx, who: Person, *which: sa.ColumnElement[bool], start: int = 0, most: int | None = None
) -> list[dict[str, Any]]:
    now = core.clock()
    found = (
        sa.select(handoff, conversation.c.channel, conversation.c.language.label("spoken"), conversation.c.test)
        .join(conversation)
        .where(*which, *_served(who, handoff.c.agency))
        .order_by(promise.is_broken(now).desc(), handoff.c.rank_at, handoff.c.id)
        .offset(start)
        .limit(most)
    )
    rows = list(await tx.execute(found))
    agencies = {row.agency for row in rows}
    tables, rules = await hours_of_all(core, tx, agencies), await promise.rules_of_all(tx, agencies)
    return [_shown(row, promise.clock(row, tables[row.agency], rules[row.agency], now), who) for row in rows]


def _served(who: Person, agency: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
    return [] if who.agencies is None else [agency.in_(who.agencies)]


def _shown(row: sa.Row[Any], clock: dict[str, Any], who: Person) -> dict[str, Any]:
    return {
        "conversation": row.conversation,
        "channel": row.channel,
        "language": row.spoken,
        "agency": row.agency,
        "reason": row.reason,
        "topic": row.topic,
        "summary": row.summary,
        "waiting_since": row.opened_at.isoformat(),
        "wanted": row.wanted,
        "promised_at": row.promised_at.isoformat() if row.promised_at else None,
        "priority": row.priority,
        "requeued": row.requeued,
        "yours_before": row.preferred == who.id,
        "test": row.test,
        "clock": clock,
    }


async def _news(tx: Tx, conversations: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the citizen wrote last, and how much since the last reply."""
    unanswered = message.c.at > sa.func.coalesce(handoff.c.last_reply_at, handoff.c.claimed_at)
    said = (
        sa.select(
            message.c.conversation,
            sa.func.count().filter(unanswered).label("unread"),
            sa.func.max(message.c.seq).label("seq"),
        )
        .join(handoff, sa.and_(handoff.c.conversation == message.c.conversation, handoff.c.state == "claimed"))
        .where(message.c.conversation.in_(list(conversations)), message.c.author == "citizen")
        .group_by(message.c.conversation)
        .subquery()
    )
    last = sa.select(said.c.unread, message.c.conversation, message.c.text, message.c.at).join(
        message, sa.and_(message.c.conversation == said.c.conversation, message.c.seq == said.c.seq)
    )
    return {
        row.conversation: {"unread": row.unread, "last": row.text[:120], "last_at": row.at.isoformat()}
        for row in await tx.execute(last)
    }


async def take_next(core: Core, who: Person) -> str | None:
    """Claim the first that fits `who`, who has room for it; the conversation, None when none fits.

    Raises Conflict when what fits is more than they have room for.
    """
    require(who, "converse")
    async with core.store.read() as tx:
        free = await _room(tx, who)
    start, full = 0, False
    while page := await waiting(core, who, start, PAGE):
        lost = False
        for one in page:
            if not who.is_skilled(one["language"], one["topic"]) or await _held_for_another(core, who, one):
                continue
            if weight(one["channel"]) > free:
                full = True
                if free < WEIGHT:
                    raise _is_full(who)
            elif await _taken(core, who, one):
                return str(one["conversation"])
            else:
                lost = True
        start += 0 if lost else PAGE  # where others were quicker, what stood behind has moved up
    if full:
        raise _is_full(who)
    return None


async def _taken(core: Core, who: Person, one: dict[str, Any]) -> bool:
    """Whether `who` got it. Their row is locked, so that what they take in two windows at once is counted."""
    async with core.store.write() as tx:
        await tx.execute(sa.select(person.c.id).where(person.c.id == who.id).with_for_update(key_share=True))
        if weight(one["channel"]) > await _room(tx, who):
            raise _is_full(who)
        taken = await take(core, tx, who, one["conversation"])
    if taken:
        core.wake.grew(one["conversation"], "desk")
    return taken


async def _room(tx: Tx, who: Person) -> int:
    return who.capacity - await load(tx, who.id)


def _is_full(who: Person) -> Conflict:
    return Conflict(f"You have as much in hand as your capacity of {who.capacity} allows; finish one first.")


def weight(channel: str) -> int:
    """What a conversation weighs in its owner's capacity."""
    return WEIGHTS.get(channel, WEIGHT)


async def load(tx: Tx, person_id: int) -> int:
    """What a person has in hand, by the weights of the channels."""
    own = sa.select(conversation.c.channel).where(conversation.c.owner == "staff", conversation.c.person == person_id)
    return sum(weight(channel) for channel in (await tx.execute(own)).scalars())


async def _held_for_another(core: Core, who: Person, one: dict[str, Any]) -> bool:
    """Whether it is kept, for its first minutes, for a colleague who knows the matter, is there and is free."""
    now = core.clock()
    if one["yours_before"] or now - datetime.fromisoformat(one["waiting_since"]) > HELD:
        return False
    before = sa.select(handoff.c.preferred).where(
        handoff.c.conversation == one["conversation"], handoff.c.state == "queued"
    )
    async with core.store.read() as tx:
        colleague = (await tx.execute(sa.select(person).where(person.c.id.in_(before)))).one_or_none()
        if colleague is None or present(colleague, now) != "available":
            return False
        return colleague.capacity - await load(tx, colleague.id) >= weight(one["channel"])


async def settings_of(core: Core, who: Person, agency: str) -> dict[str, Any]:
    """What is set for an agency's queue, by the names of SETTINGS."""
    _check_agency(core, who, agency)
    async with core.store.read() as tx:
        rules = await promise.rules_of(tx, agency)
    values = {name: getattr(rules, name) for name in SETTINGS}
    return values | {"topics": list(rules.topics)}


async def set_queue(core: Core, who: Person, agency: str, **values: Any) -> None:
    """Change settings of an agency's queue; what is not named stays. Raises Unreadable for an unknown topic."""
    require(who, "supervise")
    _check_agency(core, who, agency)
    unknown = [topic for topic in values.get("topics", ()) if topic not in core.site.agency_of]
    if unknown:
        raise Unreadable(f"No service {', '.join(unknown)}.", field="topics", word="problem_topics")
    async with core.store.write() as tx:
        await store_queue(tx, agency, **values)
        await audit.record(tx, who.name, "set_queue", core.clock(), agency=agency, **values)
    core.wake.grew("desk")


def _check_agency(core: Core, who: Person, agency: str) -> None:
    if agency not in core.site.agencies or not who.may_see(agency):
        raise NotFound("No such agency.")
