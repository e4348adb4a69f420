"""SQLite in the loop keeps what a thread of its own kept: errors, locks of others, what is cancelled halfway."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot import sqlite_in_loop
from bot.store import Store, Tx

things = sa.table("things", sa.column("name"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "things.db"
    with sqlite3.connect(file) as made:
        made.execute("pragma journal_mode=wal")
        made.execute("create table things (name text primary key)")
    return file


@pytest.fixture
async def store(path: Path) -> AsyncGenerator[Store]:
    store = Store(f"sqlite:///{path}")
    yield store
    await store.close()


async def names(store: Store) -> list[str]:
    async with store.read() as tx:
        return list((await tx.execute(sa.select(things.c.name).order_by("name"))).scalars())


async def test_what_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError):
        async with store.write() as tx:
            await tx.execute(sa.insert(things), [{"name": "a"}, {"name": "a"}])
    assert await names(store) == []
    async with store.write() as tx:
        await tx.execute(sa.insert(things), [{"name": "a"}])
    assert await names(store) == ["a"]


async def test_it_waits_for_another_process_and_the_loop_goes_on(store: Store, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")

    async def write() -> None:
        async with store.write() as tx:
            await tx.execute(sa.insert(things), [{"name": "ours"}])

    writing = asyncio.create_task(write())
    for _ in range(20):
        await asyncio.sleep(0.01)  # the loop is free, and readers read
        assert await names(store) == []
    other.execute("insert into things values ('theirs')")
    other.execute("commit")
    await writing
    assert await names(store) == ["ours", "theirs"]
    other.close()


@pytest.mark.parametrize("steps", range(12))
async def test_a_writer_that_is_cancelled_keeps_nobody_from_writing(store: Store, steps: int) -> None:
    async def write(name: str) -> None:
        async with store.write() as tx:
            await tx.execute(sa.insert(things), [{"name": name}])

    cancelled = asyncio.create_task(write("cancelled"))
    for _ in range(steps):
        await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(cancelled, write("next"), return_exceptions=True)
    assert "next" in await names(store)
    await write("last")
    assert set(await names(store)) - {"cancelled"} == {"last", "next"}


async def test_a_crowd_shares_a_commit_and_a_bad_one_fails_alone(store: Store) -> None:
    async def insert(_context: None, tx: Tx, items: Sequence[str]) -> list[int]:
        await tx.execute(sa.insert(things), [{"name": item} for item in items])
        return [len(items)] * len(items)

    given = ["a", "b", "b", "c"]
    done = await asyncio.gather(*(store.together(insert, None, name) for name in given), return_exceptions=True)
    assert [isinstance(one, IntegrityError) for one in done] == [False, False, True, False]
    assert await names(store) == ["a", "b", "c"]
    done = await asyncio.gather(*(store.together(insert, None, name) for name in "defgh"))
    assert max(done) > 1


async def test_a_quick_commit_stays_in_the_loop_unless_others_come_behind_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_away: list[str] = []
    aside = sqlite_in_loop._aside

    async def counted(call: Callable[[], Any]) -> None:
        given_away.append(call.__name__)
        await aside(call)

    monkeypatch.setattr(sqlite_in_loop, "_aside", counted)
    monkeypatch.setattr(sqlite_in_loop, "QUICK", 60.0)
    for calm, times, to_threads in ((60.0, sqlite_in_loop.TIMES + 2, sqlite_in_loop.TIMES + 2), (-1.0, 2, 0)):
        monkeypatch.setattr(sqlite_in_loop, "CALM", calm)
        given_away.clear()
        for number in range(times):
            async with store.write() as tx:
                await tx.execute(sa.insert(things).values(name=f"{calm} {number}"))
        assert given_away == ["_to_disk"] * to_threads
