"""The stand-in for Twilio on a socket, and telephones that text through it to a gateway."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestClient

from channels.contract import Request
from channels.fake_twilio import FakeTwilio

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "a-token-of-the-tests", "+84900000000"


@dataclass
class Carrier:
    """Serves a FakeTwilio: what it says to do is done, hanging and closing too."""

    twilio: FakeTwilio
    called: list[str] = field(default_factory=list[str])  # "POST", "GET": what the API was asked

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/2010-04-01/{rest:.*}", self._api)
        return app

    async def _api(self, request: web.Request) -> web.StreamResponse:
        self.called.append(request.method)
        proof = request.headers.get("Authorization", "")
        if request.method == "POST":
            answer = self.twilio.create(request.path, proof, await request.read())
        else:
            answer = self.twilio.listed(request.path_qs, proof)
        if answer.act == "hang":
            await asyncio.sleep(30)
        if answer.act != "answer":
            assert request.transport is not None
            request.transport.close()
        return web.Response(
            status=answer.status, text=answer.body, content_type=answer.content_type, headers=answer.headers
        )


@dataclass
class Phone:
    """One telephone. `carrier` signs what it texts, and holds what it gets."""

    number: str
    carrier: Carrier
    public: TestClient

    async def text(self, text: str, **more: str) -> int:
        """The webhook's status."""
        return await post(self.public, self.carrier.twilio.inbound(self.number, text, **more))

    def got(self) -> list[str]:
        """What it was sent, oldest first."""
        return [text.text for text in self.carrier.twilio.messages_to(self.number)]


async def post(public: TestClient, request: Request) -> int:
    """A signed request as it is, to the gateway; the status of its answer."""
    response = await public.request(request.method, request.target, data=request.body, headers=dict(request.headers))
    return response.status


async def receipts(public: TestClient, twilio: FakeTwilio) -> None:
    """Every status callback that is still to come, in order."""
    for sid, text in list(twilio.texts.items()):
        if text.direction == "outbound-api" and text.sent_at is None:
            for callback in twilio.callbacks(sid):
                await post(public, callback)
