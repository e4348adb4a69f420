"""The supervisors' board as a page: figures that go on by themselves, and what a supervisor can do about them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot import board, handoff, queueing
from bot.core import Core
from bot.desk.auth import form, signed_in
from bot.desk.live import LIVE
from bot.desk.pages import Desk
from bot.desk.shown import CODE, at_clock, clock_text, moment, span, topic
from bot.errors import Conflict, Problem, Unreadable
from bot.people import PERMISSIONS, Person

BOARD = "/desk/board"
EMPTY = {"conversation": "", "person": "", "capacity": ""}  # what is typed into its forms


def routes(core: Core, desk: Desk) -> list[web.RouteDef]:
    supervises = signed_in(core, "supervise")

    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        return await _show(desk, request, who)

    async def fragment(request: web.Request, who: Person) -> web.StreamResponse:
        return await desk.show(request, who, "_board.html", **await _values(core, request, who))

    async def assign(request: web.Request, who: Person) -> web.StreamResponse:
        given = await form(request)
        try:
            await handoff.reassign(core, who, given.get("conversation", ""), given.get("person", ""))
        except (Conflict, Unreadable) as problem:
            problem.word = "problem_conflict" if isinstance(problem, Conflict) else "problem_colleague"
            return await _show(desk, request, who, problem, given)
        raise web.HTTPSeeOther(f"{BOARD}?done=assigned")

    async def capacity(request: web.Request, who: Person) -> web.StreamResponse:
        given = await form(request)
        typed = given.get("capacity", "")
        try:
            await board.set_capacity(core, who, given.get("person", ""), number(typed))
        except Unreadable as problem:
            return await _show(desk, request, who, problem, given)
        raise web.HTTPSeeOther(f"{BOARD}?done=capacity")

    async def close(request: web.Request, who: Person) -> web.StreamResponse:
        given = await form(request)
        closed = given.get("closed") == "yes"
        await queueing.set_queue(core, who, given.get("agency", ""), closed=closed)
        raise web.HTTPSeeOther(f"{BOARD}?done={'closed' if closed else 'reopened'}")

    return [
        web.get(BOARD, signed_in(core, "measure")(shown)),
        web.get("/desk/fragments/board", signed_in(core, "measure", acts=False)(fragment)),
        web.post(f"{BOARD}/assign", supervises(assign)),
        web.post(f"{BOARD}/capacity", supervises(capacity)),
        web.post(f"{BOARD}/close", supervises(close)),
    ]


def number(typed: str) -> int:
    """What was typed into a field for a number; -1, which is refused, for what is none."""
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed.strip()) else -1


async def _show(
    desk: Desk,
    request: web.Request,
    who: Person,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> web.Response:
    values = await _values(desk.core, request, who)
    said = {"problem": problem, "typed": EMPTY | (typed or {}), "done": request.query.get("done", "")}
    return await desk.show(request, who, "board.html", status=problem.status if problem else 200, **values | said)


async def _values(core: Core, request: web.Request, who: Person) -> dict[str, Any]:
    state = await request.app[LIVE].state(who)
    shown = await board.board(core, who)
    return {
        "state": state,
        "problem": None,
        "typed": EMPTY,
        "at": at_clock(shown["at"]),
        "queues": [_of_queue(who, one) for one in shown["agencies"]],
        "people": [_of_person(core, who, one) for one in shown["people"]],
        "open": [_of_handoff(core, who, one, shown["people"]) for one in shown["open"]],
    }


def _of_queue(who: Person, one: dict[str, Any]) -> dict[str, Any]:
    longest = one["now"]["longest_wait"]
    return one | {
        "state": "closed" if one["closed"] else "open" if one["open"] else "hours",
        "longest": None if longest is None else span(who.language, timedelta(seconds=longest)),
    }


def _of_person(core: Core, who: Person, one: dict[str, Any]) -> dict[str, Any]:
    acted = moment(one["acted_at"])
    return one | {"acted": span(who.language, core.clock() - acted) if acted else None}


def _of_handoff(core: Core, who: Person, one: dict[str, Any], people: list[dict[str, Any]]) -> dict[str, Any]:
    now = core.clock()
    return one | {
        "topic_said": topic(core, who, one["topic"]),
        "clock_said": clock_text(who.language, one["clock"], now),
        "waited": span(who.language, now - datetime.fromisoformat(one["waiting_since"])),
        "code": one["conversation"][-CODE:],
        "colleagues": [
            each["name"] for each in people if _takes(each, one["agency"]) and each["name"] != one["person"]
        ],
    }


def _takes(one: dict[str, Any], agency: str) -> bool:
    return one["role"] in PERMISSIONS["converse"] and (one["agencies"] is None or agency in one["agencies"])
