"""One database behind one door: SQLite or PostgreSQL, a write transaction at a time where SQLite asks for it.

What has to be answered at once and comes in crowds (webhooks, receipts) is written `together`: all that came meanwhile
in one statement each and one commit. A commit each caps SQLite at about 220 a second.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot import sqlite_in_loop

Tx = AsyncConnection
POOL = 12  # connections to PostgreSQL
IDLE = 1.0  # seconds without use after which a connection is tried first
CROWD = 200  # items that share a commit, at most
Write = Callable[[Any, Tx, Sequence[Any]], Awaitable[Sequence[Any]]]  # context, transaction, items → results


@dataclass(slots=True)
class _Waiting:
    """An item that waits for the next common commit, how it is written, and who waits for its result."""

    write: Write
    context: Any
    item: Any
    done: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None

    def settle(self) -> None:
        if self.done.done():  # whoever asked is gone
            return
        if self.error:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(self.result)


@dataclass(slots=True)
class _Turnstile:
    """One at a time, the urgent ones first."""

    busy: bool = False
    urgent: deque[asyncio.Future[None]] = field(default_factory=deque[asyncio.Future[None]])
    others: deque[asyncio.Future[None]] = field(default_factory=deque[asyncio.Future[None]])

    @asynccontextmanager
    async def passed(self, *, urgent: bool) -> AsyncGenerator[None]:
        if self.busy:
            await self._stand_in(self.urgent if urgent else self.others)
        self.busy = True
        try:
            yield
        finally:
            self._let_in_next()

    async def _stand_in(self, queue: deque[asyncio.Future[None]]) -> None:
        place = asyncio.get_running_loop().create_future()
        queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._let_in_next()  # it was our turn, and we do not take it
            raise

    def _let_in_next(self) -> None:
        self.busy = False
        for queue in (self.urgent, self.others):
            while queue:
                place = queue.popleft()
                if not place.done():
                    self.busy = True  # kept for the next: nobody slips in between
                    place.set_result(None)
                    return


class _Kept:
    """Connections to SQLite that stay taken: getting one from a pool and giving it back costs as much as a question."""

    def __init__(self, url: str, *, writes: bool, size: int) -> None:
        self._engine = _sqlite(url, writes=writes, size=size)
        self._free = asyncio.Semaphore(size)
        self._idle: list[AsyncConnection] = []

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[Tx]:
        async with self._free:
            connection = self._idle.pop() if self._idle else await self._engine.connect()
            try:
                async with connection.begin():
                    yield connection
            except BaseException:
                await connection.close()  # whatever state it is in, the pool puts it right
                raise
            self._idle.append(connection)

    async def dispose(self) -> None:
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()


class Store:
    """`write()`, `together()` and `read()` are the only ways in; each a transaction, committed unless it raises."""

    def __init__(self, url: str) -> None:
        self.sqlite = url.startswith("sqlite")
        if self.sqlite:
            self._writer: _Kept | AsyncEngine = _Kept(url, writes=True, size=1)
            self._reader: _Kept | AsyncEngine = _Kept(url, writes=False, size=4)
        else:
            self._writer = engine = _postgresql(url)
            # Each statement sees what is committed, in a transaction or not: without, it is one way there and back.
            self._reader = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._turnstile = _Turnstile()
        self._crowd: deque[_Waiting] = deque()
        self._after: dict[int, list[Callable[[], None]]] = {}  # by the transaction
        self._committing: asyncio.Task[None] | None = None

    async def make_ready(self) -> None:
        """Open the connections that the first messages would wait for; on SQLite there is nothing to wait for."""
        if isinstance(self._reader, _Kept):
            return
        async with AsyncExitStack() as opened:
            await asyncio.gather(*(opened.enter_async_context(self._reader.connect()) for _ in range(POOL)))

    @asynccontextmanager
    async def write(self, *, urgent: bool = False) -> AsyncGenerator[Tx]:
        """A transaction that may write; on SQLite the urgent ones are let in first."""
        passed = self._turnstile.passed(urgent=urgent) if self.sqlite else nullcontext()
        async with passed, self._writer.begin() as tx:
            after = self._after[id(tx)] = []
            try:
                yield tx
            finally:
                del self._after[id(tx)]
        for do in after:
            do()

    def after(self, tx: Tx, do: Callable[[], None]) -> None:
        """Call `do` once `tx`, of `write` or `together`, is committed; never if it breaks off."""
        self._after[id(tx)].append(do)

    async def together(self, write: Write, context: Any, item: Any) -> Any:
        """Write `item` in the next common transaction; returns its result once that is committed.

        `write(context, tx, items)` is called once for all items of the crowd that came with it, and gives a result for
        each. If it raises, nothing of it stays, and each item is tried by itself; so it may be run again.
        """
        waiting = _Waiting(write, context, item, asyncio.get_running_loop().create_future())
        self._crowd.append(waiting)
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit_crowd())
        return await waiting.done

    async def _commit_crowd(self) -> None:
        while self._crowd:
            crowd = [self._crowd.popleft() for _ in range(min(CROWD, len(self._crowd)))]
            try:
                await self._commit(crowd)
            except Exception:
                await self._one_by_one(crowd)
            for one in crowd:
                one.settle()

    async def _commit(self, crowd: list[_Waiting]) -> None:
        async with self.write(urgent=True) as tx:
            kinds = {(one.write, id(one.context)): one for one in crowd}
            for (write, _), first in kinds.items():
                same = [one for one in crowd if one.write is write and one.context is first.context]
                results = await write(first.context, tx, [one.item for one in same])
                for one, result in zip(same, results, strict=True):
                    one.result = result

    async def _one_by_one(self, crowd: list[_Waiting]) -> None:
        """Something broke the common transaction (one item, a deadlock, a lost connection): each by itself."""
        for one in crowd:
            try:
                await self._commit([one])
            except Exception as err:
                one.error = err

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Tx]:
        """For reading only: on SQLite all of it sees one state, on PostgreSQL each statement what is committed."""
        async with self._reader.begin() as tx:
            yield tx

    async def close(self) -> None:
        for engine in {self._writer, self._reader}:
            await engine.dispose()


def _postgresql(url: str) -> AsyncEngine:
    """Connections that were idle are tried before they are used: PostgreSQL may have been started anew meanwhile."""
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1).replace("sslmode=", "ssl="),
        pool_size=POOL,
        max_overflow=0,
        hide_parameters=True,
    )

    dialect: Any = engine.dialect

    @event.listens_for(engine.sync_engine, "checkout")
    def _try(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("used", time.monotonic()) > IDLE:
            try:
                dialect.do_ping(connection)
            except dialect.loaded_dbapi.Error as err:
                raise DisconnectionError from err

    @event.listens_for(engine.sync_engine, "checkin")
    def _note(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    return engine


def _sqlite(url: str, *, writes: bool, size: int) -> AsyncEngine:
    path = url.removeprefix("sqlite:///")
    engine = create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=lambda: sqlite_in_loop.connect(path, writes=writes),
        poolclass=sa.AsyncAdaptedQueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
    )
    engine.dialect.do_begin = _begin
    return engine


def _begin(dbapi_connection: Any) -> None:
    """Said aloud, so that what is read is of one state from the first statement on: sqlite3 waits for a change."""
    dbapi_connection.dbapi_connection.run_async(sqlite_in_loop.Connection.begin)


def migrate(url: str) -> None:
    """Bring the database to the newest shape; safe to run at every start.

    alembic is loaded here alone: a gateway that is brought back would wait for it a fifth of its start.
    """
    from alembic import command
    from alembic.config import Config

    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.upgrade(config, "head")
