"""The official channels as citizens find them on the authority's page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.core import Core
from bot.web import app
from tests.bot.conftest import SITE, Gateway

# channel, address as the settings have it, link, what else is to be read
SHOWN = [
    ("zalo", "2100000000000000123", "https://zalo.me/2100000000000000123", ""),
    ("messenger", "104200000000123", "https://m.me/104200000000123", ""),
    ("telegram", "TanPhuBot", "https://t.me/TanPhuBot", ": TanPhuBot"),
    ("telegram", "@TanPhuBot", "https://t.me/TanPhuBot", ": @TanPhuBot"),
    ("whatsapp", "+842363550000", "https://wa.me/842363550000", ": +842363550000"),
]


async def home(gateway: Gateway, channel: str, address: str, language: str, *, made_up: bool = False) -> str:
    official = [{"channel": channel, "address": address, "made_up": made_up}]
    core: Core = replace(gateway.core, site=replace(SITE, official=official))
    async with TestClient(TestServer(app.public(core, gateway.assistant, gateway.figures))) as public:
        return await (await public.get(f"/?lang={language}")).text()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("channel", "address", "link", "more"), SHOWN)
async def test_an_app_is_a_link_with_its_name(
    gateway: Gateway, language: str, channel: str, address: str, link: str, more: str
) -> None:
    name = {"whatsapp": "WhatsApp"}.get(channel, channel.title())
    page = await home(gateway, channel, address, language)
    assert f'<p class="address"><a href="{link}">{name}</a>{more}</p>' in page


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [
        ("zalo", 'x"><script>', "x&#34;&gt;&lt;script&gt;"),
        ("messenger", "javascript:alert(1)", "javascript:alert(1)"),
        ("whatsapp", "a/../b", "a/../b"),
        ("sms", "8079", "8079"),
        ("web", "https://mau.example", "https://mau.example"),
    ],
)
async def test_what_no_link_can_have_is_text(
    gateway: Gateway, language: str, channel: str, address: str, shown: str
) -> None:
    page = await home(gateway, channel, address, language)
    assert f'<p class="address">{shown}</p>' in page


@pytest.mark.parametrize(("channel", "address"), [row[:2] for row in SHOWN])
async def test_what_is_made_up_is_no_link_for_it_may_be_somebodys(gateway: Gateway, channel: str, address: str) -> None:
    page = await home(gateway, channel, address, "vi", made_up=True)
    assert f'<p class="address">{address}</p>' in page
