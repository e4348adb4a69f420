"""What the desk sees to by itself: whoever was left is served next and told so; a broken promise is raised once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import model, queueing, watch
from bot.audit import SYSTEM
from tests.bot.conftest import MONDAY, Agent, Citizen, Gateway
from tests.bot.staffed import handed_over, logged, person, update


async def taken(gateway: Gateway) -> tuple[Citizen, Agent]:
    citizen, lan = await gateway.open("vi"), await gateway.agent("Lan")
    await lan.get("queue")
    await citizen.say("gặp nhân viên")
    await lan.post(f"conversations/{citizen.conversation}/claim")
    return citizen, lan


async def reply(agent: Agent, citizen: Citizen) -> None:
    said = {"id": "00000000-0000-4000-8000-000000000000", "text": "Tôi xem giúp."}
    assert (await agent.post(f"conversations/{citizen.conversation}/messages", **said)).status == 201


async def owner(gateway: Gateway, conversation: str) -> str:
    async with gateway.core.store.read() as tx:
        of = sa.select(model.conversation.c.owner).where(model.conversation.c.id == conversation)
        return str((await tx.execute(of)).scalar_one())


def ago(**by: float) -> datetime:
    return MONDAY - timedelta(**by)


LEFT: tuple[
    tuple[str, dict[str, Any], dict[str, Any], str], ...
] = (  # of the person, of the hand-off, who owns it then
    ("there, and has just taken it", {}, {}, "staff"),
    ("says that the shift is over", {"presence": "offline"}, {"last_reply_at": MONDAY}, "queue"),
    ("away, and has answered", {"presence": "away"}, {"last_reply_at": MONDAY}, "staff"),
    ("no sign of life for six minutes", {"seen_at": ago(minutes=6)}, {"last_reply_at": MONDAY}, "queue"),
    ("no sign of life for four minutes", {"seen_at": ago(minutes=4)}, {"last_reply_at": MONDAY}, "staff"),
    ("never there", {"seen_at": None}, {"last_reply_at": MONDAY}, "queue"),
    ("put away", {"active": False}, {"last_reply_at": MONDAY}, "queue"),
    ("did not answer in ten minutes", {}, {"claimed_at": ago(minutes=11)}, "queue"),
    ("has nine minutes to answer", {}, {"claimed_at": ago(minutes=9)}, "staff"),
    ("answered in time", {}, {"claimed_at": ago(minutes=30), "last_reply_at": ago(minutes=25)}, "staff"),
    (
        "got it from one who had answered",
        {},
        {"claimed_at": ago(minutes=11), "last_reply_at": ago(minutes=20)},
        "queue",
    ),
    (
        "got it while the citizen is awaited",
        {},
        {"claimed_at": ago(minutes=11), "last_reply_at": ago(minutes=20), "paused_at": ago(minutes=20)},
        "staff",
    ),
)


async def test_who_is_left_goes_back_to_the_queue(gateway: Gateway) -> None:
    for label, of_person, of_handoff, _ in LEFT:
        who = await person(gateway, label, **of_person)
        usual: dict[str, Any] = {"person": who.id, "claimed_at": MONDAY, "replied_at": MONDAY}
        await handed_over(gateway, label, **usual | of_handoff)
    await watch.look(gateway.core)
    assert {label: await owner(gateway, f"c-{label}") for label, *_ in LEFT} == {
        label: then for label, *_, then in LEFT
    }
    back = [label for label, *_, then in LEFT if then == "queue"]
    assert [(who, action) for who, action, _ in await logged(gateway)] == [(SYSTEM, "requeue")] * len(back)


async def test_an_agency_may_give_more_time_to_answer(gateway: Gateway) -> None:
    boss, lan = await person(gateway, "Boss", "supervisor"), await person(gateway, "Lan")
    await queueing.set_queue(gateway.core, boss, "tax-office", answer_minutes=30)
    for agency in ("mau-ward", "tax-office"):
        await handed_over(gateway, agency, agency, person=lan.id, claimed_at=ago(minutes=20))
    await watch.look(gateway.core)
    assert [await owner(gateway, f"c-{agency}") for agency in ("mau-ward", "tax-office")] == ["queue", "staff"]


async def test_they_stand_at_the_front_and_are_told_and_the_next_agent_sees_all(gateway: Gateway) -> None:
    citizen, lan = await taken(gateway)
    await reply(lan, citizen)
    gateway.clock.forward(minutes=1)
    earlier = await handed_over(gateway, "older", opened_at=ago(hours=3))
    await update(gateway, model.person, "name", "Lan", presence="offline")
    await watch.look(gateway.core)
    assert "Bạn ở đầu hàng chờ" in (await citizen.heard())[-1][1]
    minh = await person(gateway, "Minh")
    shown = await queueing.waiting(gateway.core, minh)
    assert [(one["conversation"], one["requeued"]) for one in shown] == [(citizen.conversation, 1), (earlier, 0)]
    assert await queueing.take_next(gateway.core, minh) == citizen.conversation
    await citizen.say("tôi đây")
    await gateway.answer_all()
    assert [author for author, _ in await citizen.heard()][-3:] == ["system", "system", "citizen"]


async def test_the_one_who_left_may_not_go_on_as_if_nothing_had_been(gateway: Gateway) -> None:
    citizen, lan = await taken(gateway)
    await update(gateway, model.person, "name", "Lan", presence="offline")
    await watch.look(gateway.core)
    said = {"id": "00000000-0000-4000-8000-000000000001", "text": "Tôi đây."}
    assert (await lan.post(f"conversations/{citizen.conversation}/messages", **said)).status == 409


async def test_two_who_look_at_once_do_it_once(gateway: Gateway) -> None:
    citizen, _ = await taken(gateway)
    gateway.clock.forward(minutes=20)
    await asyncio.gather(*(watch.look(gateway.core) for _ in range(4)))
    await watch.look(gateway.core)
    said = [text for author, text in await citizen.heard() if author == "system" and "đầu hàng chờ" in text]
    assert len(said) == 1
    done = [action for who, action, _ in await logged(gateway) if who == SYSTEM]
    assert sorted(done) == ["escalate", "requeue"]


BROKEN: tuple[tuple[str, dict[str, Any], str | None], ...] = (  # the hand-off, which promise is raised
    ("waits beyond the response", {"response_due": ago(seconds=1)}, "response"),
    ("waits within it", {"response_due": MONDAY + timedelta(seconds=1)}, None),
    ("a callback that is late", {"wanted": "callback", "promised_at": ago(seconds=1)}, "response"),
    (
        "a callback in time",
        {"wanted": "callback", "promised_at": MONDAY + timedelta(1), "response_due": ago(hours=1)},
        None,
    ),
    ("answered, settled too late", {"replied_at": ago(hours=9), "resolution_due": ago(seconds=1)}, "resolution"),
    ("answered too late, to be settled", {"replied_at": ago(hours=1), "response_due": ago(hours=2)}, None),
    (
        "the citizen is awaited",
        {"replied_at": ago(hours=9), "paused_at": ago(hours=8), "resolution_due": ago(hours=1)},
        None,
    ),
    ("over", {"state": "closed", "owner": "closed", "response_due": ago(hours=1)}, None),
    ("raised before", {"response_due": ago(hours=1), "escalated_at": ago(hours=1)}, None),
    ("nothing promised", {}, None),
)


async def test_a_broken_promise_is_raised_once(gateway: Gateway) -> None:
    for label, values, _ in BROKEN:
        await handed_over(gateway, label, **values)
    raised = [of for _, _, of in BROKEN if of]
    for _ in range(3):
        await watch.look(gateway.core)
        await asyncio.gather(watch.look(gateway.core), watch.look(gateway.core))
        gateway.clock.forward(seconds=0.5)
    written = [(who, action, details) for who, action, details in await logged(gateway)]
    assert sorted(details["promise"] for _, _, details in written) == sorted(raised)
    assert {(who, action) for who, action, _ in written} == {(SYSTEM, "escalate")}


async def test_what_was_raised_is_served_earlier(gateway: Gateway) -> None:
    lan = await person(gateway, "Lan")
    for name, minutes, due in (("first", 20, 30), ("second", 18, -1), ("third", 5, -1)):
        opened = ago(minutes=minutes)
        values = {"opened_at": opened, "rank_at": opened, "response_due": MONDAY + timedelta(minutes=due)}
        await handed_over(gateway, name, "mau-ward", **values)
    await watch.look(gateway.core)
    shown = await queueing.waiting(gateway.core, lan)
    assert [(one["conversation"], one["priority"]) for one in shown] == [
        ("c-second", 1),
        ("c-third", 1),
        ("c-first", 0),
    ]
