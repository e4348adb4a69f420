"""What supervisors set for a queue: closed or open, its promises, how many wait, which services go to a person."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot import queueing
from bot.core import Core
from bot.desk.auth import fields, signed_in
from bot.desk.board_page import BOARD, number
from bot.desk.pages import Desk
from bot.errors import Problem, Unreadable
from bot.people import Person

MOST_MINUTES, MOST_PEOPLE = 14_400, 10_000
MINUTES = ("response_minutes", "resolution_minutes", "callback_minutes", "answer_minutes")
LIMITS = {**dict.fromkeys(MINUTES, (1, MOST_MINUTES)), "longest": (0, MOST_PEOPLE)}


def routes(core: Core, desk: Desk) -> list[web.RouteDef]:
    supervises = signed_in(core, "supervise")

    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        return await _show(desk, request, who, await queueing.settings_of(core, who, _agency(request)))

    async def change(request: web.Request, who: Person) -> web.StreamResponse:
        agency, given = _agency(request), await fields(request)
        await queueing.settings_of(core, who, agency)  # raises NotFound for what is no agency of theirs
        typed = _typed(given)
        try:
            await queueing.set_queue(core, who, agency, **_values(typed))
        except Unreadable as problem:
            return await _show(desk, request, who, typed, problem)
        raise web.HTTPSeeOther(f"{BOARD}?done=saved")

    return [
        web.get(f"{BOARD}/queues/{{agency}}", supervises(shown)),
        web.post(f"{BOARD}/queues/{{agency}}", supervises(change)),
    ]


def _agency(request: web.Request) -> str:
    return request.match_info["agency"]


def _typed(given: list[tuple[str, str]]) -> dict[str, Any]:
    """As it was typed, so that it can be shown again."""
    named = dict(given)
    topics = [value for name, value in given if name == "topics"]
    return {name: named.get(name, "") for name in LIMITS} | {"closed": "closed" in named, "topics": topics}


def _values(typed: dict[str, Any]) -> dict[str, Any]:
    """Raises Unreadable naming the first field that is no number within its limits."""
    values = dict(typed)
    for name, (least, most) in LIMITS.items():
        values[name] = number(typed[name])
        if not least <= values[name] <= most:
            limits: dict[str, object] = {"least": least, "most": most}
            raise Unreadable(
                f"{name} is a number from {least} to {most}.", field=name, word="problem_minutes", extra=limits
            )
    return values


async def _show(
    desk: Desk, request: web.Request, who: Person, typed: dict[str, Any], problem: Problem | None = None
) -> web.Response:
    name, site = _agency(request), desk.core.site
    services = [one for one in site.services if site.agency_of.get(one["identifier"]) == name]
    values = {
        "name": name,
        "one": typed,
        "services": services,
        "limits": LIMITS,
        "minutes": MINUTES,
        "problem": problem,
    }
    return await desk.show(request, who, "queue_settings.html", status=problem.status if problem else 200, **values)
