"""Who sees the phone: a browser on this machine, in a demonstration. For everybody else it does not exist."""

from __future__ import annotations

import re
from ipaddress import ip_address

from aiohttp import web

from bot.errors import NotFound, Problem
from bot.settings import Settings
from bot.web.problems import Handler

# A name that leads here from everywhere else may stand in Host as well (DNS rebinding): only these are this machine.
_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_CARRIED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")  # a proxy's peers are not on this machine


class NotJson(Problem):
    """The body does not say that it is JSON, which another site's form cannot say."""

    status = 415
    title = "Content-Type must be application/json"


class Elsewhere(Problem):
    """The request comes from another site's page."""

    status = 403
    title = "Not from this page"


def exists(settings: Settings) -> bool:
    """Whether there is a phone at all."""
    return settings.mode == "demonstration" and _loopback(settings.host)


def only_here(handler: Handler) -> Handler:
    """The handler for who is here; NotFound for others."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        carried_on = any(name in request.headers for name in _CARRIED_ON)
        if carried_on or not _loopback(request.remote or "") or not _HOST.fullmatch(request.headers.get("Host", "")):
            raise NotFound
        return await handler(request)

    return guarded


def own_page(request: web.Request) -> None:
    """Raises Elsewhere and NotJson for what a page of another site could have sent."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        raise Elsewhere
    if request.content_type != "application/json":
        raise NotJson


def _loopback(address: str) -> bool:
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        return False
