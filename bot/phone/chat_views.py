"""GET /phone/{app}: a handset with one messaging app, what it asks, and the API that the gateway calls in the
provider's place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from aiohttp import web
from pydantic import Field, model_validator

from bot.core import Core
from bot.errors import NotFound
from bot.phone import gate
from bot.phone.carrier import Apps
from bot.phone.chat import Chat
from bot.phone.serving import PREFIX, PhonePage, acted, shown
from bot.phone.shapes import WholeText
from bot.web.api import Shape
from bot.web.problems import Handler, body
from channels.contract import Beside

APIS = f"{PREFIX}/apps"
LONGEST = 4096  # characters that an app carries
KINDS: tuple[Beside, ...] = ("photo", "place", "voice", "sticker")  # what the page has a button for


class Pressing(Shape):
    """A button of the message `sid`."""

    sid: str
    key: str


class Doing(Shape):
    """A text, a button, or what is `beside` a text, which is its caption. `late`: the reply comes too late."""

    text: WholeText = Field("", max_length=LONGEST)
    press: Pressing | None = None
    beside: Beside | None = None
    late: bool = False
    one_of: ClassVar[str] = "text"

    @model_validator(mode="after")
    def _one(self) -> Doing:
        if not self.text and not self.press and not self.beside:
            raise ValueError("write something, press a button, or send something")
        if self.press and (self.text or self.beside):
            raise ValueError("a button says nothing else")
        return self


def routes(
    core: Core, apps: Apps, chats: Mapping[str, Chat], page: PhonePage, tell: Callable[[], None]
) -> list[tuple[str, str, Handler]]:
    """`tell`: the gateway has sent something."""
    return [
        ("GET", "/phone/{app}", _page(chats, page)),
        ("GET", "/phone/api/{app}/texts", _texts(core, chats)),
        ("POST", "/phone/api/{app}/texts", _write(chats)),
        ("POST", f"{APIS}/{{api}}/{{path:.+}}", _called(core, apps, tell)),
    ]


def _chat(chats: Mapping[str, Chat], request: web.Request) -> Chat:
    """Raises NotFound for an app without a handset."""
    chat = chats.get(request.match_info["app"])
    if chat is None:
        raise NotFound
    return chat


def _page(chats: Mapping[str, Chat], page: PhonePage) -> Handler:
    async def show(request: web.Request) -> web.StreamResponse:
        chat = _chat(chats, request)
        about = {"limits": chat.channel.limits, "late": bool(chat.app.late), "ours": chat.channel.sender}
        return page.page(request, "chat.html", chat.app.provider, kinds=KINDS, longest=LONGEST, **about)

    return show


def _texts(core: Core, chats: Mapping[str, Chat]) -> Handler:
    async def read(request: web.Request) -> web.StreamResponse:
        chat = _chat(chats, request)
        return await shown(core, lambda: {"texts": chat.messages()})(request)

    return read


def _write(chats: Mapping[str, Chat]) -> Handler:
    async def write(request: web.Request) -> web.StreamResponse:
        chat = _chat(chats, request)
        gate.own_page(request)
        sid = await _done(chat, await body(request, Doing))
        return web.json_response({"sid": sid}, status=202)

    return write


async def _done(chat: Chat, doing: Doing) -> str:
    if doing.late and chat.app.late:
        chat.be_late()
    if doing.press:
        return await chat.press(doing.press.sid, doing.press.key)
    return await (chat.send(doing.beside, doing.text) if doing.beside else chat.write(doing.text))


def _called(core: Core, apps: Apps, tell: Callable[[], None]) -> Handler:
    async def call(request: web.Request) -> web.StreamResponse:
        name = request.match_info["api"]
        api = apps.apis.get(name)
        if api is None:
            raise NotFound
        answer = api(request.raw_path.removeprefix(f"{APIS}/{name}"), request.headers, await request.read())
        tell()
        return await acted(core, request, answer)

    return call
