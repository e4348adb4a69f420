"""The two ways in, a password and a one-time link, and a new password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import audit, passwords, people, sessions, throttle
from bot.core import Core
from bot.errors import SpentLink, WrongSignIn
from bot.model import person, sign_in_link
from bot.people import Person
from bot.secrets import digest
from bot.sessions import SignedIn
from bot.settings import Settings
from bot.store import Tx
from text.clean import clean

LINK_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks: the network address, and what the browser calls itself."""

    address: str
    device: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has begun; `token` is what the browser keeps."""

    token: str
    who: Person
    has_password: bool


async def with_password(core: Core, name: str, password: str, visitor: Visitor) -> Opened:
    """Raises WrongSignIn, whatever was wrong, and TooMany with the seconds to wait."""
    name = clean(name)
    tried = await throttle.admit(core, name, visitor.address)
    async with core.store.read() as tx:
        row = await people.find(tx, name)
    known = row if row is not None and row.active else None
    if not await passwords.matches(password, known.password if known else None) or known is None:
        await _refused(core, known)
        raise WrongSignIn("No such name, or not its password.")
    fresh = await passwords.hashed(password) if passwords.outdated(known.password) else None
    async with core.store.write() as tx:
        await throttle.forgive(tx, tried)
        if fresh is not None:
            await _keep(tx, known.id, fresh, instead_of=known.password)
        return await _let_in(core, tx, known, visitor.device, by_link=False)


async def _refused(core: Core, known: sa.Row[Any] | None) -> None:
    """Noted for a known name and an unknown one alike; what was typed is not kept, it may be a password."""
    async with core.store.write() as tx:
        who = audit.SYSTEM if known is None else known.name
        await audit.record(tx, who, "sign_in_failed", core.clock(), known=known is not None)


async def _let_in(core: Core, tx: Tx, row: sa.Row[Any], device: str, *, by_link: bool) -> Opened:
    now = core.clock()
    token = await sessions.start(tx, row.id, device, now, by_link=by_link)
    await audit.record(tx, row.name, "sign_in", now, by="link" if by_link else "password")
    core.wake.grew("desk")
    return Opened(token, Person.of(row), row.password is not None)


async def new_link(tx: Tx, person_id: int, now: datetime, lasts: timedelta = LINK_LASTS) -> str:
    """The token of a link that opens one session; those that have run out are cleared away."""
    token = secrets.token_urlsafe(32)
    await tx.execute(sa.delete(sign_in_link).where(sign_in_link.c.expires_at <= now))
    made = sa.insert(sign_in_link).values(digest=digest(token), person=person_id, expires_at=now + lasts)
    await tx.execute(made)
    return token


def address_of_link(settings: Settings, token: str) -> str:
    """What the person opens in their browser."""
    return f"{settings.desk_address}/desk/sign-in/{token}"


async def whose_link(core: Core, token: str) -> str:
    """The name of whom it lets in; raises SpentLink. Looking at a link does not use it: mail programs look."""
    async with core.store.read() as tx:
        found = sa.select(person.c.name).join(sign_in_link).where(*_good(token, core.clock()), person.c.active)
        name = (await tx.execute(found)).scalar_one_or_none()
    if name is None:
        raise SpentLink("This link was used already, or is too old; ask for a new one.")
    return name


async def with_link(core: Core, token: str, visitor: Visitor) -> Opened:
    """Of two who use it at once one gets in; raises SpentLink."""
    now = core.clock()
    spent = sa.update(sign_in_link).where(*_good(token, now)).values(used_at=now).returning(sign_in_link.c.person)
    async with core.store.write() as tx:
        person_id = (await tx.execute(spent)).scalar_one_or_none()
        of_link = sa.select(person).where(person.c.id == person_id, person.c.active)
        row = (await tx.execute(of_link)).one_or_none()
        if row is None:
            raise SpentLink("This link was used already, or is too old; ask for a new one.")
        return await _let_in(core, tx, row, visitor.device, by_link=True)


def _good(token: str, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return sign_in_link.c.digest == digest(token), sign_in_link.c.used_at.is_(None), sign_in_link.c.expires_at > now


async def change_password(core: Core, signed: SignedIn, current: str, new: str, visitor: Visitor) -> None:
    """All other sessions end. Who came by a link, or has no password yet, need not give the current one.

    Raises Unreadable for a password that will not do, WrongSignIn, and TooMany.
    """
    who = signed.who
    kept = await passwords.hashed(passwords.acceptable(new, who.name))
    tried = await _proved(core, signed, current, visitor)
    async with core.store.write() as tx:
        if tried is not None:
            await throttle.forgive(tx, tried)
        await _keep(tx, who.id, kept)
        await sessions.end_others(tx, signed)
        await audit.record(tx, who.name, "password_changed", core.clock())


async def _proved(core: Core, signed: SignedIn, current: str, visitor: Visitor) -> throttle.Try | None:
    async with core.store.read() as tx:
        password = (await tx.execute(sa.select(person.c.password).where(person.c.id == signed.who.id))).scalar_one()
    if signed.by_fresh_link or password is None:
        return None
    tried = await throttle.admit(core, signed.who.name, visitor.address)
    if not await passwords.matches(current, password):
        raise WrongSignIn("This is not the current password.")
    return tried


async def _keep(tx: Tx, person_id: int, password: str, *, instead_of: str | None = None) -> None:
    """Nothing is kept where it was meant for another than the one that stands."""
    meant = [] if instead_of is None else [person.c.password == instead_of]
    await tx.execute(sa.update(person).where(person.c.id == person_id, *meant).values(password=password))
