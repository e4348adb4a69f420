"""The page that searches past conversations; a plain form, so that a search has an address."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot import finding
from bot.core import Core
from bot.desk.auth import signed_in
from bot.desk.pages import Desk, words
from bot.desk.shown import topic
from bot.errors import Problem, Unreadable
from bot.people import Person
from bot.web.problems import whole_number
from bot.words import when

SEARCH = "/desk/search"


def routes(core: Core, desk: Desk) -> list[web.RouteDef]:
    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        q = request.query.get("q", "")
        before = whole_number(request, "before") if "before" in request.query else None
        if not q.strip():
            return await _show(desk, request, who, {"found": None})
        try:
            page = await finding.find(core, who, q, before)
        except Unreadable as problem:
            return await _show(desk, request, who, {"found": None}, problem)
        older = f"{SEARCH}?{urlencode({'q': q, 'before': page['before']})}" if page["before"] else ""
        newest = f"{SEARCH}?{urlencode({'q': q})}" if before is not None else ""
        found = [_in_words(core, who, one) for one in page["found"]]
        return await _show(desk, request, who, {"found": found, "older": older, "newest": newest})

    return [web.get(SEARCH, signed_in(core, "converse")(shown))]


async def _show(
    desk: Desk, request: web.Request, who: Person, values: dict[str, Any], problem: Problem | None = None
) -> web.Response:
    usual = {"q": request.query.get("q", ""), "older": "", "newest": "", "problem": problem}
    status = problem.status if problem else 200
    return await desk.show(request, who, "search.html", status=status, **usual | values)


def _in_words(core: Core, who: Person, one: dict[str, Any]) -> dict[str, Any]:
    """What a line says of a conversation, and of its last episode where it has had one."""
    said, episode = words(who.language), one["episode"]
    outcomes: dict[str, str] = said["conversation"]["close_outcomes"] | said["conversation"]["more_outcomes"]
    more = {
        "said_at": when(who.language, datetime.fromisoformat(one["at"]), core.clock()),
        "heading": one["conversation"],
    }
    if episode is not None:
        reason = said["reasons"].get(episode["reason"], episode["reason"])
        more |= {
            "heading": topic(core, who, episode["topic"]) or reason,
            "reason_said": reason,
            "outcome_said": outcomes.get(episode["outcome"], "") if episode["ended_at"] else "",
        }
    return one | more
