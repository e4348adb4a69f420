"""A conversation by SMS: answered in one text, in order, once; stopped when asked to; with a person when asked for."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from bot import model
from tests.bot.conftest import Gateway
from tests.bot.fake_rasa import answer
from tests.support.carrier import Phone, post
from tests.support.digits import tells


async def test_a_question_is_answered_in_one_text_that_tells_who_answers(gateway: Gateway) -> None:
    phone = gateway.phone()
    assert await phone.text("le phi khai sinh") == 200
    await gateway.post_all()
    assert phone.got() == ["Tro ly tu dong Phuong Mau.\necho le phi khai sinh"]
    await phone.text("con ho chieu thi sao")
    await gateway.post_all()
    assert phone.got()[1:] == ["echo con ho chieu thi sao"]


async def test_it_is_acknowledged_before_anybody_is_asked(gateway: Gateway) -> None:
    phone = gateway.phone()
    gateway.rasa.fault = 503
    assert await phone.text("xin chao") == 200
    assert gateway.rasa.asked == []
    await gateway.post_all()
    assert phone.got() == []
    gateway.rasa.fault = None
    gateway.clock.forward(seconds=5)
    await gateway.post_all()
    assert len(phone.got()) == 1


async def test_a_repeat_is_acknowledged_and_changes_nothing(gateway: Gateway) -> None:
    phone = gateway.phone()
    request = gateway.carrier.twilio.inbound(phone.number, "xin chao")
    statuses = await asyncio.gather(*(post(gateway.public, request) for _ in range(5)))
    assert set(statuses) == {200}
    await gateway.post_all()
    assert await post(gateway.public, request) == 200
    await gateway.post_all()
    assert len(phone.got()) == 1


async def test_a_burst_is_answered_in_order(gateway: Gateway) -> None:
    phone = gateway.phone()
    for text in ("mot", "hai", "ba", "bon"):
        await phone.text(text)
    await gateway.post_all()
    assert [text.splitlines()[-1] for text in phone.got()] == ["echo mot", "echo hai", "echo ba", "echo bon"]


async def test_two_numbers_are_two_conversations(gateway: Gateway) -> None:
    one, other = gateway.phone("+84912000001"), gateway.phone("+84912000002")
    await one.text("mot")
    await other.text("hai")
    await gateway.post_all()
    assert ([len(phone.got()) for phone in (one, other)]) == [1, 1]
    assert len({question["conversation"] for question in gateway.rasa.asked}) == 2


async def test_choices_are_numbers_and_a_bare_number_takes_one(gateway: Gateway) -> None:
    choices = [
        {"label": "Khai sinh", "value": "intent=fee&service=birth-registration"},
        {"label": "Kết hôn", "value": "intent=fee&service=marriage"},
        {"label": "Gặp nhân viên", "value": "intent=talk_to_person"},
    ]
    gateway.rasa.script["dang ky"] = [answer("Đăng ký gì?", outcome="clarified", expect="choice", choices=choices)]
    phone = gateway.phone()
    await phone.text("dang ky")
    await gateway.post_all()
    assert phone.got() == [
        "Tro ly tu dong Phuong Mau.\nDang ky gi?\n1 Khai sinh\n2 Ket hon\n0 Gap nhan vien"
    ]
    gateway.clock.forward(hours=23)
    await phone.text("2")
    await gateway.post_all()
    taken = gateway.rasa.asked[-1]
    assert (taken["intent"], taken["entities"]) == ("fee", {"service": "marriage"})


@pytest.mark.parametrize("word", ["STOP", "stop", "Stop.", "STOP!!!", "stop please", "DUNG", "Tu choi", "HUY"])
async def test_stop_is_confirmed_once_and_then_nothing_is_sent_until_start(gateway: Gateway, word: str) -> None:
    phone = gateway.phone()
    for text in (word, "le phi khai sinh", "STOP", "TROGIUP", "0", "con chay nha"):
        await phone.text(text)
        await gateway.post_all()
    (confirmed,) = phone.got()
    assert "START" in confirmed
    assert "Mau" in confirmed
    await phone.text("start")
    await gateway.post_all()
    await phone.text("le phi khai sinh")
    await gateway.post_all()
    assert [text.splitlines()[-1] for text in phone.got()[2:]] == ["echo le phi khai sinh"]


@pytest.mark.parametrize("text", ["stop sign o dau", "dung roi", "toi muon huy ho so", "dừng xe ở đâu", "don't stop"])
async def test_what_only_looks_like_stop_is_a_question(gateway: Gateway, text: str) -> None:
    phone = gateway.phone()
    await phone.text(text)
    await gateway.post_all()
    assert len(gateway.rasa.asked) == 1


@pytest.mark.parametrize("word", ["dung", "huy", "Đúng", "HUY"])
async def test_while_something_is_asked_a_local_word_is_an_answer(gateway: Gateway, word: str) -> None:
    gateway.rasa.script["ho so"] = [answer("Mã nào?", outcome="clarified", expect="text")]
    phone = gateway.phone()
    await phone.text("ho so")
    await gateway.post_all()
    await phone.text(word)
    await gateway.post_all()
    assert len(gateway.rasa.asked) == 2
    await phone.text("STOP")
    await gateway.post_all()
    assert "START" in phone.got()[-1]


async def test_what_the_provider_has_confirmed_is_written_down_in_silence(gateway: Gateway) -> None:
    phone = gateway.phone()
    gateway.carrier.twilio.carrier_opt_out = True
    await phone.text("Stop")
    await gateway.post_all()
    await phone.text("le phi")
    await gateway.post_all()
    assert gateway.rasa.asked == []
    assert "POST" not in gateway.carrier.called
    await phone.text("Start")
    await phone.text("le phi")
    await gateway.post_all()
    assert len(gateway.rasa.asked) == 1


async def test_an_opt_out_that_we_hear_of_only_when_we_send(gateway: Gateway) -> None:
    phone = gateway.phone()
    gateway.carrier.twilio.opted_out.add(phone.number)
    await phone.text("le phi")
    await gateway.post_all()
    await phone.text("le phi")
    await gateway.post_all()
    assert [state for state, _ in await gateway.deliveries()] == ["silenced"]
    assert len(gateway.rasa.asked) == 1


@pytest.mark.parametrize(
    ("before", "word", "told"),
    [
        ("le phi", "TROGIUP", ("Phuong Mau", "cuoc", "STOP", "0")),
        ("le phi", "help", ("Phuong Mau", "cuoc", "STOP", "0")),
        ("how much is a passport", "Help", ("Mau Ward", "price", "STOP", "0")),
    ],
)
async def test_help_says_who_what_it_costs_how_to_stop_and_how_to_reach_a_person(
    gateway: Gateway, before: str, word: str, told: tuple[str, ...]
) -> None:
    phone = gateway.phone()
    await phone.text(before)
    await phone.text(word)
    await gateway.post_all()
    help_text = next(text for text in phone.got() if "STOP" in text)
    assert all(each in help_text for each in told)
    assert len(help_text) <= 160


async def test_a_person_is_reached_with_0_and_answers_by_text(gateway: Gateway) -> None:
    phone, agent = gateway.phone(), await gateway.agent()
    await phone.text("0")
    await gateway.post_all()
    assert len(phone.got()) == 1
    (waiting,) = await (await agent.get("queue")).json()
    assert waiting["channel"] == "sms"
    conversation = f"conversations/{waiting['conversation']}"
    assert (await agent.post(f"{conversation}/claim")).status == 200
    await phone.text("toi can hoi ve dat")
    await gateway.post_all()
    assert len(phone.got()) == 1  # the assistant was asked, for the agent's eyes
    reply = {"id": "5b6f2f9e-6f1c-4c3e-9a57-0d3f2f1f6a10", "text": "Chào bạn, tôi là Lan."}
    assert (await agent.post(f"{conversation}/messages", **reply)).status == 201
    assert (await agent.post(f"{conversation}/messages", **reply)).status == 200
    await gateway.post_all()
    assert phone.got()[1:] == ["Nhan vien Lan tra loi ban:\nChao ban, toi la Lan."]
    assert (await agent.post(f"{conversation}/return")).status == 200
    await phone.text("le phi")
    await gateway.post_all()
    assert phone.got()[-1] == "echo le phi"


async def test_staff_cannot_write_to_whom_opted_out(gateway: Gateway) -> None:
    phone, agent = gateway.phone(), await gateway.agent()
    await phone.text("0")
    await gateway.post_all()
    (waiting,) = await (await agent.get("queue")).json()
    conversation = f"conversations/{waiting['conversation']}"
    await agent.post(f"{conversation}/claim")
    await phone.text("STOP")
    await gateway.post_all()
    reply = {"id": "5b6f2f9e-6f1c-4c3e-9a57-0d3f2f1f6a10", "text": "Chào bạn"}
    response = await agent.post(f"{conversation}/messages", **reply)
    assert response.status == 409
    assert "START" in (await response.json())["detail"]
    assert (await (await agent.get(conversation)).json())["opted_out"] is True


async def test_an_attachment_is_refused_kindly_and_its_text_answered(gateway: Gateway) -> None:
    phone = gateway.phone()
    await phone.text("", media=1)
    await gateway.post_all()
    await phone.text("le phi", media=2)
    await gateway.post_all()
    first, second = phone.got()
    assert "khong nhan duoc anh" in first
    assert second.endswith("echo le phi")


@pytest.mark.parametrize(
    ("label", "text", "asked", "got"),
    [
        ("empty", "", 0, 0),
        ("invisible", "\u200b\u2060", 0, 0),
        ("20,000 characters", "le phi " * 3_000, 0, 1),
        ("null bytes", "le\x00 phi", 1, 1),
        ("emoji sequences", "👨‍👩‍👧‍👦 🇻🇳 le phi", 1, 1),
        ("only an emoji", "👍", 1, 1),
        ("a command", '/restart', 1, 1),
    ],
)
async def test_odd_texts(gateway: Gateway, label: str, text: str, asked: int, got: int) -> None:
    phone = gateway.phone()
    assert await phone.text(text) == 200, label
    await gateway.post_all()
    assert (len(gateway.rasa.asked), len(phone.got())) == (asked, got)


@pytest.mark.parametrize("sender", ["VIETTEL", "9029", "1800", "+84900000000", ""])
async def test_who_is_no_person_is_not_answered(gateway: Gateway, sender: str) -> None:
    status = await Phone(sender, gateway.carrier, gateway.public).text("khuyen mai")
    assert status == (200 if sender else 400)
    await gateway.post_all()
    assert (gateway.rasa.asked, await gateway.deliveries()) == ([], [])


async def test_a_proof_rests_nowhere_in_the_clear(gateway: Gateway) -> None:
    phone = gateway.phone()
    await phone.text("H15.50.05.13-261008-0975 2345")
    async with gateway.core.store.read() as tx:
        kept = [row for table in model.metadata.sorted_tables for row in await tx.execute(sa.select(table))]
    assert not tells([tuple(row) for row in kept], "2345")
    await gateway.post_all()
    question = gateway.rasa.asked[-1]
    assert question["text"] == "H15.50.05.13-261008-0975 ••••"
    assert set(question["entities"]) == {"proof", "sender"}
    async with gateway.core.store.read() as tx:
        kept = [row for table in model.metadata.sorted_tables for row in await tx.execute(sa.select(table))]
    assert not tells([tuple(row) for row in kept], "2345")
    assert phone.number not in repr([tuple(row) for row in kept])


async def test_a_number_that_was_answered_too_often_is_told_once(gateway: Gateway) -> None:
    phone = gateway.phone()
    for place in range(40):
        await phone.text(f"cau {place}")
    await gateway.post_all()
    for _ in range(6):
        gateway.clock.forward(seconds=11)
        await gateway.post_all()
    assert len(gateway.rasa.asked) == 30
    assert sum("hoi nhanh" in text for text in phone.got()) == 1
    await phone.text("cuu voi chay nha")
    await gateway.post_all()
    assert "114" in phone.got()[-1]
