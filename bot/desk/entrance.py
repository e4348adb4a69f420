"""The pages that let somebody in, by password or link, and bring them back to where they were with what they wrote."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot import sessions, signing_in
from bot.core import Core
from bot.desk import auth
from bot.desk.pages import Desk
from bot.errors import Forged, Problem, SpentLink, TooMany, WrongSignIn
from bot.people import Person
from bot.secrets import keyed
from bot.signing_in import Opened
from bot.web.page import secure

NONCE = "motcua_desk_form"  # cookie: a page that lets in belongs to the browser that it was shown in
KEPT = "kept."  # before the names of fields that wait for the sign-in
Fields = Sequence[tuple[str, str]]


def routes(core: Core, desk: Desk) -> list[web.RouteDef]:
    async def shown(request: web.Request) -> web.StreamResponse:
        following = auth.inside(request.query.get("next", ""))
        if await auth.is_signed_in(core, request):
            raise web.HTTPSeeOther(following)
        return _ask(desk, request, "sign_in.html", name="", following=following)

    async def sent(request: web.Request) -> web.StreamResponse:
        return await _by_password(desk, request, await auth.fields(request))

    async def kept(request: web.Request) -> web.StreamResponse:
        if not await auth.proves(core, request):
            raise Forged("Load the page again.")
        kept = [(name, value) for name, value in await auth.fields(request) if name != auth.FIELD]
        following = auth.inside(request.query.get("next", ""))
        return _ask(desk, request, "sign_in.html", name="", following=following, kept=kept)

    async def link(request: web.Request) -> web.StreamResponse:
        return await _link(desk, request)

    async def used(request: web.Request) -> web.StreamResponse:
        return await _by_link(desk, request, await auth.form(request))

    async def out(request: web.Request, who: Person) -> web.StreamResponse:
        await sessions.end(core, who, request[auth.SIGNED_IN].session or "")
        response = web.HTTPSeeOther(auth.SIGN_IN)
        auth.drop_cookie(response)
        raise response

    of_link = f"{auth.SIGN_IN}/{{link:[A-Za-z0-9_-]{{40,}}}}"
    return [
        web.get(auth.SIGN_IN, shown),
        web.post(auth.SIGN_IN, sent),
        web.post(auth.KEEP, kept),
        web.get(of_link, link),
        web.post(of_link, used),
        web.post("/desk/sign-out", auth.signed_in(core)(out)),
    ]


async def _by_password(desk: Desk, request: web.Request, fields: Fields) -> web.StreamResponse:
    given = dict(fields)
    following = auth.inside(given.get("next", ""))
    kept = [(name.removeprefix(KEPT), value) for name, value in fields if name.startswith(KEPT)]
    try:
        _from_here(desk.core, request, given)
        opened = await signing_in.with_password(
            desk.core, given.get("name", ""), given.get("password", ""), auth.visitor(desk.core, request)
        )
    except (WrongSignIn, TooMany, Forged) as problem:
        name = given.get("name", "")
        return _ask(desk, request, "sign_in.html", name=name, following=following, kept=kept, problem=problem)
    return await _let_in(desk, request, opened, following, kept)


async def _link(desk: Desk, request: web.Request) -> web.StreamResponse:
    """Only shows: whatever follows links by itself must not use it up."""
    try:
        name = await signing_in.whose_link(desk.core, request.match_info["link"])
    except SpentLink as problem:
        return _ask(desk, request, "sign_in.html", name="", following="/desk", problem=problem)
    return _ask(desk, request, "sign_in_link.html", name=name, following=request.query.get("next", ""))


async def _by_link(desk: Desk, request: web.Request, given: dict[str, str]) -> web.StreamResponse:
    try:
        _from_here(desk.core, request, given)
        opened = await signing_in.with_link(desk.core, request.match_info["link"], auth.visitor(desk.core, request))
    except (SpentLink, Forged) as problem:
        return _ask(desk, request, "sign_in.html", name="", following="/desk", problem=problem)
    first = "/desk" if opened.has_password else "/desk/account"  # where a password can be set
    return await _let_in(desk, request, opened, auth.inside(given.get("next") or first), [])


async def _let_in(desk: Desk, request: web.Request, opened: Opened, following: str, kept: Fields) -> web.StreamResponse:
    await sessions.drop(desk.core, request.cookies.get(auth.COOKIE, ""))
    if not kept:
        response = web.HTTPSeeOther(following)
        auth.keep_cookie(desk.core, request, response, opened.token)
        raise response
    csrf = auth.new_csrf(desk.core, opened.token)
    shown = await desk.show(request, opened.who, "kept.html", csrf=csrf, following=following, kept=kept)
    auth.keep_cookie(desk.core, request, shown, opened.token)
    return shown


def _ask(
    desk: Desk,
    request: web.Request,
    template: str,
    *,
    name: str,
    following: str,
    kept: Fields = (),
    problem: Problem | None = None,
) -> web.Response:
    nonce = request.cookies.get(NONCE) or secrets.token_urlsafe(24)
    values: dict[str, Any] = {"name": name, "following": following, "kept": kept, "problem": problem}
    status = 200 if problem is None else problem.status
    shown = desk.bare(request, None, template, status=status, csrf=_proof(desk.core, nonce), **values)
    shown.headers.update(problem.headers if problem else {})
    shown.set_cookie(NONCE, nonce, path="/desk", httponly=True, samesite="Strict", secure=secure(request))
    return shown


def _from_here(core: Core, request: web.Request, given: dict[str, str]) -> None:
    """Raises Forged for a form that this browser was not shown: another site cannot sign anybody in."""
    expected = _proof(core, request.cookies.get(NONCE) or secrets.token_urlsafe())
    if not hmac.compare_digest(expected.encode(), given.get(auth.FIELD, "").encode("utf-8", "replace")):
        raise Forged("Load the page again.")


def _proof(core: Core, nonce: str) -> str:
    return keyed(core.secrets.session_key, f"sign-in:form:{nonce}")
