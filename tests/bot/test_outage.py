"""A provider that is away for an hour, and a token of ours that ends: nothing is lost, nothing overtakes."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web

from bot import delivery, model
from bot.secrets import load_or_make
from bot.store import Store
from bot.vault import Vault
from channels.contract import Channel
from channels.fake import Answer
from channels.fake_zalo import FakeZalo
from channels.zalo import Zalo
from tests.bot.apps import APPS, stand_in
from tests.bot.conftest import PUBLIC, Gateway, TestClock
from tests.contracts import serving
from tests.contracts.providers import (
    ZALO_APP,
    ZALO_APP_SECRET,
    ZALO_OA,
    ZALO_OA_SECRET,
    ZALO_PEOPLE,
    Provider,
    at,
)
from tests.support.carrier import post

AWAY = Answer(503, "<html><body>Service Unavailable</body></html>", "text/html")
# What becomes of an answer whose window has closed meanwhile.
AFTER_THE_WINDOW = {
    "whatsapp": "template",
    "whatsapp-cloud": "template",
    "messenger": "task",
    "telegram": "as it is",
    "zalo": "task",
}


@dataclass
class Away:
    """An app whose provider may be away. `fake`: its stand-in."""

    name: str
    provider: Provider
    fake: Any
    channel: Channel | None = None
    away: bool = True


@pytest.fixture(params=APPS)
async def away(request: pytest.FixtureRequest) -> AsyncGenerator[Away]:
    provider = APPS[request.param]
    made = Away(request.param, provider, stand_in(provider))
    respond = provider.serve(made.fake)

    def either(asked: web.BaseRequest, body: bytes) -> Answer:
        return AWAY if made.away else respond(asked, body)

    async with serving.serving(either) as served:
        made.channel = at(provider, served.url)
        yield made


@pytest.fixture
def more_channels(request: pytest.FixtureRequest) -> dict[str, Channel]:
    """That of the one fixture which the test asks for."""
    made = request.getfixturevalue("away" if "away" in request.fixturenames else "expired")
    return {made.name: made.channel}


async def passes(gateway: Gateway, minutes: int) -> None:
    """Time; every five minutes, the longest wait, what is due is asked about and sent."""
    for _ in range(0, minutes, 5):
        gateway.clock.forward(minutes=5)
        await delivery.settle_once(gateway.core, gateway.figures.text_moved)
        await gateway.post_all()


async def writes(gateway: Gateway, fake: Any, sender: str, text: str) -> None:
    assert await post(gateway.public, fake.inbound(sender, text)) == 200
    await gateway.post_all()


def got(fake: Any, sender: str) -> list[str]:
    return [text.text.splitlines()[-1] for text in fake.messages_to(sender)]


async def tasks(gateway: Gateway) -> list[str]:
    async with gateway.core.store.read() as tx:
        return list((await tx.execute(sa.select(model.task.c.code))).scalars())


async def test_an_hour_without_the_provider_and_all_answers_come_in_order(gateway: Gateway, away: Away) -> None:
    one, other = away.provider.senders[0], away.provider.another
    for number in range(3):
        await writes(gateway, away.fake, one, f"câu {number}")
        await writes(gateway, away.fake, other, f"câu {number}")
    await passes(gateway, 60)
    assert (got(away.fake, one), got(away.fake, other)) == ([], [])
    away.away = False
    await passes(gateway, 15)
    expected = [f"echo câu {number}" for number in range(3)]
    assert (got(away.fake, one), got(away.fake, other), await tasks(gateway)) == (expected, expected, [])


async def test_an_answer_whose_window_has_closed_meanwhile_goes_as_after_the_window(
    gateway: Gateway, away: Away
) -> None:
    one, other = away.provider.senders[0], away.provider.another
    await writes(gateway, away.fake, one, "lệ phí")
    assert away.channel is not None
    ago = timedelta(hours=away.channel.limits.window or 24, minutes=-30)
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.update(model.correspondent).values(heard_at=gateway.clock() - ago))
    await writes(gateway, away.fake, other, "lệ phí")
    await passes(gateway, 60)
    away.away = False
    await passes(gateway, 15)
    assert got(away.fake, other) == ["echo lệ phí"]
    taken = ["template" if text.template else "as it is" for text in away.fake.messages_to(one)]
    expected = AFTER_THE_WINDOW[away.name]
    assert (taken, len(await tasks(gateway))) == (([], 1) if expected == "task" else ([expected], 0))


# ---- a token of ours that ends


@dataclass
class Expired:
    """Zalo with a vault that holds no token yet. Its refresh token is no good as long as the stand-in has another."""

    fake: FakeZalo
    channel: Zalo
    name: str = "zalo"


@pytest.fixture
async def expired(migrated_url: str, tmp_path: Path, clock: TestClock) -> AsyncGenerator[Expired]:
    fake = FakeZalo(ZALO_OA, ZALO_APP, ZALO_APP_SECRET, ZALO_OA_SECRET, PUBLIC, refresh="another", now=clock)
    store = Store(migrated_url)
    async with serving.serving(serving.zalo(fake)) as served:
        vault = Vault(store, load_or_make(tmp_path), clock, "zalo", "refresh")
        yield Expired(
            fake,
            Zalo(ZALO_OA, ZALO_APP, ZALO_APP_SECRET, ZALO_OA_SECRET, vault, base_url=served.url, now=clock),
        )
    await store.close()


async def test_for_a_token_of_ours_everything_waits_and_nobody_is_bothered(gateway: Gateway, expired: Expired) -> None:
    people = [*ZALO_PEOPLE[0][:1], ZALO_PEOPLE[1]]
    for number in range(3):
        for person in people:
            await writes(gateway, expired.fake, person, f"câu {number}")
    await passes(gateway, 60 * 3)
    async with gateway.core.store.read() as tx:
        states = set((await tx.execute(sa.select(model.delivery.c.state))).scalars())
    assert (states, await tasks(gateway)) == ({"waiting"}, [])
    expired.fake.refresh = "refresh"
    await passes(gateway, 15)
    for person in people:
        assert got(expired.fake, person) == [f"echo câu {number}" for number in range(3)]


async def test_with_lost_keys_of_its_tokens_everything_waits_too(
    gateway: Gateway, expired: Expired, tmp_path: Path
) -> None:
    """They are no address of a citizen's: theirs can be read, for the gateway has its keys."""
    expired.fake.refresh = "refresh"
    person = ZALO_PEOPLE[1]
    await writes(gateway, expired.fake, person, "câu 0")
    await passes(gateway, 15)
    (tmp_path / "secrets.json").unlink()
    store = gateway.core.store
    vault = Vault(store, load_or_make(tmp_path), gateway.clock, "zalo", "refresh")
    expired.channel._vault = vault
    await writes(gateway, expired.fake, person, "câu 1")
    await passes(gateway, 60 * 3)
    assert (got(expired.fake, person), await tasks(gateway)) == (["echo câu 0"], [])
