"""The database behind its one door."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot import store
from bot.model import person
from bot.store import Store, Tx

END_OTHERS = (
    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
    " where pid <> pg_backend_pid() and datname = current_database()"
)


async def test_a_connection_that_broke_while_it_was_idle_is_replaced(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after PostgreSQL was started anew."""
    ours, other = Store(postgres_url), Store(postgres_url)
    await ours.make_ready()
    async with other.read() as tx:
        assert (await tx.execute(sa.text(END_OTHERS))).scalar_one() == store.POOL
    monkeypatch.setattr(store, "IDLE", 0.0)
    async with ours.read() as tx:
        assert (await tx.execute(sa.text("select 1"))).scalar_one() == 1
    async with ours.write() as tx:
        assert (await tx.execute(sa.text("select 2"))).scalar_one() == 2
    await ours.close()
    await other.close()


async def test_what_is_to_follow_a_commit_follows_it_and_no_rollback(migrated_url: str) -> None:
    ours, done = Store(migrated_url), list[str]()
    async with ours.write() as tx:
        ours.after(tx, lambda: done.append("kept"))
        assert done == []

    async def breaks_off() -> None:
        async with ours.write() as tx:
            ours.after(tx, lambda: done.append("lost"))
            await tx.execute(sa.insert(person).values(id=1))

    with pytest.raises(IntegrityError):
        await breaks_off()

    async def writes(_: None, tx: Tx, items: Sequence[str]) -> Sequence[None]:
        for item in items:
            ours.after(tx, partial(done.append, item))
        return [None] * len(items)

    await asyncio.gather(*(ours.together(writes, None, item) for item in ("a", "b")))
    assert done == ["kept", "a", "b"]
    await ours.close()
