"""A conversation in a messaging app, at the desk: how far each answer came, and what the app takes of a reply."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import model
from channels.contract import Channel, OptedOut, Receipt, Refused, TryLater, Uncertain, WindowClosed
from tests.bot.apps import LIMITS, App
from tests.bot.conftest import Gateway
from tests.bot.desk.conftest import Come, Sitting, plain

CLOSED = {
    "vi": "Zalo không nhận trả lời nữa: người dân nhắn đã quá 24 giờ.",
    "en": "Zalo takes no reply any more: the citizen wrote over 24 hours ago.",
}


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def more_channels(app: App) -> dict[str, Channel]:
    return {"zalo": app}


async def taken(gateway: Gateway, lan: Sitting, app: App) -> str:
    await app.writes(gateway, "gặp nhân viên")
    (queued,) = [row["conversation"] for row in await (await lan.browser.get("/desk/api/queue")).json()]
    await lan.pressed(queued, "take")
    await gateway.post_all()
    return str(queued)


async def wrote(gateway: Gateway, hours: int) -> None:
    """So long ago."""
    async with gateway.core.store.write() as tx:
        ago = gateway.clock() - timedelta(hours=hours)
        await tx.execute(sa.update(model.correspondent).values(heard_at=ago))


async def last_delivery(sitting: Sitting, conversation: str) -> str:
    page = await sitting.at(conversation)
    return plain(page.rpartition('<span class="delivery"')[2].partition(">")[2].partition("</span>")[0]).strip()


STATES: list[tuple[list[Any], str]] = [
    ([], "Đã gửi"),
    ([TryLater("429")], "Chờ gửi (429)"),
    ([Uncertain("500")], "Đang gửi (500)"),
    ([Refused("-201")], "Không tới máy (-201)"),
    ([OptedOut("-213")], "Không gửi, người dân không muốn nhận tin (-213)"),
    ([WindowClosed("-230")], "Đã gửi dưới dạng liên kết, người dân đã lâu không nhắn"),
    ([WindowClosed("-230"), WindowClosed()], "Không gửi, người dân đã lâu không nhắn"),
]


@pytest.mark.parametrize(("fails", "shown"), STATES)
async def test_an_answer_has_a_state_and_no_segments(
    gateway: Gateway, lan: Sitting, app: App, fails: list[Any], shown: str
) -> None:
    one = await taken(gateway, lan, app)
    app.fails = list(fails)
    await lan.pressed(one, "reply", text="Mời bạn tới quầy số 3.", id="1")
    await gateway.post_all()
    assert await last_delivery(lan, one) == shown


async def test_of_an_answer_in_parts_the_least_far_is_told(gateway: Gateway, lan: Sitting, app: App) -> None:
    one = await taken(gateway, lan, app)
    await lan.pressed(one, "reply", text="Mang theo giấy khai sinh và căn cước nhé. " * 20, id="1")
    await gateway.post_all()
    parts = len(app.sent) - 1
    assert parts > 1
    for number in range(2, parts + 1):
        await app.tells(gateway, Receipt(None, None, "delivered", f"id {number}"))
        assert await last_delivery(lan, one) == "Đã gửi"
    await app.tells(gateway, Receipt(None, None, "delivered", f"id {parts + 1}"))
    assert await last_delivery(lan, one) == "Đã tới máy"


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_it_tells_how_much_and_until_when_and_that_it_is_too_late(
    gateway: Gateway, come: Come, app: App, language: str
) -> None:
    mai = await come("Mai", language=language)
    one = await taken(gateway, mai, app)
    open_ = plain(await mai.at(one))
    assert {"vi": "Zalo: mỗi tin 500 ký tự;", "en": "Zalo: 500 characters a message;"}[language] in open_
    assert {"vi": "gửi trước 10:00 thứ Ba 24/11", "en": "sent by 10:00"}[language] in open_
    assert CLOSED[language] not in open_
    await wrote(gateway, hours=25)
    closed = plain(await mai.at(one))
    assert CLOSED[language] in closed
    assert {"vi": "gửi trước", "en": "sent by"}[language] not in closed


async def test_an_app_without_a_window_tells_its_length_alone(gateway: Gateway, lan: Sitting, app: App) -> None:
    app.limits = replace(LIMITS, window=None)
    one = await taken(gateway, lan, app)
    await wrote(gateway, hours=2400)
    page = plain(await lan.at(one))
    assert "Zalo: mỗi tin 500 ký tự;" in page
    assert "gửi trước" not in page
    assert CLOSED["vi"] not in page
