"""GET /phone: two handsets that text the assistant as through a provider, for who tries SMS without an account.

The page, what it asks, and the API that the gateway's own client calls in the provider's place; the handsets with apps
beside them are chat_views.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import aiohttp
from aiohttp import web
from pydantic import Field, model_validator

from bot.core import Core
from bot.errors import NotFound
from bot.phone import chat_views, gate
from bot.phone.carrier import Apps, Carrier
from bot.phone.chat import Chat
from bot.phone.handsets import HANDSETS, national, totals
from bot.phone.serving import HERE, PREFIX, PhonePage, acted, shown
from bot.phone.shapes import WholeText
from bot.phone.sms import Sms
from bot.web.api import Shape
from bot.web.problems import Handler, body

SHARED = HERE.parent / "web" / "static"
SHARED_ASSETS = ("motcua.css", "mark.svg")
MESSAGES = f"{PREFIX}/2010-04-01/Accounts/{{sid}}/Messages.json"
LONGEST = 1600  # characters that Twilio carries


class Writing(Shape):
    handset: int = Field(ge=min(HANDSETS), le=max(HANDSETS))
    text: WholeText = Field(max_length=LONGEST)
    media: int = Field(0, ge=0, le=10)
    one_of: ClassVar[str] = "text"

    @model_validator(mode="after")
    def _something(self) -> Writing:
        if not self.text and not self.media:
            raise ValueError("write something, or send a picture")
        return self


def routes(
    core: Core, carrier: Carrier, session: aiohttp.ClientSession, apps: Apps | None = None
) -> list[web.RouteDef]:
    """For the staff port; [] outside of a demonstration and where the port can be reached from elsewhere."""
    if not gate.exists(core.settings):
        return []
    apps, sms = apps or Apps(), Sms(core, carrier, session)
    chats = {app.provider: Chat(core, app, session) for app in apps.handsets}
    page = PhonePage(core, ["sms", *chats])

    def tell() -> None:
        for network in (sms, *chats.values()):
            network.tell()

    made: list[tuple[str, str, Handler]] = [
        ("GET", "/phone", _page(page, carrier)),
        ("GET", "/phone/static/{name}", _asset()),
        ("GET", "/phone/api/texts", shown(core, lambda: _state(sms))),
        ("POST", "/phone/api/texts", _write(sms)),
        ("POST", MESSAGES, _taken(core, carrier, tell)),
        ("GET", MESSAGES, _listed(core, carrier)),
        *chat_views.routes(core, apps, chats, page, tell),
    ]
    return [web.RouteDef(method, path, gate.only_here(handler), {}) for method, path, handler in made]


def _page(page: PhonePage, carrier: Carrier) -> Handler:
    numbers = {handset: national(number) for handset, number in HANDSETS.items()}

    async def show(request: web.Request) -> web.StreamResponse:
        price = page.core.settings.sms_price
        about = {"numbers": numbers, "ours": national(carrier.number), "price": price, "longest": LONGEST}
        return page.page(request, "phone.html", "sms", **about)

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


def _state(sms: Sms) -> dict[str, object]:
    texts = sms.texts()
    return {"handsets": totals(texts), "texts": texts}


def _write(sms: Sms) -> Handler:
    async def write(request: web.Request) -> web.StreamResponse:
        gate.own_page(request)
        writing = await body(request, Writing)
        sid = await sms.write(writing.handset, writing.text, writing.media)
        return web.json_response({"sid": sid}, status=202)

    return write


def _taken(core: Core, carrier: Carrier, tell: Callable[[], None]) -> Handler:
    async def take(request: web.Request) -> web.StreamResponse:
        answer = carrier.create(_target(request), request.headers.get("Authorization", ""), await request.read())
        tell()
        return await acted(core, request, answer)

    return take


def _listed(core: Core, carrier: Carrier) -> Handler:
    async def listed(request: web.Request) -> web.StreamResponse:
        answer = carrier.listed(_target(request), request.headers.get("Authorization", ""))
        return await acted(core, request, answer)

    return listed


def _target(request: web.Request) -> str:
    """Path and query as the provider's own host would see them."""
    return request.raw_path.removeprefix(PREFIX)
