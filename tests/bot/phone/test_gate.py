"""Who sees the phone: a browser on this machine, in a demonstration; for others no address of it exists."""

from __future__ import annotations

import json
import re
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.phone.views import routes
from channels.fake_twilio import FakeTwilio
from tests.bot.phone.conftest import Demonstration, core_of, staff_of
from tests.support.carrier import ACCOUNT, NUMBER, TOKEN

ADDRESSES = [
    ("GET", "/phone"), ("GET", "/phone/static/phone.js"), ("GET", "/phone/api/texts"), ("POST", "/phone/api/texts"),
    ("POST", f"/phone/carrier/2010-04-01/Accounts/{ACCOUNT}/Messages.json"),
    ("GET", f"/phone/carrier/2010-04-01/Accounts/{ACCOUNT}/Messages.json"),
    ("GET", "/phone/zalo"), ("GET", "/phone/api/zalo/texts"), ("POST", "/phone/api/zalo/texts"),
    ("POST", "/phone/carrier/apps/zalo/v3.0/oa/message/cs"),
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
    patterns = [(route.method, re.sub(r"\{\w+(:.\+)?\}", _pattern, route.path)) for route in made]
    found = [[path for method, path in ADDRESSES if method == m and re.fullmatch(p, path)] for m, p in patterns]
    assert [len(paths) for paths in found] == [1] * len(ADDRESSES)


def _pattern(blank: re.Match[str]) -> str:
    return ".+" if blank[1] else "[^/]+"


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
