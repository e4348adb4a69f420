"""Messaging apps for tests of what is behind the contract: an adapter without a wire, whose limits are easily met; and
the real ones with their stand-ins."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels.contract import (
    ChannelError,
    Limits,
    Message,
    NotAsked,
    NotGenuine,
    Receipt,
    Reply,
    Request,
    Response,
    WindowClosed,
)
from tests.contracts.providers import PROVIDERS, Provider

APPS = {name: one for name, one in PROVIDERS.items() if name not in ("twilio", "kannel")}
LIMITS = Limits(length=500, unit="characters", asking=400, buttons=3, button=16, rows=5, row=24, window=24)


def stand_in(provider: Provider) -> Any:
    """Of a provider that knows the gateway of these tests."""
    fake = provider.fake(())
    getattr(fake, "twilio", fake).public_url = "https://mau.example"
    return fake


@dataclass
class App:
    """`sent`: what it took, in order. `fails`: errors for the next calls. `templates`: whether one is set up.
    `hangs`: until then it says nothing."""

    name: str = "zalo"
    provider: str = "zalo"
    limits: Limits = LIMITS
    signed: bool = True
    ends_webhook: bool = False
    path: str = "/channels/zalo"
    sender: str = "Phường Mẫu"
    templates: bool = True
    hangs: asyncio.Event | None = None
    sent: list[tuple[str, Reply]] = field(default_factory=list[tuple[str, Reply]])
    fails: list[ChannelError] = field(default_factory=list[ChannelError])
    events: list[Message | Receipt] = field(default_factory=list[Message | Receipt])

    def verify(self, request: Request) -> None:
        if request.headers.get("x-proof") != "genuine":
            raise NotGenuine

    def parse(self, request: Request) -> list[Message | Receipt]:
        return [self.events[number] for number in json.loads(request.body)]

    def answer(self, request: Request) -> Response:
        return Response()

    async def send(self, to: str, reply: Reply) -> str | None:
        if self.hangs:
            await self.hangs.wait()
        if self.fails:
            raise self.fails.pop(0)
        if reply.template and not self.templates:
            raise WindowClosed
        self.sent.append((to, reply))
        return f"id {len(self.sent)}"

    async def taken(self, to: str, text: str, since: datetime) -> list[str]:
        raise NotAsked

    async def close(self) -> None:
        pass

    # ---- what people do

    async def writes(self, gateway: Any, text: str = "", sender: str = "u1", **more: Any) -> None:
        await self.tells(gateway, Message(f"{self.provider} {len(self.events)}", "oa", sender, "oa", text, **more))

    async def tells(self, gateway: Any, event: Message | Receipt) -> None:
        self.events.append(event)
        told = json.dumps([len(self.events) - 1])
        answer = await gateway.public.post(self.path, data=told, headers={"x-proof": "genuine"})
        assert answer.status == 200
        await gateway.post_all()

    def last(self) -> Reply:
        return self.sent[-1][1]
