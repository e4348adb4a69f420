"""Marks: strings that are others after any change of what the desk shows; few queries, however many look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.model import attention, conversation, delivery, draft, handoff, note
from bot.store import Tx


class Figures(NamedTuple):
    """`first` and `second`: of a queue, how many wait and how many of them for a callback; of a person, how many they
    own and in how many of those the citizen awaits a reply."""

    first: int = 0
    second: int = 0
    mark: str = ""


async def queues(tx: Tx) -> dict[str, Figures]:
    """By agency."""
    of_callbacks = sa.case((handoff.c.wanted != "wait", 1), else_=0)
    moved = [sa.func.max(handoff.c.id), sa.func.sum(handoff.c.id), sa.func.sum(handoff.c.requeued)]
    told = [sa.func.count(handoff.c.contact), sa.func.sum(sa.func.length(handoff.c.summary))]
    of_tests = sa.case((conversation.c.test, 1), else_=0)
    wished = [sa.func.sum(of_callbacks * conversation.c.last_seq), sa.func.sum(of_tests)]
    figures = [sa.func.count(), sa.func.sum(of_callbacks), sa.func.sum(handoff.c.priority), *moved, *told, *wished]
    found = sa.select(handoff.c.agency, *figures).join(conversation, conversation.c.id == handoff.c.conversation)
    found = found.where(handoff.c.state == "queued").group_by(handoff.c.agency)
    return await _figures(tx, found.order_by(handoff.c.agency))


async def owned(tx: Tx) -> dict[int, Figures]:
    """By person."""
    of_awaited = sa.case((handoff.c.paused_at.is_(None), 1), else_=0)
    moved = [sa.func.sum(handoff.c.id), sa.func.sum(conversation.c.last_seq), sa.func.sum(handoff.c.priority)]
    found = (
        sa.select(conversation.c.person, sa.func.count(), sa.func.sum(of_awaited), *moved)
        .join(handoff, sa.and_(handoff.c.conversation == conversation.c.id, handoff.c.state == "claimed"))
        .where(conversation.c.owner == "staff")
        .group_by(conversation.c.person)
    )
    return await _figures(tx, found)


async def _figures(tx: Tx, found: sa.Executable) -> dict[Any, Figures]:
    rows = [tuple(row) for row in await tx.execute(found)]
    return {row[0]: Figures(row[1], int(row[2]), repr(row)) for row in rows}


async def conversations(tx: Tx, identifiers: Collection[str], now: datetime) -> dict[str, str]:
    """Of each of these conversations, of all that its page shows."""
    if not identifiers:
        return {}
    marks: defaultdict[str, list[Any]] = defaultdict(list)
    for found in SHOWN:
        for row in await tx.execute(found, {"which": list(identifiers), "now": now}):
            marks[row[0]].append(tuple(row))
    return {identifier: repr(lines) for identifier, lines in marks.items()}


def _shown() -> list[sa.Executable]:
    """What is asked of each table, the conversation's identifier first."""
    c, h, d, a = conversation.c, handoff.c, draft.c, attention.c
    of_itself = sa.select(c.id, c.last_seq, c.owner, c.person, c.agency, c.blocked, c.test)
    of_episodes = sa.select(h.conversation, h.id, h.state, h.offered_to, h.paused_at, h.priority, h.escalated_at)
    of_notes = sa.select(note.c.conversation, sa.func.count()).group_by(note.c.conversation)
    of_drafts = sa.select(d.conversation, sa.func.count(), sa.func.count(d.used_at)).group_by(d.conversation)
    by_state = delivery.c.conversation, delivery.c.state
    of_texts = sa.select(*by_state, sa.func.count()).group_by(*by_state)
    there = sa.select(a.conversation, a.person, a.doing).where(a.until > sa.bindparam("now"))
    tables: list[tuple[Any, sa.ColumnElement[str]]] = [
        (of_itself, c.id),
        (of_episodes, h.conversation),
        (of_notes, note.c.conversation),
        (of_drafts, d.conversation),
        (of_texts, delivery.c.conversation),
        (there, a.conversation),
    ]
    of_these: sa.BindParameter[str] = sa.bindparam("which", expanding=True)
    return [found.where(column.in_(of_these)).order_by(*found.selected_columns) for found, column in tables]


SHOWN = _shown()  # made once: building them costs more than asking them
