"""A handset with an app, the real gateway behind it: over HTTP to the signed webhook, back by the provider's API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.assistant import Assistant
from bot.core import Core
from bot.phone import network
from bot.phone.carrier import App
from bot.phone.views import routes
from bot.secrets import load_or_make
from bot.settings import Settings
from bot.store import Store
from bot.web import app
from bot.web.health import Figures
from channels.contract import Beside
from motcua.stand_ins import SENDERS, StandIns, stand_ins, with_accounts
from tests.bot.conftest import SITE, Gateway, TestClock
from tests.bot.fake_rasa import SECRET, FakeRasa, answer
from tests.bot.phone.conftest import PATIENCE, made
from tests.support.carrier import Carrier
from tests.support.free_ports import free_ports

APPS = ("zalo", "whatsapp", "whatsapp-cloud", "messenger", "telegram")
CHOICES = [{"label": "Giấy tờ", "value": "intent=documents"}, {"label": "Lệ phí", "value": "intent=fee"}]
MANY = [{"label": f"Mục {number}", "value": f"intent=fee&n={number}"} for number in range(1, 7)]
ENDS = {"telegram": "sent"}  # nobody tells whether it has arrived; the others' end as delivered


class Now(TestClock):
    """Stands still at the real time: Zalo takes no request of another day."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)


@dataclass
class Town:
    gateway: Gateway
    stand_ins: StandIns

    def app(self, provider: str) -> App:
        return next(one for one in self.stand_ins.apps.handsets if one.provider == provider)

    async def post(self, provider: str, **what: object) -> aiohttp.ClientResponse:
        return await self.gateway.staff.post(f"/phone/api/{provider}/texts", json=what)

    async def do(self, provider: str, **what: object) -> list[dict[str, Any]]:
        """Everything that the handset then shows, each message at its end."""
        response = await self.post(provider, **what)
        assert response.status == 202, await response.text()
        await self.gateway.post_all()
        moved = self.gateway.core.wake.listen(network.CHANGED)
        async with asyncio.timeout(PATIENCE):
            while any(one["state"] != self._end(provider, one) for one in await self.texts(provider)):
                await moved.wait()
                moved.clear()
        self.gateway.core.wake.forget(moved)
        return await self.texts(provider)

    def _end(self, provider: str, one: dict[str, Any]) -> str:
        return "received" if one["direction"] == "out" else ENDS.get(provider, "delivered")

    async def texts(self, provider: str) -> list[dict[str, Any]]:
        response = await self.gateway.staff.get(f"/phone/api/{provider}/texts")
        assert response.status == 200
        return (await response.json())["texts"]


@pytest.fixture
async def town(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Town]:
    monkeypatch.setattr(network, "PAUSE", 0.01)
    (public_port, staff_port), secrets = free_ports(2), load_or_make(tmp_path)
    given = {"home": tmp_path, "database_url": migrated_url, "public_port": public_port, "staff_port": staff_port}
    settings = with_accounts(Settings.model_validate(given), secrets)
    clock, rasa, figures, store = Now(), FakeRasa(), Figures(), Store(migrated_url)
    channels, playing = made(settings, store, secrets, clock), stand_ins(settings)
    core = Core(settings, secrets, store, SITE, clock, channels)
    async with TestServer(rasa.application()) as inner, aiohttp.ClientSession() as session:
        url = str(inner.make_url("")).rstrip("/")
        assistant = Assistant(session, rasa=url, secret=SECRET, actions=url, timeout=20)
        phone = routes(core, playing.sms, session, playing.apps)
        public_app, staff_app = app.public(core, assistant, figures), app.staff(core, assistant, figures, phone)
        async with (
            TestClient(TestServer(public_app, port=public_port)) as public,
            TestClient(TestServer(staff_app, port=staff_port)) as staff,
        ):
            rasa.script["hỏi"] = [answer("Bạn chọn gì?", choices=CHOICES)]
            rasa.script["nhiều"] = [answer("Bạn chọn gì?", choices=MANY)]
            yield Town(Gateway(core, rasa, assistant, clock, public, staff, Carrier(playing.sms), figures), playing)
        for channel in channels.values():
            await channel.close()
        await store.close()


@pytest.mark.parametrize("provider", APPS)
async def test_a_conversation_with_choices(town: Town, provider: str) -> None:
    asked, offered = await town.do(provider, text="hỏi")
    assert (asked["text"], asked["direction"], offered["direction"]) == ("hỏi", "out", "in")
    assert "Bạn chọn gì?" in offered["text"]
    if provider == "whatsapp":
        assert offered["buttons"] == []
        shown = await town.do(provider, text="2")
    else:
        assert [one["label"] for one in offered["buttons"]] == ["Giấy tờ", "Lệ phí"]
        shown = await town.do(provider, press={"sid": offered["sid"], "key": offered["buttons"][1]["key"]})
        assert [one["pressed"] for one in shown[1]["buttons"]] == [False, True]
    assert town.gateway.rasa.asked[-1]["intent"] == "fee"
    written = {"zalo": [], "telegram": []}.get(provider, ["2" if provider == "whatsapp" else "Lệ phí"])
    assert [one["text"] for one in shown[2:-1]] == written
    assert shown[-1]["direction"] == "in"


@pytest.mark.parametrize(("provider", "buttons", "opener"), [
    ("zalo", 0, ""), ("whatsapp", 0, ""), ("whatsapp-cloud", 6, "Chọn"), ("messenger", 6, ""), ("telegram", 6, ""),
])  # fmt: skip
async def test_many_choices(town: Town, provider: str, buttons: int, opener: str) -> None:
    offered = (await town.do(provider, text="nhiều"))[-1]
    assert (len(offered["buttons"]), offered["opener"]) == (buttons, opener)
    if opener:
        await town.do(provider, press={"sid": offered["sid"], "key": offered["buttons"][4]["key"]})
        assert town.gateway.rasa.asked[-1]["intent"] == "fee"


@pytest.mark.parametrize("provider", APPS)
@pytest.mark.parametrize("kind", ["photo", "place", "voice", "sticker"])
async def test_what_is_no_text_is_answered(town: Town, provider: str, kind: Beside) -> None:
    sent, told = (await town.do(provider, beside=kind))[-2:]
    assert (sent["beside"], sent["text"], told["direction"]) == (kind, "", "in")
    assert town.gateway.rasa.asked == []


@pytest.mark.parametrize(("provider", "template"), [("whatsapp", True), ("whatsapp-cloud", True), ("messenger", False)])
async def test_a_reply_that_comes_too_late(town: Town, provider: str, template: bool) -> None:
    await town.do(provider, text="chào")
    before = len(await town.texts(provider))
    assert (await town.post(provider, text="lệ phí", late=True)).status == 202
    await town.gateway.post_all()
    async with asyncio.timeout(PATIENCE):
        while template and not any(one["template"] for one in await town.texts(provider)):
            await town.gateway.post_all()
            await asyncio.sleep(0.05)
    late = [one for one in (await town.texts(provider))[before:] if one["direction"] == "in" and one["template"]]
    assert [f"{town.gateway.core.settings.address}/m/" in one["text"] for one in late] == [True] * template


@pytest.mark.parametrize("provider", APPS)
async def test_a_forged_request_is_refused(town: Town, provider: str) -> None:
    fake = town.app(provider)
    request = fake.carrier.inbound(fake.citizen, "giả")
    headers = {"Content-Type": request.headers["content-type"]}
    response = await town.gateway.public.request(request.method, request.target, data=request.body, headers=headers)
    assert response.status == 403
    await town.gateway.post_all()
    assert town.gateway.rasa.asked == []


@pytest.mark.parametrize("path", [
    "zalo/v3.0/oa/message/cs", "meta/v25.0/900000000000002/messages", "meta/v25.0/900000000000003/messages",
    "telegram/bot1:a/sendMessage", "zalo/v4/oa/access_token", "viber/send",
])  # fmt: skip
async def test_the_providers_know_their_accounts(town: Town, path: str) -> None:
    response = await town.gateway.staff.post(f"/phone/carrier/apps/{path}", json={"chat_id": 7, "text": "giả"})
    answered = await response.text()
    assert response.status >= 400 or json.loads(answered)["error"]
    assert [await town.texts(provider) for provider in APPS] == [[]] * len(APPS)


async def test_a_button_that_is_not_there(town: Town) -> None:
    offered = (await town.do("telegram", text="hỏi"))[-1]
    for press in ({"sid": offered["sid"], "key": "9.9"}, {"sid": "none", "key": offered["buttons"][0]["key"]}):
        assert (await town.post("telegram", press=press)).status == 404


BAD: list[tuple[str, dict[str, object], str]] = [
    ("nothing", {}, "text"),
    ("two at once", {"text": "a", "press": {"sid": "1", "key": "1"}}, "text"),
    ("a text that is none", {"text": 2}, "text"),
    ("longer than an app carries", {"text": "x" * 4097}, "text"),
    ("a kind that nobody knows", {"beside": "smell"}, "beside"),
    ("a press without a key", {"press": {"sid": "1"}}, "press.key"),
    ("unknown field", {"text": "a", "sender": "1"}, "sender"),
]


@pytest.mark.parametrize(("what", "named"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
async def test_bad_input_names_the_field(town: Town, what: dict[str, object], named: str) -> None:
    response = await town.post("zalo", **what)
    assert (response.status, (await response.json())["field"]) == (400, named)


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {"Origin": "https://evil.example"}], ids=str)
async def test_only_its_own_page_writes(town: Town, headers: dict[str, str]) -> None:
    given = {"Content-Type": "application/json"} | headers
    response = await town.gateway.staff.post("/phone/api/zalo/texts", data=b'{"text": "a"}', headers=given)
    assert response.status in (403, 415)
    assert await town.texts("zalo") == []


@pytest.mark.parametrize("provider", [*APPS, "viber"])
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_page(town: Town, provider: str, language: str) -> None:
    response = await town.gateway.staff.get(f"/phone/{provider}?lang={language}")
    assert response.status == (200 if provider in APPS else 404)
    if provider in APPS:
        text = await response.text()
        assert text.count('aria-current="page"') == 1
        assert f'href="/phone/{provider}" aria-current="page"' in text
        for word in ("<style", " style=", "onclick", "<script>"):
            assert word not in text


CONFIGURED: list[tuple[dict[str, str], set[str]]] = [
    ({}, set(APPS)),
    ({"zalo_oa_id": "1"}, {*APPS} - {"zalo"}),
    ({"telegram_token": "1:a"}, {*APPS} - {"telegram"}),
    ({"messenger_page_id": "1"}, {*APPS} - {"messenger", "whatsapp-cloud"}),
    ({"whatsapp_token": "a"}, {*APPS} - {"messenger", "whatsapp-cloud"}),
    ({"twilio_whatsapp_from": "+14155238886"}, {*APPS} - {"whatsapp"}),
    ({"host": "0.0.0.0"}, set()),  # noqa: S104
    ({"mode": "production"}, set()),
    ({"twilio_account_sid": "AC1"}, set()),
]


@pytest.mark.parametrize(("given", "there"), CONFIGURED, ids=[str(given) for given, _ in CONFIGURED])
def test_a_real_account_has_no_handset(tmp_path: Path, given: dict[str, str], there: set[str]) -> None:
    settings = with_accounts(Settings.model_validate({"home": tmp_path, **given}), load_or_make(tmp_path))
    assert {one.provider for one in stand_ins(settings).apps.handsets} == there


def test_nobody_knows_the_secrets(tmp_path: Path) -> None:
    homes = [tmp_path / "a", tmp_path / "b"]
    for home in homes:
        home.mkdir()
    one, other = (with_accounts(Settings.model_validate({"home": home}), load_or_make(home)) for home in homes)
    names = [name for name in Settings.model_fields if name.endswith(("_token", "_secret"))]
    made_up = [name for name in names if getattr(one, name)]
    assert len(made_up) > 8
    assert [name for name in made_up if getattr(one, name) == getattr(other, name)] == []
    assert all(getattr(one, name) == sender for name, sender in SENDERS.items())
