"""Texts leave once: whatever the provider does, whatever dies, and in whatever order receipts come."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot import delivery, due, inbox, model
from bot.receipts import TRIES
from channels import wire, zalo
from tests.bot.conftest import Gateway
from tests.support.carrier import post


async def asked(gateway: Gateway, text: str = "le phi") -> None:
    await gateway.phone().text(text)
    await gateway.post_all()


async def settled(gateway: Gateway, rounds: int = 6, **by: float) -> None:
    """Time passes; what is due is asked about and sent again."""
    for _ in range(rounds):
        gateway.clock.forward(**(by or {"seconds": 21}))
        await delivery.settle_once(gateway.core, gateway.figures.text_moved)
        await gateway.post_all()


async def states(gateway: Gateway) -> list[str]:
    return [state for state, _ in await gateway.deliveries()]


def test_whatever_is_being_sent_has_ended_before_it_is_asked_about() -> None:
    assert max(wire.TIMEOUT, zalo.WHOLE) < due.ASK_AFTER.total_seconds()


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        ("busy", "429"),
        ("broken", "500"),
        ("a page instead of JSON", "html"),
        ("a connection that ends", "close"),
        ("taken, and the answer lost", "accepted_then_close"),
        ("taken, and an error for an answer", "accepted_then_500"),
        ("taken, and a page for an answer", "accepted_then_html"),
    ],
)
async def test_a_provider_that_fails_once_delivers_once(gateway: Gateway, label: str, fault: str) -> None:
    gateway.carrier.twilio.plan([fault])
    await asked(gateway)
    await settled(gateway)
    assert len(gateway.phone().got()) == 1, label
    await gateway.receipts()
    assert await states(gateway) == ["delivered"]


async def test_a_provider_that_is_away_is_tried_a_while_and_then_a_person_is_asked(gateway: Gateway) -> None:
    gateway.carrier.twilio.plan(lambda _fields: "429")
    await asked(gateway)
    await settled(gateway, rounds=TRIES + 2, minutes=6)
    assert await states(gateway) == ["failed"]
    agent = await gateway.agent()
    (task,) = await (await agent.get("tasks")).json()
    assert (task["kind"], task["code"], task["channel"]) == ("undelivered", "20429", "sms")


async def test_the_row_left_by_a_crash_is_asked_about_and_not_sent_again(gateway: Gateway) -> None:
    await gateway.phone().text("le phi")
    gateway.carrier.twilio.plan(["accepted_then_close"])
    await gateway.post_all()
    assert await states(gateway) == ["sending"]
    await settled(gateway)
    assert await states(gateway) == ["sent"]
    assert gateway.carrier.called.count("POST") == 1


async def test_a_row_that_never_left_is_sent_after_a_crash(gateway: Gateway) -> None:
    """Marked and committed, and then the process died before it called the provider."""
    await gateway.phone().text("le phi")
    while await inbox.open_next(gateway.core):
        pass
    await gateway.answer_all()
    assert len(await due.take(gateway.core, "twilio", 5)) == 1
    assert await due.take(gateway.core, "twilio", 5) == []
    await settled(gateway)
    assert len(gateway.phone().got()) == 1


async def test_of_two_same_texts_the_second_is_not_taken_for_the_first(gateway: Gateway) -> None:
    await asked(gateway)
    await asked(gateway)
    gateway.carrier.twilio.plan(["close"])
    await asked(gateway)
    await settled(gateway)
    assert len(gateway.phone().got()) == 3


@pytest.mark.parametrize(
    ("ends", "state", "tasks"),
    [
        ("undelivered:30005", "failed", 1),
        ("undelivered:30006", "failed", 1),
        ("undelivered:30007", "failed", 1),
        ("failed:21610", "silenced", 0),
    ],
)
async def test_what_never_arrives_becomes_a_task(gateway: Gateway, ends: str, state: str, tasks: int) -> None:
    gateway.carrier.twilio.plan([ends])
    await asked(gateway)
    await gateway.receipts()
    await settled(gateway)
    assert await states(gateway) == [state]
    agent = await gateway.agent()
    listed = await (await agent.get("tasks")).json()
    assert len(listed) == tasks
    other = await gateway.agent("Minh", "tax-office")
    assert await (await other.get("tasks")).json() == []
    for task in listed:
        opened = f"conversations/{task['conversation']}"
        assert [row["code"] for row in (await (await agent.get(opened)).json())["deliveries"]] == [ends.split(":")[1]]
        assert (await other.get(opened)).status == 404
        assert (await other.post(f"tasks/{task['id']}/done")).status == 404
        assert (await agent.post(f"tasks/{task['id']}/done")).status == 200
        assert (await agent.post(f"tasks/{task['id']}/done")).status == 200
    assert await (await agent.get("tasks")).json() == []


@pytest.mark.parametrize("ends", ["undelivered:30003", "failed:30008"])
async def test_a_handset_that_is_off_is_tried_again(gateway: Gateway, ends: str) -> None:
    gateway.carrier.twilio.plan([ends])
    await asked(gateway)
    await gateway.receipts()
    assert await states(gateway) == ["waiting"]
    await settled(gateway)
    await gateway.receipts()
    assert await states(gateway) == ["delivered"]


@pytest.mark.parametrize(
    ("busy", "ends", "sent", "state"),
    [
        (0, ["failed:30008"], 2, "delivered"),
        (0, ["failed:30008"] * 9, 2, "failed"),
        (3, ["failed:30008"] * 9, 2, "failed"),
        (0, ["undelivered:30003"] * 4, 5, "delivered"),
        (0, ["failed:30008", "undelivered:30003"], 2, "failed"),
    ],
)
async def test_what_may_have_arrived_goes_once_more_and_then_is_a_task(
    gateway: Gateway, busy: int, ends: list[str], sent: int, state: str
) -> None:
    """However often the provider was busy before, for then nothing was sent."""
    gateway.carrier.twilio.plan([*["429"] * busy, *ends])
    await asked(gateway)
    for _ in range(12):
        await settled(gateway, rounds=1, minutes=6)
        await gateway.receipts()
    assert (len(gateway.carrier.twilio.messages_to("+84912000001")), await states(gateway)) == (sent, [state])
    agent = await gateway.agent()
    assert len(await (await agent.get("tasks")).json()) == (state == "failed")


async def test_receipts_move_forward_only_in_any_order_and_any_number(gateway: Gateway) -> None:
    await asked(gateway)
    twilio = gateway.carrier.twilio
    (sid,) = [text.sid for text in twilio.messages_to("+84912000001")]
    queued, sent, delivered = twilio.callbacks(sid)
    for callback in (delivered, sent, delivered, queued, sent):
        assert await post(gateway.public, callback) == 204
        assert await states(gateway) == ["delivered"]


async def test_a_later_text_waits_for_the_one_before(gateway: Gateway) -> None:
    gateway.carrier.twilio.plan(["429"])
    phone = gateway.phone()
    for text in ("mot", "hai"):
        await phone.text(text)
    await gateway.post_all()
    assert phone.got() == []
    await settled(gateway)
    assert [text.splitlines()[-1] for text in phone.got()] == ["echo mot", "echo hai"]


async def test_one_number_gets_so_many_a_minute_and_the_rest_later(gateway: Gateway) -> None:
    phone = gateway.phone()
    for place in range(25):
        await phone.text(f"cau {place}")
    await gateway.post_all()
    assert len(phone.got()) == 20
    await settled(gateway, seconds=11)
    assert [text.splitlines()[-1] for text in phone.got()] == [f"echo cau {place}" for place in range(25)]


async def test_an_opt_out_stops_what_was_written_before_it(gateway: Gateway) -> None:
    phone = gateway.phone()
    gateway.carrier.twilio.plan(["429"])
    await asked(gateway)
    await phone.text("STOP")
    await settled(gateway)
    assert len(phone.got()) == 1
    assert "START" in phone.got()[0]
    assert sorted(await states(gateway)) == ["sent", "silenced"]


async def test_a_text_too_long_ends_in_a_link_to_all_of_it(gateway: Gateway) -> None:
    agent, phone = await gateway.agent(), gateway.phone()
    await phone.text("0")
    await gateway.post_all()
    (waiting,) = await (await agent.get("queue")).json()
    conversation = f"conversations/{waiting['conversation']}"
    await agent.post(f"{conversation}/claim")
    told = "Hồ sơ đất đai cần nhiều giấy tờ khác nhau. " * 30
    await agent.post(f"{conversation}/messages", id="5b6f2f9e-6f1c-4c3e-9a57-0d3f2f1f6a10", text=told)
    await gateway.post_all()
    link = phone.got()[-1].split()[-1]
    assert link.startswith("https://mau.example/m/")
    page = await gateway.public.get(link.removeprefix("https://mau.example"), headers={"Accept": "text/html"})
    assert page.status == 200
    assert told.strip() in await page.text()
    wrong = await gateway.public.get("/m/AAAAAAAAAAAAAAAA")
    assert wrong.status == 404
    gateway.clock.forward(days=31)
    old = await gateway.public.get(link.removeprefix("https://mau.example"))
    assert old.status == 404
    (sent,) = [row for row in (await (await agent.get(conversation)).json())["deliveries"] if row["segments"] == 3]
    assert sent["price"] == 3 * gateway.core.settings.sms_price


async def test_every_line_to_a_phone_is_in_a_delivery(gateway: Gateway) -> None:
    """Whatever use case speaks: nothing that was said to a citizen by text is forgotten."""
    agent, phone = await gateway.agent(), gateway.phone()
    colleague = await gateway.agent("Minh")
    for text in ("le phi", "0", "cuu voi chay nha", "khong can nua", "gap nhan vien"):
        await phone.text(text)
        await gateway.post_all()
    (waiting,) = await (await agent.get("queue")).json()
    conversation = f"conversations/{waiting['conversation']}"
    await agent.post(f"{conversation}/claim")
    await agent.post(f"{conversation}/transfer", person=colleague.name)
    await colleague.post(f"{conversation}/transfer", agency="tax-office")
    await colleague.post(f"{conversation}/claim")
    await colleague.post(f"{conversation}/close", outcome="done")
    await gateway.post_all()
    async with gateway.core.store.read() as tx:
        lines = sa.select(model.message.c.seq).where(model.message.c.author != "citizen")
        said = set((await tx.execute(lines)).scalars())
        rows = list(await tx.execute(sa.select(model.delivery.c.from_seq, model.delivery.c.to_seq)))
    covered = {seq for row in rows for seq in range(row.from_seq, row.to_seq + 1)}
    assert said - covered == set()
    assert len(phone.got()) == len(rows)


async def test_a_number_whose_key_is_lost_becomes_a_task_and_holds_up_nobody(gateway: Gateway) -> None:
    await asked(gateway)
    agent = await gateway.agent()
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.update(model.correspondent).values(sealed="sealed with another key"))
        await tx.execute(sa.update(model.delivery).values(state="sending", due_at=gateway.clock()))
    await gateway.phone("+84912000002").text("le phi")
    gateway.carrier.twilio.plan(["accepted_then_close"])
    await gateway.post_all()
    await settled(gateway)
    assert await states(gateway) == ["failed", "sent"]
    (task,) = await (await agent.get("tasks")).json()
    assert (task["kind"], task["code"]) == ("undelivered", delivery.UNREADABLE)


async def test_what_waited_for_a_provider_of_before_goes_by_the_one_that_is_left(gateway: Gateway) -> None:
    await asked(gateway)
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.update(model.delivery).values(provider="gone", state="waiting", due_at=gateway.clock()))
        await tx.execute(sa.update(model.correspondent).values(provider="gone"))
    await gateway.post_all()
    assert await states(gateway) == ["waiting"]
    await due.adopt(gateway.core)
    await asked(gateway, "ho chieu")
    assert await states(gateway) == ["sent", "sent"]


async def test_what_was_under_way_at_a_provider_of_before_is_for_a_person(gateway: Gateway) -> None:
    await asked(gateway)
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.update(model.delivery).values(provider="gone", state="sending", due_at=gateway.clock()))
    await delivery.settle_once(gateway.core, gateway.figures.text_moved)
    assert await states(gateway) == ["unsettled"]
