"""The networks of the demonstration: bring what the handsets write to the webhooks, and tell what became of ours.

Only the stand-ins are no real providers: requests are signed, go over HTTP to the public address, and come back by
their APIs, so that the whole way is walked.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, cast

import aiohttp
from yarl import URL

from bot.core import Core
from bot.errors import Problem
from bot.phone.errands import Errands
from channels.contract import Request

log = logging.getLogger(__name__)

PATIENCE = aiohttp.ClientTimeout(total=15)  # Twilio's own, for a webhook
PAUSE = 0.4  # seconds before each status callback, so that one sees a message on its way
CHANGED = "phone"  # what the streams of the pages listen to


class NotTaken(Problem):
    """The webhook refused the message, or did not answer."""

    status = 502
    title = "The gateway did not take the text"


class Network:
    """Holds where each message is; what it is told changes wakes the pages."""

    def __init__(self, core: Core, session: aiohttp.ClientSession) -> None:
        self._core, self._session = core, session
        self._states: dict[str, str] = {}
        self._errands = Errands(core.wake)

    async def _bring(self, sid: str, request: Request) -> None:
        """A message to the webhook. Raises NotTaken."""
        self._moved(sid, "sending")
        try:
            await self._brought(sid, request)
        except NotTaken:
            self._moved(sid, "refused")
            raise
        self._moved(sid, "received")

    async def _brought(self, sid: str, request: Request) -> None:
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

    async def _told(self, sid: str, requests: Sequence[Request], read: Callable[[Request], str]) -> None:
        """The gateway is told; `read`: where the message is by a request, "" where it does not say."""
        for request in requests:
            await asyncio.sleep(PAUSE)
            self._moved(sid, read(request) or self._states[sid])
            try:
                await self._post(request)
            except (aiohttp.ClientError, TimeoutError) as err:
                log.warning("the gateway was not told where a message is: %s", type(err).__name__)

    def _begin(self, errand: Coroutine[Any, Any, None]) -> None:
        self._errands.begin(errand)

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
