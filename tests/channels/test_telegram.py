"""What Telegram alone does: its updates of any shape, its errors, its buttons."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from channels.contract import (
    ChannelError,
    Message,
    OptedOut,
    Option,
    Refused,
    Reply,
    Request,
    TokenRefused,
    TryLater,
    Uncertain,
    Unreadable,
    WindowClosed,
)
from channels.fake import Answer
from channels.fake_telegram import FakeTelegram
from channels.telegram import SECRET, Telegram
from channels.telegram_errors import FAULTS, error_of, fault_in
from channels.wire import Answer as Said
from tests.contracts.providers import PUBLIC_URL, TELEGRAM_NAME, TELEGRAM_SECRET, TELEGRAM_TOKEN
from tests.contracts.serving import always, serving, telegram

RECORDINGS = sorted((Path(__file__).parent.parent / "recordings/telegram").glob("*.json"))
CITIZEN = "5123456789"
OPTIONS = (Option("o:3f2a:1", "Khai sinh"), Option("o:3f2a:2", "Kết hôn"))


def channel(url: str = "", token: str = TELEGRAM_TOKEN) -> Telegram:
    return Telegram(token, TELEGRAM_SECRET, TELEGRAM_NAME, base_url=url)


def fake(*plan: str) -> FakeTelegram:
    return FakeTelegram(TELEGRAM_TOKEN, TELEGRAM_SECRET, TELEGRAM_NAME, PUBLIC_URL, plan=plan)


def brought(update: object) -> Request:
    return Request("POST", "/channels/telegram", {SECRET: TELEGRAM_SECRET}, json.dumps(update).encode(), PUBLIC_URL)


# ---- in


def bodies() -> Iterator[Any]:
    for file in RECORDINGS:
        for request in json.loads(file.read_text(encoding="utf-8"))["requests"]:
            try:
                yield json.loads(request["body"])
            except ValueError:
                continue


def spoilt(body: Any, path: tuple[Any, ...] = ()) -> Iterator[Any]:
    """The body with each of its values, one at a time, gone or become something else."""
    inside: Any = body
    for step in path:
        inside = inside[step]
    names = list(inside) if isinstance(inside, dict) else range(len(inside)) if isinstance(inside, list) else []
    for name in names:
        for odd in (None, [], {}, [1], {"a": 1}, 0, -1, 1.5, 10**30, True, "", "x" * 100_000, "\ud83d", [[[]]]):
            changed = copy.deepcopy(body)
            there = changed
            for step in path:
                there = there[step]
            there[name] = odd
            yield changed
        yield from spoilt(body, (*path, name))


def test_no_update_of_any_shape_raises_anything_but_unreadable() -> None:
    tried = 0
    for body in bodies():
        for odd in spoilt(body):
            tried += 1
            request = brought(odd)
            channel().answer(request)
            try:
                events = channel().parse(request)
            except Unreadable:
                continue
            assert all(isinstance(one, Message) and one.sender.isdecimal() for one in events)
    assert tried > 5000


@pytest.mark.parametrize("body", [
    b"", b"null", b"[]", b"7", b'"x"', b"{", b"\xff\xfe", b'{"update_id": ' + b"9" * 5000 + b"}", b"[" * 100_000,
    b'{"update_id": true}', b'{"update_id": 1.0}', b'{"update_id": "1"}', b'{"update_id": 9223372036854775808}',
])
def test_what_is_no_update_is_unreadable(body: bytes) -> None:
    request = Request("POST", "/channels/telegram", {SECRET: TELEGRAM_SECRET}, body, PUBLIC_URL)
    with pytest.raises(Unreadable):
        channel().parse(request)
    assert channel().answer(request).body == ""


@pytest.mark.parametrize("kind", ["photo", "video", "voice", "sticker", "place", "contact", "file"])
def test_what_comes_beside_a_text(kind: Any) -> None:
    (message,) = channel().parse(fake().beside(CITIZEN, kind, "xem đây"))
    assert isinstance(message, Message)
    assert (message.media, message.beside, message.text) == (1, kind, "xem đây")


async def test_a_button_brings_its_key_back() -> None:
    stand_in = fake()
    async with serving(telegram(stand_in)) as served:
        bot = channel(served.url)
        await bot.send(CITIZEN, Reply("Bạn cần gì?", row=1, options=OPTIONS))
        await bot.close()
    (text,) = stand_in.messages_to(CITIZEN)
    assert text.options == (("o:3f2a:1", "Khai sinh"), ("o:3f2a:2", "Kết hôn"))
    request = stand_in.pressed(CITIZEN, *text.options[1])
    (message,) = bot.parse(request)
    assert isinstance(message, Message)
    assert (message.pressed, message.text, message.sender) == ("o:3f2a:2", "Kết hôn", CITIZEN)
    said = json.loads(bot.answer(request).body)
    assert said == {
        "method": "answerCallbackQuery",
        "callback_query_id": json.loads(request.body)["callback_query"]["id"],
    }


async def test_who_blocks_the_bot_is_written_to_no_more_until_they_ask() -> None:
    stand_in = fake()
    async with serving(telegram(stand_in)) as served:
        bot = channel(served.url)
        assert consents(bot, stand_in.block(CITIZEN)) == [("stop", "")]
        with pytest.raises(OptedOut):
            await bot.send(CITIZEN, Reply("xin chào", row=1))
        assert consents(bot, stand_in.unblock(CITIZEN)) == [("start", "")]
        await bot.send(CITIZEN, Reply("xin chào", row=1))
        await bot.close()
    assert len(stand_in.messages_to(CITIZEN)) == 1


def consents(bot: Telegram, request: Request) -> list[tuple[str | None, str]]:
    return [(one.consent, one.text) for one in bot.parse(request) if isinstance(one, Message)]


# ---- out


async def test_what_goes_over_the_wire() -> None:
    asked: list[Any] = []

    def respond(request: Any, body: bytes) -> Answer:
        asked.append((request.method, request.path, json.loads(body)))
        return Answer(200, '{"ok": true, "result": {"message_id": 7}}')

    async with serving(respond) as served:
        bot = channel(served.url + "/")
        assert await bot.send(CITIZEN, Reply("<b>*1* _2_ https://tanphu.example", row=1, options=OPTIONS)) == "7"
        await bot.close()
    keyboard = [[{"text": one.label, "callback_data": one.key}] for one in OPTIONS]
    assert asked == [("POST", f"/bot{TELEGRAM_TOKEN}/sendMessage", {
        "chat_id": int(CITIZEN), "text": "<b>*1* _2_ https://tanphu.example",
        "link_preview_options": {"is_disabled": True}, "reply_markup": {"inline_keyboard": keyboard},
    })]


@pytest.mark.parametrize("reply", [
    Reply(" \n\t", row=1),
    Reply("😀" * 2049, row=1),
    Reply("x", row=1, options=(Option("k" * 41, "x"),)),
    Reply("x", row=1, options=(Option("", "x"),)),
    Reply("x", row=1, options=(Option("khóa", "x"),)),
    Reply("x", row=1, options=(Option("k", ""),)),
    Reply("x", row=1, options=(Option("k", "x" * 41),)),
    Reply("x", row=1, options=(Option("k", "\ud83d"),)),
    Reply("x", row=1, options=(Option("k", "x"),) * 11),
])
async def test_what_cannot_be_sent_is_refused_here(reply: Reply) -> None:
    bot = channel("http://127.0.0.1:9")
    with pytest.raises(Refused):
        await bot.send(CITIZEN, reply)
    await bot.close()


async def test_the_longest_text_and_the_most_buttons_are_taken() -> None:
    stand_in = fake()
    async with serving(telegram(stand_in)) as served:
        bot = channel(served.url)
        options = tuple(Option(f"{number}" + "k" * 39, "ế" * 40) for number in range(10))
        await bot.send(CITIZEN, Reply("😀" * 2048, row=1, options=options))
        await bot.close()
    assert len(stand_in.messages_to(CITIZEN)[0].options) == 10


async def test_there_are_no_templates() -> None:
    with pytest.raises(WindowClosed):
        await channel().send(CITIZEN, Reply("https://tanphu.example/c/1", row=1, template=True))


def says(status: int, description: str, ok: object = False) -> str:
    return json.dumps({"ok": ok, "error_code": status, "description": description})


@pytest.mark.parametrize(("status", "text", "error", "after"), [
    (400, says(400, "Bad Request: chat not found"), Refused, None),
    (400, says(400, "Bad Request: PEER_ID_INVALID"), Refused, None),
    (400, says(400, "Bad Request: message text is empty"), Refused, None),
    (400, says(400, "Bad Request: BUTTON_DATA_INVALID"), Refused, None),
    (400, says(400, "Bad Request: something new"), Refused, None),
    (400, "<html>", Uncertain, None),
    (400, says(400, "no", ok=True), Uncertain, None),
    (401, says(401, "Unauthorized"), TokenRefused, 60.0),
    (401, "<html>", TokenRefused, 60.0),
    (403, says(403, "Forbidden: bot was blocked by the user"), OptedOut, None),
    (403, says(403, "Forbidden: user is deactivated"), Refused, None),
    (403, says(403, "Forbidden: bot can't initiate conversation with a user"), Refused, None),
    (403, says(403, "Forbidden"), Refused, None),
    (403, "<html>", Uncertain, None),
    (404, says(404, "Not Found"), TokenRefused, 60.0),
    (404, "<html>", Uncertain, None),
    (413, says(413, "Request Entity Too Large"), Refused, None),
    (420, "", TryLater, 9.0),
    (429, says(429, "Too Many Requests: retry after 2"), TryLater, 9.0),
    (429, '{"ok": false, "parameters": {"retry_after": 4}}', TryLater, 4.0),
    (429, '{"ok": false, "parameters": {"retry_after": 999999}}', TryLater, 3600.0),
    (429, '{"ok": false, "parameters": {"retry_after": "4"}}', TryLater, 9.0),
    (429, '{"ok": false, "parameters": [4]}', TryLater, 9.0),
    (500, says(500, "Internal Server Error"), Uncertain, None),
    (502, "<html>", TryLater, 9.0),
    (503, says(503, "x"), TryLater, 9.0),
    (504, "", TryLater, 9.0),
    (200, "{}", Uncertain, None),
    (200, '{"ok": true, "result": true}', Uncertain, None),
    (200, "[1]", Uncertain, None),
    (302, "", Uncertain, None),
])
def test_an_answer(status: int, text: str, error: type[ChannelError], after: float | None) -> None:
    answer = Said(status, {"Retry-After": "9"} if status != 401 else {}, text)
    found = error_of(fault_in(answer), answer)
    assert (type(found), found.code) == (error, str(status))
    assert found.after == (9.0 if status == 404 and after else after)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.status} {fault.says}")
def test_every_row_of_the_table_is_reached(fault: Any) -> None:
    before = {400: "Bad Request: ", 403: "Forbidden: "}.get(fault.status, "")
    assert fault_in(Said(fault.status, {}, says(fault.status, before + fault.says))) == fault


async def test_a_wrong_token_is_told_once_until_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    plan = ["refused:401", "refused:401", "ok", "refused:401", "refused:403"]
    async with serving(telegram(fake(*plan))) as served:
        bot = channel(served.url)
        for _ in plan:
            try:
                await bot.send(CITIZEN, Reply("xin chào", row=1))
            except ChannelError as error:
                told = f"{error!r}{error}"
                assert "bot was" not in told
        await bot.close()
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        "Telegram refuses with 401: the token is wrong"
    ] * 2


async def test_no_error_and_no_log_names_the_token(caplog: pytest.LogCaptureFixture) -> None:
    """It stands in the address of every call."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.INFO)
    told = ""
    for answer in (Answer(500, ""), Answer(0, "", act="close"), Answer(302, "", headers={"Location": "http://["})):
        async with serving(always(answer)) as served:
            bot = channel(served.url)
            with pytest.raises(Uncertain) as caught:
                await bot.send(CITIZEN, Reply("xin chào", row=1))
            await bot.close()
        told += caught.exconly() + str(caught.getrepr(style="short"))
    for url in ("http://127.0.0.1:9", "nonsense"):
        bot = channel(url)
        with pytest.raises(TryLater) as later:
            await bot.send(CITIZEN, Reply("xin chào", row=1))
        await bot.close()
        told += later.exconly()
    told += "".join(record.getMessage() for record in caplog.records if record.name != "aiohttp.access")
    assert TELEGRAM_TOKEN.partition(":")[2] not in told
