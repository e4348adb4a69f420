"""The stand-in for Twilio on a socket, and telephones that text a gateway in this process, or a live one."""

from __future__ import annotations

import asyncio
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient

from channels.contract import Request
from channels.fake_twilio import FakeTwilio
from tests.support import live
from tests.support.live import Live

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "a-token-of-the-tests", "+84900000000"
PATIENCE = 60.0  # seconds until a missing text is a failure; no test asserts how long it takes


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
        if answer.act != "answer" and request.transport is not None:
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

    async def text(self, text: str, **more: Any) -> int:
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


# ---- in front of a live system


@dataclass
class Network:
    """A carrier that a live system can call. It lives in a thread's loop; all that is asked of it is done there."""

    carrier: Carrier
    loop: asyncio.AbstractEventLoop
    url: str  # of its API

    def do[T](self, asked: Callable[[FakeTwilio], T]) -> T:
        async def done() -> T:
            return asked(self.carrier.twilio)

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result()

    def plan(self, *faults: str, to: str) -> list[str]:
        """What goes wrong with the next texts to that number, all others go well. The list shrinks as they come."""
        left = list(faults)
        self.do(lambda twilio: twilio.plan(lambda fields: left.pop(0) if left and fields["To"] == to else "ok"))
        return left

    def receipts(self, to: str) -> list[int]:
        """Tell what became of each text to that number; the statuses of the answers."""
        callbacks = self.do(lambda twilio: [twilio.callbacks(text.sid) for text in twilio.messages_to(to)])
        return [bring(callback) for of_one in callbacks for callback in of_one]


@dataclass
class Handset:
    """One telephone in front of a live system."""

    number: str
    network: Network

    def text(self, text: str, **more: Any) -> int:
        """The webhook's status."""
        return bring(self.network.do(lambda twilio: twilio.inbound(self.number, text, **more)))

    def got(self) -> list[str]:
        """What it was sent, oldest first."""
        return self.network.do(lambda twilio: [text.text for text in twilio.messages_to(self.number)])

    def wait(self, number: int) -> list[str]:
        """What it was sent, once it is that many."""
        until = time.monotonic() + PATIENCE
        while len(got := self.got()) < number:
            assert time.monotonic() < until, f"not {number} texts but {got}"
            time.sleep(0.02)
        return got

    def ask(self, text: str) -> str:
        """The one text that comes for it."""
        before = len(self.got())
        assert self.text(text) == 200
        (answer,) = self.wait(before + 1)[before:]
        return answer


@dataclass
class Texting:
    """A live system and the carrier in front of it."""

    system: Live
    network: Network

    def handset(self, number: str) -> Handset:
        return Handset(number, self.network)


def bring(request: Request) -> int:
    """A provider's request as it is, over HTTP; the status of its answer."""
    sent = urllib.request.Request(request.url, request.body or None, dict(request.headers), method=request.method)  # noqa: S310
    try:
        with urllib.request.urlopen(sent, timeout=PATIENCE) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as err:
        return err.code


@contextmanager
def texting(given: dict[str, str]) -> Generator[Texting]:
    """A live system that is ready, in an environment of `live.environment`; its provider is the stand-in."""
    with serving(f"http://127.0.0.1:{given['MOTCUA_PUBLIC_PORT']}") as network:
        account = {
            "MOTCUA_TWILIO_ACCOUNT_SID": ACCOUNT,
            "MOTCUA_TWILIO_AUTH_TOKEN": TOKEN,
            "MOTCUA_TWILIO_FROM": NUMBER,
            "MOTCUA_TWILIO_BASE_URL": network.url,
        }
        with live.started(given | account) as system:
            system.wait_ready()
            yield Texting(system, network)


@contextmanager
def serving(public_url: str) -> Generator[Network]:
    """A carrier on a free port of loopback; the webhooks are at `public_url`."""
    ready, over = Future[Network](), asyncio.Event()
    thread = threading.Thread(target=asyncio.run, args=(_serve(public_url, ready, over),))
    thread.start()
    network = ready.result()
    try:
        yield network
    finally:
        network.loop.call_soon_threadsafe(over.set)
        thread.join()


async def _serve(public_url: str, ready: Future[Network], over: asyncio.Event) -> None:
    carrier = Carrier(FakeTwilio(ACCOUNT, TOKEN, NUMBER, public_url))
    runner = web.AppRunner(carrier.application(), shutdown_timeout=0.1)  # some hang
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    ready.set_result(Network(carrier, asyncio.get_running_loop(), f"http://127.0.0.1:{runner.addresses[0][1]}"))
    await over.wait()
    await runner.cleanup()
