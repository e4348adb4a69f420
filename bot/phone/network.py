"""The mobile network of the demonstration: brings texts of the handsets to the webhook, and tells what became of ours.

Only the stand-in is no real provider: requests are signed, go over HTTP to the public address, and come back by its
API, so that the whole way is walked.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any, cast
from urllib.parse import parse_qs
from uuid import uuid4

import aiohttp
from yarl import URL

from bot.core import Core
from bot.errors import Problem
from bot.phone.carrier import Answer, Carrier
from bot.phone.errands import Errands
from bot.phone.handsets import HANDSETS, Shown, shown
from channels.contract import Request

log = logging.getLogger(__name__)

PATIENCE = aiohttp.ClientTimeout(total=15)  # Twilio's own, for a webhook
PAUSE = 0.4  # seconds before each status callback, so that one sees a text on its way
CHANGED = "phone"  # what the streams of the page listen to


class NotTaken(Problem):
    """The webhook refused the text, or did not answer."""

    status = 502
    title = "The gateway did not take the text"


class Network:
    """Holds where each text is; what it is told changes wakes the page."""

    def __init__(self, core: Core, carrier: Carrier, session: aiohttp.ClientSession) -> None:
        self._core, self._carrier, self._session = core, carrier, session
        self._states: dict[str, str] = {}
        self._errands = Errands(core.wake)

    def texts(self) -> list[Shown]:
        """Everything that either handset has sent or got, oldest first."""
        price = self._core.settings.sms_price
        all_texts = [
            shown(sid, held, self._states.get(sid, held.status), price) for sid, held in self._carrier.texts.items()
        ]
        return [text for text in all_texts if text is not None]

    async def write(self, handset: int, text: str, media: int) -> str:
        """Bring a text of a handset to the webhook; its id. Raises NotTaken."""
        sid = ("MM" if media else "SM") + uuid4().hex
        request = self._carrier.inbound(HANDSETS[handset], text, sid=sid, media=media)
        self._moved(sid, "sending")
        try:
            await self._brought(request, sid)
        except NotTaken:
            self._moved(sid, "refused")
            raise
        self._moved(sid, "received")
        return sid

    async def _brought(self, request: Request, sid: str) -> None:
        try:
            status, says = await self._post(request)
        except (aiohttp.ClientError, TimeoutError) as err:
            raise NotTaken(f"{request.url} did not answer.", extra={"sid": sid}) from err
        if status >= 300:
            detail = f"{request.url} answered {status}. {says}".strip()
            raise NotTaken(detail, extra={"sid": sid, "answered": status})

    async def _post(self, request: Request) -> tuple[int, str]:
        """Byte for byte; the status, and what a refusal says."""
        async with self._session.request(
            request.method, URL(request.url, encoded=True), data=request.body, headers=request.headers,
            allow_redirects=False, timeout=PATIENCE,
        ) as response:  # fmt: skip
            return response.status, _detail(await response.read())

    def take(self, path: str, authorization: str, body: bytes) -> Answer:
        """The gateway sends a text: what became of it is told behind the answer."""
        before = len(self._carrier.texts)
        answer = self._carrier.create(path, authorization, body)
        for sid in list(self._carrier.texts)[before:]:
            self._moved(sid, "queued")
            self._errands.begin(self._tell(sid))
        return answer

    def listed(self, path_with_query: str, authorization: str) -> Answer:
        return self._carrier.listed(path_with_query, authorization)

    async def _tell(self, sid: str) -> None:
        for request in self._carrier.callbacks(sid):
            await asyncio.sleep(PAUSE)
            self._moved(sid, parse_qs(request.body.decode())["MessageStatus"][0])
            try:
                await self._post(request)
            except (aiohttp.ClientError, TimeoutError) as err:
                log.warning("the gateway was not told where a text is: %s", type(err).__name__)
        self._moved(sid, self._carrier.texts[sid].status)

    def _moved(self, sid: str, state: str) -> None:
        self._states[sid] = state
        self._core.wake.grew(CHANGED)


def _detail(raw: bytes) -> str:
    """What a problem (RFC 9457) says; "" for any other body."""
    try:
        problem: Any = json.loads(raw)
    except ValueError:
        return ""
    return str(cast(dict[str, Any], problem).get("detail", "")) if isinstance(problem, dict) else ""
