"""The staff: who they are, which agencies they serve, and the tokens that they sign in with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.core import Core
from bot.model import person, staff_token
from bot.secrets import digest
from bot.store import Tx
from text.clean import clean

ROLES = ("agent", "supervisor", "content editor", "analyst", "administrator")
SEEN_EVERY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Person:
    """One of the staff; `agencies` None means all."""

    id: int
    name: str
    role: str
    agencies: tuple[str, ...] | None

    @classmethod
    def of(cls, row: sa.Row[Any]) -> Person:
        return cls(row.id, row.name, row.role, None if row.agencies is None else tuple(row.agencies))

    def may_see(self, agency: str) -> bool:
        return self.agencies is None or agency in self.agencies


async def sign_in(core: Core, token: str) -> Person | None:
    """Whose token this is, noting that they are there; None for a token that opens nothing."""
    now = core.clock()
    async with core.store.read() as tx:
        found = await tx.execute(sa.select(person).join(staff_token).where(staff_token.c.digest == digest(token)))
        row = found.one_or_none()
    if row is None:
        return None
    if row.seen_at is None or row.seen_at < now - SEEN_EVERY:
        async with core.store.write() as tx:
            await tx.execute(sa.update(person).where(person.c.id == row.id).values(seen_at=now))
    return Person.of(row)


async def new_token(
    tx: Tx, name: str, *, role: str | None, agencies: tuple[str, ...] | None, now: datetime, create: bool
) -> str:
    """A new token for `name`; an unknown name is made where `create` allows it, else LookupError.

    Raises ValueError for a name that cannot be shown, and for a role or agencies that a known person does not have.
    """
    if not 0 < len(name) <= 80 or name != clean(name) or "\n" in name:
        raise ValueError("a name has 1 to 80 visible characters on one line")
    found = (await tx.execute(sa.select(person).where(person.c.name == name))).one_or_none()
    if found is None and not create:
        raise LookupError(name)
    known = {"role": role or "agent", "agencies": None if agencies is None else list(agencies)}
    if found is None:
        made = await tx.execute(sa.insert(person).values(name=name, created_at=now, **known).returning(person.c.id))
        person_id = int(made.scalar_one())
    elif (role and role != found.role) or (agencies is not None and list(agencies) != found.agencies):
        raise ValueError(f"{name} is known as {found.role} of {', '.join(found.agencies or ['all agencies'])}")
    else:
        person_id = int(found.id)
    token = "mc_" + secrets.token_urlsafe(32)
    await tx.execute(sa.insert(staff_token).values(digest=digest(token), person=person_id, created_at=now))
    return token
