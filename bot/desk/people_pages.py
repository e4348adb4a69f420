"""The pages of people: who is there, a new colleague, what one of them may do and where."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot import staff_admin
from bot.core import Core
from bot.desk import auth
from bot.desk.moments import moment
from bot.desk.pages import Desk
from bot.desk.people_api import number
from bot.errors import Conflict, Problem, Unreadable
from bot.people import ROLES, Person
from bot.words import LANGUAGES
from text.clean import clean

PEOPLE = "/desk/people"
NEW = {"name": "", "role": "agent", "agencies": None, "skills": None, "capacity": 8, "language": LANGUAGES[0]}
Change = Callable[[Core, Person, int], Awaitable[object]]
Fields = list[tuple[str, str]]


def routes(core: Core, desk: Desk) -> list[web.RouteDef]:
    allowed = auth.signed_in(core, "administer")

    async def listed(request: web.Request, who: Person) -> web.StreamResponse:
        return await _list(core, desk, request, who)

    async def add(request: web.Request, who: Person) -> web.StreamResponse:
        fields = await auth.fields(request)
        given: dict[str, Any] = _values(fields) | {"name": clean(dict(fields).get("name", ""))}
        try:
            added = await staff_admin.add(core, who, **given)
        except (Conflict, Unreadable) as problem:
            return await _list(core, desk, request, who, problem, given=given)
        return await _list(core, desk, request, who, link=added["link"], name=added["name"])

    async def one(request: web.Request, who: Person) -> web.StreamResponse:
        return await _one(core, desk, request, who)

    async def change(request: web.Request, who: Person) -> web.StreamResponse:
        try:
            await staff_admin.change(core, who, number(request), **_values(await auth.fields(request)))
        except (Conflict, Unreadable) as problem:
            return await _one(core, desk, request, who, problem)
        raise web.HTTPSeeOther(f"{PEOPLE}?done=changed")

    return [
        web.get(PEOPLE, allowed(listed)),
        web.post(PEOPLE, allowed(add)),
        web.get(f"{PEOPLE}/{{id}}", allowed(one)),
        web.post(f"{PEOPLE}/{{id}}", allowed(change)),
        web.post(f"{PEOPLE}/{{id}}/link", allowed(_linking(core, desk))),
        *(
            web.post(f"{PEOPLE}/{{id}}/{path}", allowed(_changing(core, desk, step, path)))
            for path, step in STEPS.items()
        ),
    ]


STEPS: dict[str, Change] = {
    "deactivate": staff_admin.deactivate,
    "activate": staff_admin.activate,
    "end-sessions": staff_admin.end_sessions,
}


def _linking(core: Core, desk: Desk) -> auth.Action:
    async def link(request: web.Request, who: Person) -> web.StreamResponse:
        try:
            address = await staff_admin.link_for(core, who, number(request))
        except Conflict as problem:
            return await _one(core, desk, request, who, problem)
        return await _one(core, desk, request, who, link=address)

    return link


def _changing(core: Core, desk: Desk, step: Change, done: str) -> auth.Action:
    async def change(request: web.Request, who: Person) -> web.StreamResponse:
        try:
            await step(core, who, number(request))
        except Conflict as problem:
            return await _one(core, desk, request, who, problem)
        raise web.HTTPSeeOther(f"{PEOPLE}?done={done}")

    return change


async def _list(
    core: Core,
    desk: Desk,
    request: web.Request,
    who: Person,
    problem: Problem | None = None,
    *,
    given: dict[str, Any] | None = None,
    link: str = "",
    name: str = "",
) -> web.Response:
    values = {"people": await staff_admin.listed(core, who), "one": given or NEW, "link": link, "name": name}
    done = request.query.get("done", "")
    return await _show(core, desk, request, who, "people.html", problem, done=done, **values)


async def _one(
    core: Core, desk: Desk, request: web.Request, who: Person, problem: Problem | None = None, *, link: str = ""
) -> web.Response:
    one = await staff_admin.one(core, who, number(request))
    return await _show(core, desk, request, who, "person.html", problem, one=one, link=link, name=one["name"])


async def _show(
    core: Core, desk: Desk, request: web.Request, who: Person, template: str, problem: Problem | None, **values: Any
) -> web.Response:
    """The page with what can be chosen in it."""
    agencies = core.site.agencies if who.agencies is None else who.agencies
    services = [service for service in core.site.services if service["identifier"] in core.site.agency_of]
    choices = {"choices": {"agencies": list(agencies), "services": services, "roles": ROLES, "languages": LANGUAGES}}
    status = problem.status if problem else 200
    return await desk.show(request, who, template, status=status, problem=problem, at=moment, **choices, **values)


def _values(fields: Fields) -> dict[str, Any]:
    """What the form says; no box ticked means all of them."""
    given = dict(fields)
    capacity = given.get("capacity", "")
    return {
        "role": given.get("role", ""),
        "agencies": [value for name, value in fields if name == "agencies"] or None,
        "skills": [value for name, value in fields if name == "skills"] or None,
        "capacity": int(capacity) if re.fullmatch(r"[0-9]{1,5}", capacity) else 0,  # 0 is refused
        "language": given.get("language", ""),
    }
