"""A provider's stand-in behind a real socket: what it answers is acted out, and every request is counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from channels.fake import Answer
from channels.fake_kannel import FakeKannel
from channels.fake_meta import FakeMeta
from channels.fake_telegram import FakeTelegram
from channels.fake_twilio import FakeTwilio
from channels.fake_twilio_whatsapp import FakeTwilioWhatsApp
from channels.fake_zalo import FakeZalo

Respond = Callable[[web.BaseRequest, bytes], Answer]


@dataclass
class Served:
    """Where the stand-in is; `asked`: path and query of every request so far."""

    url: str = ""
    asked: list[str] = field(default_factory=list[str])


def twilio(fake: FakeTwilio) -> Respond:
    def respond(request: web.BaseRequest, body: bytes) -> Answer:
        authorization = request.headers.get("Authorization", "")
        if request.method == "POST":
            return fake.create(request.path, authorization, body)
        return fake.listed(request.raw_path, authorization)

    return respond


def twilio_whatsapp(fake: FakeTwilioWhatsApp) -> Respond:
    return twilio(fake.twilio)


def kannel(fake: FakeKannel) -> Respond:
    return lambda request, body: fake.sendsms(request.raw_path)


def meta(fake: FakeMeta) -> Respond:
    return lambda request, body: fake.create(request.path, request.headers.get("Authorization", ""), body)


def telegram(fake: FakeTelegram) -> Respond:
    return lambda request, body: fake.create(request.path, body)


def zalo(fake: FakeZalo) -> Respond:
    return lambda request, body: fake.create(request.path, request.headers, body)


def always(answer: Answer) -> Respond:
    return lambda request, body: answer


@asynccontextmanager
async def serving(respond: Respond) -> AsyncGenerator[Served]:
    served, over = Served(), asyncio.Event()

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        served.asked.append(request.raw_path)
        answer = respond(request, await request.read())
        if answer.act == "hang":
            await over.wait()
        if answer.act != "answer" and request.transport:
            request.transport.close()
        return web.Response(
            status=answer.status or 200, text=answer.body, content_type=answer.content_type, headers=answer.headers
        )

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield served
    finally:
        over.set()
        await runner.cleanup()
