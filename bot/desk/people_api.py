"""People, sessions, presence and the audit log as JSON; the pages of bot/desk/account.py call the same functions."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot import audit, people, sessions, signing_in, staff_admin
from bot.core import Core
from bot.desk.auth import SIGNED_IN, csrf_of, drop_cookie, keep_cookie, new_csrf, signed_in, visitor
from bot.desk.people_shapes import Adding, Changing, Choosing, Renewing, SigningIn, Speaking
from bot.desk.shapes import Nothing
from bot.errors import NotFound, Unreadable
from bot.people import Person
from bot.web.problems import Handler, body, whole_number

PREFIX = "/desk/api"
Action = Callable[[web.Request, Person], Awaitable[web.StreamResponse]]
Step = tuple[str, str]


def routes(core: Core) -> list[web.RouteDef]:
    steps: dict[Step, Handler] = {("POST", "/sessions"): _signs_in(core)}
    for permission, actions in ((None, _own(core) | _signed(core)), ("administer", _accounts(core) | _access(core))):
        steps |= {step: signed_in(core, permission)(action) for step, action in actions.items()}
    steps["GET", "/audit"] = signed_in(core, "supervise")(_log(core))
    return [web.route(method, f"{PREFIX}{path}", handler) for (method, path), handler in steps.items()]


def _signs_in(core: Core) -> Handler:
    async def begun(request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":  # another site's form cannot say that it is
            raise Unreadable("Content-Type must be application/json.", field="body")
        given = await body(request, SigningIn)
        who = visitor(core, request)
        if given.link is not None:
            opened = await signing_in.with_link(core, given.link.rpartition("/")[2], who)
        else:
            opened = await signing_in.with_password(core, given.name or "", given.password or "", who)
        shown = {"csrf": new_csrf(core, opened.token), "name": opened.who.name, "has_password": opened.has_password}
        response = web.json_response(shown, status=201)
        keep_cookie(core, request, response, opened.token)
        return response

    return begun


def _own(core: Core) -> dict[Step, Action]:
    """What everybody sees to for themselves."""

    async def me(request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await people.account(core, who) | {"csrf": csrf_of(request)})

    async def speak(request: web.Request, who: Person) -> web.StreamResponse:
        await people.speak(core, who, (await body(request, Speaking)).language)
        return await me(request, who)

    async def renew(request: web.Request, _who: Person) -> web.StreamResponse:
        given = await body(request, Renewing)
        await signing_in.change_password(core, request[SIGNED_IN], given.current, given.new, visitor(core, request))
        return _done()

    async def presence(_request: web.Request, who: Person) -> web.StreamResponse:
        account = await people.account(core, who)
        return web.json_response({"presence": account["presence"], "chosen": account["chosen"]})

    async def choose(request: web.Request, who: Person) -> web.StreamResponse:
        await people.set_presence(core, who, (await body(request, Choosing)).presence)
        return await presence(request, who)

    async def colleagues(request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await people.colleagues(core, who, request.query.get("agency", "")))

    return {
        ("GET", "/me"): me,
        ("POST", "/me"): speak,
        ("POST", "/me/password"): renew,
        ("GET", "/presence"): presence,
        ("POST", "/presence"): choose,
        ("GET", "/colleagues"): colleagues,
    }


def _signed(core: Core) -> dict[Step, Action]:
    """One's own sessions."""

    async def listed(request: web.Request, _who: Person) -> web.StreamResponse:
        return web.json_response(await sessions.listed(core, request[SIGNED_IN]))

    async def end(request: web.Request, who: Person) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        await sessions.end(core, who, request.match_info["id"])
        return _done()

    async def sign_out(request: web.Request, who: Person) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        await sessions.end(core, who, request[SIGNED_IN].session or "")
        response = _done()
        drop_cookie(response)
        return response

    return {
        ("GET", "/sessions"): listed,
        ("POST", "/sessions/{id}/end"): end,
        ("POST", "/sign-out"): sign_out,
    }


def _accounts(core: Core) -> dict[Step, Action]:
    """What administrators see to."""

    async def listed(_request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await staff_admin.listed(core, who))

    async def add(request: web.Request, who: Person) -> web.StreamResponse:
        given = (await body(request, Adding)).model_dump()
        added = await staff_admin.add(core, who, **given)
        return web.json_response(added, status=201)

    async def one(request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await staff_admin.one(core, who, number(request)))

    async def change(request: web.Request, who: Person) -> web.StreamResponse:
        given = (await body(request, Changing)).given()
        return web.json_response(await staff_admin.change(core, who, number(request), **given))

    return {
        ("GET", "/people"): listed,
        ("POST", "/people"): add,
        ("GET", "/people/{id}"): one,
        ("POST", "/people/{id}"): change,
    }


def _access(core: Core) -> dict[Step, Action]:
    """Who gets in, which administrators see to as well."""

    async def deactivate(request: web.Request, who: Person) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        await staff_admin.deactivate(core, who, number(request))
        return _done()

    async def activate(request: web.Request, who: Person) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        await staff_admin.activate(core, who, number(request))
        return _done()

    async def link(request: web.Request, who: Person) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        return web.json_response({"link": await staff_admin.link_for(core, who, number(request))}, status=201)

    async def end_sessions(request: web.Request, who: Person) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        return web.json_response({"ended": await staff_admin.end_sessions(core, who, number(request))})

    return {
        ("POST", "/people/{id}/deactivate"): deactivate,
        ("POST", "/people/{id}/activate"): activate,
        ("POST", "/people/{id}/link"): link,
        ("POST", "/people/{id}/end-sessions"): end_sessions,
    }


def _log(core: Core) -> Action:
    async def log(request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await logged(core, request, who))

    return log


async def logged(core: Core, request: web.Request, who: Person) -> dict[str, object]:
    """The page of the audit log that the query asks for; raises Unreadable."""
    wanted = {key: request.query.get(name, "") for key, name in FILTERS.items()}
    before = whole_number(request, "before") if "before" in request.query else None
    return await audit.page(core, who, before, **wanted)


FILTERS = {"person": "who", "action": "action", "conversation": "conversation"}


def number(request: web.Request) -> int:
    """A person's number in the address; raises NotFound for what is none."""
    given = request.match_info["id"]
    if not re.fullmatch(r"[0-9]{1,18}", given):
        raise NotFound("No such person.")
    return int(given)


def _done() -> web.Response:
    return web.json_response({"done": True})
