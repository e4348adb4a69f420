"""How pages, streams and the stand-ins' answers of the phone are served."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import FileSystemLoader

from bot.core import Core
from bot.phone.carrier import Answer
from bot.phone.network import CHANGED
from bot.web import streams
from bot.web.page import Page, language_of
from bot.web.problems import Handler
from bot.words import table

HERE = Path(__file__).parent
PREFIX = "/phone/carrier"
LOOK_AGAIN = 10.0  # seconds of a stream without news


class PhonePage(Page):
    """A page of the site, with templates and words of its own. `tabs`: the providers that have a handset."""

    def __init__(self, core: Core, tabs: list[str]) -> None:
        super().__init__(core, core.site)
        self._templates.loader = FileSystemLoader(HERE / "templates")
        self._tabs = tabs

    def page(self, request: web.Request, template: str, tab: str, **context: Any) -> web.StreamResponse:
        words = table(f"phone.{language_of(request, self.site.default_language)}")
        shared = {"words": words, "public": self.core.settings.address, "tabs": self._tabs, "tab": tab}
        return self.show(request, template, **shared, **context)


def shown(core: Core, state: Callable[[], object]) -> Handler:
    """What a page holds: once, or as a stream."""

    async def read(request: web.Request) -> web.StreamResponse:
        if streams.wanted(request):
            return await _stream(core, request, state)
        return web.json_response(state())

    return read


async def _stream(core: Core, request: web.Request, state: Callable[[], object]) -> web.StreamResponse:
    """Everything as one event, again whenever something moved, and now and then to see whether the page is there."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    event = core.wake.listen(CHANGED)
    try:
        await response.prepare(request)
        while not core.wake.closing:
            event.clear()
            await response.write(f"retry: 1000\ndata: {json.dumps(state())}\n\n".encode())
            await _moved(event, LOOK_AGAIN)
    except ConnectionResetError:
        pass  # the page was closed
    finally:
        core.wake.forget(event)
    return response


async def _moved(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


async def acted(core: Core, request: web.Request, answer: Answer) -> web.StreamResponse:
    """What the stand-in says to do is done, hanging and closing too."""
    event = core.wake.listen(PREFIX)
    while answer.act == "hang" and request.transport is not None and not core.wake.closing:
        await _moved(event, 0.5)
    core.wake.forget(event)
    if answer.act != "answer" and request.transport is not None:
        request.transport.close()
    return web.Response(
        status=answer.status or 500, text=answer.body, content_type=answer.content_type, headers=answer.headers
    )
