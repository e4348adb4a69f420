"""The hours of a queue as a page: the week with its breaks, holidays, single days; and what all that comes to."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from aiohttp import web

from bot import hours, schedule
from bot.core import Core
from bot.desk.auth import Action, form, signed_in
from bot.desk.office_shapes import on
from bot.desk.pages import Desk, words
from bot.desk.shown import moment
from bot.errors import NotFound, Problem, Unreadable
from bot.hours import MOST_SHIFTS
from bot.people import Person
from bot.words import when
from calendars.working_time import local
from text.clean import clean, visible

SCHEDULE = "/desk/schedule"
SHOWN, OF_A_DAY = 2, 3  # spans that a day of the week shows at least, and those of a single day
LONGEST_NAME = 80
Given = dict[str, str]
Spans = list[dict[str, str]]


def routes(core: Core, desk: Desk) -> list[web.RouteDef]:
    allowed = signed_in(core, "supervise")

    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        served = [agency for agency in core.site.agencies if who.may_see(agency)]
        if not served:
            raise NotFound("You serve no agency.")
        usual = core.site.identifier if core.site.identifier in served else served[0]
        return await _show(desk, request, who, request.query.get("agency", usual))

    changes = _of_week(core, desk) | _of_days(core, desk)
    return [
        web.get(SCHEDULE, allowed(shown)),
        *(web.post(f"{SCHEDULE}/{{agency}}/{path}", allowed(change)) for path, change in changes.items()),
    ]


def _of_week(core: Core, desk: Desk) -> dict[str, Action]:
    async def week(request: web.Request, who: Person) -> web.StreamResponse:
        agency, given = request.match_info["agency"], await form(request)
        shifts = [{"weekday": day, **one} for day in range(7) for one in _spans(given, f"-{day}")]
        try:
            await hours.set_week(core, who, agency, shifts)
        except Unreadable as problem:
            return await _show(desk, request, who, agency, problem, given, "week")
        raise _done(agency, "week")

    async def as_office(request: web.Request, who: Person) -> web.StreamResponse:
        await hours.set_week(core, who, request.match_info["agency"], None)
        raise _done(request.match_info["agency"], "office")

    return {"week": week, "office": as_office}


def _of_days(core: Core, desk: Desk) -> dict[str, Action]:
    async def set_day(request: web.Request, who: Person) -> web.StreamResponse:
        agency, given = request.match_info["agency"], await form(request)
        try:
            await hours.set_day(core, who, agency, _date(given), _name(given), _spans(given))
        except Unreadable as problem:
            return await _show(desk, request, who, agency, problem, given, "day")
        raise _done(agency, "day")

    async def remove_day(request: web.Request, who: Person) -> web.StreamResponse:
        day = on(request.match_info["day"])
        if day is None:
            raise NotFound("No such day.")
        await hours.remove_day(core, who, request.match_info["agency"], day)
        raise _done(request.match_info["agency"], "removed")

    return {"days": set_day, "days/{day}/remove": remove_day}


def _done(agency: str, what: str) -> web.HTTPSeeOther:
    return web.HTTPSeeOther(f"{SCHEDULE}?agency={agency}&done={what}")


def _spans(given: Given, of: str = "") -> Spans:
    """What was written into the boxes of a day; a box left empty beside one that was not is refused later."""
    pairs = [
        {name: given.get(f"{name}{of}-{n}", "").strip() for name in ("opens", "closes")} for n in range(MOST_SHIFTS)
    ]
    return [one for one in pairs if one["opens"] or one["closes"]]


def _date(given: Given) -> date:
    day = on(given.get("day", ""))
    if day is None:
        raise Unreadable("Choose a day.", field="day", word="problem_day")
    return day


def _name(given: Given) -> str:
    name = clean(given.get("name", ""))
    if not visible(name) or "\n" in name or len(name) > LONGEST_NAME:
        raise Unreadable("A name is 1 to 80 characters on one line.", field="name", word="problem_name")
    return name


async def _show(
    desk: Desk,
    request: web.Request,
    who: Person,
    agency: str,
    problem: Problem | None = None,
    given: Given | None = None,
    where: str = "",
) -> web.Response:
    """`where` the problem is: in the "week", or in the "day" that was to be added."""
    core, plan = desk.core, await schedule.schedule(desk.core, who, agency)
    typed = given if where == "week" else None
    values: dict[str, Any] = {
        "chosen": agency,
        "agencies": [one for one in core.site.agencies if who.may_see(one)],
        "plan": plan,
        "stands": _stands(core, who, plan),
        "week": [_of_weekday(plan, typed, weekday) for weekday in range(7)],
        "added": _added(given if where == "day" else None),
        "holidays": _holidays(core),
        "day_said": partial(day_said, who.language),
        "problem": problem,
        "where": where,
        "done": request.query.get("done", ""),
    }
    return await desk.show(request, who, "schedule.html", status=problem.status if problem else 200, **values)


def _stands(core: Core, who: Person, plan: dict[str, Any]) -> str:
    """Whether it is open now, and until or from when."""
    said, now = words(who.language)["office"]["schedule"], core.clock()
    if plan["open_until"]:
        return str(said["is_open"]).format(until=when(who.language, moment(plan["open_until"]), now))
    if plan["next_opening"]:
        return str(said["is_closed"]).format(opening=when(who.language, moment(plan["next_opening"]), now))
    return str(said["never"])


def _of_weekday(plan: dict[str, Any], typed: Given | None, weekday: int) -> Spans:
    """The boxes of a weekday: what was typed, else what is kept; and room for one more."""
    kept = [one for one in plan["shifts"] if one["weekday"] == weekday]
    return _padded(kept if typed is None else _spans(typed, f"-{weekday}"), SHOWN)


def _padded(spans: Spans, least: int) -> Spans:
    room = min(MOST_SHIFTS, max(least, len(spans) + 1))
    return [*spans, *({"opens": "", "closes": ""} for _ in range(room - len(spans)))]


def _added(given: Given | None) -> dict[str, Any]:
    given = given or {}
    return {"day": given.get("day", ""), "name": given.get("name", ""), "spans": _padded(_spans(given), OF_A_DAY)}


def _holidays(core: Core) -> list[dict[str, Any]]:
    """Those that are still to come."""
    today, listed = local(core.clock()).date(), core.site.holidays
    days = sorted({*listed.days_off, *listed.swapped_workdays})
    return [{"day": day.isoformat(), "swapped": day in listed.swapped_workdays} for day in days if day >= today]


def day_said(language: str, day: str) -> str:
    """Thứ Hai 23/11/2026."""
    then = datetime.fromisoformat(day).date()
    return f"{words(language)['office']['weekdays'][then.weekday()]} {then.day}/{then.month}/{then.year}"
