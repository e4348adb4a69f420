"""Who is signed in: a browser by its session, a program by its token, as long as both hold.

A session ends by itself when nothing was asked for a while, and after a working day in any case.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import audit
from bot.core import Core
from bot.errors import NotFound
from bot.model import person, staff_session, staff_token
from bot.people import Person
from bot.secrets import digest
from bot.store import Tx
from text.clean import clean

IDLE = timedelta(hours=2)  # a session that nothing was asked with for so long is over
LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(seconds=30)
FRESH = timedelta(minutes=15)  # who came by a link a moment ago proved themselves as by a password
SHOWN = 16  # hex digits of a session's digest that name it


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person and what opened the desk to them; `session`: the browser's, None for a program's token."""

    who: Person
    seen_at: datetime | None
    session: str | None = None
    by_fresh_link: bool = False


async def by_session(core: Core, token: str) -> SignedIn | None:
    """Whose browser this is; None when its session has ended or never was."""
    now = core.clock()
    times = {"now": now, "idle_since": now - IDLE, "fresh_since": now - FRESH}
    async with core.store.read() as tx:
        row = (await tx.execute(OF_SESSION, {"digest": digest(token), **times})).one_or_none()
    return None if row is None else SignedIn(Person.of(row), row.used_at, row.digest, bool(row.fresh))


async def by_token(core: Core, token: str) -> SignedIn | None:
    """Whose program this is; None for a token that opens nothing."""
    async with core.store.read() as tx:
        row = (await tx.execute(OF_TOKEN, {"digest": digest(token)})).one_or_none()
    return None if row is None else SignedIn(Person.of(row), row.seen_at)


async def seen(core: Core, signed: SignedIn, *, acted: bool) -> None:
    """A sign of life, noted every thirty seconds; `acted`: they did something, which is noted each time."""
    now = core.clock()
    if not acted and signed.seen_at is not None and signed.seen_at > now - SEEN_EVERY:
        return
    noted = {"seen_at": now} | ({"acted_at": now} if acted else {})
    async with core.store.write() as tx:
        if signed.session is not None:  # before the person: in this order whoever ends it locks them too
            used = sa.update(staff_session).where(staff_session.c.digest == signed.session)
            await tx.execute(used.values(seen_at=now))
        await tx.execute(sa.update(person).where(person.c.id == signed.who.id).values(**noted))


async def start(tx: Tx, person_id: int, device: str, now: datetime, *, by_link: bool) -> str:
    """The token of a new session; what has run out is cleared away."""
    token = secrets.token_urlsafe(32)
    await tx.execute(sa.delete(staff_session).where(sa.not_(sa.and_(*_unexpired(now)))))
    opened = {"digest": digest(token), "person": person_id, "device": clean(device).replace("\n", " ")[:120]}
    times = {"created_at": now, "seen_at": now, "expires_at": now + LASTS}
    await tx.execute(sa.insert(staff_session).values(**opened, by_link=by_link, **times))
    await tx.execute(sa.update(person).where(person.c.id == person_id).values(seen_at=now, acted_at=now))
    return token


async def listed(core: Core, signed: SignedIn) -> list[dict[str, Any]]:
    """Where `signed.who` is signed in, the newest first."""
    mine = sa.and_(staff_session.c.person == signed.who.id, *_unexpired(core.clock()))
    async with core.store.read() as tx:
        rows = await tx.execute(sa.select(staff_session).where(mine).order_by(staff_session.c.created_at.desc()))
        return [_shown(row, signed.session) for row in rows]


def _shown(row: sa.Row[Any], current: str | None) -> dict[str, Any]:
    return {
        "id": row.digest[:SHOWN],
        "device": row.device,
        "created_at": row.created_at.isoformat(),
        "seen_at": row.seen_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "current": row.digest == current,
    }


async def end(core: Core, who: Person, session: str) -> None:
    """End one of one's own sessions, named as `listed` does; raises NotFound."""
    now = core.clock()
    async with core.store.write() as tx:
        mine = sa.and_(staff_session.c.person == who.id, staff_session.c.digest.startswith(session, autoescape=True))
        if len(session) < SHOWN or not (await tx.execute(sa.delete(staff_session).where(mine))).rowcount:
            raise NotFound("No such session.")
        await gone_if_nowhere(tx, who.id, now)
        await audit.record(tx, who.name, "sign_out", now)
    core.wake.grew("desk")


async def drop(core: Core, token: str) -> None:
    """The session of a browser that begins another one."""
    async with core.store.write() as tx:
        await tx.execute(sa.delete(staff_session).where(staff_session.c.digest == digest(token)))


async def end_others(tx: Tx, signed: SignedIn) -> None:
    """All of one's sessions but the one that asks for it."""
    others = sa.and_(staff_session.c.person == signed.who.id, staff_session.c.digest != (signed.session or ""))
    await tx.execute(sa.delete(staff_session).where(others))


async def end_all(tx: Tx, person_id: int, now: datetime) -> int:
    """How many there were."""
    ended = await tx.execute(sa.delete(staff_session).where(staff_session.c.person == person_id))
    await gone_if_nowhere(tx, person_id, now)
    return ended.rowcount


async def gone_if_nowhere(tx: Tx, person_id: int, now: datetime) -> None:
    """Who has no session left is offline at once, and their conversations do not wait for two minutes."""
    left = sa.exists().where(staff_session.c.person == person_id, *_unexpired(now))
    gone = sa.update(person).where(person.c.id == person_id, sa.not_(left))
    await tx.execute(gone.values(seen_at=None))


def _unexpired(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return staff_session.c.expires_at > now, staff_session.c.seen_at > now - IDLE


def _of_session() -> sa.Select[Any]:
    s = staff_session.c
    fresh = sa.and_(s.by_link, s.created_at > sa.bindparam("fresh_since")).label("fresh")
    unexpired = s.expires_at > sa.bindparam("now"), s.seen_at > sa.bindparam("idle_since")
    found = sa.select(person, s.digest, s.seen_at.label("used_at"), fresh).join(staff_session)
    return found.where(s.digest == sa.bindparam("digest"), person.c.active, *unexpired)


# Made once, as everything that is asked with each request: building them costs more than asking them.
OF_SESSION = _of_session()
OF_TOKEN = sa.select(person).join(staff_token).where(staff_token.c.digest == sa.bindparam("digest"), person.c.active)
