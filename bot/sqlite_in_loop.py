"""SQLite without a thread for every step: statements run where they are awaited, what waits for the disk goes aside.

A statement on a file of ours takes some 20 to 100 microseconds; handing it to a thread and back takes longer than that,
many times longer on a busy machine, and aiosqlite does so three times a statement. What may wait does go to a thread:
taking the write lock, which another process may hold, and the commit of what was written, which waits for the disk.

This is what SQLAlchemy's aiosqlite dialect asks of a connection (`async_creator`), and no more.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

BEGIN_WRITING = "BEGIN IMMEDIATE"
PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


async def connect(path: str) -> Connection:
    """Transactions are begun by whoever uses it, with BEGIN or BEGIN_WRITING."""
    inner = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        inner.execute(f"PRAGMA {pragma}")
    return Connection(inner)


class Connection:
    """One connection; its cursors come one after the other, as SQLAlchemy sees to."""

    isolation_level = None

    def __init__(self, inner: sqlite3.Connection) -> None:
        self._connection = inner  # SQLAlchemy looks whether it is there
        self._writing = False

    def cursor(self) -> Cursor:
        return Cursor(self, self._connection.cursor())

    async def begin_writing(self, execute: Callable[[str], Any]) -> None:
        await _aside(lambda: execute(BEGIN_WRITING))
        self._writing = True

    async def commit(self) -> None:
        writing, self._writing = self._writing, False
        if writing:
            await _aside(self._connection.commit)
        else:
            self._connection.commit()

    async def rollback(self) -> None:
        self._writing = False
        self._connection.rollback()

    async def create_function(self, name: str, parameters: int, function: Any, **more: Any) -> None:
        self._connection.create_function(name, parameters, function, **more)

    async def close(self) -> None:
        self._connection.close()

    def stop(self) -> None:
        self._connection.close()


class Cursor:
    """A cursor of sqlite3 whose methods can be awaited."""

    def __init__(self, connection: Connection, inner: sqlite3.Cursor) -> None:
        self._of = connection
        self._inner = inner
        self.arraysize = inner.arraysize

    async def __aenter__(self) -> Cursor:
        return self

    @property
    def description(self) -> Any:
        return self._inner.description

    @property
    def rowcount(self) -> int:
        return self._inner.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._inner.lastrowid

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        if operation == BEGIN_WRITING:
            await self._of.begin_writing(self._inner.execute)
        else:
            self._inner.execute(operation, parameters)

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> None:
        self._inner.executemany(operation, parameters)

    async def fetchall(self) -> list[Any]:
        return self._inner.fetchall()

    async def close(self) -> None:
        self._inner.close()


async def _aside(call: Callable[[], Any]) -> None:
    """In a thread, and to its end even if whoever waits is cancelled: nothing else uses the connection meanwhile."""
    under_way = asyncio.get_running_loop().run_in_executor(None, call)
    try:
        await asyncio.shield(under_way)
    except asyncio.CancelledError:
        await asyncio.wait([under_way])
        raise
