"""The staff: who they are, which agencies they serve, and the tokens that they sign in with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.core import Core
from bot.errors import NotAllowed
from bot.model import person, staff_token
from bot.secrets import digest
from bot.store import Tx
from bot.words import LANGUAGES
from text.clean import clean

ROLES = ("agent", "supervisor", "content editor", "analyst", "administrator")
PERMISSIONS = {
    "converse": frozenset({"agent", "supervisor", "administrator"}),
    "supervise": frozenset({"supervisor", "administrator"}),
    "edit": frozenset({"content editor", "supervisor", "administrator"}),
    "measure": frozenset({"analyst", "supervisor", "administrator"}),
    "administer": frozenset({"administrator"}),
}
Presence = Literal["available", "busy", "away", "offline"]
SEEN_EVERY = timedelta(seconds=10)
THERE = timedelta(minutes=2)  # who asked the desk for anything within this time counts as there
IDLE = timedelta(minutes=15)  # who did nothing for so long is away, whatever they chose


@dataclass(frozen=True, slots=True)
class Person:
    """One of the staff; `agencies` and `skills` (languages and services) None mean all."""

    id: int
    name: str
    role: str
    agencies: tuple[str, ...] | None
    skills: tuple[str, ...] | None = None
    language: str = "vi"
    capacity: int = 8

    @classmethod
    def of(cls, row: sa.Row[Any]) -> Person:
        agencies, skills = (None if one is None else tuple(one) for one in (row.agencies, row.skills))
        return cls(row.id, row.name, row.role, agencies, skills, row.language, row.capacity)

    def may(self, permission: str) -> bool:
        return self.role in PERMISSIONS[permission]

    def may_see(self, agency: str) -> bool:
        return self.agencies is None or agency in self.agencies

    def takes(self, agency: str) -> bool:
        """Whether they answer citizens of an agency."""
        return self.may("converse") and self.may_see(agency)

    def is_skilled(self, language: str, topic: str | None) -> bool:
        """Whether they take a conversation in a language about a service; a list without languages means all of them,
        and one without services too."""
        listed = set(self.skills or ())
        languages = listed & set(LANGUAGES)
        services = listed - languages
        return (not languages or language in languages) and (not services or topic is None or topic in services)


def require(who: Person, permission: str) -> None:
    """Raises NotAllowed."""
    if not who.may(permission):
        raise NotAllowed(f"A person with the role {who.role} may not do this.")


def present(row: sa.Row[Any], now: datetime) -> Presence:
    """Whether a person is there, and free: what they chose, as long as they give signs of life."""
    if not row.active or row.seen_at is None or row.seen_at < now - THERE:
        return "offline"
    if row.presence == "available" and row.acted_at is not None and row.acted_at < now - IDLE:
        return "away"
    return row.presence


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
