"""The first page of the desk: who waits, what one has in hand, and the button that takes the next one."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot import queueing
from bot.core import Core
from bot.desk.auth import signed_in
from bot.desk.live import LIVE
from bot.desk.pages import Desk
from bot.desk.shown import listed
from bot.errors import Conflict
from bot.people import Person
from bot.web.problems import whole_number

AT_ONCE = 50  # lines of the queue on a page
SAID = "said"  # in the address: which sentence tells what was just done
MISSED = ("none_waits", "taken", "full")


def routes(core: Core) -> list[web.RouteDef]:
    desk, allowed = Desk(core), signed_in(core, "converse")

    async def first(request: web.Request, who: Person) -> web.StreamResponse:
        if not who.may("converse"):
            raise web.HTTPSeeOther("/desk/account")
        return await desk.show(request, who, "queue.html", **await _lists(core, request, who), **said(request))

    async def fragment(request: web.Request, who: Person) -> web.StreamResponse:
        return await desk.show(request, who, "_lists.html", **await _lists(core, request, who))

    async def following(_request: web.Request, who: Person) -> web.StreamResponse:
        try:
            taken = await queueing.take_next(core, who)
        except Conflict:
            raise web.HTTPSeeOther(f"/desk?{SAID}=full") from None
        raise web.HTTPSeeOther(f"/desk/conversations/{taken}" if taken else f"/desk?{SAID}=none_waits")

    return [
        web.get("/desk", signed_in(core)(first)),
        web.get("/desk/fragments/lists", signed_in(core, "converse", acts=False)(fragment)),
        web.post("/desk/next", allowed(following)),
    ]


async def _lists(core: Core, request: web.Request, who: Person) -> dict[str, Any]:
    """The lines in words; of the queue those from the place that the address names."""
    start, state = whole_number(request, "from"), await request.app[LIVE].state(who)
    waiting = await queueing.waiting(core, who, start, AT_ONCE)
    return {
        "state": state,  # of before: what changes meanwhile is told again
        "waiting": [listed(core, who, one) for one in waiting],
        "mine": [listed(core, who, one) for one in await queueing.mine(core, who)],
        "start": start,
        "all": state["queue"],
        "at_once": AT_ONCE,
    }


def said(request: web.Request) -> dict[str, Any]:
    """What the address says was just done: the sentence's name, and whether it did not go well."""
    name = request.query.get(SAID, "")
    return {"said": name, "missed": name in MISSED}
