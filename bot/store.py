"""One database behind one door: SQLite or PostgreSQL, a write transaction at a time where SQLite asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Tx = AsyncConnection


class Store:
    """`write()` and `read()` are the only ways in; each is one transaction, committed unless it raises."""

    def __init__(self, url: str) -> None:
        self.sqlite = url.startswith("sqlite")
        if self.sqlite:
            self._writer = _sqlite(url, "BEGIN IMMEDIATE", size=1)
            self._reader = _sqlite(url, "BEGIN", size=4)
        else:
            self._writer = self._reader = create_async_engine(
                url.replace("postgresql://", "postgresql+asyncpg://", 1).replace("sslmode=", "ssl="),
                pool_size=12,
                max_overflow=0,
                pool_pre_ping=True,
                hide_parameters=True,
            )
        self._one_writer = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Tx]:
        """A transaction that may write."""
        if not self.sqlite:
            async with self._writer.begin() as tx:
                yield tx
            return
        async with self._one_writer, self._writer.begin() as tx:
            yield tx

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Tx]:
        """A transaction that only reads."""
        async with self._reader.begin() as tx:
            yield tx

    async def close(self) -> None:
        for engine in {self._writer, self._reader}:
            await engine.dispose()


def _sqlite(url: str, begin: str, *, size: int) -> AsyncEngine:
    engine = create_async_engine(
        url.replace("sqlite://", "sqlite+aiosqlite://", 1), pool_size=size, max_overflow=0, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by us, below
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def migrate(url: str) -> None:
    """Bring the database to the newest shape; safe to run at every start."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.upgrade(config, "head")
