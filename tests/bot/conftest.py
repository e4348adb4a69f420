"""A gateway in this process, on a real database of each kind, with a stand-in for Rasa."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestClient, TestServer

from bot import delivery, due, inbox, model, people, turn
from bot.assistant import Assistant
from bot.core import Core
from bot.secrets import load_or_make
from bot.settings import Settings
from bot.site import Site
from bot.store import Store
from bot.web import app
from bot.web.health import Figures
from channels import registry
from channels.contract import Channel, Vault
from channels.fake_twilio import FakeTwilio
from tests.bot.fake_rasa import SECRET, FakeRasa
from tests.support.carrier import ACCOUNT, NUMBER, TOKEN, Carrier, Phone, receipts

PUBLIC = "https://mau.example"
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SITE = Site(
    identifier="mau-ward",
    name={"vi": "phường Mẫu", "en": "Mau Ward"},
    short_name={"vi": "Phường Mẫu", "en": "Mau Ward"},
    province={"vi": "tỉnh Mẫu", "en": "Mau province"},
    note={"vi": "Trình diễn", "en": "Demonstration"},
    agencies={
        "mau-ward": {"vi": "UBND phường Mẫu", "en": "Mau Ward"},
        "tax-office": {"vi": "Thuế cơ sở", "en": "Tax office"},
    },
    fold_to_gsm7=True,
    agency_of={"tax-code": "tax-office"},
)


class TestClock:
    """Time that stands still until a test moves it."""

    __test__ = False

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Gateway:
    core: Core
    rasa: FakeRasa
    assistant: Assistant
    clock: TestClock
    public: TestClient
    staff: TestClient
    carrier: Carrier
    figures: Figures

    def phone(self, number: str = "+84912000001") -> Phone:
        return Phone(number, self.carrier, self.public)

    async def post_all(self) -> None:
        """What came in is opened and answered, what is due is sent, once each; no receipt comes by itself."""
        while await inbox.open_next(self.core):
            pass
        await self.answer_all()
        while rows := [row for name in self.core.channels for row in await due.take(self.core, name, 10)]:
            for row in rows:
                await delivery.carry(self.core, self.figures.text_moved, row)

    async def receipts(self) -> None:
        await receipts(self.public, self.carrier.twilio)

    async def deliveries(self) -> list[tuple[str, str]]:
        """State and text of everything that was to be sent, oldest first."""
        async with self.core.store.read() as tx:
            rows = await tx.execute(sa.select(model.delivery).order_by(model.delivery.c.id))
            return [(row.state, row.text) for row in rows]

    async def answer_all(self) -> None:
        while await turn.answer_next(self.core, self.assistant, lambda _outcome, _seconds: None):
            pass

    async def open(self, language: str | None = None) -> Citizen:
        response = await self.public.post(
            "/channels/web/conversations", json={"language": language} if language else {}
        )
        assert response.status == 201
        made = await response.json()
        return Citizen(self, made["conversation"], made["token"])

    async def agent(self, name: str = "Lan", *agencies: str, role: str = "agent") -> Agent:
        async with self.core.store.write() as tx:
            token = await people.new_token(
                tx, name, role=role, agencies=agencies or None, now=self.clock(), create=True
            )
        return Agent(self, name, {"Authorization": f"Bearer {token}"})


@dataclass
class Citizen:
    gateway: Gateway
    conversation: str
    token: str

    async def send(self, body: dict[str, object]) -> aiohttp.ClientResponse:
        return await self.gateway.public.post(
            "/channels/web/messages", json=body, headers={"Authorization": f"Bearer {self.token}"}
        )

    async def say(self, text: str) -> int:
        import uuid

        response = await self.send({"id": str(uuid.uuid4()), "text": text})
        assert response.status == 202, await response.text()
        return int((await response.json())["seq"])

    async def read(self, after: int = 0) -> list[dict[str, object]]:
        response = await self.gateway.public.get(
            f"/channels/web/messages?after={after}", headers={"Authorization": f"Bearer {self.token}"}
        )
        return list(await response.json())

    async def heard(self) -> list[tuple[str, str]]:
        return [(str(shown["author"]), str(shown["text"])) for shown in await self.read(1)]


@dataclass
class Agent:
    gateway: Gateway
    name: str
    headers: dict[str, str]

    async def get(self, path: str) -> aiohttp.ClientResponse:
        return await self.gateway.staff.get(f"/desk/api/{path}", headers=self.headers)

    async def post(self, path: str, **body: object) -> aiohttp.ClientResponse:
        return await self.gateway.staff.post(f"/desk/api/{path}", json=body, headers=self.headers)


@pytest.fixture
def more_channels() -> dict[str, Channel]:
    """Beside SMS; a module may have others."""
    return {}


def no_vault(provider: str) -> Vault:
    raise AssertionError(provider)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
async def gateway(
    migrated_url: str, tmp_path: Path, more_channels: dict[str, Channel], clock: TestClock
) -> AsyncGenerator[Gateway]:
    rasa, figures = FakeRasa(), Figures()
    carrier = Carrier(FakeTwilio(ACCOUNT, TOKEN, NUMBER, PUBLIC, now=clock))
    async with (
        TestServer(rasa.application()) as inner,
        TestServer(carrier.application()) as provider,
        aiohttp.ClientSession() as session,
    ):
        url = str(inner.make_url("")).rstrip("/")
        assistant = Assistant(session, rasa=url, secret=SECRET, actions=url, timeout=20)
        settings = Settings.model_validate(
            {
                "home": tmp_path,
                "database_url": migrated_url,
                "embed_origins": ("https://mau.example",),
                "public_url": PUBLIC,
                "twilio_account_sid": ACCOUNT,
                "twilio_auth_token": TOKEN,
                "twilio_from": NUMBER,
                "twilio_base_url": str(provider.make_url("")).rstrip("/"),
            }
        )
        channels = {**registry.made(settings, no_vault), **more_channels}
        core = Core(settings, load_or_make(tmp_path), Store(migrated_url), SITE, clock, channels)
        async with (
            TestClient(TestServer(app.public(core, assistant, figures))) as public,
            TestClient(TestServer(app.staff(core, assistant, figures))) as staff,
        ):
            yield Gateway(core, rasa, assistant, clock, public, staff, carrier, figures)
        for channel in channels.values():
            await channel.close()
        await core.store.close()
