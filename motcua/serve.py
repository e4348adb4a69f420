"""The gateway process: both ports, the workers that answer, until a signal ends it."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal

import aiohttp
from aiohttp import web

from bot import canned, delivery, due, inbox, turn, watch, work
from bot.assistant import Assistant
from bot.core import Core
from bot.hearing import make_ready
from bot.phone.views import routes as phone_routes
from bot.settings import Settings
from bot.web import app
from bot.web.health import Figures
from motcua import wiring

RASA_HANGS_UP = 5  # seconds without a question until Rasa closes a connection: KEEP_ALIVE_TIMEOUT of Sanic 21.12


def serve(settings: Settings) -> None:
    """Run the gateway; returns after SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    make_ready()
    wired = wiring.wired(settings)
    core = wired.core
    kept = aiohttp.TCPConnector(limit=work.AT_ONCE * 4, keepalive_timeout=RASA_HANGS_UP - 1)
    async with aiohttp.ClientSession(connector=kept) as session:
        assistant = Assistant(
            session,
            rasa=f"http://127.0.0.1:{settings.rasa_port}",
            secret=core.secrets.rasa_secret,
            actions=os.environ.get("MOTCUA_ACTIONS_URL", f"http://127.0.0.1:{settings.actions_port}"),
        )
        phone = phone_routes(core, wired.phone.sms, session, wired.phone.apps) if wired.phone else []
        await _until_told(core, assistant, phone)
    await asyncio.gather(*(channel.close() for channel in core.channels.values()))
    await core.store.close()


async def _until_told(core: Core, assistant: Assistant, phone: list[web.RouteDef]) -> None:
    figures = Figures()
    await core.store.make_ready()
    gc.collect()
    gc.freeze()  # what was built so far stays: looking through it would hold up a crowd for a fifth of a second
    await turn.release_all(core)
    await due.adopt(core)
    if core.settings.mode == "demonstration":
        await canned.put_samples(core)
    runners = [
        await _listen(app.public(core, assistant, figures), core.settings.host, core.settings.public_port),
        await _listen(app.staff(core, assistant, figures, phone), core.settings.host, core.settings.staff_port),
    ]
    delivering = asyncio.create_task(delivery.deliver(core, figures.text_moved))
    workers = [
        asyncio.create_task(work.work(core, assistant, figures.turn_finished)),
        asyncio.create_task(work.tell_of_delay(core)),
        asyncio.create_task(inbox.open_letters(core)),
        asyncio.create_task(delivery.settle(core, figures.text_moved)),
        asyncio.create_task(watch.watch(core)),
    ]
    await _signal()
    core.wake.close()
    await asyncio.gather(delivering, *(runner.cleanup() for runner in runners), return_exceptions=True)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)


async def _listen(application: web.Application, host: str, port: int) -> web.AppRunner:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


async def _signal() -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    await told.wait()
