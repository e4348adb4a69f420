"""One's own page: password, language, presence, where one is signed in; and all routes of people, pages and API."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot import people, sessions, signing_in
from bot.core import Core
from bot.desk import audit_page, auth, entrance, people_api, people_pages
from bot.desk.moments import moment
from bot.desk.pages import Desk
from bot.errors import Problem, TooMany, Unreadable, WrongSignIn
from bot.people import Person
from bot.web.problems import Handler

ACCOUNT = "/desk/account"


def routes(core: Core) -> list[web.RouteDef]:
    desk = Desk(core)
    return [
        *entrance.routes(core, desk),
        *_own(core, desk),
        *people_pages.routes(core, desk),
        *audit_page.routes(core, desk),
        *people_api.routes(core),
    ]


def _own(core: Core, desk: Desk) -> list[web.RouteDef]:
    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        return await _show(core, desk, request, who)

    async def renew(request: web.Request, who: Person) -> web.StreamResponse:
        given = await auth.form(request)
        signed, visitor = request[auth.SIGNED_IN], auth.visitor(core, request)
        try:
            await signing_in.change_password(core, signed, given.get("current", ""), given.get("new", ""), visitor)
        except (WrongSignIn, TooMany, Unreadable) as problem:
            return await _show(core, desk, request, who, problem)
        raise web.HTTPSeeOther(f"{ACCOUNT}?done=password")

    async def end(request: web.Request, who: Person) -> web.StreamResponse:
        await sessions.end(core, who, request.match_info["id"])
        raise web.HTTPSeeOther(ACCOUNT)

    async def speak(request: web.Request, who: Person) -> web.StreamResponse:
        given = await auth.form(request)
        await people.speak(core, who, given.get("language", ""))
        raise web.HTTPSeeOther(auth.inside(given.get("back", ACCOUNT)))

    async def choose(request: web.Request, who: Person) -> web.StreamResponse:
        given = await auth.form(request)
        await people.set_presence(core, who, given.get("presence", ""))
        raise web.HTTPSeeOther(auth.inside(given.get("back", ACCOUNT)))

    wrapped: dict[tuple[str, str], Handler] = {
        step: auth.signed_in(core)(action)
        for step, action in {
            ("GET", ACCOUNT): shown,
            ("POST", f"{ACCOUNT}/password"): renew,
            ("POST", f"{ACCOUNT}/sessions/{{id}}/end"): end,
            ("POST", "/desk/language"): speak,
            ("POST", "/desk/presence"): choose,
        }.items()
    }
    return [web.route(method, path, handler) for (method, path), handler in wrapped.items()]


async def _show(
    core: Core, desk: Desk, request: web.Request, who: Person, problem: Problem | None = None
) -> web.Response:
    signed = request[auth.SIGNED_IN]
    account = await people.account(core, who)
    values: dict[str, Any] = {
        "account": account,
        "at": moment,
        "asks_current": account["has_password"] and not signed.by_fresh_link,
        "sessions": await sessions.listed(core, signed),
        "done": request.query.get("done", ""),
        "problem": problem,
    }
    return await desk.show(request, who, "account.html", status=problem.status if problem else 200, **values)
