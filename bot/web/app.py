"""The two ports as aiohttp applications: the public one for citizens, the staff one for the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot import attention
from bot.assistant import Assistant
from bot.core import Core
from bot.desk import account, buttons, conversation, lists, live, office
from bot.desk import api as desk
from bot.desk import pages as desk_pages
from bot.web import api, health, pages, problems, streams, webhooks
from bot.web.health import Figures
from bot.web.problems import Handler
from bot.web.running import during

Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]
BODY_LIMIT = 64 * 1024  # bytes: 2,000 code points as JSON escapes, with room; providers' requests have their own
BODY_SECONDS = 10  # for a body to arrive whole
EMBEDDED = ("/channels/web/", "/static/", "/widget.js")
STATIC = Path(__file__).parent / "static"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)


def public(core: Core, assistant: Assistant, figures: Figures) -> web.Application:
    """Pages, the widget, the web chat's API."""
    app = _app(core, figures, frame="'self'")
    app.on_response_prepare.append(_embedding(core))
    app.router.add_route("OPTIONS", "/channels/web/{path:conversations|messages}", _preflight)
    app[problems.PAGE] = pages.problem(core, core.site)
    typing = attention.Typing(core)
    during(app, typing.watch)
    app.add_routes([*api.routes(core, typing), *pages.routes(core, core.site), *health.routes(core, assistant)])
    app.add_routes(webhooks.routes(core, figures))
    app.router.add_get("/widget.js", _widget)
    app.router.add_static("/static", STATIC, append_version=False)
    return app


def staff(core: Core, assistant: Assistant, figures: Figures, phone: Sequence[web.RouteDef] = ()) -> web.Application:
    """The desk's API and the figures; `phone`: the demonstration's handsets."""
    app = _app(core, figures, frame="'none'")
    app[problems.PAGE] = desk_pages.problem(core)
    live.install(app, core, assistant)
    for part in (desk, account, live, desk_pages, lists, conversation, buttons, office):
        app.add_routes(part.routes(core))
    app.add_routes([*health.routes(core, assistant), health.metrics(figures), *phone])
    return app


def _app(core: Core, figures: Figures, *, frame: str) -> web.Application:
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=[problems.middleware, _whole_body(core)])
    app.on_response_prepare.extend((_headers(frame), _counted(figures)))
    app[streams.STREAMS] = streams.Streams(core)
    during(app, app[streams.STREAMS].watch)

    async def shut(_app: web.Application) -> None:
        core.wake.close()

    app.on_shutdown.append(shut)
    return app


async def _widget(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "widget.js", headers={"Content-Type": "text/javascript; charset=utf-8"})


def _whole_body(core: Core) -> Middleware:
    providers = webhooks.paths(core)

    @web.middleware
    async def whole_body(request: web.Request, handler: Handler) -> web.StreamResponse:
        """A body that does not arrive in time is refused; aiohttp itself would wait for ever."""
        if request.path in providers:
            request = request.clone(client_max_size=webhooks.BODY_LIMIT)
        if request.body_exists:
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    await request.read()
            except TimeoutError as err:
                raise web.HTTPRequestTimeout from err
        return await handler(request)

    return whole_body


def _counted(figures: Figures) -> Prepare:
    async def count(_request: web.Request, response: web.StreamResponse) -> None:
        if response.status >= 400:
            figures.refused.labels(str(response.status)).inc()

    return count


def _headers(frame: str) -> Prepare:
    fixed = {
        "Content-Security-Policy": f"{POLICY}; frame-ancestors {frame}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }

    async def add(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault(
            "Cache-Control", "no-cache" if isinstance(response, web.FileResponse) else "no-store"
        )

    return add


def _embedding(core: Core) -> Prepare:
    """Cross-origin requests: only from the sites that settings allow, and only for the widget and its API."""
    allowed = frozenset(core.settings.embed_origins)

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        origin = request.headers.get("Origin", "")
        if not request.path.startswith(EMBEDDED):
            return
        response.headers["Vary"] = "Origin"
        if origin in allowed:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"

    return add


async def _preflight(_request: web.Request) -> web.StreamResponse:
    """What a browser asks before a cross-origin request; without the allowing header (above) it stops there."""
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Max-Age": "600",
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
        },
    )
