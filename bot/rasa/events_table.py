"""The two tables of the tracker store, on SQLite and PostgreSQL: all SQL of Rasa's side is in here."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateTable

SCHEMA = "rasa"  # of PostgreSQL; SQLite has a file of its own instead

metadata = sa.MetaData()

conversations_table = sa.Table(
    "conversations",
    metadata,
    sa.Column("conversation", sa.Text, primary_key=True),
    sa.Column("events", sa.Integer, nullable=False),  # how many there are
    sa.Column("cut", sa.Integer, nullable=False),  # how many of them `head` tells
    sa.Column("head", sa.Text, nullable=False),  # events in front of the window, window.py
    sa.Column("changed", sa.Float, nullable=False),  # Unix time of the last save
)

events_table = sa.Table(
    "events",
    metadata,
    sa.Column("conversation", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),  # 1, 2, 3 … within the conversation
    sa.Column("data", sa.Text, nullable=False),
)


# Made once: building them costs more than asking them.
_c, _e = conversations_table.c, events_table.c
CONVERSATION = sa.select(_c.conversation, _c.events, _c.cut, _c.head).where(_c.conversation == sa.bindparam("whose"))
EVENTS = (
    sa.select(_e.data).where(_e.conversation == sa.bindparam("whose"), _e.seq > sa.bindparam("after")).order_by(_e.seq)
)
MOVE = sa.update(conversations_table).where(
    _c.conversation == sa.bindparam("whose"), _c.events == sa.bindparam("expected")
)
BEGIN = sa.insert(conversations_table)
APPEND = sa.insert(events_table)


class Conversation(NamedTuple):
    conversation: str
    events: int
    cut: int
    head: str


def connect(address: str) -> Engine:
    """An engine whose tables exist. Takes sqlite:///path and postgresql://… with any driver named."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    engine = sa.create_engine(url.set(drivername="postgresql+psycopg2"), pool_pre_ping=True, hide_parameters=True)
    engine = engine.execution_options(schema_translate_map={None: SCHEMA})
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('motcua.rasa'))"))  # two start at once
        connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        _create(connection)
    return engine


def _sqlite(url: Any) -> Engine:
    connecting = {"check_same_thread": False, "timeout": 30}
    engine = sa.create_engine(url, poolclass=QueuePool, connect_args=connecting, hide_parameters=True)
    with engine.begin() as connection:
        connection.execute(sa.text("PRAGMA journal_mode = WAL"))
        _create(connection)
    return engine


def _create(connection: Connection) -> None:
    for one in metadata.sorted_tables:
        connection.execute(CreateTable(one, if_not_exists=True))


def conversation(connection: Connection, name: str) -> Conversation | None:
    row = connection.execute(CONVERSATION, {"whose": name}).first()
    return Conversation(*row) if row else None


def conversations(connection: Connection) -> list[str]:
    return list(connection.execute(sa.select(conversations_table.c.conversation)).scalars())


def events(connection: Connection, name: str, after: int = 0) -> list[dict[str, Any]]:
    return [json.loads(data) for data in connection.execute(EVENTS, {"whose": name, "after": after}).scalars()]


def move(connection: Connection, to: Conversation, expected: int) -> bool:
    """Compare and set: False when the conversation does not have the expected number of events."""
    values = {"events": to.events, "cut": to.cut, "head": to.head, "changed": time.time()}
    if expected:
        return connection.execute(MOVE, {"whose": to.conversation, "expected": expected, **values}).rowcount == 1
    try:
        connection.execute(BEGIN, {"conversation": to.conversation, **values})
    except sa.exc.IntegrityError:
        return False
    return True


def append(connection: Connection, name: str, count: int, new: Sequence[dict[str, Any]]) -> None:
    rows = [
        {"conversation": name, "seq": seq, "data": json.dumps(event, ensure_ascii=False)}
        for seq, event in enumerate(new, count + 1)
    ]
    connection.execute(APPEND, rows)


def delete(connection: Connection, name: str) -> bool:
    connection.execute(events_table.delete().where(events_table.c.conversation == name))
    return (
        connection.execute(conversations_table.delete().where(conversations_table.c.conversation == name)).rowcount == 1
    )
