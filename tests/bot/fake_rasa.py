"""A stand-in for Rasa behind the channel's contract: real HTTP, scripted answers, faults on demand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

SECRET = "rasa-secret"  # noqa: S105 (of a stand-in)


def answer(text: str, **more: Any) -> dict[str, Any]:
    language = more.pop("language", "vi")
    reply = {"text": text, "short": text[:160], "choices": more.pop("choices", []), "sources": [], "language": language}
    return {"outcome": "answered", "reply": reply} | more


@dataclass
class FakeRasa:
    """`script` maps a text to its answers; `fault` is the status to answer instead; `gate` holds answers back."""

    script: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    fault: int | None = None
    actions_up: bool = True
    asked: list[dict[str, Any]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def asked_times(self, times: int) -> None:
        """Return when that many questions have come."""
        while len(self.asked) < times:
            await self.came.wait()
            self.came.clear()

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/webhooks/gateway/turn", self._turn)
        app.router.add_get("/webhooks/gateway/ready", self._ready)
        app.router.add_get("/health", self._health)
        return app

    async def _turn(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {SECRET}":
            return web.json_response({"error": "secret"}, status=401)
        question = await request.json()
        self.asked.append(question)
        self.came.set()
        await self.gate.wait()
        if self.fault:
            return web.json_response({"error": "scripted"}, status=self.fault)
        answers = self.script.get(question["text"]) or [
            answer(f"echo {question['text']}", language=question["language"])
        ]
        return web.json_response(
            {"answers": answers, "intent": question["intent"] or "fee", "confidence": 0.9, "entities": []}
        )

    async def _ready(self, _request: web.Request) -> web.Response:
        return web.json_response({}, status=self.fault or 200)

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({}, status=200 if self.actions_up else 503)
