"""One conversation as a page: what was said on the left, what is known and what is private on the right."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot import attention, drafts, people, queueing
from bot.conversation import LIMIT
from bot.core import Core
from bot.desk import apps, live, sms
from bot.desk.auth import signed_in
from bot.desk.details import details
from bot.desk.inserting import ready, services, sides
from bot.desk.lists import said
from bot.desk.pages import Desk, words
from bot.desk.replies import notes
from bot.desk.shown import clock_text, listed, moment, on_day, topic
from bot.desk.transcript import AT_FIRST, transcript
from bot.errors import Unreadable
from bot.people import Person
from bot.web.problems import whole_number
from bot.words import LANGUAGES, when

OF = "/desk/conversations/{id:[A-Za-z0-9_-]+}"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the forms when a page comes back: nothing that was typed is lost. `refused`: a sentence."""

    text: str = ""
    draft: int | None = None
    note: str = ""
    said: str = ""
    refused: str = ""
    status: int = 200
    service: str = ""  # whose answers are offered


def routes(core: Core) -> list[web.RouteDef]:
    desk = Desk(core)

    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        return await show(desk, request, who, Typed(said=said(request)["said"]))

    async def fragment(request: web.Request, who: Person) -> web.StreamResponse:
        after = whole_number(request, "after")
        values = await _living(core, request, who, after)
        return await desk.show(request, who, "_living.html", **values)

    async def answers(request: web.Request, who: Person) -> web.StreamResponse:
        language, brief = request.query.get("language", ""), request.query.get("channel") == "sms"
        if language not in LANGUAGES:
            raise Unreadable("language is one of those of the words.", field="language")
        told = sides(core, who, request.match_info["service"], language, brief=brief)
        return await desk.show(request, who, "_sides.html", sides=told, spoken=language)

    return [
        web.get("/desk/fragments/answers/{service}", signed_in(core, "converse", acts=False)(answers)),
        web.get(OF, signed_in(core, "converse")(shown)),
        web.get(OF.replace("/desk/", "/desk/fragments/"), signed_in(core, "converse", acts=False)(fragment)),
    ]


async def show(desk: Desk, request: web.Request, who: Person, typed: Typed) -> web.Response:
    """The page, with what was typed and what was said about it."""
    core = desk.core
    values = await _living(core, request, who, 0 if "all" in request.query else None)
    one = values["one"]
    values |= {
        "typed": typed,
        "form_id": str(uuid.uuid4()),
        "limit": LIMIT,
        "can_reply": one["yours"] and not one["opted_out"],
        "canned": await ready(core, who, one) if one["yours"] else [],
        "services": services(core, who) if one["yours"] else [],
        "sides": sides(core, who, typed.service, one["language"], brief=one["channel"] == "sms"),
        "agencies": {name: core.site.agency_name(name, who.language) for name in core.site.agencies},
        "colleagues": await people.colleagues(core, who, one["agency"]),
    }
    return await desk.show(request, who, "conversation.html", status=typed.status, **values)


async def _living(core: Core, request: web.Request, who: Person, after: int | None) -> dict[str, Any]:
    """What changes while the page is open; `after` None: the last lines only."""
    identifier = request.match_info["id"]
    mark = await live.mark(core, identifier)  # first: what changes meanwhile is told again
    owned = (await request.app[live.LIVE].state(who))["owned"]
    one = await details(core, who, identifier)
    lines = await transcript(core, who, one, after or 0)
    first = max(0, len(lines) - AT_FIRST) if after is None else 0
    return {
        "one": _in_words(core, who, one),
        "lines": lines[first:],
        "earlier": first,
        "notes": [_dated(core, who, one) for one in await notes(core, who, identifier)],
        "draft": _latest(await drafts.drafts(core, who, identifier), lines) if one["yours"] else None,
        "others": await _others(core, who, identifier),
        "mine": [listed(core, who, each) for each in await queueing.mine(core, who)],
        "app": _app(core, who, await apps.limits(core, identifier)),
        "sms": await sms.outgoing(core, one) if one["channel"] == "sms" else None,
        "mark": mark,
        "owned": owned,
    }


def _app(core: Core, who: Person, limits: dict[str, Any] | None) -> dict[str, Any] | None:
    return limits and limits | {"until": when(who.language, limits["until"], core.clock())}


def _in_words(core: Core, who: Person, one: dict[str, Any]) -> dict[str, Any]:
    """The details, and what of them is told as a sentence."""
    now = core.clock()
    episode: dict[str, Any] = one["handoff"] or dict.fromkeys(("topic", "opened_at", "promised_at"))
    clock = episode.get("clock", {"state": "none", "due": None, "of": "response"})
    promised = when(who.language, moment(episode["promised_at"]), now)
    marks = {"promised": promised, "yours_before": False, "priority": 0, "test": False}
    return one | {
        "state": "yours" if one["yours"] else one["owner"],
        "handoff": one["handoff"] and one["handoff"] | marks,
        "episodes": [_ended(who, each) for each in one["episodes"]],
        "clock": clock,
        "clock_said": clock_text(who.language, clock, now),
        "topic_said": topic(core, who, episode["topic"]),
        "asked_at": when(who.language, moment(episode["opened_at"]), now),
        "promised": promised,
    }


def _dated(core: Core, who: Person, note: dict[str, Any]) -> dict[str, Any]:
    return note | {"clock": when(who.language, moment(note["at"]), core.clock())}


def _ended(who: Person, episode: dict[str, Any]) -> dict[str, Any]:
    said = words(who.language)["conversation"]
    outcomes = said["close_outcomes"] | said["more_outcomes"]
    return episode | {
        "at": on_day(episode["ended_at"]),
        "outcome_said": outcomes.get(episode["outcome"], episode["outcome"]),
    }


def _latest(kept: list[dict[str, Any]], lines: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The draft for what the citizen said last, as long as no person has answered that."""
    replied = max((line["seq"] for line in lines if line["author"] == "staff"), default=0)
    return next((draft for draft in reversed(kept) if draft["seq"] > replied), None)


async def _others(core: Core, who: Person, identifier: str) -> dict[str, str]:
    """The names of the colleagues who are there, by what they do."""
    async with core.store.read() as tx:
        there = await attention.others(core, tx, identifier, who)
    doings = {one["doing"] for one in there}
    return {doing: ", ".join(one["name"] for one in there if one["doing"] == doing) for doing in sorted(doings)}
