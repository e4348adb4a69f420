"""What was done by whom: rows that are only ever added, each holding the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.errors import NotAllowed
from bot.model import audit
from bot.store import Tx

if TYPE_CHECKING:
    from bot.core import Core
    from bot.people import Person

ONE_AT_A_TIME = 7_203_116  # PostgreSQL's advisory lock: two rows never follow the same one
SYSTEM, CITIZEN = "system", "citizen"  # who, where the desk itself acts, or the citizen decides
PAGE = 50  # rows
AT_ONCE = 1_000  # rows that are verified between two looks at the database


async def record(
    tx: Tx,
    who: str,
    action: str,
    now: datetime,
    *,
    conversation: str | None = None,
    agency: str | None = None,
    **details: Any,
) -> None:
    """Add a row in the caller's transaction: last of all, for it makes every other writer of the log wait.

    `details` must be JSON, and holds no text of a citizen.
    """
    if tx.dialect.name == "postgresql":
        await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    last = (await tx.execute(sa.select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1))).one_or_none()
    row = {
        "id": 1 if last is None else last.id + 1,
        "at": now,
        "who": who,
        "action": action,
        "conversation": conversation,
        "agency": agency,
        "details": details,
        "previous": "" if last is None else last.hash,
    }
    await tx.execute(sa.insert(audit).values(**row, hash=hashed(row)))


def hashed(row: dict[str, Any]) -> str:
    """SHA-256 of everything in a row but its own hash."""
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    said = json.dumps(row | {"at": at}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verified:
    """How many rows hold together, the last one's hash, and the id of the first that does not follow from them."""

    rows: int
    hash: str
    broken: int | None = None


async def verify(tx: Tx) -> Verified:
    """Walk the whole chain: every row is there, says what its hash says, and follows the one before.

    That its end was cut off the chain alone cannot tell: the last hash, kept elsewhere, does (`holds`).
    """
    walked = Verified(0, "")
    while rows := await _after(tx, walked.rows):
        for row in rows:
            kept = dict(row._mapping)
            kept_hash = kept.pop("hash")
            if (row.id, row.previous, kept_hash) != (walked.rows + 1, walked.hash, hashed(kept)):
                return Verified(walked.rows, walked.hash, broken=row.id)
            walked = Verified(row.id, kept_hash)
    return walked


async def holds(tx: Tx, known: str) -> bool:
    """Whether a row with this hash is there."""
    return bool((await tx.execute(sa.select(sa.exists().where(audit.c.hash == known)))).scalar_one())


async def _after(tx: Tx, row_id: int) -> list[sa.Row[Any]]:
    following = sa.select(audit).where(audit.c.id > row_id).order_by(audit.c.id).limit(AT_ONCE)
    return list((await tx.execute(following)).all())


async def page(
    core: Core,
    who: Person,
    before: int | None = None,
    *,
    person: str = "",
    action: str = "",
    conversation: str = "",
) -> dict[str, Any]:
    """{"rows": the newest first, "before": the id to go on with, None at the end}; each filter "" lets all through.

    `who` sees their agencies' rows and their own. Raises NotAllowed.
    """
    if not who.may("supervise"):
        raise NotAllowed(f"A person with the role {who.role} may not read this.")
    wanted = [audit.c[column] == value for column, value in _given(person, action, conversation)]
    if before is not None:
        wanted.append(audit.c.id < before)
    if who.agencies is not None:
        wanted.append(sa.or_(audit.c.agency.in_(who.agencies), audit.c.who == who.name))
    newest = sa.select(audit).where(*wanted).order_by(audit.c.id.desc()).limit(PAGE + 1)
    async with core.store.read() as tx:
        rows = [_shown(row) for row in await tx.execute(newest)]
    return {"rows": rows[:PAGE], "before": rows[PAGE - 1]["id"] if len(rows) > PAGE else None}


def _given(person: str, action: str, conversation: str) -> list[tuple[str, str]]:
    filters = {"who": person, "action": action, "conversation": conversation}
    return [(column, value) for column, value in filters.items() if value]


def _shown(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at.isoformat(),
        "who": row.who,
        "action": row.action,
        "conversation": row.conversation,
        "agency": row.agency,
        "details": row.details,
    }
