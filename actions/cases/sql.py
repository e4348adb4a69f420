"""The case system that keeps its cases in SQL: SQLite or PostgreSQL. Proofs are compared as keyed digests only."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases.attempts import WINDOW, Limit, limits, locked_until
from actions.cases.contract import (
    Case,
    Change,
    Locked,
    Missing,
    NoSuchCase,
    NotOffered,
    Progress,
    Proof,
    Report,
    Service,
    Unavailable,
)
from actions.cases.digest import digest, matches
from actions.cases.tables import ONCE, PATIENCE, attempts, cases, connect


class SqlCases:
    """`key` is the secret of the digests; `clock` gives the time with its zone."""

    def __init__(self, url: str, key: str, clock: Callable[[], datetime], *, name: str = "sql") -> None:
        self.name = name
        self._engine = connect(url)
        self._key = key
        self._clock = clock

    async def services(self) -> list[Service]:
        return []

    async def open(self, report: Report, *, once: str) -> Case:
        raise NotOffered

    async def find(self, reference: str, proof: Proof | None) -> Case:
        if proof is None or proof.possession:
            return await self._looked_up(reference, proof)
        async with self._transaction() as connection:
            shown = await self._attempt(connection, reference, proof)
            row = await _row(connection, reference) if shown else None
            until = await self._closed(connection, reference, proof) if row is None else None
        if row is None:                      # after the transaction: a wrong attempt stays written down
            raise NoSuchCase(until)
        return _case(row)

    async def _looked_up(self, reference: str, sender: Proof | None) -> Case:
        """Level 1 for the sender's own case while it is not locked. Nothing is written; the work is always the same."""
        async with self._transaction() as connection:
            row = await _row(connection, reference)
            locked = await self._closed(connection, reference, sender) if sender else None
        if row is None:
            raise NoSuchCase
        given = digest(self._key, reference, sender.value if sender else "")
        own = matches([row["phone_digest"]], given) and sender is not None and locked is None
        return _case(row) if own else _case(row).coarse()

    async def changes(self, since: datetime) -> list[Change]:
        columns = (cases.c.reference, cases.c.status, cases.c.changed_at)
        query = select(*columns).where(cases.c.changed_at > since).order_by(cases.c.changed_at, cases.c.reference)
        async with self._transaction() as connection:
            return [Change(*row) for row in await connection.execute(query)]

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[AsyncConnection]:
        try:
            async with asyncio.timeout(2 * PATIENCE), self._engine.begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeoutError, TimeoutError) as err:
            raise Unavailable(self.name) from err

    async def _attempt(self, connection: AsyncConnection, reference: str, proof: Proof) -> bool:
        """Look at a proof and count it. The work is the same for a wrong proof and for a case that is not there."""
        now = self._clock().replace(microsecond=0)
        bounds = limits(reference, proof)
        await _one_at_a_time(connection, bounds)
        attempt = await _write_down(connection, reference, proof, now)
        if attempt is None:                  # written down before: it comes out as it did, and is not counted again
            return await _was_right(connection, reference, proof) and await self._is_right(connection, reference, proof)
        for limit in bounds:
            until = await _locked_until(connection, limit, attempt, now)
            if until:
                raise Locked(until)          # and the attempt is rolled back: it was not looked at
        right = await self._is_right(connection, reference, proof)
        outcome = "right" if right else "wrong"
        await connection.execute(update(attempts).where(attempts.c.id == attempt).values(outcome=outcome))
        return right

    async def _is_right(self, connection: AsyncConnection, reference: str, proof: Proof) -> bool:
        query = select(cases.c.id_digest, cases.c.phone_digest).where(cases.c.reference == reference)
        kept = (await connection.execute(query)).first() or (None, None)
        return matches(kept, digest(self._key, reference, proof.value))

    async def _closed(self, connection: AsyncConnection, reference: str, proof: Proof) -> datetime | None:
        """When the lock ends that the attempts written down, the last one included, have closed."""
        now = self._clock().replace(microsecond=0)
        ends = [await _locked_until(connection, limit, None, now) for limit in limits(reference, proof)]
        return max((end for end in ends if end), default=None)


async def _one_at_a_time(connection: AsyncConnection, bounds: list[Limit]) -> None:
    """Attempts that share a limit wait for each other. On SQLite the insert that follows makes all writers wait."""
    if connection.dialect.name == "sqlite":
        return
    names = (f"{limit.column} {limit.value}".encode() for limit in bounds)
    for lock in sorted(int.from_bytes(hashlib.sha256(name).digest()[:8], signed=True) for name in names):
        await connection.execute(select(func.pg_advisory_xact_lock(lock)))


async def _write_down(connection: AsyncConnection, reference: str, proof: Proof, now: datetime) -> int | None:
    """The attempt as a wrong one, before it is looked at; None where its message had made it before. What no limit
    needs any more goes."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    whose = {"reference": reference, "conversation": proof.conversation, "address": proof.address, "once": proof.once}
    once = insert(attempts).values(**whose, at=now, outcome="wrong").on_conflict_do_nothing(index_elements=ONCE.columns)
    made = await connection.scalars(once.returning(attempts.c.id))
    await connection.execute(delete(attempts).where(attempts.c.at < now - WINDOW))
    return made.one_or_none()


async def _was_right(connection: AsyncConnection, reference: str, proof: Proof) -> bool:
    same = (attempts.c.reference == reference, attempts.c.conversation == proof.conversation)
    query = select(attempts.c.outcome).where(*same, attempts.c.once == proof.once)
    return (await connection.scalars(query)).first() == "right"


async def _locked_until(
    connection: AsyncConnection, limit: Limit, attempt: int | None, now: datetime
) -> datetime | None:
    """`attempt` is the one being looked at, which does not count yet."""
    same = (attempts.c[limit.column] == limit.value, attempts.c.outcome == "wrong", attempts.c.id != (attempt or 0))
    query = select(attempts.c.at).where(*same).order_by(attempts.c.at.desc()).limit(limit.most)
    return locked_until((await connection.scalars(query)).all(), limit.most, now)


async def _row(connection: AsyncConnection, reference: str) -> RowMapping | None:
    return (await connection.execute(select(cases).where(cases.c.reference == reference))).mappings().first()


def _progress(step: Mapping[str, Any]) -> Progress:
    return Progress(datetime.fromisoformat(step["at"]), step["department"], step["note"])


def _case(row: RowMapping) -> Case:
    return Case(
        row["reference"], row["service"], row["service_name"], row["agency"], row["status"], row["due_at"], 1,
        row["received_at"], row["finished_at"], row["returned_at"], row["channel"], row["applicant"],
        tuple(_progress(step) for step in row["progress"]),
        tuple(Missing(one["document"], one["why"]) for one in row["missing"]),
        row["next_step"],
    )
