"""The page of the audit log: newest first, by person, action or conversation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.core import Core
from bot.desk.auth import signed_in
from bot.desk.moments import moment
from bot.desk.pages import Desk
from bot.desk.people_api import FILTERS, logged
from bot.people import Person

AUDIT = "/desk/audit"


def routes(core: Core, desk: Desk) -> list[web.RouteDef]:
    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        log = await logged(core, request, who)
        asked = {name: request.query.get(name, "") for name in FILTERS.values()}
        newest = f"{AUDIT}?{urlencode(asked)}"
        values: dict[str, Any] = {
            "rows": log["rows"],
            "asked": asked,
            "at": moment,
            "newest": newest if "before" in request.query else "",
            "older": f"{newest}&before={log['before']}" if log["before"] else "",
        }
        return await desk.show(request, who, "audit.html", **values)

    return [web.get(AUDIT, signed_in(core, "supervise")(shown))]
