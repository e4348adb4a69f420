"""The tables of the SQL case system and how to reach them: a SQLite file, or the schema `cases` of PostgreSQL."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    inspect,
)
from sqlalchemy import text as sql
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

SCHEMA = "cases"
PATIENCE = 5                                # seconds to wait for a connection or another writer
PATIENCE_OF_COMMANDS = 60                   # the same where no citizen waits


class Utc(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


metadata = MetaData()

cases = Table(
    "cases", metadata,
    Column("reference", String(35), primary_key=True),
    Column("service", String(64)),
    Column("service_name", JSON, nullable=False),
    Column("agency", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("due_at", Utc),
    Column("finished_at", Utc),
    Column("returned_at", Utc),
    Column("changed_at", Utc, nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("applicant", String(32), nullable=False),
    Column("progress", JSON, nullable=False),
    Column("missing", JSON, nullable=False),
    Column("next_step", JSON(none_as_null=True)),
    Column("id_digest", LargeBinary),
    Column("phone_digest", LargeBinary),
    Column("origin", String(32), nullable=False),            # "demonstration" is replaced at every start
)

attempts = Table(
    "attempts", metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String, nullable=False),             # whatever was asked for: it need not exist
    Column("conversation", String, nullable=False),
    Column("address", String, nullable=False),
    Column("once", String),                                  # the message that brought it
    Column("at", Utc, nullable=False),
    Column("outcome", String(8), nullable=False),            # "right" or "wrong"
    Index("attempts_reference", "reference", "at"),
    Index("attempts_conversation", "conversation", "at"),
    Index("attempts_address", "address", "at"),
)
ONCE = Index("attempts_once", attempts.c.reference, attempts.c.conversation, attempts.c.once, unique=True)


# What a command does first: be alone, and have where to put tables. SQLite needs the BEGIN, its driver begins too late.
_ALONE = {
    "sqlite": ("BEGIN IMMEDIATE",),
    "postgresql": (
        "SELECT pg_advisory_xact_lock(hashtext('motcua cases'))", f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
    ),
}


def _reach(url: str, sqlite_driver: str, patience: int = PATIENCE) -> tuple[URL, dict[str, Any]]:
    """The URL with its driver, and the engine's settings."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        return target.set(drivername=sqlite_driver), {"connect_args": {"timeout": patience}, "hide_parameters": True}
    return target.set(drivername="postgresql+psycopg"), {
        "connect_args": {"connect_timeout": patience}, "pool_timeout": patience, "pool_pre_ping": True,
        "execution_options": {"schema_translate_map": {None: SCHEMA}}, "hide_parameters": True,
    }


def connect(url: str) -> AsyncEngine:
    """For the action server."""
    target, settings = _reach(url, "sqlite+aiosqlite")
    return create_async_engine(target, **settings)


def connect_waiting(url: str) -> Engine:
    """For commands."""
    target, settings = _reach(url, "sqlite", PATIENCE_OF_COMMANDS)
    return create_engine(target, **settings)


def _write_ahead(connection: Connection) -> None:
    """SQLite does not wait for others here, as it does elsewhere: of two first starts one is told that it is locked."""
    until = monotonic() + PATIENCE_OF_COMMANDS
    while True:
        try:
            connection.execute(sql("PRAGMA journal_mode=WAL"))
            return
        except OperationalError:
            if monotonic() > until:
                raise
            sleep(0.02)


def _renew(connection: Connection) -> None:
    """What the tables of an older version lack."""
    schema = None if connection.dialect.name == "sqlite" else SCHEMA
    there = inspect(connection)
    if not there.has_table("attempts", schema=schema):
        return
    if "once" not in {column["name"] for column in there.get_columns("attempts", schema=schema)}:
        connection.execute(sql(f"ALTER TABLE {f'{schema}.' if schema else ''}attempts ADD COLUMN once VARCHAR"))
        ONCE.create(connection)


@contextmanager
def prepared(url: str, *, new: bool = True) -> Generator[Connection]:
    """A transaction for a command, alone with the store, in its newest shape.

    `new`: tables, and what they stand in, are made where missing; without it a store that was never filled stays so.
    """
    engine = connect_waiting(url)
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                _write_ahead(connection)
            for statement in _ALONE[engine.dialect.name]:
                connection.execute(sql(statement))
            if new:
                metadata.create_all(connection)
            _renew(connection)
            yield connection
    finally:
        engine.dispose()
