"""SMS under load, with everything going wrong at once: is each message answered exactly once, and how fast is it taken?

The whole system runs with a stand-in for Twilio that fails in nine ways (channels_carrier.py), and is sent 1,000 signed
webhooks at 200 a second (channels_plan.py), while Rasa stands still for ten seconds and the gateway is killed twice.
Its limits are off, for they would be what is measured: messages and conversations of a citizen, texts a second, texts
to one number. Then the messaging apps take the same load, without faults (channels_apps.py). Once on SQLite, once on
PostgreSQL with its fsync on. Writes bench/results/channels.json (fewer messages or one database are only printed), and
ends with 1 if a message was lost, doubled or out of order, or if a row is not settled.
Run: make bench-channels
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bench import channels_apps, channels_load
from bench.channels_carrier import Carrier
from bench.channels_counts import Stored, fates
from bench.channels_load import delivered, lag
from bench.channels_machine import Processes, by_part, machine, processor
from bench.channels_plan import PER_SECOND, TOPICS, Arrival, arrivals, wordings
from bench.channels_report import Run, faults, figures, table
from channels.fake_twilio import FakeTwilio
from tests.support import postgres
from tests.support.free_ports import free_ports
from tests.support.live import Live, running

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "a-token-of-the-benchmark", "+84900000000"
MESSAGES = 1000
DATABASES = ("sqlite", "postgresql")
RESULTS = Path(__file__).parent / "results" / "channels.json"
LIMITS = (
    "LIMIT_MESSAGES_PER_MINUTE",
    "LIMIT_CONVERSATIONS_PER_HOUR",
    "SMS_LIMIT_PER_SECOND",
    "SMS_LIMIT_PER_RECIPIENT",
)
DURABLE = {"fsync": "on", "full_page_writes": "on"}
WARMS = "+84913000000"
MARK = 24  # letters at the beginning of an answer that tell what it is about: a reference, or a service's name
IDLE = 3.0  # seconds before the load
RASA_STOPS, RASA_STANDS = 0.4, 10.0  # share of the load; seconds
KILLED = 0.6  # share of the load; and again when half of the answers have left
WITHIN = 400.0  # seconds from the end of the load: a text that fails late five times is tried for so long


@contextmanager
def systems(folder: Path) -> Generator[dict[str, str]]:
    """The database's address by its name."""
    postgres.OPTIONS.update(DURABLE)  # in tests it is not; here it is what a commit costs
    with postgres.running() as server, server.database() as url:
        yield {"sqlite": f"sqlite:///{folder / 'sqlite' / 'motcua.db'}", "postgresql": url}


def measured(home: Path, database: str, messages: int) -> dict[str, Any]:
    port = free_ports(1)[0]
    twilio = {"ACCOUNT_SID": ACCOUNT, "AUTH_TOKEN": TOKEN, "FROM": NUMBER, "BASE_URL": f"http://127.0.0.1:{port}"}
    settings = {f"MOTCUA_TWILIO_{name}": value for name, value in twilio.items()}
    settings |= {f"MOTCUA_{name}": "0" for name in LIMITS}
    with running(home, **settings, MOTCUA_DATABASE_URL=database) as system:
        run = asyncio.run(_scenario(system, port, database, messages))
        found = figures(run)
        if faults(found):
            print(system.report())
    return found


async def _scenario(system: Live, port: int, database: str, messages: int) -> Run:
    carrier = Carrier(FakeTwilio(ACCOUNT, TOKEN, NUMBER, system.public_url))
    async with carrier.served(port), aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        marks = await _learn(session, carrier)
        planned = arrivals(messages)
        questions = [one.question for one in planned if not one.repeat]
        requests = {one.sid: carrier.twilio.inbound(one.number, one.text, sid=one.sid) for one in questions}
        run = Run(channels_load.Generator(session, system.public_url, requests), carrier)
        with _stored(database) as stored:
            warmed = stored.kept()["messages"]
            await _loaded(run, system, planned, stored)
            run.fates, run.strange = fates(questions, carrier, marks)
            run.with_task, run.unsettled, run.kept = stored.with_task(), stored.unsettled(), stored.kept()
            run.kept["messages"] -= warmed
    return run


@contextmanager
def _stored(database: str) -> Generator[Stored]:
    stored = Stored(database)
    try:
        yield stored
    finally:
        stored.close()


async def _learn(session: aiohttp.ClientSession, carrier: Carrier) -> dict[int, frozenset[str]]:
    """By topic, how the answers to its wordings begin. Raises ValueError if two topics are answered alike."""
    await _answer(session, carrier, "xin chào")  # the disclosure goes out with the first answer
    learned: dict[int, set[str]] = {}
    for topic in range(len(TOPICS)):
        learned[topic] = {(await _answer(session, carrier, text))[:MARK] for text in wordings(topic)}
    alike = [topic for topic, begin in learned.items() for other in range(topic) if begin & learned[other]]
    if alike:
        raise ValueError(f"answered as another question: {[TOPICS[topic] for topic in alike]}, {learned}")
    return {topic: frozenset(begin) for topic, begin in learned.items()}


async def _answer(session: aiohttp.ClientSession, carrier: Carrier, text: str) -> str:
    known = len(carrier.outbound())
    await delivered(session, carrier.twilio.public_url, carrier.twilio.inbound(WARMS, text))
    async with asyncio.timeout(30):
        await carrier.has_taken(known + 1)
    return carrier.outbound()[-1].text


async def _loaded(run: Run, system: Live, planned: list[Arrival], stored: Stored) -> None:
    run.carrier.faulty = True
    used: Processes = {}
    async with _beside(run.generator.probe(), lag(run.lags), processor(system, used)):
        await asyncio.sleep(IDLE)
        before = dict(used)
        run.begun = time.monotonic()
        span = max(one.at for one in planned if not one.repeat)
        run.ended = run.begun + planned[-1].at
        async with asyncio.timeout(WITHIN), asyncio.TaskGroup() as tasks:
            tasks.create_task(run.generator.load(planned, run.begun))
            tasks.create_task(_disturb(run, system, span, len(run.generator.requests)))
        await _drain(run, stored)
    run.processor = by_part(used, before)


@asynccontextmanager
async def _beside(*loops: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _disturb(run: Run, system: Live, span: float, messages: int) -> None:
    """Rasa stands still from within the load on; the gateway is killed in the load, and with half the answers gone."""
    already = len(run.carrier.outbound())
    await _until(run.begun + span * RASA_STOPS)
    system.kill("rasa", signal.SIGSTOP)
    await _until(run.begun + span * KILLED)
    await _kill(run, system)
    await _until(run.begun + span * RASA_STOPS + RASA_STANDS)
    system.kill("rasa", signal.SIGCONT)
    await run.carrier.has_taken(already + messages // 2)
    await _kill(run, system)


async def _until(moment: float) -> None:
    await asyncio.sleep(moment - time.monotonic())


async def _kill(run: Run, system: Live) -> None:
    """Returns when the gateway answers again."""
    system.kill("gateway")
    killed = time.monotonic()
    async with asyncio.timeout(60):
        while True:
            await asyncio.sleep(0.02)
            if await run.generator.probed() is not None:
                break
    run.outages.append((killed, time.monotonic()))


async def _drain(run: Run, stored: Stored) -> None:
    """Until nothing waits in the gateway and no callback is on its way, twice in a row; or that takes too long."""
    still = 0
    while time.monotonic() < run.ended + WITHIN:
        looked = time.monotonic()
        left = await asyncio.to_thread(stored.unsettled)
        still = still + 1 if run.carrier.quiet and not any(left.values()) else 0
        if still == 2:
            run.drained = looked
            return
        await asyncio.sleep(0.5)


def main() -> int:
    arguments = argparse.ArgumentParser(description="SMS under load with everything going wrong at once; and the apps")
    arguments.add_argument("--messages", type=int, default=MESSAGES)
    arguments.add_argument("--database", action="append", choices=DATABASES, help="default: both")
    arguments.add_argument("--of", choices=("sms", "apps"), help="default: both")
    given = arguments.parse_args()
    found: dict[str, Any] = {}
    if given.of != "apps":
        found |= {"machine": machine(), "webhooks_per_second": PER_SECOND} | _on_each(given, measured)
        print(table({name: found[name] for name in found if name in DATABASES}))
    if given.of != "sms":
        limits = {f"MOTCUA_{name}": "0" for name in LIMITS}
        found["apps"] = {"machine": machine()} | _on_each(given, partial(channels_apps.measured, limits=limits))
        print(channels_apps.table({name: found["apps"][name] for name in DATABASES if name in found["apps"]}))
    if given.messages == MESSAGES and not given.database:
        RESULTS.write_text(json.dumps(json.loads(RESULTS.read_text()) | found, indent=1) + "\n")
    else:
        print(json.dumps(found, indent=1))
    texts = [found[name] for name in DATABASES if name in found]
    apps = [one for name in DATABASES for one in found.get("apps", {}).get(name, {}).values()]
    return 1 if any(map(faults, (*texts, *apps))) else 0


def _on_each(given: argparse.Namespace, measure: Callable[[Path, str, int], dict[str, Any]]) -> dict[str, Any]:
    """What was measured, by the name of the database."""
    with TemporaryDirectory() as folder, systems(Path(folder)) as databases:
        asked = {name: url for name, url in databases.items() if name in (given.database or databases)}
        return {name: measure(Path(folder) / name, url, given.messages) for name, url in asked.items()}


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
