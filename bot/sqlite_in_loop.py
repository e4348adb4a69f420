"""SQLite without a thread for every step: statements run where they are awaited, what waits for the disk goes aside.

A statement on a file of ours takes some 20 to 100 microseconds; handing it to a thread and back takes longer than that,
many times longer on a busy machine, and aiosqlite does so three times a statement. What does wait goes to a thread:
for the write lock where another process holds it, and for the disk at a commit, unless it was quick the last times and
no crowd is there: one slow commit would keep all of it waiting.

This is what SQLAlchemy's aiosqlite dialect asks of a connection (`async_creator`) and, as `do_begin`, `begin()`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any

QUICK = 0.002  # seconds of a commit that are not worth a thread
TIMES = 3  # quick ones, one after the other, until the next is not given to one
CALM = 0.05  # seconds without a commit: who comes then comes alone
PATIENT, AT_ONCE = "PRAGMA busy_timeout=10000", "PRAGMA busy_timeout=0"
PRAGMAS = (PATIENT, "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")


async def connect(path: str, *, writes: bool) -> Connection:
    """`writes`: whether its transactions take the write lock when they begin."""
    inner = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        inner.execute(pragma)
    return Connection(inner, writes)


class Connection:
    """One connection; its cursors come one after the other, as SQLAlchemy sees to."""

    isolation_level = None

    def __init__(self, inner: sqlite3.Connection, writes: bool) -> None:
        self._connection = inner  # SQLAlchemy looks whether it is there
        self._writes = writes
        self._changes = inner.total_changes  # as they were when the transaction began
        self._quick = 0  # commits since the last slow one
        self._committed = time.perf_counter()  # the last time

    def cursor(self) -> Cursor:
        return Cursor(self._connection.cursor())

    async def begin(self) -> None:
        """Raises sqlite3.OperationalError where another process keeps the write lock for ten seconds."""
        if not self._writes:
            self._connection.execute("BEGIN")
            return
        if not self._locked_at_once():
            await _aside(lambda: self._connection.execute("BEGIN IMMEDIATE"))
        self._changes = self._connection.total_changes

    def _locked_at_once(self) -> bool:
        self._connection.execute(AT_ONCE)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        finally:
            self._connection.execute(PATIENT)
        return True

    async def commit(self) -> None:
        if self._connection.total_changes == self._changes:
            self._connection.commit()
        elif self._quick >= TIMES and time.perf_counter() - self._committed > CALM:
            self._to_disk()
        else:
            await _aside(self._to_disk)
        self._changes = self._connection.total_changes

    def _to_disk(self) -> None:
        began = time.perf_counter()
        self._connection.commit()
        self._committed = time.perf_counter()
        self._quick = self._quick + 1 if self._committed - began < QUICK else 0

    async def rollback(self) -> None:
        self._connection.rollback()

    async def create_function(self, name: str, parameters: int, function: Any, **more: Any) -> None:
        self._connection.create_function(name, parameters, function, **more)

    async def close(self) -> None:
        self._connection.close()

    def stop(self) -> None:
        self._connection.close()


class Cursor:
    """A cursor of sqlite3 whose methods can be awaited."""

    def __init__(self, inner: sqlite3.Cursor) -> None:
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
