"""Alive, ready, and the figures for Prometheus."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot.assistant import Assistant
from bot.core import Core


class Figures:
    """What the gateway counts; no figure has a label that comes from a citizen."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter("motcua_turns", "Turns by outcome", ["outcome"], registry=self.registry)
        self.seconds = Histogram(
            "motcua_turn_seconds",
            "From received to answered",
            registry=self.registry,
            buckets=(0.01, 0.02, 0.04, 0.1, 0.2, 0.5, 1, 2, 5, 30, 300),
        )
        self.webhooks = Counter(
            "motcua_webhooks",
            "Providers' requests: kept, settled, forged, unreadable",
            ["provider", "result"],
            registry=self.registry,
        )
        self.texts = Counter("motcua_texts", "Texts by where they are", ["provider", "state"], registry=self.registry)
        self.segments = Counter("motcua_text_segments", "SMS segments sent", ["provider"], registry=self.registry)
        self.cost = Counter("motcua_text_cost_vnd", "Price of texts sent, in VND", ["provider"], registry=self.registry)
        self.refused = Counter("motcua_refused", "Requests refused, by status", ["status"], registry=self.registry)

    def turn_finished(self, outcome: str, seconds: float) -> None:
        self.turns.labels(outcome).inc()
        self.seconds.observe(seconds)

    def text_moved(self, provider: str, state: str, segments: int, vnd: int) -> None:
        self.texts.labels(provider, state).inc()
        self.segments.labels(provider).inc(segments)
        self.cost.labels(provider).inc(vnd)


def routes(core: Core, assistant: Assistant) -> list[web.RouteDef]:
    async def healthz(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "alive"})

    async def readyz(_request: web.Request) -> web.StreamResponse:
        parts = await _parts(core, assistant)
        return web.json_response(parts, status=200 if all(state == "ready" for state in parts.values()) else 503)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


def metrics(figures: Figures) -> web.RouteDef:
    async def shown(_request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=generate_latest(figures.registry), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    return web.get("/metrics", shown)


async def _parts(core: Core, assistant: Assistant) -> dict[str, str]:
    ours, (rasa, model), actions = await asyncio.gather(
        _database(core), assistant.rasa_ready(), assistant.actions_ready()
    )
    states = {"gateway": ours, "rasa": rasa, "model": model, "actions": actions}
    return {name: "ready" if state else "down" for name, state in states.items()}


async def _database(core: Core) -> bool:
    try:
        async with asyncio.timeout(2), core.store.read() as tx:
            await tx.execute(sa.text("select 1"))
    except (SQLAlchemyError, TimeoutError, OSError):
        return False
    return True
