"""What an open page hears: every change of what it shows, nothing else, and where it left off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from bot import attention, model, people, tasks
from bot.assistant import Assistant
from bot.desk import live, marks, replies
from bot.drafts import use
from bot.handoff import block, claim, mark_test, return_to_assistant
from tests.bot.conftest import MONDAY, Citizen, Gateway
from tests.bot.desk.conftest import Come, Sitting
from tests.bot.staffed import handed_over, said, update

PATIENCE = 20  # seconds until something that was not told is a failure; how long it takes is not asserted


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes are looked at often."""
    monkeypatch.setattr(live, "LOOK_AGAIN", 0.05)
    monkeypatch.setattr(live, "ASK_AGAIN", 0.05)
    monkeypatch.setattr(attention, "LOOK_AGAIN", 0.05)


class Heard:
    """A stream that is read event by event: its name ("" for a message) and its content."""

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        self._lines = lines

    async def next(self, name: str = "changed") -> Any:
        """The next event of that name."""
        current = ""
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith(b"event: "):
                    current = line[7:].decode().strip()
                elif line.startswith(b"data: "):
                    if current == name:
                        return json.loads(line[6:])
                    current = ""
        raise AssertionError("the stream ended")

    async def until(self, **wanted: Any) -> Any:
        """The first state with those figures."""
        while True:
            state = await self.next()
            if wanted.items() <= state.items():
                return state


@asynccontextmanager
async def listening(sitting: Sitting, path: str = "events") -> AsyncGenerator[Heard]:
    response = await sitting.browser.get(f"/desk/api/{path}", Accept="text/event-stream")
    assert (response.status, response.content_type) == (200, "text/event-stream")
    try:
        yield Heard(response.content.__aiter__())
    finally:
        response.close()


async def test_the_figures_come_at_once_and_after_each_change(gateway: Gateway, lan: Sitting) -> None:
    async with listening(lan) as heard:
        first = await heard.until(queue=0)
        assert first == {
            "queue": 0, "callbacks": 0, "mine": 0, "unanswered": 0, "out": False, "presence": "available",
            "version": first["version"], "owned": first["owned"],
        }  # fmt: skip
        one = await handed_over(gateway, "one")  # as another process does it: nobody is woken
        await handed_over(gateway, "two", wanted="callback")
        assert (await heard.until(queue=2, callbacks=1))["version"] != first["version"]
        await claim(gateway.core, lan.who, one)
        await heard.until(queue=1, mine=1, unanswered=1)
        await replies.reply(gateway.core, lan.who, one, "00000000-0000-4000-8000-000000000001", "Chào bạn.")
        await heard.until(mine=1, unanswered=0)
        await return_to_assistant(gateway.core, lan.who, one)
        await heard.until(queue=1, mine=0)
        gateway.rasa.fault = 503
        await heard.until(out=True)


@pytest.mark.parametrize("told", [{"contact": "sealed"}, {"summary": "one\nLời nhắn: đổi hẹn"}])
async def test_what_a_citizen_leaves_in_the_queue_is_heard_of(
    gateway: Gateway, lan: Sitting, told: dict[str, str]
) -> None:
    one = await handed_over(gateway, "one", wanted="callback")
    async with listening(lan) as heard:
        before = await heard.until(callbacks=1)
        await update(gateway, model.handoff, "conversation", one, **told)
        assert (await heard.next())["version"] != before["version"]


async def test_nobody_hears_of_what_they_do_not_serve(gateway: Gateway, come: Come) -> None:
    ward, tax = await come("Lan", "agent", "mau-ward"), await come("Thu", "agent", "tax-office")
    async with listening(ward) as at_ward, listening(tax) as at_tax:
        await at_ward.until(queue=0)
        before = await at_tax.until(queue=0)
        await handed_over(gateway, "one", "mau-ward")
        await at_ward.until(queue=1)
        await handed_over(gateway, "two", "tax-office")
        assert (await at_tax.next())["queue"] == 1
        assert before["version"] != (await live_state(gateway, tax))["version"]


async def live_state(gateway: Gateway, sitting: Sitting) -> Any:
    return await gateway.staff.server.app[live.LIVE].state(sitting.who)  # type: ignore[union-attr]


async def test_one_look_serves_all(gateway: Gateway, come: Come, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many listen, a change is one look."""
    looks = 0
    queues = marks.queues

    async def counted(tx: Any) -> Any:
        nonlocal looks
        looks += 1
        return await queues(tx)

    monkeypatch.setattr(live, "LOOK_AGAIN", 3_600)
    monkeypatch.setattr(marks, "queues", counted)
    lan = await come("Lan")
    async with listening(lan) as first, listening(lan) as second, listening(lan) as third:
        for heard in (first, second, third):
            await heard.until(queue=0)
        before = looks
        await handed_over(gateway, "one")
        gateway.core.wake.grew("desk")
        for heard in (first, second, third):
            await heard.until(queue=1)
        assert looks == before + 1


async def test_who_is_gone_or_idle_is_told_so(
    gateway: Gateway, lan: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SIGN_OF_LIFE", 0.05)
    async with listening(lan) as heard:
        await heard.until(presence="available")
        await people.set_presence(gateway.core, lan.who, "busy")
        await heard.until(presence="busy")
        await people.set_presence(gateway.core, lan.who, "available")
        await heard.until(presence="available")
        gateway.clock.forward(minutes=16)
        await heard.until(presence="away")


async def test_while_the_assistant_hangs_the_lists_go_on(
    gateway: Gateway, lan: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs(_: Assistant) -> bool:
        await asyncio.sleep(3600)
        return False

    async with listening(lan) as heard:
        await heard.until(queue=0)
        monkeypatch.setattr(Assistant, "actions_ready", hangs)
        for number, name in enumerate(("one", "two", "three")):
            await handed_over(gateway, name)
            await heard.until(queue=number + 1)


async def test_presence_is_told_when_it_was_just_looked_at_and_not_with_each_change(
    gateway: Gateway, lan: Sitting
) -> None:
    """The page itself knows better what has been chosen in it since."""
    async with listening(lan) as heard:
        assert (await heard.next())["presence"] == "available"
        await people.set_presence(gateway.core, lan.who, "busy")
        await handed_over(gateway, "one")
        assert "presence" not in await heard.until(queue=1)


async def test_an_agency_that_one_is_given_is_heard_of_at_the_next_sign_of_life(
    gateway: Gateway, come: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SIGN_OF_LIFE", 0.05)
    minh = await come("Minh", "agent", "tax-office")
    await handed_over(gateway, "one", agency="mau-ward")
    async with listening(minh) as heard:
        await heard.until(queue=0)
        await update(gateway, model.person, "id", minh.who.id, agencies=["tax-office", "mau-ward"])
        await heard.until(queue=1)


async def test_what_one_has_in_hand_has_a_mark_of_its_own(gateway: Gateway, lan: Sitting) -> None:
    mine = await handed_over(gateway, "mine", person=lan.who.id)
    async with listening(lan) as heard:
        before = await heard.until(mine=1)
        await handed_over(gateway, "another")
        assert (await heard.until(queue=1))["owned"] == before["owned"]
        await said(gateway, mine, "còn đó không?")
        while (await heard.next())["owned"] == before["owned"]:
            pass


async def _another_number(gateway: Gateway, one: str) -> None:
    await said(gateway, one, "0912000002")
    await update(gateway, model.handoff, "conversation", one, contact="+84912000002")


async def _a_test(gateway: Gateway, one: str) -> None:
    await update(gateway, model.conversation, "id", one, test=True)


@pytest.mark.parametrize("change", [_another_number, _a_test])
async def test_all_that_the_lists_show_is_heard_of(gateway: Gateway, lan: Sitting, change: Any) -> None:
    one = await handed_over(gateway, "one", wanted="callback", contact="+84912000001")
    async with listening(lan) as heard:
        before = await heard.until(callbacks=1)
        await change(gateway, one)
        while (await heard.next())["version"] == before["version"]:
            pass


async def test_a_stream_ends_with_the_session(
    gateway: Gateway, lan: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SIGN_OF_LIFE", 0.05)
    async with listening(lan) as heard:
        await heard.next()
        async with gateway.core.store.write() as tx:
            await tx.execute(sa.delete(model.staff_session))
        with pytest.raises(AssertionError, match="the stream ended"):
            await heard.until(queue=99)
    assert (await lan.browser.get("/desk/api/events")).status == 401


# ---- a conversation that is open ------------------------------------------------------------------------------------


async def _note(gateway: Gateway, lan: Sitting, one: str) -> None:
    await replies.note_down(gateway.core, lan.who, one, "a")


async def _block(gateway: Gateway, lan: Sitting, one: str) -> None:
    await block(gateway.core, lan.who, one, "a")


async def _test(gateway: Gateway, lan: Sitting, one: str) -> None:
    await mark_test(gateway.core, lan.who, one, True)


async def _colleague(gateway: Gateway, _lan: Sitting, one: str) -> None:
    async with gateway.core.store.write() as tx:
        number = await people.add(tx, "Minh", MONDAY, role="agent", agencies=None)
        minh = people.Person.of((await tx.execute(sa.select(model.person).where(model.person.c.id == number))).one())
    await attention.attend(gateway.core, minh, one, "reading")


async def _draft(gateway: Gateway, _lan: Sitting, one: str) -> None:
    kept = {"conversation": one, "seq": 1, "text": "a", "language": "vi", "sources": [], "at": MONDAY}
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.insert(model.draft).values(**kept))


async def _used(gateway: Gateway, lan: Sitting, one: str) -> None:
    await _draft(gateway, lan, one)
    await use(gateway.core, lan.who, one, 1)


async def _asked(gateway: Gateway, _lan: Sitting, one: str) -> None:
    await update(gateway, model.handoff, "conversation", one, offered_to="tax-office")


async def _paused(gateway: Gateway, _lan: Sitting, one: str) -> None:
    await update(gateway, model.handoff, "conversation", one, paused_at=MONDAY)


@pytest.mark.parametrize("change", [_note, _block, _test, _colleague, _draft, _used, _asked, _paused])
async def test_all_that_a_page_shows_is_heard_of(gateway: Gateway, lan: Sitting, change: Any) -> None:
    """Whoever does it, this process or another."""
    one = await handed_over(gateway, "one", person=lan.who.id)
    async with listening(lan, f"conversations/{one}/messages?beside=1") as heard:
        before = await heard.next()
        assert before == await live.mark(gateway.core, one)
        await change(gateway, lan, one)
        assert await heard.next() != before


async def test_a_text_that_arrives_is_heard_of(gateway: Gateway, lan: Sitting) -> None:
    phone = gateway.phone()
    await phone.text("gap nhan vien")
    await gateway.post_all()
    (queued,) = [row["conversation"] for row in await (await lan.browser.get("/desk/api/queue")).json()]
    async with listening(lan, f"conversations/{queued}/messages?beside=1") as heard:
        before = await heard.next()
        await gateway.receipts()
        assert await heard.next() != before
    assert await tasks.waiting(gateway.core, lan.who) == []


async def test_a_line_of_another_process_is_heard_of(gateway: Gateway, lan: Sitting) -> None:
    one = await handed_over(gateway, "one", person=lan.who.id)
    async with listening(lan, f"conversations/{one}/messages?beside=1") as heard:
        await heard.next()
        await said(gateway, one, "tôi đây")
        assert (await heard.next(name=""))["text"] == "tôi đây"


# ---- who is there, and that somebody writes -------------------------------------------------------------------------


@asynccontextmanager
async def watching(citizen: Citizen) -> AsyncGenerator[Heard]:
    headers = {"Authorization": f"Bearer {citizen.token}", "Accept": "text/event-stream"}
    response = await citizen.gateway.public.get("/channels/web/messages?beside=1", headers=headers)
    try:
        yield Heard(response.content.__aiter__())
    finally:
        response.close()


async def test_the_citizen_sees_that_a_reply_is_written_and_nothing_else(
    gateway: Gateway, lan: Sitting, come: Come
) -> None:
    minh, citizen = await come("Minh"), await gateway.open("vi")
    await citizen.say("gặp nhân viên")
    await claim(gateway.core, lan.who, citizen.conversation)

    async def attends(who: Sitting, doing: str | None) -> None:
        done = await who.browser.call(f"conversations/{citizen.conversation}/attention", doing=doing)
        assert (done.status, await done.json()) == (200, {"doing": doing})

    async with watching(citizen) as heard:
        assert await heard.next("typing") is False
        for doing in ("reading", "noting"):
            await attends(lan, doing)
        await attends(minh, "replying")  # does not own it
        await attends(lan, "replying")
        assert await heard.next("typing") is True
        await attends(lan, "noting")
        assert await heard.next("typing") is False
        await attends(lan, "replying")
        assert await heard.next("typing") is True
        gateway.clock.forward(seconds=9)  # the browser of Lan is gone
        assert await heard.next("typing") is False
    assert {message["author"] for message in await citizen.read()} == {"citizen", "system", "assistant"}


async def test_attention_lasts_some_seconds(gateway: Gateway, lan: Sitting, come: Come) -> None:
    minh, one = await come("Minh"), await handed_over(gateway, "one", person=lan.who.id)

    async def seen() -> list[dict[str, Any]]:
        async with gateway.core.store.read() as tx:
            return await attention.others(gateway.core, tx, one, lan.who)

    # what Minh does, seconds later, what Lan sees
    for doing, later, expected in (
        ("reading", 30, "reading"), ("reading", 41, None), ("replying", 7, "replying"), ("replying", 9, None),
        ("noting", 7, "noting"), ("noting", 0, "noting"), (None, 0, None), (None, 0, None),
    ):  # fmt: skip
        await attention.attend(gateway.core, minh.who, one, doing)  # type: ignore[arg-type]
        gateway.clock.forward(seconds=later)
        assert await seen() == ([{"name": "Minh", "doing": expected}] if expected else [])
    await attention.attend(gateway.core, lan.who, one, "replying")
    assert await seen() == []
    typing = attention.Typing(gateway.core)
    await typing.look()
    assert typing.at(one)


@pytest.mark.parametrize(("doing", "status"), [("reading", 404), ("sleeping", 400), (1, 400)])
async def test_attention_is_for_what_one_may_see(gateway: Gateway, come: Come, doing: Any, status: int) -> None:
    one, thu = await handed_over(gateway, "one", "mau-ward"), await come("Thu", "agent", "tax-office")
    assert (await thu.browser.call(f"conversations/{one}/attention", doing=doing)).status == status


async def test_many_signs_at_once_are_one_write(gateway: Gateway, come: Come) -> None:
    one = await handed_over(gateway, "one")
    people_ = [(await come(f"P{n}")).who for n in range(8)]
    await asyncio.gather(*(attention.attend(gateway.core, who, one, "reading") for who in people_ for _ in range(3)))
    async with gateway.core.store.read() as tx:
        assert len(await attention.others(gateway.core, tx, one, people_[0])) == len(people_) - 1
