"""Who asks: every route of the desk is wrapped by `signed_in`, which knows the person, the permission and the forgery.

A program sends its token as a bearer, a browser its session as a cookie. Whatever a browser changes proves by a token
that it comes from a page of ours: made from the session by a keyed hash, so nothing is kept.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import sqlalchemy as sa
from aiohttp import web

from bot import audit, sessions
from bot.core import Core
from bot.desk.devices import device_of
from bot.errors import Forged, NotFound, NotSignedIn, Unreadable
from bot.handoff import visible
from bot.model import conversation
from bot.people import Person, require
from bot.secrets import keyed
from bot.sessions import SignedIn
from bot.signing_in import Visitor
from bot.store import Tx
from bot.web.api import address_of
from bot.web.page import secure
from bot.web.problems import Handler, bearer

Action = Callable[[web.Request, Person], Awaitable[web.StreamResponse]]
COOKIE = "motcua_desk"
HEADER, FIELD = "X-CSRF-Token", "csrf"
API, SIGN_IN, KEEP = "/desk/api/", "/desk/sign-in", "/desk/sign-in/keep"
OF_CONVERSATION = "/conversations/{id}"  # in the address of every route that is about one
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
SIGNED_IN: web.RequestKey[SignedIn] = web.RequestKey("signed_in", SignedIn)
CSRF: web.RequestKey[str] = web.RequestKey("csrf", str)


def signed_in(core: Core, permission: str | None = None, *, acts: bool = True) -> Callable[[Action], Handler]:
    """Make a handler of `action(request, who)`: for who is signed in, with the permission if one is named.

    Others: a page leads them to the sign-in, the API answers 401 or 403. `acts=False` for what a page sends by itself:
    it is a sign of life, and does not say that anybody did something.
    """

    def of(action: Action) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            signed = await _credentials(core, request)
            if signed is None:
                return await _first_sign_in(core, request)
            if bearer(request) is None:
                await _ours(core, request)
            await sessions.seen(core, signed, acted=acts and not _only_reads(request))
            if permission is not None:
                require(signed.who, permission)
            request[SIGNED_IN], request[CSRF] = signed, new_csrf(core, request.cookies.get(COOKIE, ""))
            try:
                return await action(request, signed.who)
            except NotFound:
                await _denied(core, signed.who, request)
                raise

        return handler

    return of


async def is_signed_in(core: Core, request: web.Request) -> bool:
    return await _credentials(core, request) is not None


async def still(core: Core, request: web.Request) -> Person:
    """For streams, now and then: a sign of life, and who it is as of now; raises NotSignedIn once the session or token
    has ended."""
    signed = await _credentials(core, request)
    if signed is None:
        raise NotSignedIn("Sign in again.")
    await sessions.seen(core, signed, acted=False)
    return signed.who


def csrf_of(request: web.Request) -> str:
    """The token that forms of this browser's session carry; "" where nobody is signed in by one."""
    return request.get(CSRF, "")


def visitor(core: Core, request: web.Request) -> Visitor:
    return Visitor(address_of(core, request), device_of(request.headers.get("User-Agent", "")))


def new_csrf(core: Core, token: str) -> str:
    """The same for a session that has just begun, by its token."""
    return keyed(core.secrets.session_key, f"csrf:{token}") if token else ""


def keep_cookie(core: Core, request: web.Request, response: web.StreamResponse, token: str) -> None:
    """The browser gives it back to the desk alone, to none of its scripts, and to no other site's page."""
    is_safe = secure(request) or core.settings.desk_address.startswith("https://")
    response.set_cookie(COOKIE, token, path="/desk", httponly=True, samesite="Strict", secure=is_safe)


def drop_cookie(response: web.StreamResponse) -> None:
    response.del_cookie(COOKIE, path="/desk", httponly=True, samesite="Strict")


def inside(address: str) -> str:
    """A page of the desk to go on to; the desk itself for an address of anywhere else."""
    local = address == "/desk" or address.startswith(("/desk/", "/desk?"))
    plain = address.isprintable() and "\\" not in address
    return address if local and plain and not address.startswith((API, SIGN_IN)) else "/desk"


async def fields(request: web.Request) -> list[tuple[str, str]]:
    """The texts of a form in order, line ends as \\n; raises Unreadable."""
    try:
        given = await request.post()
    except (ValueError, LookupError) as err:
        raise Unreadable("The form could not be read; load the page again.") from err
    return [(name, value.replace("\r\n", "\n")) for name, value in given.items() if isinstance(value, str)]


async def form(request: web.Request) -> dict[str, str]:
    """The same by name, the last of each; raises Unreadable."""
    return dict(await fields(request))


async def proves(core: Core, request: web.Request) -> bool:
    """Whether the request carries the token of its cookie, also where the session itself has ended."""
    given = request.headers.get(HEADER, "")
    if not given and request.content_type in FORMS:
        given = (await form(request)).get(FIELD, "")
    expected = new_csrf(core, request.cookies.get(COOKIE, ""))
    return bool(given) and hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


async def _credentials(core: Core, request: web.Request) -> SignedIn | None:
    """A bearer counts before a cookie."""
    if (token := bearer(request)) is not None:
        return await sessions.by_token(core, token)
    token = request.cookies.get(COOKIE)
    return await sessions.by_session(core, token) if token else None


async def _ours(core: Core, request: web.Request) -> None:
    """Raises Forged."""
    if not _only_reads(request) and not await proves(core, request):
        raise Forged(f"Send the page's token as {HEADER}, or as the form's field {FIELD}; load the page again.")


def _only_reads(request: web.Request) -> bool:
    return request.method in ("GET", "HEAD")


async def _first_sign_in(core: Core, request: web.Request) -> web.StreamResponse:
    """A page comes back to where it was; what a form of ours sent is kept over the sign-in (307: sent on as it is)."""
    if request.path.startswith(API) or bearer(request) is not None:
        detail = "Send a staff token as Authorization: Bearer …, or sign in."
        raise NotSignedIn(detail, headers={"WWW-Authenticate": "Bearer"})
    if _only_reads(request):
        raise web.HTTPSeeOther(f"{SIGN_IN}?{urlencode({'next': request.path_qs})}")
    if await proves(core, request):
        raise web.HTTPTemporaryRedirect(f"{KEEP}?{urlencode({'next': request.path_qs})}")
    raise web.HTTPSeeOther(SIGN_IN)


async def _denied(core: Core, who: Person, request: web.Request) -> None:
    """Who asked for a conversation that is there and not theirs to see leaves a trace."""
    resource = request.match_info.route.resource
    if resource is None or OF_CONVERSATION not in resource.canonical:
        return
    asked = request.match_info["id"]
    async with core.store.write() as tx:
        agency = await tx.execute(sa.select(conversation.c.agency).where(conversation.c.id == asked))
        row = agency.one_or_none()
        if row is not None and not await _is_visible(tx, who, asked):
            values = {"conversation": asked, "agency": row.agency, "method": request.method}
            await audit.record(tx, who.name, "denied", core.clock(), **values, path=resource.canonical)


async def _is_visible(tx: Tx, who: Person, conversation_id: str) -> bool:
    try:
        await visible(tx, who, conversation_id)
    except NotFound:
        return False
    return True
