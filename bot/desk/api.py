"""The desk as JSON on the staff port: the queue, claiming, replies, notes, transfer, return, close."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Literal

from aiohttp import web

from bot import drafts, handoff, queueing, tasks
from bot.conversation import read
from bot.core import Core
from bot.desk import live, openapi, replies
from bot.desk.auth import signed_in, still
from bot.desk.details import details
from bot.desk.shapes import (
    Blocking,
    Closing,
    Nothing,
    Noting,
    Reassigning,
    Replying,
    Testing,
    Transferring,
    Using,
)
from bot.people import Person
from bot.web import streams
from bot.web.problems import body, whole_number

Answering = Awaitable[web.StreamResponse]
Action = Callable[[web.Request, Person, str], Answering]
PREFIX = "/desk/api"


def routes(core: Core) -> list[web.RouteDef]:
    """Every route but the description signs in; a test proves it."""

    allowed = signed_in(core, "converse")

    def of(method: str, path: str, action: Action) -> web.RouteDef:
        async def handler(request: web.Request, who: Person) -> web.StreamResponse:
            return await action(request, who, request.match_info["id"])

        address = f"{PREFIX}/conversations/{{id:[A-Za-z0-9_-]+}}/{path}".rstrip("/")
        return web.route(method, address, allowed(handler))

    async def queue(_request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await queueing.waiting(core, who))

    async def mine(_request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await queueing.mine(core, who))

    async def following(request: web.Request, who: Person) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        return web.json_response({"conversation": await queueing.take_next(core, who)})

    async def undone(_request: web.Request, who: Person) -> web.StreamResponse:
        return web.json_response(await tasks.waiting(core, who))

    async def done(request: web.Request, who: Person) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        await tasks.finish(core, who, request.match_info["id"])
        return web.json_response({"done": True})

    actions = _actions(core)
    return [
        web.get(f"{PREFIX}/openapi.json", _described),
        web.get(f"{PREFIX}/queue", allowed(queue)),
        web.post(f"{PREFIX}/queue/next", allowed(following)),
        web.get(f"{PREFIX}/conversations", allowed(mine)),
        web.get(f"{PREFIX}/tasks", allowed(undone)),
        web.post(f"{PREFIX}/tasks/{{id:[A-Za-z0-9_-]+}}/done", allowed(done)),
        *(of(method, path, action) for (method, path), action in actions.items()),
    ]


async def _still_reads(core: Core, request: web.Request, conversation: str) -> None:
    """Raises NotSignedIn and NotFound."""
    await replies.may_read(core, await still(core, request), conversation)


Step = tuple[Literal["GET", "POST"], str]


def _actions(core: Core) -> dict[Step, Action]:
    return _saying(core) | _owning(core) | _marking(core)


def _saying(core: Core) -> dict[Step, Action]:
    """What is read and written in a conversation."""

    async def itself(_request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        return web.json_response(await details(core, who, conversation))

    async def messages(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        await replies.may_read(core, who, conversation)
        after = whole_number(request, "after")
        if streams.wanted(request):
            goes_on = partial(_still_reads, core, request, conversation)
            changes = live.changes(request, conversation)
            with request.app[live.LIVE].watching(conversation):
                return await streams.stream(core, request, conversation, after, goes_on, changes)
        return web.json_response(await read(core, conversation, after))

    async def reply(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        replying = await body(request, Replying)
        received = await replies.reply(core, who, conversation, replying.id, replying.text, replying.draft)
        return web.json_response({"seq": received.seq}, status=200 if received.again else 201)

    async def note(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        noting = await body(request, Noting)
        await replies.note_down(core, who, conversation, noting.text, noting.id)
        return web.json_response({"noted": True}, status=201)

    async def notes(_request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        return web.json_response(await replies.notes(core, who, conversation))

    return {
        ("GET", ""): itself,
        ("GET", "messages"): messages,
        ("POST", "messages"): reply,
        ("POST", "notes"): note,
        ("GET", "notes"): notes,
    }


def _owning(core: Core) -> dict[Step, Action]:
    """Who answers from now on."""

    async def claim(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        await handoff.claim(core, who, conversation)
        return web.json_response({"owner": "staff"})

    async def transfer(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        to = await body(request, Transferring)
        await handoff.transfer(core, who, conversation, agency=to.agency, colleague=to.person, ask=to.ask)
        return web.json_response({"transferred": True})

    async def give_back(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        await body(request, Nothing, may_be_empty=True)
        await handoff.return_to_assistant(core, who, conversation)
        return web.json_response({"owner": "assistant"})

    async def close(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        await handoff.close(core, who, conversation, (await body(request, Closing)).outcome)
        return web.json_response({"owner": "closed"})

    return {
        ("POST", "claim"): claim,
        ("POST", "transfer"): transfer,
        ("POST", "return"): give_back,
        ("POST", "close"): close,
    }


def _marking(core: Core) -> dict[Step, Action]:
    """What is noted about a conversation."""

    async def block(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        reason = (await body(request, Blocking)).reason
        await handoff.block(core, who, conversation, reason)
        return web.json_response({"blocked": reason})

    async def test(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        is_test = (await body(request, Testing)).test
        await handoff.mark_test(core, who, conversation, is_test)
        return web.json_response({"test": is_test})

    async def reassign(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        await handoff.reassign(core, who, conversation, (await body(request, Reassigning)).person)
        return web.json_response({"reassigned": True})

    async def drafted(_request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        return web.json_response(await drafts.drafts(core, who, conversation))

    async def use(request: web.Request, who: Person, conversation: str) -> web.StreamResponse:
        await drafts.use(core, who, conversation, (await body(request, Using)).seq)
        return web.json_response({"used": True})

    return {
        ("POST", "block"): block,
        ("POST", "test"): test,
        ("POST", "reassign"): reassign,
        ("GET", "drafts"): drafted,
        ("POST", "drafts"): use,
    }


async def _described(_request: web.Request) -> web.StreamResponse:
    return web.json_response(openapi.document())
