"""The web chat's API: open a conversation, send, read or stream. A bearer token opens its own conversation only."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Annotated, ClassVar, Literal

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from bot.attention import Typing, writing
from bot.conversation import find_by_token, open_conversation, read, receive
from bot.core import Core
from bot.errors import NotSignedIn
from bot.web import streams
from bot.web.problems import bearer, body, whole_number


def message_id(value: str) -> str:
    """A UUID in its usual form; raises ValueError."""
    if len(value) != 36:
        raise ValueError("must be a UUID, 36 characters")
    return str(uuid.UUID(value))


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Opening(Shape):
    language: Literal["vi", "en"] | None = None


class Sending(Shape):
    id: Annotated[str, AfterValidator(message_id)]
    text: str | None = None
    payload: str | None = None
    one_of: ClassVar[str] = "text"

    @model_validator(mode="after")
    def _one_of(self) -> Sending:
        if (self.text is None) == (self.payload is None):
            raise ValueError("send either text or payload")
        return self


def routes(core: Core, typing: Typing) -> list[web.RouteDef]:
    async def opened(request: web.Request) -> web.StreamResponse:
        opening = await body(request, Opening, may_be_empty=True)
        made = await open_conversation(core, language=opening.language, address=address_of(core, request))
        return web.json_response({"conversation": made.conversation, "token": made.token}, status=201)

    async def sent(request: web.Request) -> web.StreamResponse:
        conversation = await signed_in(core, request)
        sending = await body(request, Sending)
        received = await receive(
            core,
            conversation,
            message_id=sending.id,
            text=sending.text,
            payload=sending.payload,
        )
        return web.json_response({"seq": received.seq}, status=200 if received.again else 202)

    async def reading(request: web.Request) -> web.StreamResponse:
        conversation = await signed_in(core, request)
        after = whole_number(request, "after")
        if streams.wanted(request):
            writes = streams.Beside("typing", writing(conversation), partial(typing.at, conversation))
            return await streams.stream(core, request, conversation, after, beside=writes)
        return web.json_response(await read(core, conversation, after))

    return [
        web.post("/channels/web/conversations", opened),
        web.post("/channels/web/messages", sent),
        web.get("/channels/web/messages", reading),
    ]


async def signed_in(core: Core, request: web.Request) -> str:
    """The conversation of the bearer token; raises NotSignedIn."""
    token = bearer(request)
    conversation = await find_by_token(core, token) if token else None
    if conversation is None:
        raise NotSignedIn(
            "Send the token of the conversation as Authorization: Bearer …", headers={"WWW-Authenticate": "Bearer"}
        )
    return conversation


def address_of(core: Core, request: web.Request) -> str:
    """Who sent it: the peer, or what our own proxy was told; a header of the citizen's own counts nothing."""
    trusted = core.settings.trusted_proxies
    hops = [*request.headers.get("X-Forwarded-For", "").split(","), request.remote or "unknown"]
    told = [hop.strip() for hop in hops if hop.strip()]
    return next((hop for hop in reversed(told) if hop not in trusted), told[0])
