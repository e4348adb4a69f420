"""The phone between two ports: a webhook that proves what comes, and the staff port with nothing but the phone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestClient, TestServer
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from bot.core import Core
from bot.phone import network
from bot.phone.views import routes
from bot.secrets import Secrets, load_or_make
from bot.settings import Settings
from bot.store import Store
from bot.vault import Vault
from bot.web import problems
from bot.web.problems import Handler
from calendars.clock import clock_of
from channels import registry
from channels.contract import Channel
from channels.fake_twilio import FakeTwilio
from channels.sms_twilio import TwilioSms
from motcua.stand_ins import stand_ins, with_accounts
from tests.bot.conftest import SITE
from tests.support.carrier import ACCOUNT, NUMBER, TOKEN

FIRST, SECOND = "+84912000001", "+84912000002"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PATIENCE = 10.0  # seconds until what does not come is a failure


@dataclass
class Webhook:
    """The public port as a provider sees it: proves what comes with Twilio's own validator, then answers `status`."""

    status: int = 200
    says: str = ""
    url: str = ""
    came: asyncio.Queue[tuple[str, MultiDict[str], bool]] = field(default_factory=asyncio.Queue)

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/channels/sms", self._take)
        app.router.add_post("/channels/sms/status", self._take)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        form: Any = await request.post()
        signature = request.headers.get("X-Twilio-Signature", "")
        validator: Any = RequestValidator(TOKEN)
        genuine = validator.validate(self.url + request.raw_path, form, signature)
        await self.came.put((request.raw_path, MultiDict(form), genuine))
        return web.Response(status=self.status, text=self.says, content_type="application/problem+json")

    async def next(self) -> tuple[str, MultiDict[str]]:
        """Path and fields of the next request; a forged one is a failure."""
        async with asyncio.timeout(PATIENCE):
            path, fields, genuine = await self.came.get()
        assert genuine
        return path, fields


@dataclass
class Demonstration:
    core: Core
    carrier: FakeTwilio
    webhook: Webhook
    public: BaseTestServer
    staff: TestClient

    async def write(self, text: str, **more: object) -> aiohttp.ClientResponse:
        return await self.staff.post("/phone/api/texts", json={"handset": 1, "text": text, **more})

    async def state(self) -> dict[str, Any]:
        response = await self.staff.get("/phone/api/texts")
        assert response.status == 200
        return await response.json()

    async def texts(self) -> list[dict[str, Any]]:
        return (await self.state())["texts"]

    def gateway(self, timeout: float = 5) -> TwilioSms:
        """The gateway's own adapter: Twilio's library, told to call the phone instead."""
        base = str(self.staff.make_url("/phone/carrier"))
        return TwilioSms(ACCOUNT, TOKEN, NUMBER, public_url=self.webhook.url, base_url=base, timeout=timeout)


def core_of(home: Path, **values: object) -> Core:
    settings, secrets = Settings.model_validate({"home": home, **values}), load_or_make(home)
    store, clock, demonstration = Store(settings.main_database), clock_of(settings.clock), with_apps(settings, secrets)
    channels = made(demonstration, store, secrets, clock)
    return Core(settings, secrets, store, SITE, clock, channels)


def made(settings: Settings, store: Store, secrets: Secrets, clock: Callable[[], datetime]) -> dict[str, Channel]:
    return registry.made(settings, lambda name: Vault(store, secrets, clock, name, settings.first_of(name)))


def with_apps(settings: Settings, secrets: Secrets) -> Settings:
    """The accounts of a demonstration on this machine, whatever the settings say."""
    here = settings.model_copy(update={"mode": "demonstration", "host": "127.0.0.1"})
    return with_accounts(here, secrets)


def staff_of(core: Core, carrier: FakeTwilio, session: aiohttp.ClientSession) -> web.Application:
    """The staff port with nothing but the phone. X-Test-Remote plays a peer of another machine."""

    @web.middleware
    async def from_elsewhere(request: web.Request, handler: Handler) -> web.StreamResponse:
        remote = request.headers.get("X-Test-Remote")
        return await handler(request.clone(remote=remote) if remote else request)

    app = web.Application(client_max_size=64 * 1024, middlewares=[problems.middleware, from_elsewhere])
    apps = stand_ins(with_apps(core.settings, core.secrets)).apps
    app.add_routes(routes(core, carrier, session, apps))

    async def shut(_app: web.Application) -> None:
        core.wake.close()

    app.on_shutdown.append(shut)
    return app


@pytest.fixture
async def demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Demonstration]:
    monkeypatch.setattr(network, "PAUSE", 0.01)
    webhook = Webhook()
    async with TestServer(webhook.application()) as public, aiohttp.ClientSession() as session:
        webhook.url = str(public.make_url("")).rstrip("/")
        core = core_of(tmp_path, public_url=webhook.url)
        carrier = FakeTwilio(ACCOUNT, TOKEN, NUMBER, webhook.url, now=lambda: NOW)
        async with TestClient(TestServer(staff_of(core, carrier, session))) as staff:
            yield Demonstration(core, carrier, webhook, public, staff)
        await core.store.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert [task for task in left if "Errands" in repr(task)] == []
