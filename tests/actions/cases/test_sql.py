"""What only the SQL case system has to prove: digests, locks under concurrency, timing, and a store that is away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from itertools import batched
from pathlib import Path

import pytest
from sqlalchemy import RowMapping, insert, select, text

from actions.cases.contract import CaseError, Locked, NoSuchCase, Proof, Unavailable
from actions.cases.demonstration import demonstration_rows, fill, renew, to_try
from actions.cases.sql import SqlCases
from actions.cases.tables import attempts, cases, connect_waiting
from calendars.working_time import DaysOff
from tests.actions.cases.conftest import KEY, TODAY, Clock, opened

REFERENCE = "H15.50.05.13-261008-0975"
DUE_TODAY = "H15.50.05.13-261123-1021"
UNKNOWN = "H15.50.05.13-261008-9999"


async def guess(
    system: SqlCases, reference: str, value: str, conversation: str, address: str = "", once: str | None = None
) -> type[Exception] | None:
    try:
        await system.find(reference, Proof(value, conversation, address, once=once))
    except CaseError as err:
        return type(err)
    return None


def written(url: str) -> Sequence[RowMapping]:
    """The attempts that are kept, oldest first."""
    engine = connect_waiting(url)
    with engine.connect() as connection:
        rows = connection.execute(select(attempts).order_by(attempts.c.id)).mappings().all()
    engine.dispose()
    return rows


@pytest.mark.parametrize("reference", [REFERENCE, UNKNOWN])
async def test_of_forty_guesses_at_once_five_are_looked_at(cases_url: str, clock: Clock, reference: str) -> None:
    async with opened(cases_url, clock) as one, opened(cases_url, clock) as other:
        outcomes = await asyncio.gather(*(
            guess((one, other)[n % 2], reference, f"{n:04d}", f"c-{n}", f"a-{n % 3}") for n in range(40)
        ))
        assert outcomes.count(NoSuchCase) == 5
        assert outcomes.count(Locked) == 35
        assert await guess(one, reference, "2345", "c-late") is Locked


async def test_one_message_asked_about_many_times_at_once_is_one_attempt(cases_url: str, clock: Clock) -> None:
    """The first may still be under way when it is asked about again."""
    async with opened(cases_url, clock) as one, opened(cases_url, clock) as other:
        outcomes = await asyncio.gather(*(
            guess((one, other)[n % 2], REFERENCE, "0000", "c-1", once="m-1") for n in range(20)
        ))
        assert set(outcomes) == {NoSuchCase}
        assert await guess(one, REFERENCE, "2345", "c-1", once="m-2") is None
    assert [row["outcome"] for row in written(cases_url)] == ["wrong", "right"]


async def test_guesses_across_cases_and_conversations_do_not_block_each_other(cases_url: str, clock: Clock) -> None:
    """Two locks taken in opposite orders would be a deadlock. Twelve at a time: more only wait for each other."""
    outcomes: list[type[Exception] | None] = []
    async with opened(cases_url, clock) as system:
        pairs = [(f"H15.50.05.13-261008-{n % 7:04d}", f"c-{n % 5}") for n in range(60)]
        for some in batched(pairs, 12):
            outcomes += await asyncio.gather(*(guess(system, reference, "0000", who, "a-1") for reference, who in some))
        assert set(outcomes) == {NoSuchCase, Locked}
        assert outcomes.count(NoSuchCase) == 30                     # the address's limit


def test_no_proof_rests_in_the_clear(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'cases.db'}"
    fill(url, KEY, TODAY)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "new").iterdir())
    for one in to_try():
        assert one.reference.encode() in kept
        assert one.phone.encode() not in kept
        assert one.phone[3:].encode() not in kept
    rows = demonstration_rows(KEY, TODAY, DaysOff())
    assert len({row["id_digest"] for row in rows}) == len(rows)
    assert demonstration_rows("another key", TODAY, DaysOff())[0]["id_digest"] != rows[0]["id_digest"]


async def test_an_attempt_keeps_no_proof_and_goes_after_its_window(cases_url: str, clock: Clock) -> None:
    async with opened(cases_url, clock) as system:
        await guess(system, REFERENCE, "2345", "c-1", "a-1")
        clock.move(hours=6, seconds=1)
        await guess(system, REFERENCE, "8877", "c-2", "a-2")
    rows = written(cases_url)
    assert [(row["conversation"], row["outcome"], row["at"]) for row in rows] == [("c-2", "wrong", clock.now)]


async def test_looking_by_the_senders_number_writes_nothing(cases_url: str, clock: Clock) -> None:
    async with opened(cases_url, clock) as system:
        for number in ("+84900000975", "+84912000002"):
            await system.find(REFERENCE, Proof(number, "c-1", "a-1", possession=True))
    assert written(cases_url) == []


async def test_filling_again_moves_the_dates_and_keeps_the_attempts(cases_url: str, clock: Clock) -> None:
    async with opened(cases_url, clock) as system:
        for n in range(5):
            await guess(system, REFERENCE, f"000{n}", "c-1")
        before = (await system.find(DUE_TODAY, None)).due_at
        assert fill(cases_url, KEY, date(2026, 11, 25)) == fill(cases_url, KEY, date(2026, 11, 25))
        after = (await system.find(DUE_TODAY, None)).due_at
        assert (before, after) == (datetime(2026, 11, 24, 10, tzinfo=UTC), datetime(2026, 11, 25, 10, tzinfo=UTC))
        assert await guess(system, REFERENCE, "2345", "c-2") is Locked


async def test_filling_leaves_cases_of_others_alone(cases_url: str, clock: Clock) -> None:
    row = demonstration_rows(KEY, TODAY, DaysOff())[0] | {"reference": "H15.50.05.13-261008-7777", "origin": "import"}
    engine = connect_waiting(cases_url)
    with engine.begin() as connection:
        connection.execute(insert(cases).values(**row))
    engine.dispose()
    fill(cases_url, KEY, TODAY)
    async with opened(cases_url, clock) as system:
        assert (await system.find("H15.50.05.13-261008-7777", None)).status == 5


@pytest.mark.parametrize("url", [
    "sqlite:////nowhere/at/all.db", "postgresql://postgres@127.0.0.1:1/none",
])
async def test_a_store_that_is_away(url: str, clock: Clock) -> None:
    async with opened(url, clock) as system:
        for given in (None, Proof("2345", "c-1")):
            with pytest.raises(Unavailable) as caught:
                await system.find(REFERENCE, given)
            assert caught.value.system == "sql"
        with pytest.raises(Unavailable):
            await system.changes(datetime(2026, 11, 24, tzinfo=UTC))


async def test_a_store_without_tables_is_away_until_it_is_filled(database_url: str, clock: Clock) -> None:
    async with opened(database_url, clock) as system:
        with pytest.raises(Unavailable):
            await system.find(REFERENCE, None)
        fill(database_url, KEY, TODAY)
        assert (await system.find(REFERENCE, None)).status == 5


def make_older(url: str, schema: str) -> None:
    """The attempts as they were kept before they had a message, four wrong ones among them."""
    engine = connect_waiting(url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {schema}attempts_once"))
        connection.execute(text(f"ALTER TABLE {schema}attempts DROP COLUMN once"))
        for n in range(4):
            values = {"r": REFERENCE, "c": f"c-{n}", "at": "2026-11-24 02:00:00"}
            connection.execute(text(
                f"INSERT INTO {schema}attempts (reference, conversation, address, at, outcome) "  # noqa: S608
                "VALUES (:r, :c, '', :at, 'wrong')"
            ), values)
    engine.dispose()


@pytest.mark.parametrize("by", ["a start of the demonstration", "a start of production", "both, twice"])
async def test_the_store_of_an_older_version_goes_on(cases_url: str, clock: Clock, by: str) -> None:
    make_older(cases_url, "cases." if cases_url.startswith("postgresql") else "")
    async with opened(cases_url, clock) as system:
        with pytest.raises(Unavailable):
            await system.find(REFERENCE, Proof("0000", "c-5", once="m-1"))
        for _ in range(2 if by.startswith("both") else 1):
            if "production" not in by:
                fill(cases_url, KEY, TODAY)
            if "demonstration" not in by:
                renew(cases_url)
        for _ in range(3):
            assert await guess(system, REFERENCE, "0000", "c-5", once="m-1") is NoSuchCase
        assert await guess(system, REFERENCE, "2345", "c-6", once="m-2") is Locked
    assert [row["once"] for row in written(cases_url)] == [None] * 4 + ["m-1"]


async def test_a_store_that_was_never_filled_stays_away_in_production(database_url: str, clock: Clock) -> None:
    renew(database_url)
    async with opened(database_url, clock) as system:
        with pytest.raises(Unavailable):
            await system.find(REFERENCE, None)


def test_two_first_starts_at_once(database_url: str) -> None:
    with ThreadPoolExecutor() as pool:
        started = [pool.submit(fill, database_url, KEY, TODAY) for _ in range(8)]
        assert len({one.result() for one in started}) == 1


async def test_a_filled_store_is_read_while_it_is_filled_again(cases_url: str, clock: Clock) -> None:
    """The action server runs on while a restart of the gateway fills the store."""
    async with opened(cases_url, clock) as system:
        filling = asyncio.gather(*(asyncio.to_thread(fill, cases_url, KEY, TODAY) for _ in range(4)))
        found = [await system.find(REFERENCE, Proof("2345", "c-1")) for _ in range(20)]
        await filling
    assert {case.status for case in found} == {5}
