"""The generator: every webhook at its own time whatever became of the others, and again until it is acknowledged."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp

from bench.channels_plan import Arrival
from channels.contract import Request

PATIENCE = aiohttp.ClientTimeout(total=15)  # Twilio's own
FIRST_WAIT, LONGEST_WAIT = 1.0, 4.0  # seconds before a webhook is sent again, half of it more or less
PROBES_PER_SECOND = 5


@dataclass(slots=True)
class Sent:
    """What became of one arrival, in monotonic seconds. `begun`: when it was first sent; `asked` to `acknowledged`: the
    request that got its 2xx."""

    arrival: Arrival
    begun: float
    late: float
    asked: float = 0.0
    acknowledged: float = 0.0
    again: int = 0

    @property
    def took(self) -> float:
        return self.acknowledged - self.asked


@dataclass(slots=True)
class Probe:
    """GET /healthz beside the load; `took` is None where nobody answered."""

    at: float
    took: float | None


@dataclass
class Generator:
    """`requests` by the provider's id, signed beforehand: nothing but sending is left for the time of the load."""

    session: aiohttp.ClientSession
    url: str
    requests: Mapping[str, Request]
    sent: list[Sent] = field(default_factory=list[Sent])
    probes: list[Probe] = field(default_factory=list[Probe])
    failures: dict[str, int] = field(default_factory=dict[str, int])

    async def load(self, arrivals: Sequence[Arrival], begin: float) -> None:
        """Returns when all are acknowledged."""
        await asyncio.gather(*(self._one(arrival, begin) for arrival in arrivals))

    async def _one(self, arrival: Arrival, begin: float) -> None:
        await asyncio.sleep(begin + arrival.at - time.monotonic())
        now = time.monotonic()
        sent = Sent(arrival, now, now - begin - arrival.at)
        self.sent.append(sent)
        request = self.requests[arrival.question.sid]
        while not await self._acknowledged(sent, request):
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2**sent.again)
            sent.again += 1
            await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 (jitter)

    async def _acknowledged(self, sent: Sent, request: Request) -> bool:
        sent.asked = time.monotonic()
        why = await delivered(self.session, self.url, request)
        sent.acknowledged = time.monotonic()
        if why is not None:
            self.failures[why] = self.failures.get(why, 0) + 1
        return why is None

    async def probe(self) -> None:
        """Runs until cancelled."""
        due = time.monotonic()
        while True:
            self.probes.append(Probe(time.monotonic(), await self.probed()))
            due = max(due + 1 / PROBES_PER_SECOND, time.monotonic())
            await asyncio.sleep(due - time.monotonic())

    async def probed(self) -> float | None:
        """The seconds of one probe."""
        begun = time.monotonic()
        try:
            async with self.session.get(f"{self.url}/healthz", timeout=PATIENCE) as response:
                await response.read()
                return time.monotonic() - begun
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None


async def delivered(session: aiohttp.ClientSession, url: str, request: Request) -> str | None:
    """A signed request as it is, to the gateway: None for a 2xx, else what it got."""
    try:
        async with session.request(
            request.method, url + request.target, data=request.body, headers=dict(request.headers), timeout=PATIENCE
        ) as response:
            await response.read()
            return None if response.ok else str(response.status)
    except (aiohttp.ClientError, TimeoutError, OSError) as err:
        return type(err).__name__


async def lag(worst: list[float]) -> None:
    """How late this process's own loop is, in seconds; runs until cancelled."""
    while True:
        due = time.monotonic() + 0.01
        await asyncio.sleep(0.01)
        worst.append(time.monotonic() - due)
