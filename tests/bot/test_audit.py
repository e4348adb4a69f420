"""The log is only ever added to, and whoever changes it behind the database's back is found."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from bot import audit, model
from bot.errors import NotAllowed
from bot.people import ROLES
from tests.bot.conftest import Gateway
from tests.support.staff import hire

UNGUARDED = {
    "sqlite": ("drop trigger audit_no_update", "drop trigger audit_no_delete"),
    "postgresql": ("drop trigger audit_is_kept on audit",),
}


async def write(gateway: Gateway, *rows: tuple[str, str, str | None]) -> None:
    """who, action, agency"""
    for who, action, agency in rows:
        async with gateway.core.store.write() as tx:
            await audit.record(tx, who, action, gateway.clock(), agency=agency, conversation="c-1", note="chữ Việt")
        gateway.clock.forward(seconds=0.123456)


async def tamper(gateway: Gateway, *statements: str) -> None:
    async with gateway.core.store.write() as tx:
        for statement in (*UNGUARDED[tx.dialect.name], *statements):
            await tx.exec_driver_sql(statement)


async def verified(gateway: Gateway) -> audit.Verified:
    async with gateway.core.store.read() as tx:
        return await audit.verify(tx)


FIVE = [("Lan", "claim", "tax-office")] * 5


async def test_an_untouched_log_holds_together_also_over_many_looks(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await verified(gateway)).rows == 0
    await write(gateway, *FIVE)
    monkeypatch.setattr(audit, "AT_ONCE", 2)
    found = await verified(gateway)
    assert (found.rows, found.broken) == (5, None)
    async with gateway.core.store.read() as tx:
        assert await audit.holds(tx, found.hash)
        assert not await audit.holds(tx, "0" * 64)


@pytest.mark.parametrize("statement", ["update audit set who = 'Mai'", "delete from audit"])
async def test_the_database_refuses_to_change_it(statement: str, gateway: Gateway) -> None:
    await write(gateway, *FIVE)
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with gateway.core.store.write() as tx:
            await tx.exec_driver_sql(statement)
    assert (await verified(gateway)).broken is None


BROKEN = {
    "who": ("update audit set who = 'Mai' where id = 3", 3),
    "what": ("update audit set action = 'reply' where id = 1", 1),
    "when": ("update audit set at = (select min(at) from audit) where id = 4", 4),
    "details": ("""update audit set details = '{"note": "chu Viet"}' where id = 2""", 2),
    "about whom": ("update audit set conversation = null where id = 5", 5),
    "a row is gone": ("delete from audit where id = 2", 3),
    "the first is gone": ("delete from audit where id = 1", 2),
    "another hash": ("update audit set hash = (select hash from audit where id = 1) where id = 3", 3),
    "another one before": ("update audit set previous = (select hash from audit where id = 1) where id = 3", 3),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_the_first_row_that_was_touched_is_named(case: str, gateway: Gateway) -> None:
    await write(gateway, *FIVE)
    statement, broken = BROKEN[case]
    await tamper(gateway, statement)
    assert (await verified(gateway)).broken == broken


async def test_an_end_that_was_cut_off_is_found_by_the_hash_that_was_kept(gateway: Gateway) -> None:
    await write(gateway, *FIVE)
    kept = (await verified(gateway)).hash
    await tamper(gateway, "delete from audit where id > 3")
    assert (await verified(gateway)).broken is None
    async with gateway.core.store.read() as tx:
        assert not await audit.holds(tx, kept)


async def test_rows_that_are_written_at_once_follow_each_other(gateway: Gateway) -> None:
    await asyncio.gather(*(write(gateway, ("Lan", "claim", None)) for _ in range(12)))
    found = await verified(gateway)
    assert (found.rows, found.broken) == (12, None)


async def test_what_was_rolled_back_was_never_there(gateway: Gateway) -> None:
    with suppress(ZeroDivisionError):
        async with gateway.core.store.write() as tx:
            await audit.record(tx, "Lan", "claim", gateway.clock())
            raise ZeroDivisionError
    await write(gateway, *FIVE)
    assert (await verified(gateway)).rows == 5


MIXED = [
    ("Lan", "claim", "tax-office"),
    ("Mai", "reply", "mau-ward"),
    ("Mai", "presence", None),
    ("Lan", "reply", "tax-office"),
    ("Chief", "presence", None),
]
SHOWN: dict[str, tuple[tuple[str, ...], dict[str, str], list[int]]] = {
    # agencies of who asks, filters, ids of the rows
    "all": ((), {}, [5, 4, 3, 2, 1]),
    "by person": ((), {"person": "Mai"}, [3, 2]),
    "by action": ((), {"action": "reply"}, [4, 2]),
    "by both": ((), {"action": "reply", "person": "Lan"}, [4]),
    "by conversation": ((), {"conversation": "c-2"}, []),
    "own agency and own rows": (("tax-office",), {}, [5, 4, 1]),
    "another's rows stay hidden": (("tax-office",), {"person": "Mai"}, []),
}


@pytest.mark.parametrize("case", SHOWN)
async def test_the_page_shows_what_one_may_see(case: str, gateway: Gateway) -> None:
    agencies, filters, ids = SHOWN[case]
    chief = await hire(gateway.core, "Chief", "supervisor", *agencies)
    await write(gateway, *MIXED)
    page = await audit.page(gateway.core, chief, None, **filters)
    assert [row["id"] for row in page["rows"]] == ids
    assert page["before"] is None


async def test_older_rows_are_on_the_next_page(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 2)
    chief = await hire(gateway.core, "Chief", "administrator")
    await write(gateway, *MIXED)
    pages: list[list[int]] = []
    before = None
    while not pages or before is not None:
        page = await audit.page(gateway.core, chief, before)
        pages.append([row["id"] for row in page["rows"]])
        before = page["before"]
    assert pages == [[5, 4], [3, 2], [1]]


@pytest.mark.parametrize("role", ROLES)
async def test_who_may_read_it(role: str, gateway: Gateway) -> None:
    who = await hire(gateway.core, "Lan", role)
    if role in ("supervisor", "administrator"):
        assert (await audit.page(gateway.core, who))["rows"] == []
    else:
        with pytest.raises(NotAllowed):
            await audit.page(gateway.core, who)


def test_each_column_is_in_the_hash() -> None:
    row: dict[str, Any] = {column.name: column.name for column in model.audit.columns if column.name != "hash"}
    row |= {"at": datetime(2026, 11, 27, tzinfo=UTC)}
    others = [row | {key: row["at"] + timedelta(microseconds=1) if key == "at" else "x"} for key in row]
    assert len({audit.hashed(one) for one in (row, *others)}) == len(row) + 1
