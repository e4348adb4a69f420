"""Whom to call back, by the moment that was promised; the number stands ready to be called."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from bot import callbacks
from bot.core import Core
from bot.desk.auth import signed_in
from bot.desk.live import LIVE
from bot.desk.pages import Desk
from bot.desk.shown import listed
from bot.people import Person


def routes(core: Core, desk: Desk) -> list[web.RouteDef]:
    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        return await desk.show(request, who, "callbacks.html", **await _values(core, request, who))

    async def fragment(request: web.Request, who: Person) -> web.StreamResponse:
        return await desk.show(request, who, "_callbacks.html", **await _values(core, request, who))

    return [
        web.get("/desk/callbacks", signed_in(core, "converse")(shown)),
        web.get("/desk/fragments/callbacks", signed_in(core, "converse", acts=False)(fragment)),
    ]


async def _values(core: Core, request: web.Request, who: Person) -> dict[str, Any]:
    state = await request.app[LIVE].state(who)  # of before: what changes meanwhile is told again
    rows = [listed(core, who, one) for one in await callbacks.listed(core, who)]
    return {"state": state, "rows": rows, "readable": readable}


def readable(number: str) -> str:
    """+84912000001 as people read it: 0912 000 001."""
    return re.sub(r"^\+84(\d{3})(\d{3})(\d+)$", r"0\1 \2 \3", number)
