"""The phone: real signatures over HTTP to a webhook, the carrier's API for Twilio's own library, and who sees it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator
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

from bot.core import Core, clock_of
from bot.phone import network
from bot.phone.handsets import national
from bot.phone.views import routes
from bot.secrets import load_or_make
from bot.settings import Settings
from bot.store import Store
from bot.web import problems
from bot.web.problems import Handler
from bot.words import table
from channels.contract import ChannelError, Reply, TryLater, Uncertain
from channels.fake_twilio import FakeTwilio
from channels.sms_twilio import TwilioSms
from tests.bot.conftest import SITE
from tests.support.carrier import ACCOUNT, NUMBER, TOKEN

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated and will be removed:DeprecationWarning")  # twilio's own
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
    settings = Settings.model_validate({"home": home, **values})
    return Core(settings, load_or_make(home), Store(settings.main_database), SITE, clock_of(settings))


def staff_of(core: Core, carrier: FakeTwilio, session: aiohttp.ClientSession) -> web.Application:
    """The staff port with nothing but the phone. X-Test-Remote plays a peer of another machine."""

    @web.middleware
    async def from_elsewhere(request: web.Request, handler: Handler) -> web.StreamResponse:
        remote = request.headers.get("X-Test-Remote")
        return await handler(request.clone(remote=remote) if remote else request)

    app = web.Application(client_max_size=64 * 1024, middlewares=[problems.middleware, from_elsewhere])
    app.add_routes(routes(core, carrier, session))

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


# ---- from a handset to the webhook


@pytest.mark.parametrize("text", [
    "lam giay khai sinh cho con can giay to gi", "Làm giấy khai sinh cho con cần giấy tờ gì?", "2", "👍 được 🏠",
    "a+b = c & d% ; e/f?#", "hai\ndòng", "  đầu và cuối  ", "số 0\u0000 ở giữa", "x" * 1600,
])  # fmt: skip
async def test_a_text_comes_to_the_webhook_signed_and_as_written(demonstration: Demonstration, text: str) -> None:
    response = await demonstration.write(text, handset=2)
    assert response.status == 202
    path, fields = await demonstration.webhook.next()
    assert path == "/channels/sms"
    assert (fields["From"], fields["To"], fields["Body"], fields["NumMedia"]) == (SECOND, NUMBER, text, "0")
    assert fields["MessageSid"] == (await response.json())["sid"]
    [shown] = await demonstration.texts()
    assert (shown["handset"], shown["direction"], shown["text"], shown["state"]) == (2, "out", text, "received")


@pytest.mark.parametrize("text", ["", "ảnh nhà tôi"])
async def test_a_picture_comes_as_media(demonstration: Demonstration, text: str) -> None:
    assert (await demonstration.write(text, media=1)).status == 202
    _, fields = await demonstration.webhook.next()
    assert (fields["Body"], fields["NumMedia"], fields["MediaContentType0"]) == (text, "1", "image/jpeg")
    assert [shown["media"] for shown in await demonstration.texts()] == [True]


@pytest.mark.parametrize(("status", "says", "detail"), [
    (403, json.dumps({"detail": "Not proved."}), r"/channels/sms answered 403\. Not proved\."),
    (500, "{}", r"answered 500\.$"), (302, "", r"answered 302\.$"), (502, "<html>", r"answered 502\.$"),
    (400, "[]", r"answered 400\.$"), (400, "\x00", r"answered 400\.$"),
])  # fmt: skip
async def test_what_the_webhook_refuses_is_said(
    demonstration: Demonstration, status: int, says: str, detail: str
) -> None:
    demonstration.webhook.status, demonstration.webhook.says = status, says
    response = await demonstration.write("xin chào")
    problem = await response.json()
    assert (response.status, response.content_type) == (502, "application/problem+json")
    assert (problem["answered"], problem["sid"]) == (status, next(iter(demonstration.carrier.texts)))
    assert re.search(detail, problem["detail"])
    assert [shown["state"] for shown in await demonstration.texts()] == ["refused"]


async def test_a_webhook_that_is_down_is_said_too(demonstration: Demonstration) -> None:
    await demonstration.public.close()
    response = await demonstration.write("xin chào")
    problem = await response.json()
    assert response.status == 502
    assert problem["detail"] == f"{demonstration.webhook.url}/channels/sms did not answer."
    assert "answered" not in problem


BAD: list[tuple[str, object, str | None]] = [
    ("not JSON", "{", None),
    ("a list", "[]", None),
    ("no handset", {"text": "a"}, "handset"),
    ("a third handset", {"handset": 3, "text": "a"}, "handset"),
    ("a handset as text", {"handset": "1", "text": "a"}, "handset"),
    ("no text", {"handset": 1}, "text"),
    ("text a number", {"handset": 1, "text": 2}, "text"),
    ("nothing to send", {"handset": 1, "text": ""}, "text"),
    ("longer than Twilio carries", {"handset": 1, "text": "x" * 1601}, "text"),
    ("half of a letter", '{"handset": 1, "text": "\\ud83d"}', "text"),
    ("unknown field", {"handset": 1, "text": "a", "sender": "+84900000001"}, "sender"),
    ("media no number", {"handset": 1, "text": "a", "media": "1"}, "media"),
    ("too many pictures", {"handset": 1, "text": "a", "media": 11}, "media"),
]


@pytest.mark.parametrize(("label", "given", "named"), BAD, ids=[row[0] for row in BAD])
async def test_bad_input_names_the_field(
    demonstration: Demonstration, label: str, given: object, named: str | None
) -> None:
    data = given if isinstance(given, str) else json.dumps(given)
    response = await demonstration.staff.post(
        "/phone/api/texts", data=data, headers={"Content-Type": "application/json"}
    )
    assert (response.status, response.content_type) == (400, "application/problem+json"), label
    assert (await response.json()).get("field") == named
    assert demonstration.carrier.texts == {}


async def test_a_body_has_a_limit(demonstration: Demonstration) -> None:
    assert (await demonstration.write("x" * 70_000)).status == 413


# ---- who sees it

ADDRESSES = [
    ("GET", "/phone"), ("GET", "/phone/static/phone.js"), ("GET", "/phone/api/texts"), ("POST", "/phone/api/texts"),
    ("POST", f"/phone/carrier/2010-04-01/Accounts/{ACCOUNT}/Messages.json"),
    ("GET", f"/phone/carrier/2010-04-01/Accounts/{ACCOUNT}/Messages.json"),
]  # fmt: skip
ELSEWHERE = [
    {"X-Test-Remote": "203.0.113.7"}, {"X-Test-Remote": "192.168.1.20"}, {"X-Test-Remote": "10.0.0.1"},
    {"X-Test-Remote": "2001:db8::1"}, {"X-Test-Remote": "unknown"},
    {"Host": "mau.example"}, {"Host": "mau.example:8081"}, {"Host": "127.0.0.1.mau.example"}, {"Host": ""},
    {"Host": "localhost.mau.example:8081"}, {"Host": "127.0.0.1:8081, mau.example"}, {"Host": "192.168.1.20:8081"},
    {"X-Forwarded-For": "203.0.113.7"}, {"X-Real-IP": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"},
    {"Via": "1.1 proxy"},
]  # fmt: skip
HERE = [
    {}, {"X-Test-Remote": "::1"}, {"X-Test-Remote": "127.0.0.2"}, {"Host": "localhost:8081"}, {"Host": "LOCALHOST"},
    {"Host": "[::1]:8081"}, {"Host": "127.0.0.1"},
]  # fmt: skip


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_from_elsewhere_no_address_exists(demonstration: Demonstration, headers: dict[str, str]) -> None:
    for method, path in ADDRESSES:
        response = await demonstration.staff.request(method, path, headers=headers)
        assert response.status == 404, (method, path)
    assert demonstration.carrier.texts == {}


@pytest.mark.parametrize("headers", HERE, ids=str)
async def test_on_this_machine_it_is_there(demonstration: Demonstration, headers: dict[str, str]) -> None:
    assert (await demonstration.staff.get("/phone", headers=headers)).status == 200


async def test_those_are_all_its_addresses(demonstration: Demonstration) -> None:
    made = routes(demonstration.core, demonstration.carrier, demonstration.staff.session)
    patterns = [(route.method, re.sub(r"\{\w+\}", "[^/]+", route.path)) for route in made]
    found = [[path for method, path in ADDRESSES if method == m and re.fullmatch(p, path)] for m, p in patterns]
    assert [len(paths) for paths in found] == [1] * len(ADDRESSES)


@pytest.mark.parametrize("values", [
    {"mode": "production"}, {"host": "::"}, {"host": "192.168.1.20"}, {"host": "mau.example"},
    {"host": "0.0.0.0"}, {"mode": "production", "host": "0.0.0.0"},  # noqa: S104
], ids=str)  # fmt: skip
async def test_without_a_demonstration_on_this_machine_there_is_no_phone(tmp_path: Path, values: object) -> None:
    core = core_of(tmp_path, **dict(values))  # type: ignore[call-overload]
    carrier = FakeTwilio(ACCOUNT, TOKEN, NUMBER, core.settings.address)
    async with aiohttp.ClientSession() as session, TestClient(TestServer(staff_of(core, carrier, session))) as staff:
        for method, path in ADDRESSES:
            assert (await staff.request(method, path)).status == 404
    await core.store.close()


@pytest.mark.parametrize(("headers", "status"), [
    ({"Content-Type": "text/plain"}, 415), ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ({"Content-Type": "application/json", "Origin": "https://evil.example"}, 403),
    ({"Content-Type": "application/json", "Origin": "null"}, 403),
    ({"Content-Type": "application/json", "Origin": "http://localhost:9"}, 403),
    ({"Content-Type": "application/json", "Origin": "https://{host}"}, 403),
    ({"Content-Type": "application/json", "Origin": "http://{host}"}, 202),
    ({"Content-Type": "application/json; charset=utf-8"}, 202),
])  # fmt: skip
async def test_only_its_own_page_writes(demonstration: Demonstration, headers: dict[str, str], status: int) -> None:
    host = demonstration.staff.make_url("").authority
    given = {name: value.format(host=host) for name, value in headers.items()}
    body = json.dumps({"handset": 1, "text": "a"}).encode()
    response = await demonstration.staff.post("/phone/api/texts", data=body, headers=given)
    assert response.status == status
    assert len(demonstration.carrier.texts) == (1 if status == 202 else 0)


# ---- the carrier's API, by Twilio's own library


async def test_the_gateway_sends_and_is_told_step_by_step(demonstration: Demonstration) -> None:
    gateway = demonstration.gateway()
    sid = await gateway.send(FIRST, Reply("Khai sinh: mien phi.", row=7, attempt=2))
    told = [await demonstration.webhook.next() for _ in range(3)]
    assert {path for path, _ in told} == {"/channels/sms/status?row=7&attempt=2"}
    assert [(fields["MessageSid"], fields["MessageStatus"]) for _, fields in told] == [
        (sid, "queued"), (sid, "sent"), (sid, "delivered"),
    ]  # fmt: skip
    assert await gateway.taken(FIRST, "Khai sinh: mien phi.", NOW) == [sid]
    [shown] = await demonstration.texts()
    assert (shown["direction"], shown["state"], shown["price"]) == ("in", "delivered", 500)
    await gateway.close()


@pytest.mark.parametrize(("plan", "statuses", "code"), [
    ("undelivered:30003", ["queued", "sent", "undelivered"], 30003), ("failed:30007", ["queued", "failed"], 30007),
])  # fmt: skip
async def test_a_text_that_does_not_arrive(
    demonstration: Demonstration, plan: str, statuses: list[str], code: int
) -> None:
    demonstration.carrier.plan([plan])
    gateway = demonstration.gateway()
    await gateway.send(FIRST, Reply("Khai sinh: mien phi.", row=7))
    assert [(await demonstration.webhook.next())[1]["MessageStatus"] for _ in statuses] == statuses
    [shown] = await demonstration.texts()
    assert (shown["state"], shown["code"]) == (statuses[-1], code)
    await gateway.close()


@pytest.mark.parametrize(("plan", "error", "taken"), [
    ("429", TryLater, 0), ("500", Uncertain, 0), ("html", Uncertain, 0), ("close", Uncertain, 0),
    ("hang", Uncertain, 0), ("accepted_then_close", Uncertain, 1), ("accepted_then_hang", Uncertain, 1),
    ("accepted_then_500", Uncertain, 1),
])  # fmt: skip
async def test_what_the_carrier_does_is_acted_out(
    demonstration: Demonstration, plan: str, error: type[ChannelError], taken: int
) -> None:
    demonstration.carrier.plan([plan])
    gateway = demonstration.gateway(timeout=0.5 if plan.endswith("hang") else 5)
    with pytest.raises(error):
        await gateway.send(FIRST, Reply("Khai sinh: mien phi.", row=7))
    assert len(demonstration.carrier.messages_to(FIRST)) == taken
    for status in ("queued", "sent", "delivered")[: 3 * taken]:
        assert (await demonstration.webhook.next())[1]["MessageStatus"] == status
    await gateway.close()


@pytest.mark.parametrize(("account", "password", "status"), [
    (ACCOUNT, "another", 401), ("AC" + "1" * 32, TOKEN, 401), (ACCOUNT, None, 401), (ACCOUNT, TOKEN, 404),
])  # fmt: skip
async def test_the_carrier_knows_its_account(
    demonstration: Demonstration, account: str, password: str | None, status: int
) -> None:
    """The last: the right proof for another account's address."""
    path = f"/phone/carrier/2010-04-01/Accounts/{'AC' + '2' * 32 if status == 404 else ACCOUNT}/Messages.json"
    proof = aiohttp.BasicAuth(account, password) if password else None
    fields = {"To": FIRST, "From": NUMBER, "Body": "a"}
    answers = [
        await demonstration.staff.post(path, data=fields, auth=proof),
        await demonstration.staff.get(path, auth=proof),
    ]
    assert [answer.status for answer in answers] == [status, status]
    assert demonstration.carrier.texts == {}


async def test_what_is_still_to_be_told_ends_with_the_gateway(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "PAUSE", PATIENCE * 10)
    gateway = demonstration.gateway()
    await gateway.send(FIRST, Reply("Khai sinh: mien phi.", row=7))
    await gateway.close()
    [telling] = [task for task in asyncio.all_tasks() if "_tell" in repr(task)]
    await demonstration.staff.close()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(telling, PATIENCE)
    assert demonstration.webhook.came.empty()


async def test_a_hanging_call_ends_with_the_gateway(demonstration: Demonstration) -> None:
    demonstration.carrier.plan(["hang"])
    gateway = demonstration.gateway(timeout=PATIENCE)
    sending = asyncio.create_task(gateway.send(FIRST, Reply("a", row=7)))
    await asyncio.sleep(0.1)
    demonstration.core.wake.close()
    with pytest.raises(Uncertain):
        await sending
    await gateway.close()


# ---- what the page is shown

LENGTHS = [
    # text, encoding, units, segments
    ("Khai sinh: mien phi.", "GSM-7", 20, 1),
    ("Khai sinh: miễn phí.", "UCS-2", 20, 1),
    ("x" * 160, "GSM-7", 160, 1),
    ("x" * 161, "GSM-7", 161, 2),
    ("ă" * 71, "UCS-2", 71, 2),
]


@pytest.mark.parametrize(("text", "encoding", "units", "segments"), LENGTHS)
@pytest.mark.parametrize("price", [0, 350])
async def test_length_and_price(
    demonstration: Demonstration, text: str, encoding: str, units: int, segments: int, price: int
) -> None:
    settings = demonstration.core.settings.model_copy(update={"sms_price": price})
    object.__setattr__(demonstration.core, "settings", settings)
    gateway = demonstration.gateway()
    await demonstration.write("a")
    await gateway.send(FIRST, Reply(text, row=7))
    await gateway.send("+84900000009", Reply("not of a handset", row=8))
    await gateway.close()
    state = await demonstration.state()
    written, got = state["texts"]
    assert (got["encoding"], got["units"], got["segments"]) == (encoding, units, segments)
    assert (written["price"], got["price"]) == (None, segments * price or None)
    assert (got["at"], got["language"], written["language"]) == (NOW.isoformat(), got["language"], None)
    assert state["handsets"] == [
        {"handset": 1, "number": FIRST, "sent": 1, "sent_segments": 1, "got": 1, "got_segments": segments,
         "price": segments * price},
        {"handset": 2, "number": SECOND, "sent": 0, "sent_segments": 0, "got": 0, "got_segments": 0, "price": 0},
    ]  # fmt: skip


async def test_the_stream_tells_of_every_change(demonstration: Demonstration) -> None:
    states: list[list[str]] = []
    async with demonstration.staff.get("/phone/api/texts", headers={"Accept": "text/event-stream"}) as response:
        assert response.content_type == "text/event-stream"
        async with asyncio.timeout(PATIENCE):
            async for line in response.content:
                if line.startswith(b"data: "):
                    states.append([text["state"] for text in json.loads(line[6:])["texts"]])
                    if len(states) == 1:
                        assert (await demonstration.write("xin chào")).status == 202
                if states and states[-1] == ["received"]:
                    break
    assert states[0] == []


async def test_a_stream_ends_with_the_gateway(demonstration: Demonstration) -> None:
    async with demonstration.staff.get("/phone/api/texts", headers={"Accept": "text/event-stream"}) as response:
        await response.content.readline()
        demonstration.core.wake.close()
        async with asyncio.timeout(PATIENCE):
            await response.content.read()


@pytest.mark.parametrize(("language", "says"), [
    ("vi", ["Máy 1", "0912 000 001", "0912 000 002", "0900 000 000", "Phường Mẫu", "500 ₫", "không cần SIM"]),
    ("en", ["Phone 2", "0912 000 001", "Mau Ward", "₫500", "no SIM needed", "TROGIUP"]),
])  # fmt: skip
async def test_the_page(demonstration: Demonstration, language: str, says: list[str]) -> None:
    response = await demonstration.staff.get(f"/phone?lang={language}")
    text = await response.text()
    assert (response.headers["Content-Language"], f'<html lang="{language}">' in text) == (language, True)
    assert [word for word in says if word not in text] == []
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)
    assert not re.search(r"""(src|action)=["']?(https?:)?//""", text)
    for address in set(re.findall(r'(?:href|src)="(/phone/static/[^"]+)"', text)):
        assert (await demonstration.staff.get(address)).status == 200


@pytest.mark.parametrize("name", ["views.py", "..%2fviews.py", "%2e%2e/views.py", "phone.html", "site.css", ""])
async def test_nothing_else_is_served(demonstration: Demonstration, name: str) -> None:
    assert (await demonstration.staff.get(f"/phone/static/{name}")).status == 404


def test_both_languages_have_the_same_words() -> None:
    vi, en = table("phone.vi"), table("phone.en")
    assert _keys(vi) == _keys(en)
    assert [each["text"] for each in vi["tries"]] == [each["text"] for each in en["tries"]]


def _keys(words: Any, at: str = "") -> set[str]:
    if isinstance(words, dict):
        return {key for name, inner in words.items() for key in _keys(inner, f"{at}.{name}")}
    if isinstance(words, list):
        return {key for index, inner in enumerate(words) for key in _keys(inner, f"{at}[{index}]")}
    return {f"{at} {sorted(re.findall(r'{(\w+)}', str(words)))}"}


@pytest.mark.parametrize(("number", "shown"), [
    ("+84912000001", "0912 000 001"), ("+842873000000", "+842873000000"), ("+12025550199", "+12025550199"),
    ("MG" + "0" * 32, "MG" + "0" * 32), ("19001", "19001"),
])  # fmt: skip
def test_numbers_as_people_write_them(number: str, shown: str) -> None:
    assert national(number) == shown
