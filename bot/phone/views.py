"""GET /phone: two handsets that text the assistant as through a provider, for who tries SMS without an account.

The page, what it asks, and the API that the gateway's own client calls in the provider's place.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import ClassVar

import aiohttp
from aiohttp import web
from jinja2 import FileSystemLoader
from pydantic import Field, field_validator, model_validator

from bot.core import Core
from bot.errors import NotFound
from bot.phone import gate
from bot.phone.carrier import Answer, Carrier
from bot.phone.handsets import HANDSETS, national, totals
from bot.phone.network import CHANGED, Network
from bot.web import streams
from bot.web.api import Shape
from bot.web.page import Page, language_of
from bot.web.problems import Handler, body
from bot.words import table

HERE = Path(__file__).parent
SHARED = HERE.parent / "web" / "static"
SHARED_ASSETS = ("motcua.css", "mark.svg")
PREFIX = "/phone/carrier"
MESSAGES = f"{PREFIX}/2010-04-01/Accounts/{{sid}}/Messages.json"
LONGEST = 1600  # characters that Twilio carries
LOOK_AGAIN = 10.0  # seconds of a stream without news


class Writing(Shape):
    handset: int = Field(ge=min(HANDSETS), le=max(HANDSETS))
    text: str = Field(max_length=LONGEST)
    media: int = Field(0, ge=0, le=10)
    one_of: ClassVar[str] = "text"

    @field_validator("text")
    @classmethod
    def _unicode(cls, text: str) -> str:
        text.encode()  # raises ValueError for half of a surrogate pair
        return text

    @model_validator(mode="after")
    def _something(self) -> Writing:
        if not self.text and not self.media:
            raise ValueError("write something, or send a picture")
        return self


class _PhonePage(Page):
    """A page of the site, with templates of its own."""

    def __init__(self, core: Core) -> None:
        super().__init__(core, core.site)
        self._templates.loader = FileSystemLoader(HERE / "templates")


def routes(core: Core, carrier: Carrier, session: aiohttp.ClientSession) -> list[web.RouteDef]:
    """For the staff port; [] outside of a demonstration and where the port can be reached from elsewhere."""
    if not gate.exists(core.settings):
        return []
    network = Network(core, carrier, session)
    made: list[tuple[str, str, Handler]] = [
        ("GET", "/phone", _page(core, carrier)),
        ("GET", "/phone/static/{name}", _asset()),
        ("GET", "/phone/api/texts", _texts(core, network)),
        ("POST", "/phone/api/texts", _write(network)),
        ("POST", MESSAGES, _taken(core, network)),
        ("GET", MESSAGES, _listed(core, network)),
    ]
    return [web.RouteDef(method, path, gate.only_here(handler), {}) for method, path, handler in made]


def _page(core: Core, carrier: Carrier) -> Handler:
    page = _PhonePage(core)
    numbers = {handset: national(number) for handset, number in HANDSETS.items()}

    async def show(request: web.Request) -> web.StreamResponse:
        words = table(f"phone.{language_of(request, core.site.default_language)}")
        return page.show(
            request, "phone.html", words=words, numbers=numbers, ours=national(carrier.number),
            public=core.settings.address, price=core.settings.sms_price, longest=LONGEST,
        )  # fmt: skip

    return show


def _asset() -> Handler:
    files = [*(HERE / "static").iterdir(), *(SHARED / name for name in SHARED_ASSETS)]
    known = {file.name: file for file in files}

    async def asset(request: web.Request) -> web.StreamResponse:
        file = known.get(request.match_info["name"])
        if file is None:
            raise NotFound
        return web.FileResponse(file)

    return asset


def _texts(core: Core, network: Network) -> Handler:
    async def read(request: web.Request) -> web.StreamResponse:
        if streams.wanted(request):
            return await _stream(core, request, network)
        return web.json_response(_state(network))

    return read


def _state(network: Network) -> dict[str, object]:
    texts = network.texts()
    return {"handsets": totals(texts), "texts": texts}


async def _stream(core: Core, request: web.Request, network: Network) -> web.StreamResponse:
    """Everything as one event, again whenever something moved, and now and then to see whether the page is there."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    event = core.wake.listen(CHANGED)
    try:
        await response.prepare(request)
        while not core.wake.closing:
            event.clear()
            await response.write(f"retry: 1000\ndata: {json.dumps(_state(network))}\n\n".encode())
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


def _write(network: Network) -> Handler:
    async def write(request: web.Request) -> web.StreamResponse:
        gate.own_page(request)
        writing = await body(request, Writing)
        sid = await network.write(writing.handset, writing.text, writing.media)
        return web.json_response({"sid": sid}, status=202)

    return write


def _taken(core: Core, network: Network) -> Handler:
    async def take(request: web.Request) -> web.StreamResponse:
        proof = request.headers.get("Authorization", "")
        return await _acted(core, request, network.take(_target(request), proof, await request.read()))

    return take


def _listed(core: Core, network: Network) -> Handler:
    async def listed(request: web.Request) -> web.StreamResponse:
        proof = request.headers.get("Authorization", "")
        return await _acted(core, request, network.listed(_target(request), proof))

    return listed


def _target(request: web.Request) -> str:
    """Path and query as the provider's own host would see them."""
    return request.raw_path.removeprefix(PREFIX)


async def _acted(core: Core, request: web.Request, answer: Answer) -> web.StreamResponse:
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
