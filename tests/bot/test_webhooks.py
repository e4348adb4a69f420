"""What apps deliver to the gateway: bodies as long as theirs are, and what is answered to those that are no good."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

from bot import model
from bot.web import app
from bot.web.webhooks import BODY_LIMIT
from channels.contract import Channel, Request
from channels.fake_meta import FakeMeta
from tests.bot.apps import APPS, stand_in
from tests.bot.conftest import Gateway
from tests.contracts.providers import Provider, at
from tests.contracts.test_channels import RECORDINGS, recording, requests
from tests.support.carrier import post

GATHERED = 100  # messages in one request of Meta's


@pytest.fixture(params=APPS)
def provider(request: pytest.FixtureRequest) -> Provider:
    return APPS[request.param]


@pytest.fixture
def more_channels(provider: Provider) -> dict[str, Channel]:
    channel = at(provider)
    return {channel.provider: channel}


def of_size(provider: Provider, size: int) -> Request:
    """A genuine request of so many bytes; of Meta many messages in it."""
    fake, sender = stand_in(provider), provider.senders[0]
    others = [fake.inbound(sender, f"câu {number}") for number in range(GATHERED - 1)]

    def brought(text: str) -> Request:
        one = fake.inbound(sender, text)
        return fake.together([*others, one]) if isinstance(fake, FakeMeta) else one

    return brought("x" * (size + 1 - len(brought("x").body)))


async def kept(gateway: Gateway) -> int:
    async with gateway.core.store.read() as tx:
        return int((await tx.execute(sa.select(sa.func.count()).select_from(model.envelope))).scalar_one())


async def test_all_that_a_long_body_holds_is_kept_once(gateway: Gateway, provider: Provider) -> None:
    request = of_size(provider, BODY_LIMIT)
    assert len(request.body) == BODY_LIMIT
    for _ in range(2):
        assert await post(gateway.public, request) == 200
    assert await kept(gateway) == (GATHERED if isinstance(stand_in(provider), FakeMeta) else 1)


async def test_a_longer_one_is_refused_and_nothing_of_it_is_kept_or_logged(
    gateway: Gateway, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert await post(gateway.public, of_size(provider, BODY_LIMIT + 1)) == 413
    assert [record for record in caplog.records if record.name.startswith(("bot", "channels"))] == []
    assert await kept(gateway) == 0
    assert await post(gateway.public, stand_in(provider).inbound(provider.senders[0], "xin chào")) == 200


async def test_what_is_no_provider_s_keeps_its_limit(gateway: Gateway) -> None:
    citizen = await gateway.open()
    headers = {"Authorization": f"Bearer {citizen.token}"}
    long = b"x" * (app.BODY_LIMIT + 1)
    for path in ("/channels/web/messages", "/channels/web/conversations", "/channels/zalo/other"):
        assert (await gateway.public.post(path, data=long, headers=headers)).status in (404, 413), path


@pytest.mark.parametrize("kind", ["unreadable", "forged"])
async def test_what_is_no_good_is_counted_and_only_zalo_hears_200_for_what_it_signed(
    gateway: Gateway, provider: Provider, kind: str
) -> None:
    """Zalo would switch the webhook off. Twilio's recordings are signed for another address, and so all forged."""
    channel = at(provider)
    files = [recording(provider, file.stem) for file in sorted((RECORDINGS / provider.folder).glob(f"{kind}*.json"))]
    for one in (one for file in files if "gives" not in file for one in requests(file)):
        told = "forged" if channel.provider == "whatsapp" else kind
        expected = 403 if told == "forged" else 200 if channel.provider == "zalo" else 400
        labels = {"provider": channel.provider, "result": told}
        before = gateway.figures.registry.get_sample_value("motcua_webhooks_total", labels) or 0
        assert await post(gateway.public, one) == expected
        assert gateway.figures.registry.get_sample_value("motcua_webhooks_total", labels) == before + 1
    assert await kept(gateway) == 0


@pytest.mark.parametrize("provider", ["whatsapp-cloud", "messenger"], indirect=True)
async def test_what_meta_gathers_is_kept_but_for_what_cannot_be_read(
    gateway: Gateway, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    fake, sender = stand_in(provider), provider.senders[0]
    good = [fake.inbound(sender, f"câu {number}") for number in range(3)]
    bad = fake.inbound(sender, "không đọc được", sid=" ")
    with caplog.at_level(logging.WARNING):
        assert await post(gateway.public, fake.together([good[0], bad, *good[1:]])) == 200
    assert await kept(gateway) == 3
    name = at(provider).provider
    for result in ("unreadable", "kept"):
        labels = {"provider": name, "result": result}
        assert gateway.figures.registry.get_sample_value("motcua_webhooks_total", labels) == 1
    assert "held what cannot be read" in caplog.text
    assert sender not in caplog.text
