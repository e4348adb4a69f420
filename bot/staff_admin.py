"""Accounts, as administrators see to them: each within their own agencies, and nobody in their own case."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot import audit, people, sessions, signing_in
from bot.core import Core
from bot.errors import Conflict, NotFound, Unreadable
from bot.model import person
from bot.people import Person, require
from bot.store import Tx
from bot.words import LANGUAGES

MOST_AT_ONCE = 50  # the largest capacity


async def listed(core: Core, who: Person) -> list[dict[str, Any]]:
    """The people whom `who` may administer, by name."""
    require(who, "administer")
    async with core.store.read() as tx:
        rows = (await tx.execute(sa.select(person).order_by(person.c.name))).all()
    return [people.shown(row, core.clock()) for row in rows if _within(who, row.agencies)]


async def one(core: Core, who: Person, person_id: int) -> dict[str, Any]:
    """Raises NotFound."""
    require(who, "administer")
    async with core.store.read() as tx:
        return people.shown(await _theirs(tx, who, person_id), core.clock())


async def add(
    core: Core,
    who: Person,
    *,
    name: str,
    role: str,
    agencies: list[str] | None = None,
    skills: list[str] | None = None,
    capacity: int | None = None,
    language: str = LANGUAGES[0],
) -> dict[str, Any]:
    """The new person and, under "link", the address that lets them in once.

    Raises Conflict for a name that is taken, Unreadable for what is no name, role, agency, skill or number.
    """
    require(who, "administer")
    more: dict[str, Any] = {"skills": skills, "language": language}
    more |= {} if capacity is None else {"capacity": capacity}
    _check(core, who, more | {"role": role, "agencies": agencies})
    now = core.clock()
    async with core.store.write() as tx:
        if await people.find(tx, name) is not None:
            raise Conflict(f"Somebody is called {name} already; take another name.", field="name", word="name_taken")
        try:
            person_id = await people.add(tx, name, now, role=role, agencies=agencies, **more)
        except ValueError as err:
            raise Unreadable(f"{err}.", field="name", word="no_name") from err
        link = signing_in.address_of_link(core.settings, await signing_in.new_link(tx, person_id, now))
        await _record(core, tx, who, "person_added", name, agencies, role=role)
        return people.shown(await _theirs(tx, who, person_id), core.clock()) | {"link": link}


async def change(core: Core, who: Person, person_id: int, **values: Any) -> dict[str, Any]:
    """Any of role, agencies, skills, capacity and language.

    Raises NotFound, Conflict for one's own role and agencies, Unreadable as `add` does.
    """
    require(who, "administer")
    _check(core, who, values)
    async with core.store.write() as tx:
        row = await _theirs(tx, who, person_id)
        changed = {key: value for key, value in values.items() if value != getattr(row, key)}
        if row.id == who.id and {"role", "agencies"} & set(changed):
            raise Conflict("Your own role and agencies are changed by another administrator.", word="own_account")
        if changed:
            await tx.execute(sa.update(person).where(person.c.id == row.id).values(**changed))
            await _record(core, tx, who, "person_changed", row.name, row.agencies, **changed)
        shown = people.shown(await _theirs(tx, who, person_id), core.clock())
    core.wake.grew("desk")
    return shown


async def deactivate(core: Core, who: Person, person_id: int) -> None:
    """Sessions, tokens and links end at once; what they did stays. Raises NotFound, Conflict for oneself."""
    require(who, "administer")
    async with core.store.write() as tx:
        row = await _theirs(tx, who, person_id)
        if row.id == who.id:
            raise Conflict("You cannot deactivate yourself; another administrator can.", word="own_account")
        await people.shut_out(tx, row.id)
        await _record(core, tx, who, "person_deactivated", row.name, row.agencies)
    core.wake.grew("desk")


async def activate(core: Core, who: Person, person_id: int) -> None:
    """They may sign in again, with the password that they had. Raises NotFound."""
    require(who, "administer")
    async with core.store.write() as tx:
        row = await _theirs(tx, who, person_id)
        await tx.execute(sa.update(person).where(person.c.id == row.id).values(active=True))
        await _record(core, tx, who, "person_activated", row.name, row.agencies)


async def link_for(core: Core, who: Person, person_id: int) -> str:
    """The address that lets a colleague in once. Raises NotFound, Conflict for somebody who was deactivated."""
    require(who, "administer")
    async with core.store.write() as tx:
        row = await _theirs(tx, who, person_id)
        if not row.active:
            raise Conflict(f"{row.name} was deactivated; activate the account first.", word="deactivated")
        token = await signing_in.new_link(tx, row.id, core.clock())
        await _record(core, tx, who, "sign_in_link", row.name, row.agencies)
    return signing_in.address_of_link(core.settings, token)


async def end_sessions(core: Core, who: Person, person_id: int) -> int:
    """How many of a colleague's sessions were ended. Raises NotFound."""
    require(who, "administer")
    now = core.clock()
    async with core.store.write() as tx:
        row = await _theirs(tx, who, person_id)
        ended = await sessions.end_all(tx, row.id, now)
        await _record(core, tx, who, "sessions_ended", row.name, row.agencies, ended=ended)
    core.wake.grew("desk")
    return ended


async def _theirs(tx: Tx, who: Person, person_id: int) -> sa.Row[Any]:
    """The locked row of a person whom `who` administers; raises NotFound."""
    found = await tx.execute(sa.select(person).where(person.c.id == person_id).with_for_update(key_share=True))
    row = found.one_or_none()
    if row is None or not _within(who, row.agencies):
        raise NotFound("No such person.")
    return row


def _within(who: Person, agencies: list[str] | None) -> bool:
    """Whether `who` serves all of these agencies; None are all that there are."""
    return who.agencies is None or (agencies is not None and set(agencies) <= set(who.agencies))


def _check(core: Core, who: Person, values: dict[str, Any]) -> None:
    """Raises Unreadable for what cannot be given to anybody, or not by `who`."""
    known = {"role": people.ROLES, "language": LANGUAGES}
    for key, choices in known.items():
        if values.get(key, choices[0]) not in choices:
            raise Unreadable(f"{key} is one of {', '.join(choices)}.", field=key)
    if "agencies" in values:
        _check_agencies(core, who, values["agencies"])
    unknown = set(values.get("skills") or ()) - set(LANGUAGES) - set(core.site.agency_of)
    if unknown:
        raise Unreadable(f"No language and no service: {', '.join(sorted(unknown))}.", field="skills")
    if not 1 <= values.get("capacity", 1) <= MOST_AT_ONCE:
        raise Unreadable(f"capacity is a number from 1 to {MOST_AT_ONCE}.", field="capacity", word="no_capacity")


def _check_agencies(core: Core, who: Person, agencies: list[str] | None) -> None:
    unknown = set(agencies or ()) - set(core.site.agencies)
    if unknown:
        raise Unreadable(f"No agency {', '.join(sorted(unknown))}.", field="agencies")
    if agencies == [] or not _within(who, agencies):
        detail = "Name at least one agency, and none that you do not serve yourself."
        raise Unreadable(detail, field="agencies", word="not_your_agencies")


async def _record(
    core: Core, tx: Tx, who: Person, action: str, name: str, agencies: list[str] | None, **details: Any
) -> None:
    """Under an agency where the person has one alone, so that its supervisors see it."""
    agency = agencies[0] if agencies and len(agencies) == 1 else None
    await audit.record(tx, who.name, action, core.clock(), agency=agency, person=name, **details)
