"""The desk on a busy day: how soon a message is on the agent's screen; nothing lost, nothing doubled or taken twice.

The whole system runs with its limits off; 2,000 citizens ask for a person. Fifty agents race for the first 200 of them;
then 200 agents share all. Each agent has the queue's events and one conversation open, and in each of these the citizen
writes every twenty seconds. Meanwhile the queue page is read, and the network of twenty pairs of citizen and agent is
cut for 30 seconds each, while both go on writing. Once on SQLite, once on PostgreSQL. Writes bench/results/desk.json,
and ends with 1 if a message was lost or doubled, or a conversation taken twice. Run: make bench-desk
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bench.channels import systems
from bench.channels_machine import machine
from bench.desk_people import Agent, Citizen, Watcher, Wire
from bot import people
from bot.store import Store
from tests.support.live import Live, running

RESULTS = Path(__file__).parent / "results" / "desk.json"
CONVERSATIONS, AGENTS = 2000, 200
RACERS, RACED = 50, 200
WRITES_EVERY = 20.0  # seconds, in each conversation on a screen
LASTS = 90.0  # seconds of the busy day
CUT_PAIRS, CUT = 20, 30.0  # pairs whose network is cut; seconds
AT_ONCE = 20  # citizens who come at the same time, before it is measured
GOALS = {"message_on_screen_p95_ms": 300.0, "queue_page_p95_ms": 200.0}


async def measured(system: Live, database: str, size: float) -> dict[str, Any]:
    conversations, agents = int(CONVERSATIONS * size), int(AGENTS * size)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(_session())
        staff = [Agent(session, system.staff_url, headers) for headers in await _tokens(database, agents)]
        citizens = await _crowd(session, system.public_url, conversations)
        race = await _race(staff[:RACERS], citizens[: min(RACED, len(citizens))])
        await _share(staff, citizens)
        day = await _day(stack, system, staff, {one.conversation: one for one in citizens})
    return {"conversations": conversations, "agents": agents, **race, **day}


def _session() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout, read_bufsize=2**20)


async def _tokens(database: str, number: int) -> list[dict[str, str]]:
    store = Store(database)
    async with store.write() as tx:
        made = [
            await people.new_token(
                tx, f"Agent {n}", role="agent", agencies=None, now=datetime.now(UTC), create=True
            )
            for n in range(number)
        ]
    await store.close()
    return [{"Authorization": f"Bearer {token}"} for token in made]


async def _crowd(session: aiohttp.ClientSession, url: str, number: int) -> list[Citizen]:
    places = asyncio.Semaphore(AT_ONCE)

    async def come() -> Citizen:
        async with places:
            citizen = await Citizen.open(session, url)
            await citizen.say("gặp nhân viên")
            return citizen

    return await asyncio.gather(*(come() for _ in range(number)))


async def _race(racers: list[Agent], citizens: list[Citizen]) -> dict[str, Any]:
    """All of them run for all conversations at once, each in an order of their own."""

    async def run(agent: Agent, order: list[Citizen]) -> list[int]:
        return [await agent.claim(citizen.conversation) for citizen in order]

    orders = [random.sample(citizens, len(citizens)) for _ in racers]
    begun = time.perf_counter()
    answers = await asyncio.gather(*map(run, racers, orders))
    seconds = time.perf_counter() - begun
    owners = [conversation for agent in racers for conversation in agent.owned]
    statuses = [status for one in answers for status in one]
    return {
        "raced": len(citizens),
        "claims": len(statuses),
        "claims_a_second": round(len(statuses) / seconds),
        "taken_once": len(set(owners)),
        "taken_twice": len(owners) - len(set(owners)),
        "other_answers": len([status for status in statuses if status not in (200, 409)]),
    }


async def _share(staff: list[Agent], citizens: list[Citizen]) -> None:
    taken = {conversation for agent in staff for conversation in agent.owned}
    left = [one.conversation for one in citizens if one.conversation not in taken]

    async def take(agent: Agent, share: list[str]) -> None:
        for conversation in share:
            assert await agent.claim(conversation) == 200

    await asyncio.gather(*(take(agent, left[n :: len(staff)]) for n, agent in enumerate(staff)))


async def _day(
    stack: AsyncExitStack, system: Live, staff: list[Agent], citizens: dict[str, Citizen]
) -> dict[str, Any]:
    busy = [agent for agent in staff if agent.owned]
    cut = busy[: min(CUT_PAIRS, len(busy) // 4)]
    pairs = [await _Pair.of(stack, agent, citizens[agent.owned[0]], system, agent in cut) for agent in busy]
    always = [asyncio.create_task(work) for pair in pairs for work in pair.watching()]
    always += [asyncio.create_task(agent.follow()) for agent in staff]
    await asyncio.sleep(3)
    pages: list[float] = []
    reading = asyncio.create_task(_read(staff[-1], pages))
    await asyncio.gather(*(pair.talk() for pair in pairs), *_cuts(pairs))
    await asyncio.sleep(5)
    reading.cancel()
    found = await _found(pairs)
    for task in always:
        task.cancel()
    await asyncio.gather(reading, *always, return_exceptions=True)
    read = {f"queue_page_p{share:.0%}_ms".replace("%", ""): _share_of(pages, share) for share in (0.5, 0.95)}
    return found | {"queue_pages": len(pages), **read}


def _cuts(pairs: list[_Pair]) -> list[Coroutine[Any, Any, None]]:
    cut = [pair for pair in pairs if pair.wires]
    room = max(0.0, LASTS - CUT - 10)
    return [pair.cut(after=5 + room * n / max(1, len(cut))) for n, pair in enumerate(cut)]


async def _read(agent: Agent, seconds: list[float]) -> None:
    while True:
        seconds.append(await agent.seconds("/desk"))
        await asyncio.sleep(0.5)


class _Pair:
    """A citizen and the agent who has their conversation on the screen."""

    def __init__(self, agent: Agent, citizen: Citizen, wires: list[Wire]) -> None:
        self.agent, self.citizen, self.wires = agent, citizen, wires
        self.screen: Watcher = agent.watcher(citizen.conversation)
        self.page: Watcher = citizen.watcher()
        self.sent: dict[str, float] = {}

    @classmethod
    async def of(cls, stack: AsyncExitStack, agent: Agent, citizen: Citizen, system: Live, cut: bool) -> _Pair:
        if not cut:
            return cls(agent, citizen, [])
        wires = [Wire(system.port("public")), Wire(system.port("staff"))]
        for wire in wires:
            await stack.enter_async_context(await wire.open())
        session = await stack.enter_async_context(_session())
        public, inner = (f"http://127.0.0.1:{wire.port}" for wire in wires)
        return cls(
            Agent(session, inner, agent.headers, agent.owned),
            Citizen(session, public, citizen.conversation, citizen.headers),
            wires,
        )

    def watching(self) -> list[Coroutine[Any, Any, None]]:
        return [self.screen.watch(), self.page.watch()]

    async def talk(self) -> None:
        ends = time.monotonic() + LASTS
        await asyncio.sleep(random.uniform(0, WRITES_EVERY))  # noqa: S311 (no secret)
        while time.monotonic() < ends:
            begun = time.perf_counter()
            given = await self.citizen.say("tôi cần thêm giấy tờ gì nữa không")
            self.sent[given] = begun
            if self.wires:
                await self.agent.reply(self.citizen.conversation, "Bạn chờ tôi xem hồ sơ.")
            await asyncio.sleep(WRITES_EVERY / (4 if self.wires else 1))

    async def cut(self, after: float) -> None:
        await asyncio.sleep(after)
        await asyncio.gather(*(wire.cut(CUT) for wire in self.wires))


async def _found(pairs: list[_Pair]) -> dict[str, Any]:
    waits = [
        pair.screen.came[given] - sent
        for pair in pairs
        if not pair.wires
        for given, sent in pair.sent.items()
        if given in pair.screen.came
    ]
    cut = [pair for pair in pairs if pair.wires]
    last = [max(pair.screen.seqs[-1], pair.page.seqs[-1]) for pair in pairs]
    faults = [watcher.faults(n) for pair, n in zip(pairs, last, strict=True) for watcher in (pair.screen, pair.page)]
    return {
        "messages": sum(len(pair.sent) for pair in pairs),
        "message_on_screen_p50_ms": _share_of(waits, 0.5),
        "message_on_screen_p95_ms": _share_of(waits, 0.95),
        "message_on_screen_max_ms": _share_of(waits, 1.0),
        "networks_cut": len(cut),
        "messages_of_cut_pairs": sum(len(pair.sent) for pair in cut),
        "missing": sum(missing for missing, _ in faults),
        "repeated": sum(repeated for _, repeated in faults),
    }


def _share_of(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1) if ordered else -1.0


def _faults(found: dict[str, Any]) -> list[str]:
    wrong = [name for name in ("taken_twice", "other_answers", "missing", "repeated") if found[name]]
    return wrong + ([] if found["taken_once"] == found["raced"] else ["taken_once"])


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, default=1.0, help="share of the crowd; with it the results are not kept")
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    figures: dict[str, Any] = {"machine": machine()}
    with TemporaryDirectory() as folder, systems(Path(folder)) as databases:
        for name in [given.database] if given.database else databases:
            url = databases[name]
            with running(Path(folder) / name, MOTCUA_DATABASE_URL=url) as system:
                figures[name] = asyncio.run(measured(system, url, given.size))
    print(json.dumps(figures, indent=1))
    if given.size == 1.0 and not given.database:
        RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    done = [name for name in databases if name in figures]
    faults = [f"{name}: {', '.join(wrong)}" for name in done if (wrong := _faults(figures[name]))]
    late = [
        f"{name}: {goal} {figures[name][goal]} ms, goal {most:.0f}"
        for name in done
        for goal, most in GOALS.items()
        if figures[name][goal] > most
    ]
    print("\n".join([*faults, *late]) or "every goal is met", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(_main())
