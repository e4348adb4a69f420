"""What the buttons of a conversation's page do: the functions of the API, behind forms that need no JavaScript.

Each ends in another page (303), so that going back or loading again does nothing twice; what is refused comes back as
the page with everything that was typed, and the reason.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from aiohttp import web

from bot import canned, drafts, handoff, queueing
from bot.conversation import readable
from bot.core import Core
from bot.desk import replies
from bot.desk.auth import form, signed_in
from bot.desk.conversation import OF, Typed, show
from bot.desk.details import details
from bot.desk.inserting import ready, sides
from bot.desk.pages import Desk, words
from bot.errors import Conflict, Empty, NotAllowed, NotFound, Problem, TooLong, Unreadable
from bot.people import Person

Given = dict[str, str]
Press = Callable[[Core, Person, str, Given], Awaitable[str]]  # where to go then
LONGEST_REASON = 80
BY_FIELD = {"person": "colleague", "agency": "agency", "outcome": "outcome", "reason": "reason"}


def routes(core: Core) -> list[web.RouteDef]:
    desk, allowed = Desk(core), signed_in(core, "converse")

    def button(name: str, press: Press) -> web.RouteDef:
        async def handler(request: web.Request, who: Person) -> web.StreamResponse:
            given = await form(request)
            try:
                place = await press(core, who, request.match_info["id"], given)
            except NotFound:
                raise
            except Problem as problem:
                why = await _why(core, who, request, problem)
                return await _refused(desk, request, who, given, why, problem.status)
            raise web.HTTPSeeOther(place)

        return web.post(f"{OF}/{name}", allowed(handler))

    async def reply(request: web.Request, who: Person) -> web.StreamResponse:
        return await _reply(desk, request, who, await form(request))

    return [*(button(name, press) for name, press in PRESSED.items()), web.post(f"{OF}/reply", allowed(reply))]


def _at(identifier: str, said: str = "") -> str:
    return f"/desk/conversations/{identifier}" + (f"?said={said}" if said else "")


async def _take(core: Core, who: Person, identifier: str, _given: Given) -> str:
    await handoff.claim(core, who, identifier)
    return _at(identifier)


async def _note(core: Core, who: Person, identifier: str, given: Given) -> str:
    text = given.get("note", "")
    await replies.note_down(core, who, identifier, text, _once(given, text))
    return _at(identifier, "noted") + "#notes"


async def _to_agency(core: Core, who: Person, identifier: str, given: Given) -> str:
    ask = given.get("consent", "ask") == "ask"
    await handoff.transfer(core, who, identifier, agency=given.get("agency", ""), ask=ask)
    return _at(identifier, "asked_to_move") if ask else "/desk?said=transferred"


async def _to_colleague(core: Core, who: Person, identifier: str, given: Given) -> str:
    await handoff.transfer(core, who, identifier, colleague=given.get("person", ""))
    return "/desk?said=transferred"


async def _reassign(core: Core, who: Person, identifier: str, given: Given) -> str:
    await handoff.reassign(core, who, identifier, given.get("person", ""))
    return _at(identifier, "reassigned")


async def _give_back(core: Core, who: Person, identifier: str, _given: Given) -> str:
    await handoff.return_to_assistant(core, who, identifier)
    return "/desk?said=returned"


async def _close(core: Core, who: Person, identifier: str, given: Given) -> str:
    outcome = given.get("outcome", "")
    if outcome not in words(who.language)["conversation"]["close_outcomes"]:
        raise Unreadable("Choose how it ended.", field="outcome")
    await handoff.close(core, who, identifier, outcome)
    if "next" not in given:
        return "/desk?said=closed"
    taken = await queueing.take_next(core, who)
    return _at(taken) if taken else "/desk?said=none_waits"


async def _block(core: Core, who: Person, identifier: str, given: Given) -> str:
    if "unblock" in given:
        await handoff.block(core, who, identifier, None)
        return _at(identifier, "unblocked")
    reason = readable(given.get("reason", ""))
    if len(reason) > LONGEST_REASON or "\n" in reason:
        raise Unreadable("Give a reason on one line.", field="reason")
    await handoff.block(core, who, identifier, reason)
    return _at(identifier, "blocked")


async def _test(core: Core, who: Person, identifier: str, given: Given) -> str:
    test = given.get("test") == "yes"
    await handoff.mark_test(core, who, identifier, test)
    return _at(identifier, "test" if test else "not_test")


PRESSED: dict[str, Press] = {
    "take": _take,
    "note": _note,
    "transfer": _to_agency,
    "pass": _to_colleague,
    "reassign": _reassign,
    "return": _give_back,
    "close": _close,
    "block": _block,
    "test": _test,
}


async def _reply(desk: Desk, request: web.Request, who: Person, given: Given) -> web.StreamResponse:
    """Send what was written; or put in what was chosen to be inserted, and show it."""
    core, identifier, text = desk.core, request.match_info["id"], given.get("text", "")
    draft = int(given["draft"]) if given.get("draft", "").isdecimal() else None
    if given.get("insert"):
        return await _inserted(desk, request, who, given, draft)
    if left := canned.blanks(text):
        why = words(who.language)["refused"]["blank"].format(blanks=", ".join(left))
        return await _refused(desk, request, who, given, why, 400)
    try:
        await replies.reply(core, who, identifier, _once(given, text), text, draft)
    except NotFound:
        raise
    except Problem as problem:
        why = await _why(core, who, request, problem, replying=True)
        return await _refused(desk, request, who, given, why, problem.status)
    raise web.HTTPSeeOther(_at(identifier) + "#latest")


def _once(given: Given, text: str) -> str:
    """The same page sent twice with the same text is one message; with another text (after "back") it is another."""
    page = given.get("id") or str(uuid.uuid4())
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{page}:{text}"))


async def _inserted(
    desk: Desk, request: web.Request, who: Person, given: Given, draft: int | None
) -> web.StreamResponse:
    """The page with the chosen text behind what was written: canned:7, side:passport:fee, draft:12; or, for
    service:passport, with what there is to say of it."""
    core, identifier = desk.core, request.match_info["id"]
    kind, _, which = given["insert"].partition(":")
    known = await details(core, who, identifier)
    texts: dict[str, str] = {}
    if kind == "service":
        return await show(desk, request, who, replace(_typed(given), draft=draft, service=which))
    if kind == "canned":
        texts = {str(one["id"]): one["reply"] for one in await ready(core, who, known)}
    elif kind == "side":
        told = sides(core, who, which.partition(":")[0], known["language"], brief=known["channel"] == "sms")
        texts = {one["which"]: one["reply"] for one in told}
    elif kind == "draft" and which.isdecimal():
        texts = {str(one["seq"]): one["text"] for one in await drafts.drafts(core, who, identifier)}
        await drafts.use(core, who, identifier, int(which))
        draft = int(which)
    if which not in texts:
        raise NotFound("Nothing of that kind to insert.")
    written = "\n".join(filter(None, (given.get("text", "").strip(), texts[which])))
    return await show(desk, request, who, replace(_typed(given), text=written, draft=draft, said="inserted"))


def _typed(given: Given) -> Typed:
    return Typed(text=given.get("text", ""), note=given.get("note", ""))


async def _refused(
    desk: Desk, request: web.Request, who: Person, given: Given, why: str, status: int
) -> web.StreamResponse:
    return await show(desk, request, who, replace(_typed(given), refused=why, status=status))


async def _why(
    core: Core, who: Person, request: web.Request, problem: Problem, *, replying: bool = False
) -> str:
    """The sentence for what was refused, in the words of the person."""
    said: dict[str, Any] = words(who.language)["refused"]
    if isinstance(problem, TooLong):
        return said["too_long"].format(**problem.extra)
    if isinstance(problem, Conflict):
        return said[await _conflict(core, who, request, replying=replying)]
    if isinstance(problem, Empty | NotAllowed):
        return said["empty" if isinstance(problem, Empty) else "not_allowed"]
    return said[BY_FIELD.get(problem.field or "", "unreadable")]


async def _conflict(core: Core, who: Person, request: web.Request, *, replying: bool) -> str:
    """Why it is in the way: somebody else was faster, the citizen texted STOP, one's hands are full."""
    if request.path.endswith("/take"):
        return "taken"
    one = await details(core, who, request.match_info["id"])
    if request.path.endswith("/close") and one["owner"] == "closed":
        return "full"
    if replying and one["yours"] and one["opted_out"]:
        return "stopped"
    return "not_sent" if replying else "not_yours"
