"""The pages of ready answers: all that one can use, and a form to write one, with both languages to look at before."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot import canned
from bot.canned import Written
from bot.core import Core
from bot.desk.auth import form, signed_in
from bot.desk.office_api import answer
from bot.desk.pages import Desk
from bot.errors import Conflict, NotAllowed, NotFound, Problem, Unreadable
from bot.people import Person
from bot.words import LANGUAGES

CANNED = "/desk/canned"
NEW = Written(None, "", "", dict.fromkeys(LANGUAGES, ""))


def routes(core: Core, desk: Desk) -> list[web.RouteDef]:
    edits = signed_in(core, "edit")

    async def listed(request: web.Request, who: Person) -> web.StreamResponse:
        q = request.query.get("q", "")
        done, answers = request.query.get("done", ""), await canned.search(core, who, q)
        values: dict[str, Any] = {"q": q, "answers": answers, "done": done}
        return await desk.show(request, who, "canned.html", pieces=canned.pieces, **values)

    async def new(request: web.Request, who: Person) -> web.StreamResponse:
        return await _form(desk, request, who, NEW)

    async def save(request: web.Request, who: Person) -> web.StreamResponse:
        return await _keep(desk, request, who, None)

    async def one(request: web.Request, who: Person) -> web.StreamResponse:
        return await _form(desk, request, who, await _known(core, who, answer(request)), answer(request))

    async def change(request: web.Request, who: Person) -> web.StreamResponse:
        await _known(core, who, answer(request))
        return await _keep(desk, request, who, answer(request))

    async def remove(request: web.Request, who: Person) -> web.StreamResponse:
        await canned.remove(core, who, answer(request))
        raise web.HTTPSeeOther(f"{CANNED}?done=removed")

    return [
        web.get(CANNED, signed_in(core)(listed)),
        web.post(CANNED, edits(save)),
        web.get(f"{CANNED}/new", edits(new)),
        web.get(f"{CANNED}/{{id}}", edits(one)),
        web.post(f"{CANNED}/{{id}}", edits(change)),
        web.post(f"{CANNED}/{{id}}/remove", edits(remove)),
    ]


async def _known(core: Core, who: Person, number: int) -> Written:
    """Raises NotFound, and NotAllowed for one that `who` can only use."""
    found = next((one for one in await canned.available(core, who) if one["id"] == number), None)
    if found is None:
        raise NotFound("No such answer.")
    if not found["mine"]:
        raise NotAllowed("You may change the answers of your own agencies only.", word="problem_not_your_agency")
    return Written(found["agency"], found["shortcut"], found["title"], found["text"])


async def _keep(desk: Desk, request: web.Request, who: Person, number: int | None) -> web.StreamResponse:
    """Save what was written, or only show what it looks like."""
    given = await form(request)
    text = {language: given.get(language, "") for language in LANGUAGES}
    written = Written(given.get("agency") or None, given.get("shortcut", ""), given.get("title", ""), text)
    if "preview" in given:
        return await _form(desk, request, who, written, number)
    try:
        if number is None:
            await canned.save(desk.core, who, written)
        else:
            await canned.change(desk.core, who, number, written)
    except (Conflict, NotAllowed, Unreadable) as problem:
        return await _form(desk, request, who, written, number, problem)
    raise web.HTTPSeeOther(f"{CANNED}?done=saved")


async def _form(
    desk: Desk,
    request: web.Request,
    who: Person,
    written: Written,
    number: int | None = None,
    problem: Problem | None = None,
) -> web.Response:
    agencies = [agency for agency in desk.core.site.agencies if who.may_see(agency)]
    values: dict[str, Any] = {"one": written, "number": number, "agencies": agencies, "problem": problem}
    status = problem.status if problem else 200
    return await desk.show(request, who, "canned_answer.html", status=status, pieces=canned.pieces, **values)
