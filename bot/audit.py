"""What was done by whom: rows that are only ever added, each holding the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.model import audit
from bot.store import Tx

ONE_AT_A_TIME = 7_203_116  # PostgreSQL's advisory lock: two rows never follow the same one
SYSTEM = "system"  # who, where the desk itself acts


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
