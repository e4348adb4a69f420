"""A conversation in a messaging app: buttons, long answers, what is no text, and what happens after the window."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
import sqlalchemy as sa

from bot import delivery, inbox, model, watch
from bot.receipts import TRIES
from channels.contract import Channel, OptedOut, Receipt, TokenRefused, TryLater, WindowClosed
from tests.bot.apps import App
from tests.bot.conftest import Gateway
from tests.bot.fake_rasa import answer

CHOICES = [{"label": "Giấy tờ", "value": "intent=documents"}, {"label": "Lệ phí", "value": "intent=fee"}]
PERSON = {"label": "Gặp nhân viên", "value": "intent=talk_to_person"}


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def more_channels(app: App) -> dict[str, Channel]:
    return {"zalo": app}


def labels(app: App) -> list[str]:
    return [one.label for one in app.last().options]


async def states(gateway: Gateway) -> list[tuple[str, str, str]]:
    async with gateway.core.store.read() as tx:
        row = model.delivery.c
        return [tuple(one) for one in await tx.execute(sa.select(row.channel, row.state, row.code).order_by(row.id))]


async def tasks(gateway: Gateway) -> list[str]:
    async with gateway.core.store.read() as tx:
        return list((await tx.execute(sa.select(model.task.c.code))).scalars())


async def test_the_whole_answer_comes_with_its_sources_and_says_first_who_answers(gateway: Gateway, app: App) -> None:
    said = answer("Làm tại phường.")
    said["reply"]["sources"] = [{"title": "Nghị định 123", "url": "https://a.example/123", "verified": None}]
    gateway.rasa.script["ở đâu"] = [said]
    await app.writes(gateway, "ở đâu")
    [(to, reply)] = app.sent
    assert to == "u1"
    assert "trợ lý tự động" in reply.text.partition("\n\n")[0]
    assert reply.text.endswith("Làm tại phường.\nNguồn: Nghị định 123 https://a.example/123")


SHAPES: list[tuple[str, list[dict[str, str]], int, str]] = [
    ("buttons", [*CHOICES, PERSON], 3, ""),
    ("a list: too many for buttons", [*CHOICES, *CHOICES], 4, "Chọn"),
    ("a list: a label too long for a button", [{"label": "Đăng ký thường trú", "value": "a"}], 1, "Chọn"),
    ("numbers: too many for a list", [*CHOICES, *CHOICES, *CHOICES], 0, ""),
    ("numbers: a label too long for a list", [{"label": "x" * 25, "value": "a"}], 0, ""),
]


@pytest.mark.parametrize(("choices", "options", "opener"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
async def test_choices_are_buttons_then_a_list_then_numbers(
    gateway: Gateway, app: App, choices: list[dict[str, str]], options: int, opener: str
) -> None:
    gateway.rasa.script["hỏi"] = [answer("Bạn chọn gì?", choices=choices)]
    await app.writes(gateway, "chào")
    await app.writes(gateway, "hỏi")
    assert (len(app.last().options), app.last().opener) == (options, opener)
    numbered = "\n".join(f"{number}. {one['label']}" for number, one in enumerate(choices, start=1))
    assert app.last().text == ("Bạn chọn gì?" if options else f"Bạn chọn gì?\n\n{numbered}")


@pytest.mark.parametrize("by", ["button", "2", "chọn 2", "Lệ phí", "le phi"])
async def test_a_choice_is_taken_by_button_number_or_label(gateway: Gateway, app: App, by: str) -> None:
    gateway.rasa.script["hỏi"] = [answer("Bạn chọn gì?", choices=[*CHOICES, PERSON])]
    await app.writes(gateway, "hỏi")
    option = app.last().options[1]
    await (app.writes(gateway, "Lệ phí", pressed=option.key) if by == "button" else app.writes(gateway, by))
    assert gateway.rasa.asked[-1]["intent"] == "fee"


async def test_a_button_of_long_ago_still_means_what_it_said(gateway: Gateway, app: App) -> None:
    gateway.rasa.script["hỏi"] = [answer("Bạn chọn gì?", choices=CHOICES)]
    await app.writes(gateway, "hỏi")
    key = app.last().options[0].key
    for _ in range(3):
        await app.writes(gateway, "còn gì nữa")
    gateway.clock.forward(minutes=60 * 24 * 30)
    await app.writes(gateway, "Giấy tờ", pressed=key)
    assert gateway.rasa.asked[-1]["intent"] == "documents"


@pytest.mark.parametrize("key", ["1.9", "999.0", "x", "", "1.0 or 1=1", "9" * 40])
async def test_a_key_that_is_none_of_ours_is_what_is_written_on_it(gateway: Gateway, app: App, key: str) -> None:
    await app.writes(gateway, "lệ phí hộ chiếu", pressed=key)
    assert gateway.rasa.asked[-1]["text"] == "lệ phí hộ chiếu"


async def test_a_button_of_another_conversation_is_only_its_label(gateway: Gateway, app: App) -> None:
    gateway.rasa.script["hỏi"] = [answer("Bạn chọn gì?", choices=CHOICES)]
    await app.writes(gateway, "hỏi", sender="u1")
    key = app.last().options[0].key
    await app.writes(gateway, "chào", sender="u2")
    await app.writes(gateway, "Giấy tờ", sender="u2", pressed=key)
    assert gateway.rasa.asked[-1]["text"] == "Giấy tờ"


async def test_a_long_answer_comes_in_order_and_the_buttons_with_its_end(gateway: Gateway, app: App) -> None:
    sentences = [f"Bước {number}: nộp giấy tờ tại bộ phận một cửa của phường." for number in range(1, 25)]
    gateway.rasa.script["hỏi"] = [answer(" ".join(sentences), choices=CHOICES)]
    await app.writes(gateway, "chào")
    before = len(app.sent)
    await app.writes(gateway, "hỏi")
    parts = [reply for _, reply in app.sent[before:]]
    assert " ".join(part.text for part in parts) == " ".join(sentences)
    assert all(len(part.text) <= 500 for part in parts)
    assert [bool(part.options) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert len(parts[-1].text) <= 400


@pytest.mark.parametrize("beside", ["photo", "video", "voice", "sticker", "place", "contact", "file"])
async def test_what_is_no_text_is_told_kindly_once_and_shown_to_staff(gateway: Gateway, app: App, beside: Any) -> None:
    await app.writes(gateway, "chào")
    for _ in range(3):
        await app.writes(gateway, media=1, beside=beside)
    assert len(app.sent) == 2
    assert gateway.rasa.asked[1:] == []
    assert "viết" in app.last().text or "lưu" in app.last().text
    async with gateway.core.store.read() as tx:
        said = sa.select(model.message.c.text).where(model.message.c.author == "citizen")
        assert [text for text in (await tx.execute(said)).scalars() if text.startswith("[")] != []


async def test_a_caption_is_answered(gateway: Gateway, app: App) -> None:
    await app.writes(gateway, "ảnh này là giấy gì", media=1, beside="photo")
    assert "chưa xem được ảnh" in app.last().text
    assert gateway.rasa.asked[-1]["text"] == "ảnh này là giấy gì"


BEGINS = [("/start", "greet"), ("/start trang-chu", "greet"), ("Bắt đầu", "greet"), ("START", "greet"),
          ("/help", "what_can_you_do")]  # fmt: skip


@pytest.mark.parametrize(("written", "asked"), BEGINS)
async def test_who_begins_is_told_who_answers_and_not_that_answers_come_again(
    gateway: Gateway, app: App, written: str, asked: str
) -> None:
    await app.writes(gateway, written)
    assert [reply.text for _, reply in app.sent][:1] != []
    assert "không phải người thật" in app.sent[0][1].text
    assert (gateway.rasa.asked[-1]["text"], gateway.rasa.asked[-1]["intent"]) == (written, asked)
    async with gateway.core.store.read() as tx:
        assert (await tx.execute(sa.select(model.consent.c.state))).scalars().all() == []


async def test_who_begins_in_the_middle_of_an_english_conversation_is_greeted_in_english(
    gateway: Gateway, app: App
) -> None:
    await app.writes(gateway, "how much is a passport please")
    await app.writes(gateway, "/start")
    assert (gateway.rasa.asked[-1]["intent"], gateway.rasa.asked[-1]["language"]) == ("greet", "en")


async def test_a_question_behind_a_command_is_asked(gateway: Gateway, app: App) -> None:
    await app.writes(gateway, "/help làm hộ chiếu cần giấy tờ gì")
    assert gateway.rasa.asked[-1]["text"] == "/help làm hộ chiếu cần giấy tờ gì"
    assert gateway.rasa.asked[-1]["intent"] is None


async def test_who_stopped_and_begins_again_gets_answers_again(gateway: Gateway, app: App) -> None:
    await app.writes(gateway, "STOP")
    await app.writes(gateway, "/start trang-chu")
    assert "bạn sẽ lại nhận được" in app.last().text
    assert gateway.rasa.asked == []


async def test_help_in_an_app_says_nothing_of_the_price_of_texts(gateway: Gateway, app: App) -> None:
    await app.writes(gateway, "trợ giúp")
    assert "không phải người thật" in app.last().text
    assert "SMS" not in app.last().text


async def test_a_button_so_old_that_nothing_is_written_on_it_means_what_it_said(gateway: Gateway, app: App) -> None:
    gateway.rasa.script["hỏi"] = [answer("Bạn chọn gì?", choices=CHOICES)]
    await app.writes(gateway, "hỏi")
    await app.writes(gateway, pressed=app.last().options[1].key)
    assert gateway.rasa.asked[-1]["intent"] == "fee"
    await app.writes(gateway, pressed="1.9")
    assert "không còn dùng được" in app.last().text


async def test_a_word_stops_and_starts_and_following_again_starts(gateway: Gateway, app: App) -> None:
    await app.writes(gateway, "STOP")
    assert len(app.sent) == 1
    await app.writes(gateway, "lệ phí hộ chiếu")
    assert len(app.sent) == 1
    await app.writes(gateway, "START")
    await app.writes(gateway, "lệ phí hộ chiếu")
    assert len(app.sent) == 3


async def test_whoever_unfollowed_is_left_alone_until_they_write_again(gateway: Gateway, app: App) -> None:
    await app.writes(gateway, "chào")
    await app.writes(gateway, consent="stop")
    async with gateway.core.store.read() as tx:
        assert (await tx.execute(sa.select(model.consent.c.state))).scalars().all() == ["stopped"]
    await app.writes(gateway, "lệ phí hộ chiếu")
    assert app.last().text == "echo lệ phí hộ chiếu"


async def test_whom_the_provider_lets_no_longer_reach_is_not_tried_again(gateway: Gateway, app: App) -> None:
    app.fails = [OptedOut("-213")]
    await app.writes(gateway, "chào")
    assert await states(gateway) == [("zalo", "silenced", "-213")]
    assert await tasks(gateway) == []


async def test_a_receipt_that_names_the_provider_s_id_alone_is_of_that_message(gateway: Gateway, app: App) -> None:
    await app.writes(gateway, "một")
    await app.writes(gateway, "hai")
    await app.tells(gateway, Receipt(None, None, "delivered", "id 2"))
    await app.tells(gateway, Receipt(None, None, "delivered", "id 9"))
    assert [state for _, state, _ in await states(gateway)] == ["sent", "delivered"]


# ---- after the window


async def answered_late(
    gateway: Gateway, app: App, hours: float = 25, text: str = "Chào bạn, xin lỗi vì trả lời muộn."
) -> None:
    """A person takes it and replies, so long after the citizen wrote."""
    await app.writes(gateway, "gặp nhân viên")
    agent = await gateway.agent()
    [waiting] = await (await agent.get("queue")).json()
    where = f"conversations/{waiting['conversation']}"
    await agent.post(f"{where}/claim")
    app.sent.clear()
    gateway.clock.forward(minutes=60 * hours)
    reply = await agent.post(f"{where}/messages", id="11111111-1111-4111-8111-111111111111", text=text)
    assert reply.status == 201
    await gateway.post_all()


async def test_within_the_window_a_reply_is_a_reply(gateway: Gateway, app: App) -> None:
    await answered_late(gateway, app, hours=23)
    assert [reply.template for _, reply in app.sent] == [False]


async def test_after_it_a_template_brings_a_link_to_the_answer(gateway: Gateway, app: App) -> None:
    await answered_late(gateway, app)
    [(_, reply)] = app.sent
    assert (reply.template, reply.language) == (True, "vi")
    page = await gateway.public.get(reply.text.removeprefix(gateway.core.settings.address))
    assert "xin lỗi vì trả lời muộn" in await page.text()


async def test_a_long_answer_is_one_link(gateway: Gateway, app: App) -> None:
    await answered_late(gateway, app, text="Bạn mang theo giấy khai sinh và căn cước nhé. " * 20)
    assert [reply.template for _, reply in app.sent] == [True]
    assert {state for _, state, _ in (await states(gateway))[1:]} == {"sent", "silenced"}


@pytest.mark.parametrize("told", ["when it is sent", "by a receipt"])
async def test_the_provider_knows_better_when_the_window_is_closed(gateway: Gateway, app: App, told: str) -> None:
    await app.writes(gateway, "chào")
    app.sent.clear()
    if told == "when it is sent":
        app.fails = [WindowClosed("-214")]
        await app.writes(gateway, "lệ phí")
    else:
        await app.writes(gateway, "lệ phí")
        await app.tells(gateway, Receipt(None, None, "window", "id 1", "131047"))
    assert app.last().template


async def test_without_a_template_it_is_a_task_and_nothing_pretends_to_be_sent(gateway: Gateway, app: App) -> None:
    app.templates = False
    await answered_late(gateway, app)
    assert app.sent == []
    assert (await states(gateway))[-1] == ("zalo", "failed", "window")
    assert await tasks(gateway) == ["window"]


async def test_tries_with_a_token_that_is_no_good_are_none_of_those_that_give_up(gateway: Gateway, app: App) -> None:
    app.fails = [*[TokenRefused("190", after=60.0)] * (TRIES + 3), TryLater("429")]
    await app.writes(gateway, "chào")
    for _ in range(TRIES + 6):
        assert await tasks(gateway) == []
        gateway.clock.forward(minutes=6)
        await gateway.post_all()
    assert [reply.text.splitlines()[-1] for _, reply in app.sent] == ["echo chào"]


async def test_an_app_that_hangs_holds_up_no_other_channel_and_an_orderly_end_waits_for_it(
    gateway: Gateway, app: App
) -> None:
    crowd = delivery.AT_ONCE
    for number in range(crowd):
        await app.writes(gateway, "chào", sender=f"u{number}")
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.update(model.delivery).values(state="waiting", due_at=gateway.clock()))
    app.hangs = asyncio.Event()
    delivering = asyncio.create_task(delivery.deliver(gateway.core, gateway.figures.text_moved))
    async with asyncio.timeout(30):
        while len([one for one in await states(gateway) if one[1] == "sending"]) < crowd:  # noqa: ASYNC110 (another task works)
            await asyncio.sleep(0.02)
        await gateway.phone().text("le phi")
        await inbox.open_next(gateway.core)
        await gateway.answer_all()
        while not gateway.phone().got():  # noqa: ASYNC110 (the same)
            await asyncio.sleep(0.02)
    gateway.core.wake.close()
    asyncio.get_running_loop().call_later(0.1, app.hangs.set)
    await delivering
    assert {state for channel, state, _ in await states(gateway) if channel == "zalo"} == {"sent"}


async def test_an_app_that_is_not_set_up_any_more_holds_up_nobody(gateway: Gateway, app: App) -> None:
    """What staff write fails and is a task; the conversation can be given back, ended, and taken from who has left."""
    lan = await gateway.agent("Lan")
    await app.writes(gateway, "gặp nhân viên")
    (waiting,) = await (await lan.get("queue")).json()
    path = f"conversations/{waiting['conversation']}"
    assert (await lan.post(f"{path}/claim")).status == 200
    del cast(dict[str, Channel], gateway.core.channels)[app.provider]
    before = len(await states(gateway))
    said = {"id": "00000000-0000-4000-8000-000000000000", "text": "Tôi xem giúp."}
    assert (await lan.post(f"{path}/messages", **said)).status == 201
    gateway.clock.forward(minutes=60)
    await watch.look(gateway.core)
    assert (await lan.post(f"{path}/claim")).status == 200
    assert (await lan.post(f"{path}/close", outcome="resolved")).status == 200
    after = (await states(gateway))[before:]
    assert after
    assert {(state, code) for _, state, code in after} == {("failed", "channel not set up")}
    assert set(await tasks(gateway)) == {"channel not set up"}
