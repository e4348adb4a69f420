"""The messages of a conversation as server-sent events: one a message, event id = seq, resumed by Last-Event-ID.

What stands beside them, as that somebody is writing, comes as an event with a name: who reads messages sees none of it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.conversation import read
from bot.core import Core
from bot.errors import NotFound, NotSignedIn, TooMany

Allowed = Callable[[], Awaitable[None]]  # raises NotFound or NotSignedIn when it may no longer be read
MOST = 20  # streams of one conversation: tabs, devices, staff
LOOK_AGAIN = 2.0  # seconds: another process may have written
KEEP_ALIVE = 14.0  # seconds without a message until a comment is sent


@dataclass(frozen=True, slots=True)
class Beside:
    """Something else that is told whenever it has changed, as the event `name` with JSON; at first it is `at_first`."""

    name: str
    now: Callable[[], Awaitable[Any]]
    at_first: Any = None


def wanted(request: web.Request) -> bool:
    return "text/event-stream" in request.headers.get("Accept", "")


async def stream(
    core: Core,
    request: web.Request,
    conversation: str,
    after: int,
    allowed: Allowed | None = None,
    beside: Beside | None = None,
    look_again: float = LOOK_AGAIN,
) -> web.StreamResponse:
    """Send every message after a seq, then each new one, until the client goes, the server ends or `allowed` raises.

    `look_again`: seconds; long where somebody else looks at what other processes do.
    """
    after = _resumed(request, after)
    if core.wake.listeners(conversation) >= MOST:
        raise TooMany(f"This conversation already has {MOST} open streams; close one.", headers={"Retry-After": "5"})
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    event = core.wake.listen(conversation)
    try:
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        looks = _Looks(core, conversation, allowed, beside, event, look_again)
        await _pour(response, looks, after)
    except (ConnectionResetError, NotFound, NotSignedIn):
        pass  # whoever read has gone; they resume where they were
    finally:
        core.wake.forget(conversation, event)
    return response


@dataclass(frozen=True, slots=True)
class _Looks:
    """What is looked at, and how often."""

    core: Core
    conversation: str
    allowed: Allowed | None
    beside: Beside | None
    event: asyncio.Event
    every: float


async def _pour(response: web.StreamResponse, looks: _Looks, after: int) -> None:
    quiet, told = 0.0, looks.beside.at_first if looks.beside else None
    while not looks.core.wake.closing:
        looks.event.clear()
        if looks.allowed is not None:
            await looks.allowed()
        messages = await read(looks.core, looks.conversation, after)
        if messages:
            after, quiet = messages[-1]["seq"], 0.0
            await response.write("".join(map(_event, messages)).encode())
        elif (quiet := quiet + looks.every) >= KEEP_ALIVE:
            quiet = 0.0
            await response.write(b": here\n\n")
        if looks.beside is not None and (state := await looks.beside.now()) != told:
            told = state
            await response.write(f"event: {looks.beside.name}\ndata: {json.dumps(state)}\n\n".encode())
        with suppress(TimeoutError):
            async with asyncio.timeout(looks.every):
                await looks.event.wait()


def _event(shown: dict[str, Any]) -> str:
    return f"id: {shown['seq']}\ndata: {json.dumps(shown, ensure_ascii=False)}\n\n"


def _resumed(request: web.Request, after: int) -> int:
    last = request.headers.get("Last-Event-ID", "")
    return max(after, int(last)) if last.isascii() and last.isdigit() and len(last) < 10 else after
