"""The one Rasa channel that is open: turns of our gateway, with a secret, each answered or refused and never silent.

POST turn                             → 200 {"answers", "intent", "confidence", "entities"}
GET ready                             → 200 with a model loaded
DELETE conversations/<conversation>   → 204, also when there was none
401 {"error": "secret"} · 400 {"error": <field>} · 503 {"error": "no model"} · 502 {"error": "action server"}
500 {"error": "internal"}. Behind 502 and 500 nothing of the turn is kept: the same message can be sent again.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.rasa import patches
from bot.rasa.answers import Unanswered
from bot.rasa.asked import Asked, Unreadable, read
from bot.rasa.turn import take

log = logging.getLogger(__name__)
Handler = Callable[..., Awaitable[HTTPResponse]]

patches.apply()


class GatewayInput(InputChannel):
    """`secret` is what every request must carry as a bearer; without one every request is refused."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._under_way: set[asyncio.Task[dict[str, Any]]] = set()

    @classmethod
    def name(cls) -> str:
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        secret = os.environ.get("MOTCUA_RASA_SECRET", "")
        if not secret:
            log.warning("MOTCUA_RASA_SECRET is not set: the gateway's channel refuses every turn")
        return cls(secret)

    def blueprint(self, on_new_message: Any) -> Blueprint:
        routes = Blueprint("gateway")
        routes.add_route(self._behind_secret(self._turn), "/turn", methods=["POST"])
        routes.add_route(self._behind_secret(self._ready), "/ready", methods=["GET"])
        routes.add_route(self._behind_secret(self._forget), "/conversations/<conversation:str>", methods=["DELETE"])
        return routes

    def _behind_secret(self, handler: Handler) -> Handler:
        async def guarded(request: Request, **path: str) -> HTTPResponse:
            if not self._genuine(request.headers.get("authorization", "")):
                return _error(401, "secret")
            agent: Agent | None = request.app.ctx.agent
            if agent is None or not agent.is_ready():
                return _error(503, "no model")
            return await handler(request, agent, **path)

        return guarded

    def _genuine(self, authorization: str) -> bool:
        given = authorization.encode("utf-8", "surrogateescape")
        return bool(self._secret) and hmac.compare_digest(given, b"Bearer " + self._secret)

    async def _ready(self, request: Request, agent: Agent) -> HTTPResponse:
        return response.json({"status": "ready"})

    async def _turn(self, request: Request, agent: Agent) -> HTTPResponse:
        try:
            asked = read(request.body)
        except Unreadable as unreadable:
            return _error(400, unreadable.field)
        if asked.intent and asked.intent not in agent.domain.intents:
            return _error(400, "intent")
        return await self._answered(agent, asked)

    async def _answered(self, agent: Agent, asked: Asked) -> HTTPResponse:
        """A gateway that hangs up does not stop the turn: it finds the answer when it asks again."""
        task = asyncio.ensure_future(take(agent, asked))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            return response.json(await asyncio.shield(task), ensure_ascii=False)
        except Unanswered as silence:
            return _error(502, "action server", asked.conversation, f"{silence} failed or said nothing")
        except Exception as error:  # the one broad except of this process's turns
            return _error(500, "internal", asked.conversation, repr(error), error)

    async def _forget(self, request: Request, agent: Agent, conversation: str) -> HTTPResponse:
        async with agent.lock_store.lock(conversation):
            await agent.tracker_store.delete(conversation)
        return response.empty(204)


def _error(
    status: int, error: str, conversation: str = "", why: str = "", raised: Exception | None = None
) -> HTTPResponse:
    """What the caller learns is the kind and, where something broke, a reference to find it in our log by."""
    if not why:
        return response.json({"error": error}, status=status)
    reference = uuid.uuid4().hex[:8]
    log.error("%s in conversation %s: %s (reference %s)", error, conversation, why, reference, exc_info=raised)
    return response.json({"error": error, "reference": reference}, status=status)
