"""Roles, permissions and agencies; accounts as administrators see to them; presence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import people, sessions, signing_in, staff_admin
from bot.errors import Conflict, NotAllowed, NotFound, Problem, Unreadable
from bot.model import audit, person
from bot.people import PERMISSIONS, ROLES, Person, present
from tests.bot.conftest import Gateway
from tests.support.staff import hire, known, link_of, session_of

MAY = {  # agent, supervisor, content editor, analyst, administrator
    "converse": "yes yes no no yes",
    "supervise": "no yes no no yes",
    "edit": "no yes yes no yes",
    "measure": "no yes no yes yes",
    "administer": "no no no no yes",
}


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_what_each_role_may(permission: str) -> None:
    whoever = [Person(1, "Lan", role, None) for role in ROLES]
    assert " ".join("yes" if one.may(permission) else "no" for one in whoever) == MAY[permission]
    for one in whoever:
        if one.may(permission):
            people.require(one, permission)
        else:
            with pytest.raises(NotAllowed):
                people.require(one, permission)


def test_the_table_of_roles_in_the_documents_is_this_one() -> None:
    lines = (Path(__file__).parents[2] / "docs/operating.md").read_text(encoding="utf-8").splitlines()
    begin = lines.index(f"| role | {' | '.join(PERMISSIONS)} |")
    told = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[begin + 2 : begin + 2 + len(ROLES)]]
    allowed = [["yes" if role in PERMISSIONS[one] else "" for one in PERMISSIONS] for role in ROLES]
    assert told == [[role, *cells] for role, cells in zip(ROLES, allowed, strict=True)]


@pytest.mark.parametrize(("agencies", "sees"), [
    (None, "mau-ward tax-office"), (("tax-office",), "tax-office"), ((), ""),
])  # fmt: skip
def test_agencies_limit_what_one_sees(agencies: tuple[str, ...] | None, sees: str) -> None:
    who = Person(1, "Lan", "agent", agencies)
    assert [one for one in ("mau-ward", "tax-office") if who.may_see(one)] == sees.split()


@pytest.mark.parametrize(("skills", "language", "topic", "is_skilled"), [
    (None, "vi", "passport", True),
    (("en",), "vi", "passport", False),
    (("en",), "en", "passport", True),
    (("passport",), "vi", "passport", True),
    (("passport",), "vi", "marriage", False),
    (("passport",), "en", None, True),
    (("en", "passport"), "en", "passport", True),
    (("en", "passport"), "vi", "passport", False),
])  # fmt: skip
def test_skills_are_languages_and_services(
    skills: tuple[str, ...] | None, language: str, topic: str | None, is_skilled: bool
) -> None:
    assert Person(1, "Lan", "agent", None, skills).is_skilled(language, topic) == is_skilled


# ---- presence -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("chosen", "seen", "acted", "shown"), [
    # minutes since then; None: never
    ("available", 0, 0, "available"),
    ("available", 1, 14, "available"),
    ("available", 1, 16, "away"),
    ("busy", 1, 16, "busy"),
    ("available", 3, 3, "offline"),
    ("busy", 3, 0, "offline"),
    ("available", None, None, "offline"),
    ("offline", 0, 0, "offline"),
    ("available", 0, None, "available"),
])  # fmt: skip
async def test_presence_is_what_was_chosen_as_long_as_there_is_life(
    chosen: str, seen: int | None, acted: int | None, shown: str, gateway: Gateway
) -> None:
    times: dict[str, Any] = {
        column: None if ago is None else gateway.clock() - timedelta(minutes=ago)
        for column, ago in (("seen_at", seen), ("acted_at", acted))
    }
    await hire(gateway.core, "Lan", presence=chosen, **times)
    async with gateway.core.store.read() as tx:
        row = (await tx.execute(sa.select(person))).one()
    assert present(row, gateway.clock()) == shown


async def test_choosing_a_presence_is_logged_and_wakes_the_desk(gateway: Gateway) -> None:
    who = await hire(gateway.core, "Lan")
    woken = gateway.core.wake.listen("desk")
    await people.set_presence(gateway.core, who, "busy")
    assert woken.is_set()
    assert (await known(gateway.core, "Lan")).presence == "busy"
    assert await logged(gateway) == [("Lan", "presence", None, {"presence": "busy"})]
    with pytest.raises(Unreadable):
        await people.set_presence(gateway.core, who, "asleep")


async def test_colleagues_are_those_who_answer_for_an_agency(gateway: Gateway) -> None:
    who = await hire(gateway.core, "Lan", "agent", "tax-office")
    await hire(gateway.core, "Mai", "agent", "tax-office", seen_at=gateway.clock())
    await hire(gateway.core, "An", "supervisor")
    await hire(gateway.core, "Reader", "analyst")
    await hire(gateway.core, "Ward", "agent", "mau-ward")
    await hire(gateway.core, "Gone", "agent", active=False)
    found = await people.colleagues(gateway.core, who, "tax-office")
    assert [(one["name"], one["presence"]) for one in found] == [("An", "offline"), ("Mai", "available")]
    assert await people.colleagues(gateway.core, who, "mau-ward") == []


# ---- accounts -------------------------------------------------------------------------------------------------------


async def logged(gateway: Gateway) -> list[tuple[Any, ...]]:
    async with gateway.core.store.read() as tx:
        columns = (audit.c.who, audit.c.action, audit.c.agency, audit.c.details)
        return [tuple(row) for row in await tx.execute(sa.select(*columns).order_by(audit.c.id))]


async def test_a_new_person_gets_a_link_that_lets_them_in(gateway: Gateway) -> None:
    chief = await hire(gateway.core, "Chief", "administrator")
    values: dict[str, Any] = {"role": "agent", "agencies": ["tax-office"], "skills": ["en", "tax-code"], "capacity": 4}
    added = await staff_admin.add(gateway.core, chief, name="Lan", **values)
    assert {key: added[key] for key in values} == values
    assert (added["active"], added["has_password"], added["presence"]) == (True, False, "offline")
    assert added["link"].startswith("http://127.0.0.1:8081/desk/sign-in/")
    assert await signing_in.whose_link(gateway.core, added["link"].rpartition("/")[2]) == "Lan"
    assert await logged(gateway) == [
        ("Chief", "person_added", "tax-office", {"person": "Lan", "role": "agent"}),
    ]


WRONG: dict[str, tuple[dict[str, Any], type[Problem], str]] = {
    "taken": ({"name": "Chief"}, Conflict, "name"),
    "no name": ({"name": " "}, Unreadable, "name"),
    "two lines": ({"name": "Lan\nMai"}, Unreadable, "name"),
    "hidden": ({"name": "Lan\u202e"}, Unreadable, "name"),
    "the desk's own": ({"name": "system"}, Unreadable, "name"),
    "role": ({"role": "king"}, Unreadable, "role"),
    "agency": ({"agencies": ["moon"]}, Unreadable, "agencies"),
    "no agency": ({"agencies": []}, Unreadable, "agencies"),
    "skill": ({"skills": ["juggling"]}, Unreadable, "skills"),
    "language": ({"language": "fr"}, Unreadable, "language"),
    "nothing at once": ({"capacity": 0}, Unreadable, "capacity"),
    "too much at once": ({"capacity": 51}, Unreadable, "capacity"),
}


@pytest.mark.parametrize("case", WRONG)
async def test_what_nobody_can_be(case: str, gateway: Gateway) -> None:
    chief = await hire(gateway.core, "Chief", "administrator")
    values, raised, field = WRONG[case]
    given: dict[str, Any] = {"name": "Lan", "role": "agent"} | values
    with pytest.raises(raised) as refused:
        await staff_admin.add(gateway.core, chief, **given)
    assert refused.value.field == field
    assert [one["name"] for one in await staff_admin.listed(gateway.core, chief)] == ["Chief"]


REACH = {  # an administrator of the tax office: whom they see, and may give to
    "tax-office": (("tax-office",), True),
    "both": (("tax-office", "mau-ward"), False),
    "the ward": (("mau-ward",), False),
    "all": (None, False),
}


@pytest.mark.parametrize("case", REACH)
async def test_an_administrator_reaches_no_further_than_their_agencies(case: str, gateway: Gateway) -> None:
    agencies, within = REACH[case]
    chief = await hire(gateway.core, "Chief", "administrator", "tax-office")
    lan = await hire(gateway.core, "Lan", "agent", *(agencies or ()))
    seen = [one["name"] for one in await staff_admin.listed(gateway.core, chief)]
    assert seen == ["Chief", *(["Lan"] if within else [])]
    steps: list[Any] = [
        staff_admin.one(gateway.core, chief, lan.id),
        staff_admin.change(gateway.core, chief, lan.id, capacity=3),
        staff_admin.link_for(gateway.core, chief, lan.id),
        staff_admin.end_sessions(gateway.core, chief, lan.id),
        staff_admin.deactivate(gateway.core, chief, lan.id),
        staff_admin.activate(gateway.core, chief, lan.id),
    ]
    for step in steps:
        if within:
            await step
        else:
            with pytest.raises(NotFound):
                await step
    given = list(agencies) if agencies else None
    moved = staff_admin.add(gateway.core, chief, name="Mai", role="agent", agencies=given)
    if within:
        await moved
    else:
        with pytest.raises(Unreadable):
            await moved


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
async def test_nobody_else_sees_to_accounts(role: str, gateway: Gateway) -> None:
    who, lan = await hire(gateway.core, "Who", role), await hire(gateway.core, "Lan")
    steps: list[Any] = [
        staff_admin.listed(gateway.core, who),
        staff_admin.one(gateway.core, who, lan.id),
        staff_admin.add(gateway.core, who, name="Mai", role="agent"),
        staff_admin.change(gateway.core, who, lan.id, role="administrator"),
        staff_admin.link_for(gateway.core, who, lan.id),
        staff_admin.end_sessions(gateway.core, who, lan.id),
        staff_admin.deactivate(gateway.core, who, lan.id),
        staff_admin.activate(gateway.core, who, lan.id),
    ]
    for step in steps:
        with pytest.raises(NotAllowed):
            await step


@pytest.mark.parametrize(("values", "is_refused"), [
    ({"role": "agent"}, True),
    ({"agencies": ["tax-office"]}, True),
    ({"role": "administrator", "agencies": None, "capacity": 3, "skills": ["vi"]}, False),
])  # fmt: skip
async def test_nobody_changes_their_own_role_or_shuts_themselves_out(
    values: dict[str, Any], is_refused: bool, gateway: Gateway
) -> None:
    chief = await hire(gateway.core, "Chief", "administrator")
    if is_refused:
        with pytest.raises(Conflict):
            await staff_admin.change(gateway.core, chief, chief.id, **values)
    else:
        assert (await staff_admin.change(gateway.core, chief, chief.id, **values))["capacity"] == 3
    with pytest.raises(Conflict):
        await staff_admin.deactivate(gateway.core, chief, chief.id)


async def test_what_changes_is_logged_and_what_stays_is_not(gateway: Gateway) -> None:
    chief, lan = await hire(gateway.core, "Chief", "administrator"), await hire(gateway.core, "Lan", "agent")
    await staff_admin.change(gateway.core, chief, lan.id, role="supervisor", capacity=8, language="en")
    await staff_admin.change(gateway.core, chief, lan.id, role="supervisor")
    changed = {"person": "Lan", "role": "supervisor", "language": "en"}
    assert await logged(gateway) == [("Chief", "person_changed", None, changed)]
    assert (await known(gateway.core, "Lan")).language == "en"


async def test_who_is_deactivated_is_out_at_once_by_every_way(gateway: Gateway) -> None:
    chief, lan = await hire(gateway.core, "Chief", "administrator"), await hire(gateway.core, "Lan")
    agent = await gateway.agent("Lan")
    session, link = await session_of(gateway.core, lan), await link_of(gateway.core, lan)
    await staff_admin.deactivate(gateway.core, chief, lan.id)
    assert await sessions.by_session(gateway.core, session) is None
    assert (await agent.get("queue")).status == 401
    with pytest.raises(Problem):
        await signing_in.whose_link(gateway.core, link)
    with pytest.raises(Conflict):
        await staff_admin.link_for(gateway.core, chief, lan.id)
    with pytest.raises(ValueError, match="deactivated"):
        await gateway.agent("Lan")
    await staff_admin.activate(gateway.core, chief, lan.id)
    assert await sessions.by_session(gateway.core, session) is None
    assert [step for _, step, _, _ in await logged(gateway)] == ["person_deactivated", "person_activated"]


async def test_an_administrator_ends_anybodys_sessions(gateway: Gateway) -> None:
    chief, lan = await hire(gateway.core, "Chief", "administrator"), await hire(gateway.core, "Lan")
    tokens = [await session_of(gateway.core, lan) for _ in range(2)]
    assert await staff_admin.end_sessions(gateway.core, chief, lan.id) == 2
    assert [await sessions.by_session(gateway.core, token) for token in tokens] == [None, None]
    assert await logged(gateway) == [("Chief", "sessions_ended", None, {"person": "Lan", "ended": 2})]
