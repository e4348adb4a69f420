"""From received to answered: once, in order, also when things break; silent when a person owns the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from bot import turn, work
from bot.model import inbox
from tests.bot.conftest import Gateway
from tests.bot.fake_rasa import answer
from tests.support.digits import tells


@contextmanager
def free_hands(gateway: Gateway) -> Generator[list[turn.Taken]]:
    """Hands that hold what they took, and do no more with it."""
    taken: list[turn.Taken] = []

    async def hold(one: turn.Taken) -> None:
        taken.append(one)

    with gateway.core.hands.open(8, hold, hold):
        yield taken


async def test_a_burst_is_answered_in_order(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    for text in ("một", "hai", "ba"):
        await citizen.say(text)
    await asyncio.gather(*(gateway.answer_all() for _ in range(4)))
    await gateway.answer_all()
    assert [text for author, text in await citizen.heard() if author == "assistant"] == [
        "echo một",
        "echo hai",
        "echo ba",
    ]


async def test_a_message_is_taken_as_it_is_kept_while_a_hand_is_free(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    with free_hands(gateway) as taken:
        await citizen.say("lệ phí hộ chiếu")
        await citizen.say("bao lâu")  # waits until the first is answered
        await citizen.say("gọi 113 giúp tôi, có cướp")  # answered at the door
        assert await turn.take(gateway.core) is None
    assert [one.row.text for one in taken] == ["lệ phí hộ chiếu"]
    await turn.see_through(gateway.core, gateway.assistant, lambda _outcome, _seconds: None, taken[0])
    await gateway.answer_all()
    answers = [text for author, text in await citizen.heard() if author == "assistant"]
    assert [text for text in answers if text.startswith("echo")] == ["echo lệ phí hộ chiếu", "echo bao lâu"]
    assert len(answers) == 3


async def test_a_turn_that_breaks_off_is_tried_again_soon(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = await gateway.open("vi")
    await citizen.say("lệ phí hộ chiếu")

    async def breaks(*_: object) -> None:
        raise RuntimeError("the database was started anew")

    with monkeypatch.context() as broken:
        broken.setattr(turn, "_write", breaks)
        taken = await turn.take(gateway.core)
        assert taken
        await work._served(gateway.core, gateway.assistant, lambda _outcome, _seconds: None, taken)
    await gateway.answer_all()
    assert len(gateway.rasa.asked) == 1, "not at once"
    gateway.clock.forward(seconds=2)
    await gateway.answer_all()
    assert (await citizen.heard())[-1] == ("assistant", "echo lệ phí hộ chiếu")


async def test_what_was_taken_by_a_commit_that_broke_off_is_taken_anew(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    with free_hands(gateway) as taken:
        await citizen.say("lệ phí hộ chiếu")
    assert await turn.take(gateway.core) is None
    await turn.put_back(gateway.core, taken[0])
    again = await turn.take(gateway.core)
    assert again
    await turn.put_back(gateway.core, taken[0])  # too late: somebody else has it
    assert await turn.take(gateway.core) is None


async def test_several_answers_are_one_message(gateway: Gateway) -> None:
    gateway.rasa.script["hai"] = [answer("một"), answer("hai", choices=[{"label": "Lệ phí", "value": "intent=fee"}])]
    citizen = await gateway.open()
    await citizen.say("hai")
    await gateway.answer_all()
    assert (await citizen.heard())[-1] == ("assistant", "một\n\nhai")


@pytest.mark.parametrize(("fault", "actions_up"), [(503, True), (502, False)])
async def test_while_something_is_away_the_message_waits_and_is_answered_once(
    gateway: Gateway, fault: int, actions_up: bool
) -> None:
    citizen = await gateway.open("vi")
    gateway.rasa.fault, gateway.rasa.actions_up = fault, actions_up
    await citizen.say("lệ phí hộ chiếu")
    for _ in range(8):
        await gateway.answer_all()
        await work.tell_late(gateway.core)
        gateway.clock.forward(seconds=4)
    gateway.rasa.fault, gateway.rasa.actions_up = None, True
    gateway.clock.forward(seconds=10)
    await gateway.answer_all()
    heard = await citizen.heard()
    assert [author for author, _ in heard] == ["citizen", "system", "assistant"]
    assert "đã được giữ lại" in heard[1][1]
    assert len({question["message"] for question in gateway.rasa.asked}) == 1


async def test_one_note_for_several_waiting_messages_and_none_for_a_short_gap(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    gateway.rasa.fault = 503
    await citizen.say("một")
    gateway.clock.forward(seconds=4.9)
    await work.tell_late(gateway.core)
    assert len(await citizen.heard()) == 1
    await citizen.say("hai")
    for _ in range(3):
        gateway.clock.forward(seconds=4)
        await work.tell_late(gateway.core)
    assert [author for author, _ in await citizen.heard()] == ["citizen", "citizen", "system"]


async def test_a_message_that_always_fails_gets_an_honest_answer_and_lets_the_next_one_through(
    gateway: Gateway,
) -> None:
    citizen = await gateway.open("vi")
    gateway.rasa.fault = 500
    await citizen.say("câu hỏng")
    for _ in range(turn.TRIES):
        await gateway.answer_all()
        gateway.clock.forward(seconds=10)
    gateway.rasa.fault = None
    await citizen.say("câu lành")
    await gateway.answer_all()
    heard = [text for author, text in await citizen.heard() if author == "assistant"]
    assert "lỗi kỹ thuật" in heard[0]
    assert heard[1] == "echo câu lành"


async def test_tries_while_something_was_away_are_none_of_those_that_give_a_message_up(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    await citizen.say("lệ phí")
    for fault in (*[503] * turn.TRIES, 500, 503, 500):
        gateway.rasa.fault = fault
        await gateway.answer_all()
        gateway.clock.forward(seconds=10)
    gateway.rasa.fault = None
    await gateway.answer_all()
    assert await citizen.heard() == [("citizen", "lệ phí"), ("assistant", "echo lệ phí")]


async def test_what_a_dead_worker_had_taken_is_answered_after_the_restart_once(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    await citizen.say("lệ phí")
    gateway.rasa.gate.clear()
    worker = asyncio.create_task(gateway.answer_all())
    await gateway.rasa.asked_times(1)
    worker.cancel()
    gateway.rasa.gate.set()
    await turn.release_all(gateway.core)
    await gateway.answer_all()
    assert [author for author, _ in await citizen.heard()] == ["citizen", "assistant"]


async def test_two_workers_that_hold_the_same_message_write_one_answer(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    await citizen.say("lệ phí")
    gateway.rasa.gate.clear()
    first = asyncio.create_task(gateway.answer_all())
    await gateway.rasa.asked_times(1)
    await turn.release_all(gateway.core)
    second = asyncio.create_task(gateway.answer_all())
    await gateway.rasa.asked_times(2)
    gateway.rasa.gate.set()
    await asyncio.gather(first, second)
    assert [author for author, _ in await citizen.heard()] == ["citizen", "assistant"]


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("nhà tôi đang cháy cứu với", "vi", "114"),
        ("nha toi dang chay cuu voi", "vi", "114"),
        ("help my house is on fire", "en", "114"),
    ],
)
async def test_emergency_words_are_answered_at_the_door_also_when_rasa_is_down(
    gateway: Gateway, text: str, language: str, word: str
) -> None:
    gateway.rasa.fault = 503
    citizen = await gateway.open("en" if language == "vi" else "vi")
    await citizen.say(text)
    reply = (await citizen.read(2))[0]
    assert (reply["author"], reply["language"], gateway.rasa.asked) == ("assistant", language, [])
    assert word in str(reply["text"])


async def test_proof_is_sealed_before_the_insert_while_it_is_expected(gateway: Gateway) -> None:
    gateway.rasa.script["hồ sơ H15.50.05.13-261008-0975"] = [
        answer("Bốn số cuối?", outcome="case_status", expect="proof")
    ]
    citizen = await gateway.open("vi")
    await citizen.say("hồ sơ H15.50.05.13-261008-0975")
    await gateway.answer_all()
    await citizen.say("4 số cuối là 7391")
    await gateway.answer_all()
    asked = gateway.rasa.asked[-1]
    assert (asked["text"], asked["intent"]) == ("4 số cuối là ••••", "check_case")
    assert not tells(asked, "7391")
    assert not tells(await citizen.read(), "7391")


async def test_four_digits_behind_a_reference_are_sealed_and_others_are_not(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    await citizen.say("nam 2025 co gi moi")
    await citizen.say("ho so H15.50.05.13-261008-0975 7391")
    await gateway.answer_all()
    assert gateway.rasa.asked[0]["text"] == "nam 2025 co gi moi"
    assert gateway.rasa.asked[1]["text"] == "ho so H15.50.05.13-261008-0975 ••••"
    assert set(gateway.rasa.asked[1]["entities"]) == {"proof"}


async def test_a_settled_message_keeps_no_proof_token(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    await citizen.say("ho so H15.50.05.13-261008-0975 7391")
    await gateway.answer_all()
    async with gateway.core.store.read() as tx:
        assert (await tx.execute(sa.select(inbox.c.state, inbox.c.understood))).all() == [("done", {})]


@pytest.mark.parametrize("detour", ["lệ phí bao nhiêu", "tôi không nhớ", "cảm ơn"])
async def test_proof_is_sealed_after_a_detour_and_before_any_answer(gateway: Gateway, detour: str) -> None:
    citizen = await gateway.open("vi")
    for text in ("kiểm tra hồ sơ H15.50.05.13-261008-0975", "7391", detour, "số cuối là 7391"):
        await citizen.say(text)
    await gateway.answer_all()
    assert not tells(gateway.rasa.asked, "7391")
    assert not tells(await citizen.read(), "7391")
    gateway.clock.forward(minutes=11)
    await citizen.say("năm 2025")
    assert (await citizen.heard())[-1] == ("citizen", "năm 2025")


REFERENCE = "H15.50.05.13-261008-0975"
SEALED = [
    f"4 số cuối 2345 hồ sơ {REFERENCE}",
    f"2345 {REFERENCE}",
    f"{REFERENCE} đến đâu rồi? 2345",
    f"hồ sơ {REFERENCE}, tôi tên A, cccd 2345",
    f"{REFERENCE} tel 0912342345",
]


@pytest.mark.parametrize("text", SEALED)
async def test_a_proof_is_sealed_wherever_it_stands_in_a_text_that_names_a_case(gateway: Gateway, text: str) -> None:
    citizen = await gateway.open("vi")
    await citizen.say(text)
    await gateway.answer_all()
    assert not tells(await citizen.read(), "2345")
    assert not tells(gateway.rasa.asked, "2345")
    assert gateway.rasa.asked[0]["entities"]["proof"]


@pytest.mark.parametrize("text", ["lệ phí 2026", "luật 2024", "năm 2027 có tăng không", "fee in 2026?"])
async def test_a_year_is_no_proof_although_one_is_expected(gateway: Gateway, text: str) -> None:
    citizen = await gateway.open("vi")
    await citizen.say(f"hồ sơ {REFERENCE}")
    await citizen.say(text)
    await gateway.answer_all()
    assert (gateway.rasa.asked[-1]["text"], gateway.rasa.asked[-1]["intent"]) == (text, None)


async def test_a_proof_is_not_taken_for_the_number_of_a_choice(gateway: Gateway) -> None:
    choices = [{"label": "Lệ phí", "value": "intent=fee"}]
    gateway.rasa.script[f"hồ sơ {REFERENCE}"] = [
        answer("Bốn số cuối?", outcome="case_status", expect="proof", choices=choices)
    ]
    citizen = await gateway.open("vi")
    for text in (f"hồ sơ {REFERENCE}", "0001", "²", "①", "1"):
        await citizen.say(text)
        await gateway.answer_all()
    assert [asked["intent"] for asked in gateway.rasa.asked] == [None, "check_case", None, None, "fee"]
    assert not tells(await citizen.read(), "0001")
