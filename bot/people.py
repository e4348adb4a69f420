"""The staff: who they are, what their role may do, which agencies they serve, and whether they are there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import sqlalchemy as sa

from bot import audit
from bot.core import Core
from bot.errors import NotAllowed, Unreadable
from bot.model import person, sign_in_link, staff_session, staff_token
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
PRESENCES: tuple[str, ...] = get_args(Presence)
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
    presence: str = "available"  # as they chose; `present` says what is true
    capacity: int = 8

    @classmethod
    def of(cls, row: sa.Row[Any]) -> Person:
        agencies, skills = (None if one is None else tuple(one) for one in (row.agencies, row.skills))
        return cls(row.id, row.name, row.role, agencies, skills, row.language, row.presence, row.capacity)

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


async def set_presence(core: Core, who: Person, presence: str) -> None:
    """`who` says whether they take conversations; raises Unreadable for what is no presence."""
    if presence not in PRESENCES:
        raise Unreadable(f"presence is one of {', '.join(PRESENCES)}.", field="presence")
    now = core.clock()
    async with core.store.write() as tx:
        chosen = sa.update(person).where(person.c.id == who.id)
        await tx.execute(chosen.values(presence=presence, seen_at=now, acted_at=now))
        await audit.record(tx, who.name, "presence", now, presence=presence)
    core.wake.grew("desk")


async def account(core: Core, who: Person) -> dict[str, Any]:
    """Who one is, as `shown`; "chosen": the presence that one chose; "permissions": what one may do."""
    async with core.store.read() as tx:
        row = (await tx.execute(sa.select(person).where(person.c.id == who.id))).one()
    own = {"chosen": row.presence, "permissions": [one for one in PERMISSIONS if who.may(one)]}
    return shown(row, core.clock()) | own


def shown(row: sa.Row[Any], now: datetime) -> dict[str, Any]:
    """A person as the pages and the API show one."""
    plain = ("id", "name", "role", "agencies", "skills", "language", "capacity", "active")
    return {key: getattr(row, key) for key in plain} | {
        "presence": present(row, now),
        "has_password": row.password is not None,
        "seen_at": row.seen_at.isoformat() if row.seen_at else None,
    }


async def speak(core: Core, who: Person, language: str) -> None:
    """The language of one's pages; raises Unreadable for one that they do not have."""
    if language not in LANGUAGES:
        raise Unreadable(f"language is one of {', '.join(LANGUAGES)}.", field="language")
    async with core.store.write() as tx:
        await tx.execute(sa.update(person).where(person.c.id == who.id).values(language=language))


async def colleagues(core: Core, who: Person, agency: str) -> list[dict[str, Any]]:
    """Who else answers for an agency, by name: {"name", "role", "presence"}; of another's than `who` serves, nobody."""
    if not who.may_see(agency):
        return []
    now, others = core.clock(), sa.select(person).where(person.c.active, person.c.id != who.id).order_by(person.c.name)
    async with core.store.read() as tx:
        rows = (await tx.execute(others)).all()
    return [
        {"name": row.name, "role": row.role, "presence": present(row, now)}
        for row in rows
        if Person.of(row).takes(agency)
    ]


def proper(name: str) -> str:
    """The name, if it can be shown and is nobody's but a person's; raises ValueError."""
    if not 0 < len(name) <= 80 or name != clean(name) or "\n" in name:
        raise ValueError("a name has 1 to 80 visible characters on one line")
    if name in (audit.SYSTEM, audit.CITIZEN):
        raise ValueError(f"{name} is not a person's name in the audit log")
    return name


async def find(tx: Tx, name: str) -> sa.Row[Any] | None:
    return (await tx.execute(sa.select(person).where(person.c.name == name))).one_or_none()


async def add(tx: Tx, name: str, now: datetime, *, role: str, agencies: Sequence[str] | None, **more: Any) -> int:
    """A new person's number; raises ValueError for a name that cannot be one, or is taken."""
    if await find(tx, proper(name)) is not None:
        raise ValueError(f"somebody is called {name} already")
    values = {"name": name, "role": role, "agencies": None if agencies is None else list(agencies), **more}
    made = await tx.execute(sa.insert(person).values(**values, created_at=now).returning(person.c.id))
    return int(made.scalar_one())


async def shut_out(tx: Tx, person_id: int) -> None:
    """Nothing that they hold opens the desk from now on, and whoever they answered goes back to the queue."""
    for opener in (staff_session, staff_token, sign_in_link):
        await tx.execute(sa.delete(opener).where(opener.c.person == person_id))
    await tx.execute(sa.update(person).where(person.c.id == person_id).values(active=False, seen_at=None))


async def new_token(
    tx: Tx, name: str, *, role: str | None, agencies: tuple[str, ...] | None, now: datetime, create: bool
) -> str:
    """A new token for `name`; an unknown name is made where `create` allows it, else LookupError.

    Raises ValueError for a name that cannot be shown or was put away, and for a role or agencies that a known person
    does not have.
    """
    found = await find(tx, proper(name))
    if found is None and not create:
        raise LookupError(name)
    if found is None:
        person_id = await add(tx, name, now, role=role or "agent", agencies=agencies)
    elif not found.active:
        raise ValueError(f"{name} was deactivated")
    elif (role and role != found.role) or (agencies is not None and list(agencies) != found.agencies):
        raise ValueError(f"{name} is known as {found.role} of {', '.join(found.agencies or ['all agencies'])}")
    else:
        person_id = int(found.id)
    token = "mc_" + secrets.token_urlsafe(32)
    await tx.execute(sa.insert(staff_token).values(digest=digest(token), person=person_id, created_at=now))
    return token
