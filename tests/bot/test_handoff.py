"""People take over: one winner, silence after the claim, and back again; the desk's API of DESIGN §6."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from bot import turn
from tests.bot.conftest import Agent, Citizen, Gateway
from tests.bot.fake_rasa import answer


async def queued(gateway: Gateway, text: str = "cho tôi gặp nhân viên") -> Citizen:
    citizen = await gateway.open("vi")
    await citizen.say(text)
    return citizen


@pytest.mark.parametrize(
    "text",
    ["cho tôi gặp nhân viên", "cho toi gap nhan vien", "gặp người thật", "I want to talk to a person", "human please"],
)
async def test_asking_for_a_person_queues_at_the_door_also_when_rasa_is_down(gateway: Gateway, text: str) -> None:
    gateway.rasa.fault = 503
    citizen, agent = await queued(gateway, text), await gateway.agent()
    [waiting] = await (await agent.get("queue")).json()
    assert set(waiting) >= {"conversation", "channel", "language", "agency", "reason", "summary", "waiting_since"}
    assert (waiting["conversation"], waiting["reason"], waiting["channel"]) == (citizen.conversation, "asked", "web")
    assert [author for author, _ in await citizen.heard()] == ["citizen", "assistant", "system"]


async def test_the_citizen_is_told_whether_somebody_is_there(gateway: Gateway) -> None:
    alone = await queued(gateway)
    assert "không có nhân viên nào đang trực tuyến" in (await alone.heard())[-1][1]
    agent = await gateway.agent()
    await agent.get("queue")
    served = await queued(gateway)
    assert "vị trí số 2" in (await served.heard())[-1][1]
    assert "không có nhân viên nào" not in (await served.heard())[-1][1]


async def test_while_waiting_the_assistant_still_answers_and_a_second_wish_does_not_queue_twice(
    gateway: Gateway,
) -> None:
    citizen = await queued(gateway)
    await citizen.say("lệ phí hộ chiếu")
    await gateway.answer_all()
    assert (await citizen.heard())[-1] == ("assistant", "echo lệ phí hộ chiếu")
    await citizen.say("gặp nhân viên")
    assert "vị trí số 1" in (await citizen.heard())[-1][1]
    assert len(await (await (await gateway.agent()).get("queue")).json()) == 1


async def test_an_answer_may_hand_off_with_a_typed_reason(gateway: Gateway) -> None:
    wish = {"reason": "complaint", "topic": "passport", "agency": "tax-office", "summary": "một\nhai\nba\nbốn"}
    gateway.rasa.script["tôi muốn khiếu nại"] = [answer("Tôi chuyển bạn.", outcome="handed_off", handoff=wish)]
    citizen = await queued(gateway, "tôi muốn khiếu nại")
    await gateway.answer_all()
    [waiting] = await (await (await gateway.agent()).get("queue")).json()
    assert (waiting["reason"], waiting["agency"], waiting["summary"]) == ("complaint", "tax-office", "một\nhai\nba")
    assert (await citizen.heard())[-1][0] == "system"


async def test_of_many_who_claim_at_once_exactly_one_wins(gateway: Gateway) -> None:
    citizen = await queued(gateway)
    agents = [await gateway.agent(f"agent {number}") for number in range(12)]
    statuses = await asyncio.gather(*(_claim(agent, citizen) for agent in agents))
    assert sorted(statuses) == [200] + [409] * 11
    winner = agents[statuses.index(200)]
    assert await _claim(winner, citizen) == 200
    assert [author for author, _ in await citizen.heard()].count("system") == 2  # queued, joined once


async def _claim(agent: Agent, citizen: Citizen) -> int:
    return (await agent.post(f"conversations/{citizen.conversation}/claim")).status


@asynccontextmanager
async def _answering(gateway: Gateway, citizen: Citizen) -> AsyncGenerator[None]:
    """The citizen has asked; the answer is being computed, and comes when the block ends."""
    await citizen.say("lệ phí hộ chiếu")
    gateway.rasa.gate.clear()
    working = asyncio.create_task(gateway.answer_all())
    await gateway.rasa.asked_times(1)
    yield
    gateway.rasa.gate.set()
    await working


async def test_after_the_claim_the_assistant_is_silent_and_an_answer_computed_before_is_dropped(
    gateway: Gateway,
) -> None:
    citizen, agent = await queued(gateway), await gateway.agent()
    async with _answering(gateway, citizen):
        assert await _claim(agent, citizen) == 200
    await citizen.say("còn ở đó không?")
    await gateway.answer_all()
    authors = [author for author, _ in await citizen.heard()]
    assert authors == ["citizen", "assistant", "system", "citizen", "system", "citizen"]
    drafts = await (await agent.get(f"conversations/{citizen.conversation}/drafts")).json()
    assert [(one["text"], one["used"]) for one in drafts] == [("echo còn ở đó không?", False)]


async def _ask(gateway: Gateway, citizen: Citizen, *texts: str) -> list[int]:
    """The citizen says them one after the other; how often the conversation had changed hands, as Rasa was told."""
    before = len(gateway.rasa.asked)
    for text in texts:
        await citizen.say(text)
        await gateway.answer_all()
    return [question["handovers"] for question in gateway.rasa.asked[before:]]


async def test_rasa_is_told_when_the_conversation_changed_hands(gateway: Gateway) -> None:
    """What it offered and said last was then a draft, or was dropped, or stands behind what a person said."""
    citizen, agent = await gateway.open("vi"), await gateway.agent()
    where = f"conversations/{citizen.conversation}"
    assert await _ask(gateway, citizen, "lệ phí hộ chiếu", "gặp nhân viên", "bao lâu") == [0, 0]
    assert await _claim(agent, citizen) == 200
    assert await _ask(gateway, citizen, "có cần ảnh không", "mấy tấm") == [1, 1]
    assert (await agent.post(f"{where}/return")).status == 200
    assert await _ask(gateway, citizen, "vâng", "nhắc lại") == [2, 2]
    assert await _ask(gateway, citizen, "gặp nhân viên", "bao lâu") == [2]
    assert await _claim(agent, citizen) == 200
    assert (await agent.post(f"{where}/close", outcome="resolved")).status == 200
    assert await _ask(gateway, citizen, "xin chào", "ở đâu") == [4, 4]


async def test_rasa_is_told_when_a_person_gave_it_to_another_queue(gateway: Gateway) -> None:
    """While it waits there the assistant answers, and never said what the drafts say."""
    citizen, agent = await queued(gateway), await gateway.agent()
    await _claim(agent, citizen)
    assert await _ask(gateway, citizen, "có cần ảnh không") == [1]
    response = await agent.post(f"conversations/{citizen.conversation}/transfer", agency="tax-office")
    assert response.status == 200
    assert await _ask(gateway, citizen, "bao lâu") == [2]


async def test_rasa_is_told_after_an_answer_that_was_dropped_and_when_it_is_asked_again(gateway: Gateway) -> None:
    citizen, agent = await queued(gateway), await gateway.agent()
    async with _answering(gateway, citizen):
        assert await _claim(agent, citizen) == 200
        assert (await agent.post(f"conversations/{citizen.conversation}/return")).status == 200
    assert [author for author, _ in await citizen.heard()].count("assistant") == 1
    gateway.rasa.fault = 500
    assert await _ask(gateway, citizen, "vâng") == [2]
    gateway.rasa.fault = None
    gateway.clock.forward(seconds=5)
    await gateway.answer_all()
    assert [question["handovers"] for question in gateway.rasa.asked] == [0, 2, 2]
    assert (await citizen.heard())[-1] == ("assistant", "echo vâng")


async def _drafts(gateway: Gateway, agent: Agent, citizen: Citizen) -> list[str]:
    await gateway.answer_all()
    return [one["text"] for one in await (await agent.get(f"conversations/{citizen.conversation}/drafts")).json()]


@pytest.mark.parametrize(("fault", "actions_up"), [(500, True), (503, True), (502, False)])
async def test_a_draft_that_failed_is_tried_again_for_a_minute_and_what_comes_after_it_all_the_same(
    gateway: Gateway, fault: int, actions_up: bool
) -> None:
    citizen, agent = await queued(gateway), await gateway.agent()
    await _claim(agent, citizen)
    gateway.rasa.fault, gateway.rasa.actions_up = fault, actions_up
    await citizen.say("lệ phí hộ chiếu")
    assert await _drafts(gateway, agent, citizen) == []
    gateway.rasa.fault, gateway.rasa.actions_up = None, True
    gateway.clock.forward(seconds=5)
    assert await _drafts(gateway, agent, citizen) == ["echo lệ phí hộ chiếu"]
    gateway.rasa.fault, gateway.rasa.actions_up = fault, actions_up
    await citizen.say("bao lâu")
    gateway.clock.forward(seconds=61)
    assert await _drafts(gateway, agent, citizen) == ["echo lệ phí hộ chiếu"]
    gateway.rasa.fault, gateway.rasa.actions_up = None, True
    gateway.clock.forward(seconds=5)
    assert await _drafts(gateway, agent, citizen) == ["echo lệ phí hộ chiếu"]
    await citizen.say("ở đâu")
    assert await _drafts(gateway, agent, citizen) == ["echo lệ phí hộ chiếu", "echo ở đâu"]
    assert [author for author, _ in await citizen.heard()].count("assistant") == 1


async def test_a_draft_that_always_fails_is_given_up_and_nobody_is_told(gateway: Gateway) -> None:
    citizen, agent = await queued(gateway), await gateway.agent()
    await _claim(agent, citizen)
    before = await citizen.heard()
    gateway.rasa.fault = 500
    await citizen.say("lệ phí hộ chiếu")
    for _ in range(9):
        await gateway.answer_all()
        gateway.clock.forward(seconds=5)
    assert len(gateway.rasa.asked) == turn.TRIES
    assert await citizen.heard() == [*before, ("citizen", "lệ phí hộ chiếu")]


async def test_reply_return_and_the_assistant_answers_again(gateway: Gateway) -> None:
    citizen, agent = await queued(gateway), await gateway.agent()
    await _claim(agent, citizen)
    where, once = f"conversations/{citizen.conversation}", str(uuid.uuid4())
    for status in (201, 200):
        response = await agent.post(f"{where}/messages", id=once, text="Chào bạn, tôi là Lan.")
        assert response.status == status
    assert (await citizen.read())[-1]["seq"] == (await response.json())["seq"]
    assert (await agent.post(f"{where}/messages", id=once, text="khác")).status == 409
    assert (await agent.post(f"{where}/return")).status == 200
    await citizen.say("lệ phí hộ chiếu")
    await gateway.answer_all()
    assert [author for author, _ in await citizen.heard()][-4:] == ["staff", "system", "citizen", "assistant"]
    assert (await agent.post(f"{where}/messages", id=str(uuid.uuid4()), text="sau khi trả")).status == 409


async def test_close_and_the_citizen_reopens_by_writing(gateway: Gateway) -> None:
    citizen, agent = await queued(gateway), await gateway.agent()
    await _claim(agent, citizen)
    where = f"conversations/{citizen.conversation}"
    assert (await agent.post(f"{where}/close")).status == 400
    assert (await agent.post(f"{where}/close", outcome="resolved")).status == 200
    assert (await agent.post(f"{where}/close", outcome="resolved")).status == 409
    assert await _claim(agent, citizen) == 409
    await citizen.say("lệ phí hộ chiếu")
    await gateway.answer_all()
    assert (await citizen.heard())[-1][0] == "assistant"
    await citizen.say("gặp nhân viên")
    assert await _claim(agent, citizen) == 200


async def test_another_agencys_conversation_does_not_exist(gateway: Gateway) -> None:
    citizen, stranger = await queued(gateway), await gateway.agent("Tax", "tax-office")
    assert await (await stranger.get("queue")).json() == []
    where = f"conversations/{citizen.conversation}"
    for response in (
        await stranger.get(f"{where}/messages"),
        await stranger.post(f"{where}/claim"),
        await stranger.post(f"{where}/notes", text="a"),
        await stranger.post(f"{where}/messages", id=str(uuid.uuid4()), text="a"),
        await stranger.post(f"{where}/return"),
        await stranger.post(f"{where}/close", outcome="x"),
        await stranger.post(f"{where}/transfer", agency="tax-office"),
        await stranger.get("conversations/c-none/messages"),
    ):
        assert response.status == 404


async def test_notes_never_reach_the_citizen(gateway: Gateway) -> None:
    citizen, agent = await queued(gateway), await gateway.agent()
    assert (await agent.post(f"conversations/{citizen.conversation}/notes", text="gọi lại sau")).status == 201
    assert "gọi lại sau" not in str(await citizen.read())
    [kept] = await (await agent.get(f"conversations/{citizen.conversation}/notes")).json()
    assert (kept["person"], kept["text"]) == ("Lan", "gọi lại sau")


async def test_transfer_to_an_agency_and_to_a_colleague(gateway: Gateway) -> None:
    citizen, lan = await queued(gateway), await gateway.agent("Lan")
    tax, ward = await gateway.agent("Tax", "tax-office"), await gateway.agent("Ward", "mau-ward")
    where = f"conversations/{citizen.conversation}"
    await _claim(lan, citizen)
    for field, unknown in (("person", "Tax"), ("person", "Nobody"), ("agency", "moon")):
        refused = await lan.post(f"{where}/transfer", **{field: unknown})
        assert (refused.status, (await refused.json())["field"]) == (400, field)
    assert (await lan.post(f"{where}/transfer")).status == 400
    assert (await lan.post("conversations/c-none/transfer", agency="tax-office")).status == 404
    assert (await lan.post(f"{where}/transfer", person="Ward")).status == 200
    assert (await lan.post(f"{where}/return")).status == 409
    assert (await ward.post(f"{where}/transfer", agency="tax-office")).status == 200
    assert (await ward.get(f"{where}/messages")).status == 404
    assert await _claim(tax, citizen) == 200
    assert len(await (await tax.get(f"{where}/messages?after=0")).json()) >= 5


async def test_the_description_names_every_route_and_no_other(gateway: Gateway) -> None:
    described = (await (await gateway.staff.get("/desk/api/openapi.json")).json())["paths"]
    there = {
        (route.method, route.resource.canonical)
        for route in gateway.staff.server.app.router.routes()  # type: ignore[union-attr]
        if route.resource and route.method != "HEAD" and route.resource.canonical.startswith("/desk/api")
    }
    told = {
        (method.upper(), path) for path, methods in described.items() for method in methods if method != "parameters"
    }
    assert told == there - {("GET", "/desk/api/openapi.json")}


@pytest.mark.parametrize("text", ["hủy yêu cầu", "huy yeu cau", "tôi không cần gặp nhân viên nữa", "cancel my request"])
async def test_who_waits_may_withdraw(gateway: Gateway, text: str) -> None:
    citizen, agent = await queued(gateway), await gateway.agent()
    await citizen.say(text)
    assert await (await agent.get("queue")).json() == []
    assert await _claim(agent, citizen) == 409
    assert "rút yêu cầu" in (await citizen.heard())[-1][1] or "withdrawn" in (await citizen.heard())[-1][1]
    await citizen.say(text)
    await gateway.answer_all()
    assert gateway.rasa.asked[-1]["text"] == text


async def test_staff_see_nothing_before_the_first_hand_off(gateway: Gateway) -> None:
    citizen, agent = await gateway.open("vi"), await gateway.agent()
    await citizen.say("lệ phí hộ chiếu")
    assert (await agent.get(f"conversations/{citizen.conversation}/messages")).status == 404
    assert (await agent.post(f"conversations/{citizen.conversation}/notes", text="a")).status == 404


@pytest.mark.parametrize(("step", "body"), [
    ("claim", {}), ("messages", {"id": "00000000-0000-4000-8000-000000000000", "text": "Chào bạn."}),
    ("transfer", {"agency": "mau-ward"}), ("return", {}), ("close", {"outcome": "resolved"}),
])  # fmt: skip
async def test_what_was_never_handed_over_is_nobodys_to_claim_or_to_answer(
    gateway: Gateway, step: str, body: dict[str, str]
) -> None:
    citizen, ours = await gateway.open("vi"), await gateway.agent()
    theirs = await gateway.agent("Bình", "employment-centre")
    await citizen.say("lệ phí hộ chiếu")
    assert (await ours.post(f"conversations/{citizen.conversation}/{step}", **body)).status == 409
    assert (await theirs.post(f"conversations/{citizen.conversation}/{step}", **body)).status == 404


async def test_the_summary_says_what_was_asked_last(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    for text in ("lệ phí hộ chiếu", "mất bao lâu", "2345", "gặp nhân viên"):
        await citizen.say(text)
        await gateway.answer_all()
    [waiting] = await (await (await gateway.agent()).get("queue")).json()
    assert "lệ phí hộ chiếu" in waiting["summary"]
    assert "mất bao lâu" in waiting["summary"]
    assert len(waiting["summary"].splitlines()) == 3


@pytest.mark.parametrize(
    "body", [{"person": "a\x00b"}, {"person": "\ud800"}, {"agency": "\n"}, {"outcome": "a\x00"}, {"outcome": "x" * 41}]
)
async def test_odd_characters_are_refused_or_cleaned_and_never_break(gateway: Gateway, body: dict[str, str]) -> None:
    citizen, agent = await queued(gateway), await gateway.agent()
    await _claim(agent, citizen)
    step = "close" if "outcome" in body else "transfer"
    response = await agent.post(f"conversations/{citizen.conversation}/{step}", **body)
    assert response.status in (200, 400, 404)
    for token in ("\xff", "é"):
        refused = await gateway.staff.get("/desk/api/queue", headers={"Authorization": f"Bearer {token}"})
        assert refused.status == 401


@pytest.mark.parametrize("taken", ["Gặp nhân viên", "gap nhan vien", "1", None])
async def test_a_choice_that_offers_a_person_works_also_when_rasa_is_down(gateway: Gateway, taken: str | None) -> None:
    value = "intent=talk_to_person"
    choices = [{"label": "Gặp nhân viên", "value": value}]
    gateway.rasa.script["lệ phí"] = [answer("Không biết.", choices=choices, about={"service": "passport"})]
    citizen, agent = await queued(gateway, "lệ phí"), await gateway.agent()
    await gateway.answer_all()
    gateway.rasa.fault = 503
    said = {"text": taken} if taken else {"payload": value}
    assert (await citizen.send({"id": str(uuid.uuid4()), **said})).status == 202
    [waiting] = await (await agent.get("queue")).json()
    assert (waiting["conversation"], waiting["topic"]) == (citizen.conversation, "passport")


async def test_it_goes_to_the_agency_of_what_was_talked_about_and_the_reason_of_the_offer_with_it(
    gateway: Gateway,
) -> None:
    value = "intent=talk_to_person&reason=no_answer"
    choices = [{"label": "Gặp nhân viên", "value": value}]
    gateway.rasa.script["mã số thuế"] = [answer("Không biết.", choices=choices, about={"service": "tax-code"})]
    citizen, tax = await queued(gateway, "mã số thuế"), await gateway.agent("Minh", "tax-office")
    await gateway.answer_all()
    assert (await citizen.send({"id": str(uuid.uuid4()), "payload": value})).status == 202
    [waiting] = await (await tax.get("queue")).json()
    assert (waiting["agency"], waiting["reason"]) == ("tax-office", "no_answer")
    await _claim(tax, citizen)
    await tax.post(f"conversations/{citizen.conversation}/return")
    gateway.rasa.script["khai sinh"] = [answer("Ở phường.", about={"service": "birth-registration"})]
    await citizen.say("khai sinh")
    await gateway.answer_all()
    await citizen.say("gặp nhân viên")
    [waiting] = await (await (await gateway.agent("Lan", "mau-ward")).get("queue")).json()
    assert (waiting["agency"], waiting["reason"]) == ("mau-ward", "asked")
