"""Staff and hand-offs as rows, for tests of what stands behind the desk's pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import model
from bot.people import Person
from tests.bot.conftest import MONDAY, Gateway
from text.fold import fold


async def person(
    gateway: Gateway, name: str, role: str = "agent", agencies: tuple[str, ...] | None = None, **values: Any
) -> Person:
    """One of the staff, there and available unless `values` of the row say otherwise."""
    now = gateway.clock()
    row = {
        "name": name,
        "role": role,
        "agencies": None if agencies is None else list(agencies),
        "seen_at": now,
        "acted_at": now,
        "created_at": now,
    }
    async with gateway.core.store.write() as tx:
        made = await tx.execute(sa.insert(model.person).values(**row | values).returning(model.person))
        return Person.of(made.one())


async def update(gateway: Gateway, table: sa.Table, column: str, value: Any, **values: Any) -> None:
    """Change the rows of a table with that value."""
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.update(table).where(table.c[column] == value).values(**values))


async def handed_over(gateway: Gateway, name: str, agency: str = "mau-ward", **values: Any) -> str:
    """A conversation in an agency's queue, or with whoever `person` names; values of conversation and hand-off."""
    columns = {column.name for column in model.conversation.c}
    now: datetime = values.get("opened_at", gateway.clock())
    of_conversation = {key: values.pop(key) for key in list(values) if key in columns - {"person", "language"}}
    owner = values.get("person")
    row = {
        "id": f"c-{name}",
        "channel": "web",
        "address": name,
        "language": values.get("language", "vi"),
        "agency": agency,
        "owner": "staff" if owner else "queue",
        "person": owner,
        "created_at": now,
        "updated_at": now,
    }
    episode = {
        "conversation": f"c-{name}",
        "agency": agency,
        "state": "claimed" if owner else "queued",
        "reason": "asked",
        "summary": name,
        "opened_at": now,
        "rank_at": now,
        "claimed_at": now if owner else None,
    }
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.insert(model.conversation).values(**row | of_conversation))
        await tx.execute(sa.insert(model.handoff).values(**episode | values))
    return f"c-{name}"


async def said(
    gateway: Gateway, conversation: str, text: str, author: str = "citizen", at: datetime = MONDAY, **values: Any
) -> None:
    """A message in a conversation, after those that are there."""
    async with gateway.core.store.write() as tx:
        grown = sa.update(model.conversation).where(model.conversation.c.id == conversation)
        more = grown.values(last_seq=model.conversation.c.last_seq + 1).returning(model.conversation.c.last_seq)
        seq = (await tx.execute(more)).scalar_one()
        row = {
            "conversation": conversation,
            "seq": seq,
            "message_id": f"m-{seq}",
            "author": author,
            "text": text,
            "folded": fold(text),
            "language": "vi",
            "choices": [],
            "sources": [],
            "at": at,
        }
        await tx.execute(sa.insert(model.message).values(**row | values))


async def logged(gateway: Gateway) -> list[tuple[str, str, dict[str, Any]]]:
    """Who, action and details of the audit log, oldest first."""
    async with gateway.core.store.read() as tx:
        rows = await tx.execute(sa.select(model.audit).order_by(model.audit.c.id))
        return [(row.who, row.action, row.details) for row in rows]
