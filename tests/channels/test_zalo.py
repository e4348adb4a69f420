"""What Zalo alone does: its MAC and its time, events of any shape, tokens that are used up, buttons and templates."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from channels.contract import (
    Beside,
    ChannelError,
    Message,
    NotGenuine,
    OptedOut,
    Option,
    Receipt,
    Refused,
    Renew,
    Reply,
    Request,
    TokenRefused,
    TryLater,
    Uncertain,
    Unreadable,
    WindowClosed,
)
from channels.fake import Answer
from channels.fake_zalo import FakeZalo
from channels.zalo import Zalo
from channels.zalo_wire import SENT, SENT_ANONYMOUS, SIGNATURE, TEMPLATE, TIMESTAMP, TOKEN, sign
from tests.contracts.providers import (
    PUBLIC_URL,
    ZALO_APP,
    ZALO_APP_SECRET,
    ZALO_NOW,
    ZALO_OA,
    ZALO_OA_SECRET,
    ZALO_PEOPLE,
)
from tests.contracts.serving import Respond, always, serving, zalo

RECORDINGS = sorted((Path(__file__).parent.parent / "recordings/zalo").glob("*.json"))
(CITIZEN, NOBODY), OTHER = ZALO_PEOPLE
PHONE = "+84912345678"
OPTIONS = (Option("o:3f2a:1", "Khai sinh"), Option("o:3f2a:2", "Kết hôn"))
TAKEN = Answer(200, json.dumps({"error": 0, "message": "Success", "data": {"message_id": "63ecf43f0df7dba892e6"}}))


class Held:
    """A vault with one access token, renewed through the channel. `asked`: the bad ones that it was told of."""

    def __init__(self, access: str = "access", refresh: str = "refresh") -> None:
        self.access, self.refresh = access, refresh
        self.asked = list[str]()

    async def token(self, renew: Renew, *, bad: str = "") -> str:
        if bad:
            self.asked.append(bad)
            new = await renew(self.refresh)
            self.access, self.refresh = new.access, new.refresh
        return self.access

    async def close(self) -> None:
        pass


def channel(url: str = "", *, vault: Held | None = None, template: str = "414141", timeout: float = 5.0) -> Zalo:
    return Zalo(
        ZALO_OA, ZALO_APP, ZALO_APP_SECRET, ZALO_OA_SECRET, vault or Held(), template=template, base_url=url,
        now=lambda: ZALO_NOW, timeout=timeout,
    )


def fake(*plan: str, now: Callable[[], datetime] = lambda: ZALO_NOW, quota: int | None = None) -> FakeZalo:
    """Where the citizen has written."""
    made = FakeZalo(
        ZALO_OA, ZALO_APP, ZALO_APP_SECRET, ZALO_OA_SECRET, PUBLIC_URL, plan=plan, now=now, quota=quota
    )
    made.inbound(CITIZEN, "khai sinh")
    return made


# ---- in


def stamp(away: timedelta = timedelta()) -> str:
    return str(int((ZALO_NOW + away).timestamp() * 1000))


def brought(body: bytes, at: str = stamp(), header: bool = True) -> Request:
    headers = {SIGNATURE: sign(ZALO_APP, body, at, ZALO_OA_SECRET)} | ({TIMESTAMP: at} if header else {})
    return Request("POST", "/channels/zalo", headers, body, PUBLIC_URL)


def bodies() -> Iterator[Any]:
    for file in RECORDINGS:
        for request in json.loads(file.read_text(encoding="utf-8"))["requests"]:
            try:
                yield json.loads(request["body"])
            except ValueError:
                continue


def paths(body: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    names = list(body) if isinstance(body, dict) else range(len(body)) if isinstance(body, list) else []
    for name in names:
        yield (*before, name)
        yield from paths(body[name], (*before, name))


def spoilt(body: Any) -> Iterator[Any]:
    """The body with each of its values, one at a time, something else."""
    for path in paths(body):
        for odd in (None, [], {}, [1], 0, -1, 1.5, 10**30, True, "", "x" * 100_000, "\ud83d", "\x00", [[[]]]):
            changed = copy.deepcopy(body)
            there = changed
            for step in path[:-1]:
                there = there[step]
            there[path[-1]] = odd
            yield changed


def test_no_event_of_any_shape_does_anything_but_be_read_or_refused() -> None:
    reader, read = channel(), 0
    for body in bodies():
        for odd in spoilt(body):
            try:
                found = reader.parse(brought(json.dumps(odd).encode()))
            except Unreadable:
                continue
            read += 1
            for one in found:
                assert isinstance(one, Receipt) or (one.provider_id and one.sender and "\ud83d" not in one.text)
    assert read > 1000


@pytest.mark.parametrize("body", [
    b"null", b"1", b'"x"', b"[]", b"[" * 100_000, b'{"a":' * 100_000, b'{"event_name":"user_send_text"}', b"\xff\xfe",
    b'{"event_name":""}', b'{"event_name":7}', b'{"event_name":"follow"}',
    b'{"event_name":"user_received_message","oa_id":"2100000000000000123"}',
    b'{"timestamp":' + b"9" * 5000 + b"}",
])
def test_what_is_no_event_is_unreadable(body: bytes) -> None:
    request = brought(body)
    channel().verify(request)
    with pytest.raises(Unreadable):
        channel().parse(request)


@pytest.mark.parametrize(("away", "genuine"), [
    (timedelta(), True), (timedelta(hours=-24), True), (timedelta(hours=-24, milliseconds=-1), False),
    (timedelta(minutes=10), True), (timedelta(minutes=10, milliseconds=1), False), (timedelta(days=3650), False),
])
@pytest.mark.parametrize("header", [True, False])
def test_nothing_older_than_a_day_is_heard(away: timedelta, genuine: bool, header: bool) -> None:
    at = stamp(away)
    request = brought(f'{{"event_name":"x","timestamp": "{at}"}}'.encode(), at, header)
    if genuine:
        channel().verify(request)
    else:
        with pytest.raises(NotGenuine):
            channel().verify(request)


@pytest.mark.parametrize("at", ["0", "", "-1", "9" * 16, "9" * 17, "1e12", "\u0661" * 13, " " + stamp()])
def test_a_time_that_is_none_is_not_genuine(at: str) -> None:
    for header in (True, False):
        with pytest.raises(NotGenuine):
            channel().verify(brought(f'{{"timestamp":"{at}"}}'.encode(), at, header))


def test_the_console_may_try_the_address_without_a_signature() -> None:
    """Else Zalo would not save it; there is nothing in it that could be believed."""
    for body in (b"", b"{}", b" {}\n"):
        request = Request("POST", "/channels/zalo", {}, body, PUBLIC_URL)
        channel().verify(request)
        assert (channel().parse(request), channel().answer(request).status) == ([], 200)
    for headers, body in (({}, b"{ }x"), ({}, b'{"a":1}'), ({SIGNATURE: ""}, b"{}")):
        with pytest.raises(NotGenuine):
            channel().verify(Request("POST", "/channels/zalo", headers, body, PUBLIC_URL))
    with pytest.raises(NotGenuine):
        Zalo(ZALO_OA, ZALO_APP, "", "", Held()).verify(Request("POST", "/channels/zalo", {}, b"{}", PUBLIC_URL))


@pytest.mark.parametrize("kind", ["photo", "video", "voice", "sticker", "place", "contact", "file"])
def test_the_stand_in_brings_what_is_no_text(kind: Beside) -> None:
    for sender in (CITIZEN, NOBODY) if kind in ("photo", "sticker", "file") else (CITIZEN,):
        (read,) = channel().parse(fake().beside(sender, kind, "trước nhà"))
        assert isinstance(read, Message)
        assert (read.beside, read.media, read.text, read.sender) == (kind, 1, "trước nhà", sender)


def test_the_stand_in_tells_who_follows() -> None:
    there, reader = fake(), channel()
    (stop,), (start,) = reader.parse(there.unfollow(CITIZEN)), reader.parse(there.follow(CITIZEN))
    assert isinstance(stop, Message)
    assert isinstance(start, Message)
    assert [(one.consent, one.sender, one.text) for one in (stop, start)] == [
        ("stop", CITIZEN, ""), ("start", CITIZEN, ""),
    ]
    assert stop.provider_id != start.provider_id


# ---- out


async def sent(
    respond: Respond, *replies: Reply, to: str = CITIZEN, vault: Held | None = None, template: str = "414141"
) -> list[str | ChannelError | None]:
    """What sending each gives, or raises."""
    found = list[str | ChannelError | None]()
    async with serving(respond) as served:
        out = channel(served.url, vault=vault, template=template)
        for reply in replies:
            try:
                found.append(await out.send(to, reply))
            except ChannelError as raised:
                found.append(raised)
        await out.close()
    return found


class Asked:
    """Takes everything, and notes what it was asked: path, token and body."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []

    def __call__(self, request: web.BaseRequest, body: bytes) -> Answer:
        self.calls.append((request.path, request.headers["access_token"], json.loads(body)))
        return TAKEN


@pytest.mark.parametrize(("to", "reply", "path", "body"), [
    (CITIZEN, Reply("Hẹn trả 30/11.", row=41), SENT, {
        "recipient": {"user_id": CITIZEN}, "message": {"text": "Hẹn trả 30/11."},
    }),
    (CITIZEN, Reply("Chọn:", row=41, options=OPTIONS), SENT, {
        "recipient": {"user_id": CITIZEN},
        "message": {"text": "Chọn:", "attachment": {"type": "template", "payload": {"buttons": [
            {"title": "Khai sinh", "type": "oa.query.hide", "payload": "#mc:o:3f2a:1 Khai sinh"},
            {"title": "Kết hôn", "type": "oa.query.hide", "payload": "#mc:o:3f2a:2 Kết hôn"},
        ]}}},
    }),
    (NOBODY, Reply("Chọn:", row=41, options=OPTIONS), SENT_ANONYMOUS, {
        "recipient": {"anonymous_id": "8300000000000000790", "conversation_id": "c1"},
        "message": {"text": "Chọn:\n\n1. Khai sinh\n2. Kết hôn"},
    }),
    (CITIZEN, Reply("https://tanphu.example/a/1", row=41, attempt=2, template=True, phone=PHONE), TEMPLATE, {
        "phone": "84912345678", "template_id": "414141", "tracking_id": "41x2",
        "template_data": {"link": "https://tanphu.example/a/1"},
    }),
])
async def test_what_zalo_is_asked(to: str, reply: Reply, path: str, body: Any) -> None:
    asked = Asked()
    assert await sent(asked, reply, to=to) == ["63ecf43f0df7dba892e6"]
    assert asked.calls == [(path, "access", body)]


LINK = Reply("https://tanphu.example/a/1", row=1, template=True, phone=PHONE)


@pytest.mark.parametrize(("reply", "template", "error", "code"), [
    (Reply("x" * 2001, row=1), "1", Refused, "length"),
    (Reply(" \n", row=1), "1", Refused, "length"),
    (Reply("x", row=1, options=(Option("a\ud83d", "A"),)), "1", Refused, "options"),
    (Reply("x", row=1, options=(Option("a", "A\ud83d"),)), "1", Refused, "no UTF-8"),
    (Reply("x", row=1, options=(Option("a b", "A"),)), "1", Refused, "options"),
    (Reply("x", row=1, options=(Option("a" * 41, "A"),)), "1", Refused, "options"),
    (Reply("x", row=1, options=(Option("a", "A" * 36),)), "1", Refused, "options"),
    (Reply("x", row=1, options=(Option("a", ""),)), "1", Refused, "options"),
    (Reply("x", row=1, options=OPTIONS * 3), "1", Refused, "options"),
    (LINK, "", WindowClosed, "no template"),
    (Reply("https://a", row=1, template=True), "1", WindowClosed, "no number"),
    (Reply("https://a", row=1, template=True, phone="0912345678"), "1", WindowClosed, "no number"),
])
async def test_what_zalo_is_not_asked(reply: Reply, template: str, error: type[ChannelError], code: str) -> None:
    (raised,) = await sent(always(TAKEN), reply, template=template)
    assert isinstance(raised, ChannelError)
    assert (type(raised), raised.code) == (error, code)


@pytest.mark.parametrize(("length", "fits"), [("ế" * 2000, True), ("😀" * 2000, True), ("😀" * 2001, False)])
async def test_a_text_is_as_long_as_its_characters(length: str, fits: bool) -> None:
    (found,) = await sent(zalo(fake()), Reply(length, row=1))
    assert isinstance(found, str) == fits


async def test_the_longest_text_with_choices_fits_with_their_numbers_too() -> None:
    """Who is not signed in has no buttons."""
    there, options = fake(), tuple(Option(f"o:{place}", "ế" * 35) for place in range(5))
    there.inbound(NOBODY, "khai sinh")
    asking = channel().limits.asking
    for length, fits in ((asking, True), (asking + 1, False)):
        (found,) = await sent(zalo(there), Reply("ế" * length, row=1, options=options), to=NOBODY)
        assert isinstance(found, str) == fits
    (taken,) = there.messages_to(NOBODY)
    assert len(taken.text) == 2000


async def test_a_button_comes_back_as_its_key_and_its_label() -> None:
    there = fake()
    await sent(zalo(there), Reply("Chọn:", row=1, options=OPTIONS))
    (taken,) = there.messages_to(CITIZEN)
    assert taken.options == (("o:3f2a:1", "Khai sinh"), ("o:3f2a:2", "Kết hôn"))
    (read,) = channel().parse(there.pressed(CITIZEN, *taken.options[1]))
    assert isinstance(read, Message)
    assert (read.pressed, read.text, read.media) == ("o:3f2a:2", "Kết hôn", 0)


async def test_a_template_goes_to_the_number_and_its_receipt_names_our_row() -> None:
    there = fake()
    there.phones[PHONE] = CITIZEN
    (id_,) = await sent(zalo(there), Reply("https://tanphu.example/a/1", row=41, attempt=2, template=True, phone=PHONE))
    (taken,) = there.messages_to(CITIZEN)
    assert (taken.template, taken.text, taken.sid) == ("414141", "https://tanphu.example/a/1", id_)
    (told,) = there.callbacks(taken.sid)
    channel().verify(told)
    assert channel().parse(told) == [Receipt(41, 2, "delivered", taken.sid)]


async def test_what_never_reaches_the_telephone_what_was_seen_and_what_we_sent_tell_nothing() -> None:
    there = fake("undelivered")
    (id_,) = await sent(zalo(there), Reply("x", row=1))
    assert isinstance(id_, str)
    assert there.callbacks(id_) == []
    assert [channel().parse(one) for one in (there.seen(id_), there.echo(id_))] == [[], []]


# ---- tokens


@pytest.mark.parametrize("reply", [Reply("x", row=1), LINK])
async def test_a_token_that_is_refused_is_renewed_and_the_message_sent_once_more(reply: Reply) -> None:
    there, held = fake(), Held(access="ran out")
    (id_,) = await sent(zalo(there), reply, vault=held)
    assert held.asked == ["ran out"]
    assert (held.access, held.refresh) == (there.access, there.refresh) == ("access 1", "refresh 1")
    assert [text.sid for text in there.texts.values() if text.recipient != ZALO_OA] == [id_]


@pytest.mark.parametrize("code", ["-216", "-220", "-124"])
async def test_a_token_that_is_refused_twice_is_told_once_and_tried_later(
    code: str, caplog: pytest.LogCaptureFixture
) -> None:
    there, held = fake(*[f"refused:{code}"] * 4), Held()
    raised = await sent(zalo(there), Reply("x", row=1), Reply("y", row=2), vault=held)
    assert [(type(one), str(one)) for one in raised] == [
        (
            TokenRefused,
            "Nothing was sent, for our own token or password is no good: it waits until somebody has set a new one."
            f" ({code})",
        ),
    ] * 2
    assert held.asked == ["access", "access 1"]
    assert there.messages_to(CITIZEN) == []
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@pytest.mark.parametrize(("slow", "error"), [
    ("first token", TryLater), ("call", Uncertain), ("second token", TryLater), ("second call", Uncertain),
])
async def test_all_of_a_send_ends_in_time(
    slow: str, error: type[ChannelError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of its steps by itself would have more; what may have been taken is asked about."""
    monkeypatch.setattr("channels.zalo.WHOLE", 2.0)
    order = ["first token", "call", "second token", "second call"]
    there, steps = fake(*["refused:-216"] * 2), iter(order)

    class Slow(Held):
        async def token(self, renew: Renew, *, bad: str = "") -> str:
            await asyncio.sleep(60.0 if next(steps) == slow else 0.0)
            return "access"

    def respond(request: web.BaseRequest, body: bytes) -> Answer:
        return Answer(0, "", act="hang") if next(steps) == slow else zalo(there)(request, body)

    (raised,) = await sent(respond, Reply("x", row=1), vault=Slow())
    assert isinstance(raised, ChannelError)
    assert (type(raised), raised.code) == (error, "no time")
    assert list(steps) == order[order.index(slow) + 1 :]


async def test_a_fault_of_the_account_is_told_again_after_a_good_one(caplog: pytest.LogCaptureFixture) -> None:
    """In the table's words: the provider's own are in no log."""
    there, told = fake("refused:-321", "refused:-321", "ok", "refused:-321", "refused:-227"), list[int]()
    async with serving(zalo(there)) as served:
        out = channel(served.url)
        for _ in range(5):
            with suppress(ChannelError):
                await out.send(CITIZEN, Reply("x", row=1))
            told.append([record.levelno for record in caplog.records].count(logging.ERROR))
        await out.close()
    assert told == [1, 1, 1, 2, 2]
    assert caplog.messages == ["Zalo refuses with code -321: the Zalo Cloud account is out of money"] * 2


async def test_a_refresh_token_is_good_for_one_use() -> None:
    there = fake()
    async with serving(zalo(there)) as served:
        out = channel(served.url)
        first = await out._renew("refresh")
        assert (first.access, first.refresh, first.until) == (
            "access 1", "refresh 1", ZALO_NOW + timedelta(seconds=90_000),
        )
        with pytest.raises(Refused, match="token: -14020"):
            await out._renew("refresh")
        assert (await out._renew("refresh 1")).access == "access 2"
        await out.close()
    assert served.asked == [TOKEN] * 3


@pytest.mark.parametrize("answer", [
    Answer(500, ""), Answer(502, "<html>", "text/html"), Answer(200, "<html>", "text/html"), Answer(200, ""),
    Answer(200, "[]"), Answer(429, "slow down"), Answer(0, "", act="hang"), Answer(0, "", act="close"),
    Answer(200, '{"access_token": "a"}'), Answer(200, '{"error": -32}'),
])
async def test_a_refresh_token_that_was_not_refused_is_tried_again(answer: Answer) -> None:
    async with serving(always(answer)) as served:
        out = channel(served.url, timeout=0.3)
        with pytest.raises(TryLater) as caught:
            await out._renew("the refresh token")
        await out.close()
    assert "refresh token" not in str(caught.value)


@pytest.mark.parametrize(("said", "seconds"), [
    ("90000", 90_000), (90_000, 90_000), (None, 3600), ("soon", 3600), ("-5", 3600), ("0", 3600), ("9" * 30, 3600),
])
async def test_a_token_is_kept_however_long_it_lives(said: object, seconds: int) -> None:
    """The refresh token is used up: what came instead is not thrown away for a number."""
    body = json.dumps({"access_token": "a", "refresh_token": "r", "expires_in": said})
    async with serving(always(Answer(200, body))) as served:
        out = channel(served.url)
        assert (await out._renew("refresh")).until == ZALO_NOW + timedelta(seconds=seconds)
        await out.close()


# ---- the stand-in's own ways


async def test_the_stand_in_keeps_to_the_window_and_the_quota() -> None:
    days = [0]
    there = fake(now=lambda: ZALO_NOW + timedelta(days=days[0]), quota=2)
    days[0] = 7
    there.access, held = "good", Held("good")
    there._until += timedelta(days=30)
    respond, text = zalo(there), Reply("x", row=1)
    assert [type(one) for one in await sent(respond, text, vault=held)] == [str]
    days[0] = 8
    assert [type(one) for one in await sent(respond, text, LINK, vault=held)] == [WindowClosed, str]
    there.inbound(CITIZEN, "a lô")
    assert [type(one) for one in await sent(respond, text, vault=held)] == [TryLater]       # -211
    there.quota = None
    there.unfollow(CITIZEN)
    assert [type(one) for one in await sent(respond, text, vault=held)] == [OptedOut]
    there.inbound(CITIZEN, "a lô")
    assert [type(one) for one in await sent(respond, text, vault=held)] == [str]
    assert [type(one) for one in await sent(respond, text, to=OTHER, vault=held)] == [WindowClosed]


async def test_the_stand_in_knows_its_own_app_and_its_plan() -> None:
    there = fake("refused:-201", "ok")
    assert there.create("/v1/else", {}, b"").status == 404
    form = b"refresh_token=refresh&app_id=1&grant_type=refresh_token"
    assert json.loads(there.create(TOKEN, {"secret_key": ZALO_APP_SECRET}, form).body)["error"] == -14020
    assert [type(one) for one in await sent(zalo(there), *[Reply("x", row=1)] * 2)] == [Refused, str]
    there.plan(["nonsense"])
    with pytest.raises(ValueError, match="none of the faults"):
        there.create(SENT, {"access_token": "access"}, json.dumps(
            {"recipient": {"user_id": CITIZEN}, "message": {"text": "x"}}
        ).encode())


async def test_a_message_that_may_be_there_is_uncertain() -> None:
    found = await sent(always(Answer(200, '{"error": 0, "data": {}}')), Reply("x", row=1))
    assert [type(one) for one in found] == [Uncertain]
