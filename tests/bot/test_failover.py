"""Two providers of one channel: what the one does not take goes by the other, and never by both."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import delivery
from bot.delivery import AWAY
from bot.receipts import TRIES
from bot.web import app
from channels.fake_kannel import FakeKannel
from channels.sms_kannel import KannelSms
from tests.bot.conftest import PUBLIC, Gateway
from tests.support.carrier import post

USER, PASSWORD, NUMBER, SECRET = "motcua", "of-the-tests", "8079", "kannel-secret"
LONG = {"minutes": 6}  # longer than any wait between two attempts


@dataclass
class Both:
    """A gateway with two providers, and what the second was asked."""

    gateway: Gateway
    kannel: FakeKannel
    faults: list[str]  # of Kannel with the next texts

    async def pass_time(self, rounds: int) -> None:
        """What is due is asked about and sent again, once a round."""
        for _ in range(rounds):
            self.gateway.clock.forward(**LONG)
            await delivery.settle_once(self.gateway.core, self.gateway.figures.text_moved)
            await self.gateway.post_all()

    def got(self) -> tuple[int, int]:
        """How many texts came by Twilio and by Kannel."""
        phone = self.gateway.phone()
        return len(phone.got()), len(self.kannel.messages_to(phone.number))


@pytest.fixture
async def both(gateway: Gateway) -> AsyncGenerator[Both]:
    faults: list[str] = []

    def next_fault(_fields: Mapping[str, str]) -> str:
        return faults.pop(0) if faults else "ok"

    kannel = FakeKannel(USER, PASSWORD, NUMBER, SECRET, PUBLIC, plan=next_fault)
    async with TestServer(application(kannel)) as provider:
        adapter = KannelSms(str(provider.make_url("")), USER, PASSWORD, NUMBER, SECRET, public_url=PUBLIC)
        settings = gateway.core.settings.model_copy(update={"sms_failover": True})
        core = replace(gateway.core, settings=settings, channels={**gateway.core.channels, "kannel": adapter})
        async with TestClient(TestServer(app.public(core, gateway.assistant, gateway.figures))) as public:
            yield Both(replace(gateway, core=core, public=public), kannel, faults)
        await adapter.close()


def application(kannel: FakeKannel) -> web.Application:
    async def sendsms(request: web.Request) -> web.StreamResponse:
        answer = kannel.sendsms(request.raw_path)
        return web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)

    made = web.Application()
    made.router.add_get("/cgi-bin/sendsms", sendsms)
    return made


async def test_the_third_refusal_sends_it_by_the_other_provider(both: Both) -> None:
    gateway = both.gateway
    gateway.carrier.twilio.plan(["429"] * AWAY)
    await gateway.phone().text("le phi")
    await gateway.post_all()
    await both.pass_time(AWAY - 1)
    assert both.got() == (0, 0)
    await both.pass_time(1)
    assert both.got() == (0, 1)
    for callback in both.kannel.callbacks(both.kannel.texts[0]):
        assert await post(gateway.public, callback) == 200
    assert [state for state, _ in await gateway.deliveries()] == ["delivered"]
    await gateway.phone().text("le phi")  # the next goes where the citizen wrote
    await gateway.post_all()
    assert both.got() == (1, 1)


async def test_where_settings_do_not_allow_it_one_provider_is_asked_to_the_end(both: Both) -> None:
    gateway = both.gateway
    settings = gateway.core.settings.model_copy(update={"sms_failover": False})
    both.gateway = replace(gateway, core=replace(gateway.core, settings=settings))
    gateway.carrier.twilio.plan(["429"] * (TRIES - 1))
    await gateway.phone().text("le phi")
    await both.gateway.post_all()
    await both.pass_time(TRIES - 1)
    assert both.got() == (1, 0)


@pytest.mark.parametrize("fault", ["accepted_then_500", "accepted_then_close"])
async def test_what_may_have_been_taken_is_not_sent_by_the_other(both: Both, fault: str) -> None:
    both.gateway.carrier.twilio.plan(["429", "429", fault])
    await both.gateway.phone().text("le phi")
    await both.gateway.post_all()
    await both.pass_time(4)
    assert both.got() == (1, 0)


async def test_where_both_are_away_a_person_is_asked(both: Both) -> None:
    both.gateway.carrier.twilio.plan(lambda _fields: "429")
    both.faults += ["503"] * TRIES
    await both.gateway.phone().text("le phi")
    await both.gateway.post_all()
    await both.pass_time(TRIES)
    assert [state for state, _ in await both.gateway.deliveries()] == ["failed"]
    agent = await both.gateway.agent()
    assert [task["kind"] for task in await (await agent.get("tasks")).json()] == ["undelivered"]


@pytest.mark.parametrize(("fault", "taken"), [("accepted_then_500", 1), ("500", 0)])
async def test_what_kannel_may_have_taken_is_a_persons_task_and_never_repeated(
    both: Both, fault: str, taken: int
) -> None:
    gateway = both.gateway
    both.faults.append(fault)
    assert await post(gateway.public, both.kannel.inbound(gateway.phone().number, "le phi")) == 200
    await gateway.post_all()
    await both.pass_time(3)
    assert (both.got(), [state for state, _ in await gateway.deliveries()]) == ((0, taken), ["unsettled"])
    agent = await gateway.agent()
    assert [task["kind"] for task in await (await agent.get("tasks")).json()] == ["unsettled"]
    for text in both.kannel.texts:  # a receipt after all
        for callback in both.kannel.callbacks(text):
            await post(gateway.public, callback)
    assert [state for state, _ in await gateway.deliveries()] == ["delivered" if taken else "unsettled"]
    assert len(await (await agent.get("tasks")).json()) == 1 - taken
