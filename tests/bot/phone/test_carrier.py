"""The carrier's API of the phone, called by the gateway's own adapter through Twilio's own library."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.phone import network
from channels.contract import ChannelError, Reply, TryLater, Uncertain
from tests.bot.phone.conftest import FIRST, NOW, PATIENCE, Demonstration
from tests.support.carrier import ACCOUNT, NUMBER, TOKEN

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated and will be removed:DeprecationWarning")  # twilio's own


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
