"""The database behind its one door."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot import store
from bot.store import Store

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
