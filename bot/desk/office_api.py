"""Ready answers, search, board, queues, hours and callbacks as JSON; the pages call the same functions."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot import board, callbacks, canned, finding, hours, queueing, schedule
from bot.core import Core
from bot.desk.auth import signed_in
from bot.desk.office_shapes import Day, Room, Setting, Week, Writing, on
from bot.desk.shapes import Nothing
from bot.errors import NotFound, Unreadable
from bot.people import Person
from bot.web.problems import body, whole_number
from bot.words import LANGUAGES

PREFIX = "/desk/api"
Action = Callable[[web.Request, Person], Awaitable[web.StreamResponse]]
Step = tuple[str, str]


def routes(core: Core) -> list[web.RouteDef]:
    steps = {None: _canned(core) | _hours(core), "converse": _found(core), "measure": _board(core)}
    steps["supervise"] = _queues(core)
    return [
        web.route(method, f"{PREFIX}{path}", signed_in(core, permission)(action))
        for permission, actions in steps.items()
        for (method, path), action in actions.items()
    ]


def _canned(core: Core) -> dict[Step, Action]:
    async def listed(request: web.Request, who: Person) -> web.StreamResponse:
        language = request.query.get("language")
        if language is not None and language not in LANGUAGES:
            raise Unreadable(f"language is one of {', '.join(LANGUAGES)}.", field="language")
        return web.json_response(await canned.search(core, who, request.query.get("q", ""), language))

    async def save(request: web.Request, who: Person) -> web.StreamResponse:
        number = await canned.save(core, who, (await body(request, Writing)).written())
        return web.json_response({"id": number}, status=201)

    async def change(request: web.Request, who: Person) -> web.StreamResponse:
        await canned.change(core, who, answer(request), (await body(request, Writing)).written())
        return _done()

    async def remove(request: web.Request, who: Person) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        await canned.remove(core, who, answer(request))
        return _done()

    return {
        ("GET", "/canned"): listed,
        ("POST", "/canned"): save,
        ("POST", "/canned/{id}"): change,
        ("POST", "/canned/{id}/remove"): remove,
    }


def answer(request: web.Request) -> int:
    """A ready answer's number in the address; raises NotFound for what is none."""
    given = request.match_info["id"]
    if not re.fullmatch(r"[0-9]{1,18}", given):
        raise NotFound("No such answer.")
    return int(given)


def _found(core: Core) -> dict[Step, Action]:
    async def find(request: web.Request, who: Person) -> web.StreamResponse:
        before = whole_number(request, "before") if "before" in request.query else None
        return web.json_response(await finding.find(core, who, request.query.get("q", ""), before))

    async def calls(_request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await callbacks.listed(core, who))

    return {("GET", "/search"): find, ("GET", "/callbacks"): calls}


def _board(core: Core) -> dict[Step, Action]:
    async def shown(_request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await board.board(core, who))

    async def capacity(request: web.Request, who: Person) -> web.StreamResponse:
        room = await body(request, Room)
        await board.set_capacity(core, who, room.person, room.capacity)
        return _done()

    return {("GET", "/board"): shown, ("POST", "/board/capacity"): capacity}


def _queues(core: Core) -> dict[Step, Action]:
    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await queueing.settings_of(core, who, _agency(request)))

    async def change(request: web.Request, who: Person) -> web.StreamResponse:
        given = (await body(request, Setting)).given()
        if not given:
            raise Unreadable("Name at least one setting.", field="body")
        await queueing.set_queue(core, who, _agency(request), **given)
        return await shown(request, who)

    return {("GET", "/queues/{agency}"): shown, ("POST", "/queues/{agency}"): change}


def _hours(core: Core) -> dict[Step, Action]:
    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await schedule.schedule(core, who, _agency(request)))

    async def change(request: web.Request, who: Person) -> web.StreamResponse:
        await hours.set_week(core, who, _agency(request), (await body(request, Week)).given())
        return await shown(request, who)

    async def set_day(request: web.Request, who: Person) -> web.StreamResponse:
        given = await body(request, Day)
        day = on(given.day)
        if day is None:
            raise Unreadable("Write the day as 2026-11-27.", field="day")
        await hours.set_day(core, who, _agency(request), day, given.name, given.given())
        return await shown(request, who)

    async def remove_day(request: web.Request, who: Person) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        day = on(request.match_info["day"])
        if day is None:
            raise NotFound("No such day.")
        await hours.remove_day(core, who, _agency(request), day)
        return await shown(request, who)

    return {
        ("GET", "/schedule/{agency}"): shown,
        ("POST", "/schedule/{agency}"): change,
        ("POST", "/schedule/{agency}/days"): set_day,
        ("POST", "/schedule/{agency}/days/{day}/remove"): remove_day,
    }


def _agency(request: web.Request) -> str:
    return request.match_info["agency"]


def _done() -> web.Response:
    return web.json_response({"done": True})
