"""What a citizen may choose who wants a person: to wait, be called, leave a message, go on, move, rate."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from bot import model
from tests.bot.conftest import Agent, Citizen, Gateway
from tests.bot.fake_rasa import answer

PHONE = "0912 345 678"


async def asked(gateway: Gateway, *, served: bool = True, text: str = "gặp nhân viên") -> tuple[Citizen, Agent]:
    agent = await gateway.agent()
    if served:
        await agent.get("queue")
    citizen = await gateway.open("vi")
    await citizen.say(text)
    return citizen, agent


async def choices(citizen: Citizen) -> dict[str, str]:
    """Label → value of the last choices offered."""
    shown = [one for one in await citizen.read() if one["choices"]][-1]["choices"]
    return {one["label"]: one["value"] for one in shown}  # type: ignore[union-attr, misc]


async def choose(citizen: Citizen, label: str) -> str:
    """Take a choice as the widget does; the last thing said then."""
    value = (await choices(citizen))[label]
    response = await citizen.send({"id": str(uuid.uuid4()), "payload": value})
    assert response.status == 202, await response.text()
    return (await citizen.heard())[-1][1]


async def waiting(agent: Agent) -> list[dict[str, Any]]:
    return list(await (await agent.get("queue")).json())


async def test_who_asks_while_somebody_is_there_hears_who_answers_until_when_and_may_choose(gateway: Gateway) -> None:
    citizen, agent = await asked(gateway)
    said = (await citizen.heard())[-1][1]
    assert "vị trí số 1" in said
    assert "UBND phường Mẫu trả lời đến 11:30 hôm nay" in said
    assert list(await choices(citizen)) == ["Tôi chờ", "Gọi lại cho tôi", "Để lại lời nhắn", "Tiếp tục với trợ lý"]
    assert [one["wanted"] for one in await waiting(agent)] == ["wait"]


ABSENT = [  # hours from Monday 10:00, whether somebody is there, what is said
    (0, False, "không có nhân viên nào đang trực tuyến", "16:00 hôm nay"),
    (10, True, "ngoài giờ làm việc", "11:30 thứ Ba 24/11"),
    (2, True, "làm việc lại lúc 13:30 hôm nay", "8:00 thứ Ba"),
]


@pytest.mark.parametrize(("hours", "served", "why", "promised"), ABSENT)
async def test_nobody_waits_in_a_queue_that_nobody_serves(
    gateway: Gateway, hours: int, served: bool, why: str, promised: str
) -> None:
    gateway.clock.forward(hours=hours)
    citizen, agent = await asked(gateway, served=served)
    said = (await citizen.heard())[-1][1]
    assert why in said
    assert promised in said
    assert "Tôi chờ" not in await choices(citizen)
    [kept] = await waiting(agent)
    assert kept["wanted"] == "callback"
    assert kept["promised_at"]


async def test_a_full_or_closed_queue_takes_callbacks(gateway: Gateway) -> None:
    await _set(gateway, longest=1)
    await asked(gateway)
    second, agent = await asked(gateway)
    assert "rất nhiều người đang chờ" in (await second.heard())[-1][1]
    await _set(gateway, longest=50, closed=True)
    third, agent = await asked(gateway)
    assert "đang tạm đóng" in (await third.heard())[-1][1]
    assert [one["wanted"] for one in await waiting(agent)] == ["wait", "callback", "callback"]


async def _set(gateway: Gateway, **values: Any) -> None:
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.delete(model.desk_queue))
        await tx.execute(sa.insert(model.desk_queue).values(agency="mau-ward", **values))


async def test_a_wait_is_told_when_enough_have_waited(gateway: Gateway) -> None:
    for minutes in range(1, 11):
        citizen, agent = await asked(gateway)
        assert "Gần đây" not in (await citizen.heard())[-1][1]
        gateway.clock.forward(minutes=minutes)
        await agent.post(f"conversations/{citizen.conversation}/claim")
        gateway.clock.forward(minutes=-minutes)
    citizen, _ = await asked(gateway)
    assert "Gần đây mọi người chờ từ 3 đến 9 phút." in (await citizen.heard())[-1][1]


async def test_waiting_on_and_going_on_with_the_assistant(gateway: Gateway) -> None:
    citizen, agent = await asked(gateway)
    assert "giữ chỗ" in await choose(citizen, "Tôi chờ")
    assert len(await waiting(agent)) == 1
    assert "rút yêu cầu" in await choose(citizen, "Tiếp tục với trợ lý")
    assert await waiting(agent) == []


async def test_a_number_to_call_is_asked_for_and_only_staff_see_it(gateway: Gateway) -> None:
    citizen, agent = await asked(gateway)
    assert "số điện thoại" in await choose(citizen, "Gọi lại cho tôi")
    await citizen.say(f"số của tôi là {PHONE}")
    assert "liên hệ lại chậm nhất" in (await citizen.heard())[-1][1]
    [kept] = await waiting(agent)
    assert kept["wanted"] == "callback"
    shown = await (await agent.get(f"conversations/{citizen.conversation}")).json()
    assert shown["handoff"]["contact"] == "+84912345678"
    async with gateway.core.store.read() as tx:
        sealed = (await tx.execute(sa.select(model.handoff.c.contact))).scalar_one()
    assert "912345678" not in sealed


async def test_instead_of_a_number_one_may_ask_something_else(gateway: Gateway) -> None:
    citizen, agent = await asked(gateway)
    await choose(citizen, "Gọi lại cho tôi")
    await citizen.say("lệ phí hộ chiếu")
    await gateway.answer_all()
    assert (await citizen.heard())[-1] == ("assistant", "echo lệ phí hộ chiếu")
    assert [one["wanted"] for one in await waiting(agent)] == ["callback"]


async def test_a_message_is_left_in_one_text(gateway: Gateway) -> None:
    citizen, agent = await asked(gateway)
    await choose(citizen, "Để lại lời nhắn")
    await citizen.say("Tôi cần đổi giờ hẹn sang chiều thứ Năm.")
    assert "Đã giữ lời nhắn" in (await citizen.heard())[-1][1]
    [kept] = await waiting(agent)
    assert kept["wanted"] == "message"
    assert "đổi giờ hẹn" in kept["summary"]
    assert gateway.rasa.asked == []
    await citizen.say("lệ phí hộ chiếu")
    await gateway.answer_all()
    assert len(gateway.rasa.asked) == 1


async def test_a_choice_of_a_queue_that_was_left_asks_for_a_person_again(gateway: Gateway) -> None:
    citizen, agent = await asked(gateway)
    old = await choices(citizen)
    await choose(citizen, "Tiếp tục với trợ lý")
    await citizen.send({"id": str(uuid.uuid4()), "payload": old["Để lại lời nhắn"]})
    assert len(await waiting(agent)) == 1


async def test_it_moves_to_another_agency_when_the_citizen_agrees(gateway: Gateway) -> None:
    citizen, agent = await asked(gateway)
    where = f"conversations/{citizen.conversation}"
    await agent.post(f"{where}/claim")
    tax = await gateway.agent("Tax", "tax-office")
    assert (await agent.post(f"{where}/transfer", agency="tax-office", ask=True)).status == 200
    assert "Thuế cơ sở giải quyết" in (await citizen.heard())[-1][1]
    assert await waiting(tax) == []
    assert "ở lại đây" in await choose(citizen, "Không chuyển")
    assert "không còn dùng được" in await choose(citizen, "Đồng ý chuyển")
    await agent.post(f"{where}/transfer", agency="tax-office", ask=True)
    assert "được chuyển tới Thuế cơ sở" in await choose(citizen, "Đồng ý chuyển")
    assert [one["conversation"] for one in await waiting(tax)] == [citizen.conversation]
    assert (await agent.post(f"{where}/messages", id=str(uuid.uuid4()), text="a")).status == 409


@pytest.mark.parametrize("ending", ["return", "close"])
async def test_the_survey_is_asked_once_an_episode_and_cannot_loop(gateway: Gateway, ending: str) -> None:
    citizen, agent = await asked(gateway)
    where = f"conversations/{citizen.conversation}"
    body = {"outcome": "resolved"} if ending == "close" else {}
    await agent.post(f"{where}/claim")
    await agent.post(f"{where}/messages", id=str(uuid.uuid4()), text="Chào bạn")
    await agent.post(f"{where}/{ending}", **body)
    assert list(await choices(citizen)) == ["Đã giúp được", "Giúp được một phần", "Chưa giúp được"]
    for label in ("Giúp được một phần", "Chưa giúp được"):
        assert "Cảm ơn" in await choose(citizen, label)
    async with gateway.core.store.read() as tx:
        assert (await tx.execute(sa.select(model.handoff.c.survey_score))).scalars().all() == [3]
        assert (await tx.execute(sa.select(model.rating.c.value))).scalars().all() == [3]
    await citizen.say("gặp nhân viên")
    await agent.post(f"{where}/claim")
    await agent.post(f"{where}/{ending}", **body)
    assert "giúp được bạn chưa" in (await citizen.heard())[-1][1]


async def test_a_test_and_a_blocked_conversation_are_not_surveyed(gateway: Gateway) -> None:
    for mark, body in (("test", {"test": True}), ("block", {"reason": "abuse"})):
        citizen, agent = await asked(gateway)
        where = f"conversations/{citizen.conversation}"
        await agent.post(f"{where}/claim")
        assert (await agent.post(f"{where}/{mark}", **body)).status == 200
        await agent.post(f"{where}/close", outcome="done")
        assert "giúp được bạn chưa" not in (await citizen.heard())[-1][1]


async def test_who_is_blocked_is_told_once_and_a_cry_for_help_is_still_answered(gateway: Gateway) -> None:
    citizen, agent = await asked(gateway)
    where = f"conversations/{citizen.conversation}"
    await agent.post(f"{where}/claim")
    await agent.post(f"{where}/block", reason="xúc phạm")
    await agent.post(f"{where}/close", outcome="abuse")
    for _ in range(2):
        await citizen.say("lệ phí hộ chiếu")
        await gateway.answer_all()
    assert len([text for _, text in await citizen.heard() if "đã bị nhân viên chặn" in text]) == 1
    assert gateway.rasa.asked == []
    await citizen.say("cháy nhà, cứu với")
    assert "114" in (await citizen.heard())[-1][1]
    await agent.post(f"{where}/block", reason=None)
    await citizen.say("lệ phí hộ chiếu")
    await gateway.answer_all()
    assert (await citizen.heard())[-1][0] == "assistant"


FORCED = [  # what Rasa answers, the reason of the hand-off
    ({"about": {"service": "tax-code"}}, "topic"),
    ({"about": {"service": "passport"}}, None),
]


@pytest.mark.parametrize(("more", "reason"), FORCED)
async def test_policy_hands_over_though_nobody_asked(
    gateway: Gateway, more: dict[str, Any], reason: str | None
) -> None:
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.insert(model.desk_queue).values(agency="tax-office", topics=["tax-code"]))
    gateway.rasa.script["câu hỏi"] = [answer("Câu trả lời", **more)]
    citizen, agent = await gateway.open("vi"), await gateway.agent()
    await citizen.say("câu hỏi")
    await gateway.answer_all()
    assert [one["reason"] for one in await waiting(agent)] == ([reason] if reason else [])


async def test_somebody_in_need_goes_first(gateway: Gateway) -> None:
    first, agent = await asked(gateway)
    gateway.clock.forward(minutes=5)
    in_need = await gateway.open("vi")
    await in_need.say("tôi muốn chết")
    assert [one["reason"] for one in await waiting(agent)] == ["vulnerable", "asked"]
    assert [author for author, _ in await in_need.heard()][-1] == "system"
    assert first.conversation == (await waiting(agent))[1]["conversation"]


async def test_by_text_the_number_is_known_and_choices_are_numbers(gateway: Gateway) -> None:
    agent, phone = await gateway.agent(), gateway.phone()
    await agent.get("queue")
    await phone.text("0")
    await gateway.post_all()
    assert "Ban o vi tri 1" in phone.got()[-1]
    await phone.text("goi lai cho toi")
    await gateway.post_all()
    assert phone.got()[-1] == "Nhan vien se goi lai cham nhat 16:00 hom nay."
    [kept] = await waiting(agent)
    assert kept["wanted"] == "callback"
    shown = await (await agent.get(f"conversations/{kept['conversation']}")).json()
    assert shown["handoff"]["contact"] == "+84912000001"
