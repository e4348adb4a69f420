"""The messages of a conversation as server-sent events: one a message, event id = seq, resumed by Last-Event-ID.

What stands beside them, as that somebody is writing, comes with ?beside=1 as an event with a name.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import batched
from typing import Any

import sqlalchemy as sa
from aiohttp import web

from bot.conversation import read
from bot.core import Core, Ear
from bot.errors import NotFound, NotSignedIn, TooMany
from bot.looking import looking
from bot.model import conversation

Allowed = Callable[[], Awaitable[None]]  # raises NotFound or NotSignedIn when it may no longer be read
MOST = 20  # streams of one conversation: tabs, devices, staff
LOOK_AGAIN = 2.0  # seconds: another process may have written
AT_ONCE = 1000  # conversations in one query
KEEP_ALIVE = 14.0  # seconds without anything until a comment is sent
LAST = sa.select(conversation.c.id, conversation.c.last_seq).where(
    conversation.c.id.in_(sa.bindparam("whose", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Beside:
    """Something else that is told at first and whenever it has changed, as the event `name` with JSON.

    `now` is what is known of it, None while nothing is; whoever comes to know more wakes those who listen at `place`.
    """

    name: str
    place: str
    now: Callable[[], Any]


@dataclass(eq=False, slots=True)
class _Stream:
    """One that is open: up to which seq it has sent, and what wakes it."""

    conversation: str
    sent: int
    ear: Ear
    allowed: Allowed | None
    beside: Beside | None


class Streams:
    """The streams that are open at a port, and one look for all of them at what other processes wrote."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.open: set[_Stream] = set()

    async def watch(self) -> None:
        """Look again and again; runs until cancelled."""
        await looking(self._look, LOOK_AGAIN, "looking for what other processes wrote")

    async def _look(self) -> None:
        for some in batched({one.conversation for one in self.open}, AT_ONCE):
            await self._look_at(some)

    async def _look_at(self, conversations: tuple[str, ...]) -> None:
        async with self._core.store.read() as tx:
            last = {row.id: row.last_seq for row in await tx.execute(LAST, {"whose": conversations})}
        for one in self.open:
            if last.get(one.conversation, 0) > one.sent:
                one.ear.hear(one.conversation)


STREAMS: web.AppKey[Streams] = web.AppKey("streams", Streams)


def wanted(request: web.Request) -> bool:
    return "text/event-stream" in request.headers.get("Accept", "")


async def stream(
    core: Core,
    request: web.Request,
    conversation: str,
    after: int,
    allowed: Allowed | None = None,
    beside: Beside | None = None,
) -> web.StreamResponse:
    """Send every message after a seq, then each new one, until the client goes, the server ends or `allowed` raises.

    `allowed` is asked before messages are sent, and now and then while there are none. `beside` is told to who asks.
    """
    if request.query.get("beside") != "1":
        beside = None
    if core.wake.listeners(conversation) >= MOST:
        raise TooMany(f"This conversation already has {MOST} open streams; close one.", headers={"Retry-After": "5"})
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    ear = core.wake.listen(conversation, *([beside.place] if beside else []))
    one = _Stream(conversation, _resumed(request, after), ear, allowed, beside)
    request.app[STREAMS].open.add(one)
    try:
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        await _pour(core, response, one)
    except (ConnectionResetError, NotFound, NotSignedIn):
        pass  # whoever read has gone; they resume where they were
    finally:
        request.app[STREAMS].open.discard(one)
        core.wake.forget(ear)
    return response


async def _pour(core: Core, response: web.StreamResponse, one: _Stream) -> None:
    heard, told = {one.conversation}, None
    while not core.wake.closing:
        one.ear.clear()
        if not heard:
            await _send(response, one, ": here\n\n")
        if one.conversation in heard and (messages := await read(core, one.conversation, one.sent)):
            await _send(response, one, "".join(map(_event, messages)))
            one.sent = messages[-1]["seq"]
        if one.beside is not None and (state := one.beside.now()) not in (None, told):
            told = state
            await response.write(f"event: {one.beside.name}\ndata: {json.dumps(state)}\n\n".encode())
        with suppress(TimeoutError):
            async with asyncio.timeout(KEEP_ALIVE):
                await one.ear.wait()
        heard = set(one.ear.heard)


async def _send(response: web.StreamResponse, one: _Stream, text: str) -> None:
    if one.allowed is not None:
        await one.allowed()
    await response.write(text.encode())


def _event(shown: dict[str, Any]) -> str:
    return f"id: {shown['seq']}\ndata: {json.dumps(shown, ensure_ascii=False)}\n\n"


def _resumed(request: web.Request, after: int) -> int:
    last = request.headers.get("Last-Event-ID", "")
    return max(after, int(last)) if last.isascii() and last.isdigit() and len(last) < 10 else after
