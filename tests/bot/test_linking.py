"""Two channels of one person: linked by a code that is good once, and never by anything that is typed."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from bot import model
from channels.contract import Channel
from tests.bot.apps import App
from tests.bot.conftest import Gateway
from tests.support.carrier import Phone


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def more_channels(app: App) -> dict[str, Channel]:
    return {"zalo": app}


async def persons(gateway: Gateway) -> list[str | None]:
    async with gateway.core.store.read() as tx:
        row = model.correspondent.c
        return list((await tx.execute(sa.select(row.person).order_by(row.channel, row.address))).scalars())


async def texts(gateway: Gateway, phone: Phone, text: str) -> str:
    await phone.text(text)
    await gateway.post_all()
    return phone.got()[-1] if phone.got() else ""


async def code_of(gateway: Gateway, app: App, sender: str = "u1", ask: str = "liên kết kênh") -> str:
    await app.writes(gateway, ask, sender=sender)
    found = re.search(r"LK [A-Z2-9]{6}", app.last().text)
    assert found, app.last().text
    return found[0]


@pytest.mark.parametrize("ask", ["liên kết", "lien ket kenh", "link my channels", "cho tôi xin mã liên kết ạ"])
@pytest.mark.parametrize("written", ["{}", "  {} ", "lower", "no space"])
async def test_a_code_from_one_channel_links_another(gateway: Gateway, app: App, ask: str, written: str) -> None:
    code = await code_of(gateway, app, ask=ask)
    text = {"lower": code.lower(), "no space": code.replace(" ", "")}.get(written, written.format(code))
    assert "Zalo" in await texts(gateway, gateway.phone(), text)
    one, other = await persons(gateway)
    assert one is not None
    assert one == other
    assert "SMS" in app.last().text


async def test_it_is_good_once_and_for_ten_minutes_and_not_for_the_channel_itself(gateway: Gateway, app: App) -> None:
    code = await code_of(gateway, app)
    await app.writes(gateway, code)
    assert "sai" in app.last().text or "không đúng" in app.last().text
    code = await code_of(gateway, app)
    gateway.clock.forward(minutes=11)
    assert "het han" in await texts(gateway, gateway.phone(), code)
    code = await code_of(gateway, app)
    await texts(gateway, gateway.phone(), code)
    assert "het han" in await texts(gateway, gateway.phone("+84912000009"), code)


async def test_a_new_code_ends_the_one_before(gateway: Gateway, app: App) -> None:
    first = await code_of(gateway, app)
    await code_of(gateway, app)
    assert "het han" in await texts(gateway, gateway.phone(), first)
    assert await persons(gateway) == [None, None]


@pytest.mark.parametrize("text", ["LK ABCDEF", "LK-ZZZZZZ", "lk 234567"])
async def test_a_guess_links_nobody(gateway: Gateway, app: App, text: str) -> None:
    await code_of(gateway, app)
    assert "het han" in await texts(gateway, gateway.phone(), text)
    assert set(await persons(gateway)) == {None}


async def test_a_number_that_is_typed_links_nobody(gateway: Gateway, app: App) -> None:
    phone = gateway.phone()
    await texts(gateway, phone, "xin chao")
    await app.writes(gateway, f"số của tôi là {phone.number}")
    assert set(await persons(gateway)) == {None}


async def test_it_can_be_undone_from_either_side(gateway: Gateway, app: App) -> None:
    phone = gateway.phone()
    await texts(gateway, phone, await code_of(gateway, app))
    assert "huy lien ket" in (await texts(gateway, phone, "HUY LIEN KET")).lower()
    assert None in await persons(gateway)


async def test_after_the_window_an_answer_goes_to_the_linked_number_unless_it_said_stop(
    gateway: Gateway, app: App
) -> None:
    app.templates = False
    phone = gateway.phone()
    await texts(gateway, phone, await code_of(gateway, app))
    agent = await gateway.agent()
    for stopped in (False, True):
        await app.writes(gateway, "gặp nhân viên")
        [waiting] = await (await agent.get("queue")).json()
        where = f"conversations/{waiting['conversation']}"
        await agent.post(f"{where}/claim")
        if stopped:
            await texts(gateway, phone, "STOP")
        got = len(phone.got())
        gateway.clock.forward(minutes=60 * 25)
        number = int(stopped)
        reply = await agent.post(
            f"{where}/messages", id=f"11111111-1111-4111-8111-11111111111{number}", text="Hồ sơ của bạn đã xong."
        )
        assert reply.status == 201
        await gateway.post_all()
        if stopped:
            assert len(phone.got()) == got
        else:
            link = re.search(r"http\S+", phone.got()[-1])
            assert link is not None
            page = await gateway.public.get(link[0].removeprefix(gateway.core.settings.address))
            assert "Hồ sơ của bạn đã xong." in await page.text()
        await agent.post(f"{where}/close", outcome="resolved")
    async with gateway.core.store.read() as tx:
        assert (await tx.execute(sa.select(model.task.c.code))).scalars().all() == ["window"]
