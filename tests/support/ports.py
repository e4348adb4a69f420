"""Both ports as applications that nobody serves: every channel is set up, and the phone page is there."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.assistant import Assistant
from bot.core import Core
from bot.phone.views import routes as phone_routes
from bot.secrets import load_or_make
from bot.settings import Settings
from bot.store import Store
from bot.web import app
from bot.web.health import Figures
from calendars.clock import clock_of
from channels import registry
from channels.fake_twilio import FakeTwilio
from tests.bot.conftest import SITE
from tests.contracts.providers import PUBLIC_URL, Everything, vault
from tests.support.carrier import ACCOUNT, NUMBER, TOKEN


@asynccontextmanager
async def both_ports(home: Path) -> AsyncGenerator[tuple[web.Application, web.Application]]:
    """The public one and the staff's."""
    settings = Settings.model_validate({"home": home})
    store, channels = Store(settings.main_database), registry.made(Everything(), vault)
    core = Core(settings, load_or_make(home), store, SITE, clock_of(settings.clock), channels)
    async with aiohttp.ClientSession() as session:
        assistant = Assistant(session, rasa="", secret="", actions="")
        phone = phone_routes(core, FakeTwilio(ACCOUNT, TOKEN, NUMBER, PUBLIC_URL), session)
        yield app.public(core, assistant, Figures()), app.staff(core, assistant, Figures(), phone)
    await store.close()
    for channel in channels.values():
        await channel.close()
