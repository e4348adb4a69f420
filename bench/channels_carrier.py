"""The stand-in for Twilio on a socket: it fails by lot, calls back with small delays, and holds what reached a phone.

The lot of a message depends on its number, text and attempt alone, so that runs are alike.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from random import Random
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web

from bench.channels_load import delivered
from bench.channels_plan import SEED
from channels.contract import Request
from channels.fake import Answer
from channels.fake_twilio import FakeTwilio
from channels.fake_twilio_forms import Text, failure

SHARE = 0.03  # of each class
POST_FAULTS = (
    "429",
    "500",
    "html",
    "hang",
    "close",
    "accepted_then_close",
    "undelivered:30003",
    "undelivered:30005",
    "failed:30008",
)
GET_FAULTS = ("429", "500", "html", "hang", "close")
HANGS = 30.0  # seconds
BETWEEN = (0.01, 0.15)  # seconds between the callbacks of a message
TWICE, MIXED_UP = 0.05, 0.05  # callbacks said twice; messages whose callbacks come in any order
CALLED_AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before a callback that got no 2xx comes again


class Carrier:
    """`faulty` False: all goes well. `calls`: how many answers of each kind the API gave. `unheard`: callbacks that
    were never acknowledged."""

    def __init__(self, twilio: FakeTwilio) -> None:
        self.twilio = twilio
        self.faulty = False
        self.calls = Counter[str]()
        self.ended: dict[str, float] = {}  # by sid: when it reached its end, in monotonic seconds
        self.called_back: list[float] = []  # seconds of each acknowledged callback
        self.called_again = 0
        self.unheard = 0
        self._grew = asyncio.Event()
        self._telling = set[asyncio.Task[None]]()
        self._chance = Random(SEED)  # noqa: S311 (a benchmark)
        self._session: aiohttp.ClientSession | None = None
        twilio.plan(self._lot)

    @property
    def quiet(self) -> bool:
        """Whether no callback is on its way."""
        return not self._telling

    def outbound(self) -> list[Text]:
        """What was taken, oldest first."""
        return [text for text in self.twilio.texts.values() if text.direction == "outbound-api"]

    async def has_taken(self, number: int) -> None:
        """Returns when so many have been taken in all."""
        while len(self.outbound()) < number:
            self._grew.clear()
            await self._grew.wait()

    @asynccontextmanager
    async def served(self, port: int) -> AsyncGenerator[None]:
        app = web.Application()
        app.router.add_route("*", "/2010-04-01/{rest:.*}", self._api)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as self._session:
            yield
            for task in self._telling:
                task.cancel()
        await runner.cleanup()

    def _lot(self, fields: Mapping[str, str]) -> str:
        attempt = attempt_of(fields.get("StatusCallback", ""))
        word = self._drawn(POST_FAULTS, f"{SEED} {fields['To']} {fields['Body']} {attempt}")
        self.calls[f"POST {word}"] += 1
        return word

    def _drawn(self, faults: tuple[str, ...], seed: str) -> str:
        drawn = int(Random(seed).random() / SHARE)  # noqa: S311 (a benchmark)
        return faults[drawn] if self.faulty and drawn < len(faults) else "ok"

    async def _api(self, request: web.Request) -> web.StreamResponse:
        proof, known = request.headers.get("Authorization", ""), len(self.twilio.texts)
        if request.method == "POST":
            answer = self.twilio.create(request.path, proof, await request.read())
            if len(self.twilio.texts) > known:
                self._tell(next(reversed(self.twilio.texts)))
                self._grew.set()
        else:
            answer = self._listed(request.path_qs, proof)
        return await _acted(request, answer)

    def _listed(self, path: str, proof: str) -> Answer:
        word = self._drawn(GET_FAULTS, f"{SEED} GET {sum(self.calls.values())}")
        self.calls[f"GET {word}"] += 1
        return self.twilio.listed(path, proof) if word == "ok" else failure(word)

    def _tell(self, sid: str) -> None:
        task = asyncio.create_task(self._call_back(sid))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _call_back(self, sid: str) -> None:
        await asyncio.sleep(self._chance.uniform(*BETWEEN))
        callbacks = self.twilio.callbacks(sid)
        self.ended[sid] = time.monotonic()
        if self._chance.random() < MIXED_UP:
            self._chance.shuffle(callbacks)
        for callback in callbacks:
            for _ in range(2 if self._chance.random() < TWICE else 1):
                await self._heard(callback)
            await asyncio.sleep(self._chance.uniform(*BETWEEN))

    async def _heard(self, callback: Request) -> None:
        assert self._session is not None
        for wait in (*CALLED_AGAIN, None):
            begun = time.monotonic()
            if await delivered(self._session, self.twilio.public_url, callback) is None:
                self.called_back.append(time.monotonic() - begun)
                return
            if wait is not None:
                self.called_again += 1
                await asyncio.sleep(wait)
        self.unheard += 1


async def _acted(request: web.Request, answer: Answer) -> web.StreamResponse:
    if answer.act == "hang":
        await asyncio.sleep(HANGS)
    if answer.act != "answer" and request.transport is not None:
        request.transport.close()
    return web.Response(
        status=answer.status or 200, text=answer.body, content_type=answer.content_type, headers=answer.headers
    )


def attempt_of(callback: str) -> int:
    return _asked(callback, "attempt")


def row_of(text: Text) -> int:
    """Our own row that a message of the stand-in carries."""
    return _asked(text.callback, "row")


def _asked(address: str, name: str) -> int:
    return int(parse_qs(urlsplit(address).query).get(name, ["0"])[0])
