"""What Messenger alone does: events of any shape, quick replies and postbacks, echoes that are receipts."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, get_args

import pytest

from channels.contract import (
    Beside,
    ChannelError,
    Message,
    OptedOut,
    Option,
    Receipt,
    Refused,
    Reply,
    Request,
    TryLater,
    Uncertain,
    Unreadable,
    WindowClosed,
)
from channels.fake import Answer
from channels.fake_messenger import FakeMessenger
from channels.messenger import Messenger
from channels.meta_wire import VERSION
from tests.channels.spoilt import spoilt
from tests.contracts.providers import (
    MESSENGER_PAGE,
    MESSENGER_PERSON,
    MESSENGER_SECRET,
    MESSENGER_TOKEN,
    PUBLIC_URL,
)
from tests.contracts.serving import Served, always, meta, serving

SHAKEN = "of-the-handshake"
OPTIONS = (Option("c1-1", "Khai sinh"), Option("c1-2", "Khai tử"))


def channel(url: str = "") -> Messenger:
    return Messenger(MESSENGER_PAGE, MESSENGER_TOKEN, MESSENGER_SECRET, SHAKEN, base_url=url)


def fake(*plan: str) -> FakeMessenger:
    return FakeMessenger(
        MESSENGER_PAGE, MESSENGER_TOKEN, MESSENGER_SECRET, PUBLIC_URL, verify_token=SHAKEN, plan=plan
    )


@asynccontextmanager
async def through(there: FakeMessenger) -> AsyncGenerator[tuple[Messenger, Served]]:
    async with serving(meta(there)) as served:
        ours = channel(served.url + "/")
        yield ours, served
        await ours.close()


# ---- in


def test_no_event_of_any_shape_raises_anything_but_unreadable() -> None:
    ours, tried = channel(), 0
    for body in spoilt("messenger"):
        tried += 1
        request = Request("POST", "/channels/messenger", {}, body, PUBLIC_URL)
        assert ours.answer(request).body == ""
        try:
            events = ours.parse(request)
        except Unreadable:
            continue
        for one in events:
            assert one.provider_id
            assert len(one.provider_id) <= 255
            if isinstance(one, Message):
                assert one.sender.isdecimal()
                assert one.sender.isascii()
                one.text.encode()
    assert tried > 5000


def heard(*events: dict[str, Any], **entry: Any) -> list[Any]:
    there = {"id": MESSENGER_PAGE, "time": 1795734990123, "messaging": list(events)} | entry
    return channel().parse(fake().signed({"object": "page", "entry": [there]}))


def event(sender: object = MESSENGER_PERSON, recipient: object = MESSENGER_PAGE, **more: Any) -> dict[str, Any]:
    return {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": 1795734990123} | more


def written(**more: Any) -> dict[str, Any]:
    return {"message": {"mid": "m_1", "text": "chào"} | more}


@pytest.mark.parametrize("sender", [
    "", "0", "+84912345678", "12a", "1 2", "12\n", "9" * 33, "١٢", 7654321098765432, None, ["1"],
])
def test_who_is_nobody_is_unreadable(sender: object) -> None:
    with pytest.raises(Unreadable):
        heard(event(sender, **written()))


@pytest.mark.parametrize("told", [
    event(recipient="104200000000999", **written()),
    event(sender=MESSENGER_PAGE, recipient=MESSENGER_PERSON, **written()),
    event(sender=MESSENGER_PAGE, **written()),
    event(sender=MESSENGER_PAGE, recipient=MESSENGER_PERSON, **written(is_echo=True)),
    event(sender=MESSENGER_PAGE, recipient=MESSENGER_PERSON, **written(is_echo=True, metadata="7")),
    event(sender=MESSENGER_PAGE, recipient=MESSENGER_PERSON, **written(is_echo=True, metadata=["7:3"])),
    event(**written(is_echo=True, metadata="7:3")),
    event(recipient="104200000000999", delivery={"mids": ["m_1"], "watermark": 1}),
    event(optin={"ref": "x"}), event(account_linking={}), event(pass_thread_control={}), event(typing={}), {},
])
def test_what_is_not_for_us_is_nothing(told: dict[str, Any]) -> None:
    assert heard(told) == []


@pytest.mark.parametrize("kind", get_args(Beside))
def test_what_comes_beside_a_text(kind: Any) -> None:
    (found,) = channel().parse(fake().beside(MESSENGER_PERSON, kind))
    assert isinstance(found, Message)
    expected = "file" if kind == "contact" else kind            # Messenger has no contacts
    assert (found.media, found.beside, found.text) == (1, expected, "")


def test_what_comes_with_words() -> None:
    (found,) = channel().parse(fake().beside(MESSENGER_PERSON, "photo", "giấy \ud83d"))
    assert isinstance(found, Message)
    assert (found.media, found.beside, found.text) == (1, "photo", "giấy ?")
    (found,) = heard(event(**written(attachments=[{"type": "fallback"}, {"type": "file"}, {"type": "image"}])))
    assert (found.media, found.beside, found.text) == (2, "file", "chào")


def test_half_of_a_sign_in_the_json_does_not_come_through() -> None:
    (found,) = heard(event(**written(text="a\ud83db")))
    assert found.text == "a\ufffdb"


def test_events_come_in_order_and_one_without_a_time_has_that_of_its_request() -> None:
    early, late = event(**written(mid="m_early")), event(**written(mid="m_late"))
    del late["timestamp"]
    assert [one.provider_id for one in heard(late, early, time=1795734990999)] == ["m_early", "m_late"]
    with pytest.raises(Unreadable):
        heard(late, time="soon")


def test_a_button_of_the_menu() -> None:
    (found,) = channel().parse(fake().postback(MESSENGER_PERSON, "person", "Gặp người"))
    assert isinstance(found, Message)
    assert (found.pressed, found.text, found.media) == ("person", "Gặp người", 0)


# ---- out


async def test_what_goes_over_the_wire() -> None:
    asked: list[tuple[str, str, Any]] = []

    def respond(request: Any, body: bytes) -> Answer:
        asked.append((request.raw_path, request.headers["Authorization"], json.loads(body)))
        return Answer(200, '{"recipient_id": "1", "message_id": "m_1"}')

    async with serving(respond) as served:
        ours = channel(served.url)
        assert await ours.send(MESSENGER_PERSON, Reply("Chào\nbạn", 41, 2)) == "m_1"
        await ours.send(MESSENGER_PERSON, Reply("Việc gì?", 42, options=OPTIONS, opener="Chọn"))
        await ours.close()
    common = {"recipient": {"id": MESSENGER_PERSON}, "messaging_type": "RESPONSE"}
    replies = [{"content_type": "text", "title": one.label, "payload": one.key} for one in OPTIONS]
    assert [body for _, _, body in asked] == [
        common | {"message": {"text": "Chào\nbạn", "metadata": "41:2"}},
        common | {"message": {"text": "Việc gì?", "metadata": "42:1", "quick_replies": replies}},
    ]
    assert {(path, proof) for path, proof, _ in asked} == {
        (f"/{VERSION}/{MESSENGER_PAGE}/messages", f"Bearer {MESSENGER_TOKEN}")
    }


async def test_what_is_pressed_brings_its_key_back() -> None:
    there = fake()
    async with through(there) as (ours, _):
        sid = await ours.send(MESSENGER_PERSON, Reply("Việc gì?", 41, 2, options=OPTIONS))
    (kept,) = there.messages_to(MESSENGER_PERSON)
    assert (kept.options, kept.opener) == (tuple((one.key, one.label) for one in OPTIONS), "")
    (found,) = ours.parse(there.pressed(MESSENGER_PERSON, *kept.options[1]))
    assert isinstance(found, Message)
    assert (found.sender, found.pressed, found.text) == (MESSENGER_PERSON, "c1-2", "Khai tử")
    told = [one for request in there.callbacks(kept.sid) for one in ours.parse(request)]
    assert told == [Receipt(41, 2, "sent", sid), Receipt(None, None, "delivered", sid)]


async def test_the_longest_texts_and_the_most_options_are_taken() -> None:
    most = tuple(Option(f"{place:02}" + "k" * 38, "ế" * 20) for place in range(13))
    replies = [Reply("ế" * 2000, 1), Reply("😀" * 1000, 1), Reply("ế" * 2000, 1, options=most)]
    there = fake()
    async with through(there) as (ours, _):
        for reply in replies:
            await ours.send(MESSENGER_PERSON, reply)
    assert [kept.text for kept in there.messages_to(MESSENGER_PERSON)] == [reply.text for reply in replies]


@pytest.mark.parametrize(("to", "reply", "error"), [
    (MESSENGER_PERSON, Reply("x", 1, options=tuple(Option(f"c{place}", "x") for place in range(14))), Refused),
    (MESSENGER_PERSON, Reply("x", 1, options=(Option("c1", "x" * 21),)), Refused),
    (MESSENGER_PERSON, Reply("😀" * 1001, 1), Refused),
    (MESSENGER_PERSON, Reply("https://tanphu.example/x", 1, template=True, language="vi"), WindowClosed),
    ("", Reply("x", 1), Refused), ("0123", Reply("x", 1), Refused), ("12\n", Reply("x", 1), Refused),
    ("1,2", Reply("x", 1), Refused), ("٧٦", Reply("x", 1), Refused),
])
async def test_what_messenger_would_refuse_is_refused_here(to: str, reply: Reply, error: type[ChannelError]) -> None:
    async with through(fake()) as (ours, served):
        with pytest.raises(error) as caught:
            await ours.send(to, reply)
    assert (type(caught.value), served.asked) == (error, [])


@pytest.mark.parametrize(("word", "error", "code"), [
    ("refused:10.2018278", WindowClosed, "10.2018278"), ("refused:10.2018108", OptedOut, "10.2018108"),
    ("refused:551.1545041", Refused, "551.1545041"), ("refused:100.2018001", Refused, "100.2018001"),
    ("refused:613", TryLater, "613"), ("refused:200.2018028", TryLater, "200.2018028"), ("429", TryLater, "613"),
    ("503", TryLater, "2"), ("500", Uncertain, "2"), ("refused:1200", Uncertain, "1200"),
])
async def test_a_refusal_is_what_its_code_says(word: str, error: type[ChannelError], code: str) -> None:
    there = fake(word)
    async with through(there) as (ours, _):
        with pytest.raises(error) as caught:
            await ours.send(MESSENGER_PERSON, Reply("x", 1))
    assert (type(caught.value), caught.value.code, there.texts) == (error, code, {})


@pytest.mark.parametrize("text", [
    "{}", '{"message_id": ""}', '{"message_id": 1}', '{"message_id": null}', '{"recipient_id": "1"}',
])
async def test_an_answer_without_an_id_leaves_it_uncertain(text: str) -> None:
    async with serving(always(Answer(200, text))) as served:
        ours = channel(served.url)
        with pytest.raises(Uncertain):
            await ours.send(MESSENGER_PERSON, Reply("x", 1))
        await ours.close()


# ---- the stand-in's own ways


@pytest.mark.parametrize(("more", "subcode"), [
    ({"recipient": {"id": "VIETTEL"}}, 2018001), ({"recipient": "1"}, 2018001), ({"message": {}}, None),
    ({"message": {"text": "x" * 2001}}, None), ({"message": {"text": "x", "quick_replies": [{"title": ""}]}}, None),
])
def test_the_stand_in_refuses_as_meta_does(more: dict[str, Any], subcode: int | None) -> None:
    body = json.dumps({"recipient": {"id": "1"}, "message": {"text": "x"}} | more).encode()
    answer = fake().create(f"/{VERSION}/{MESSENGER_PAGE}/messages", f"Bearer {MESSENGER_TOKEN}", body)
    error = json.loads(answer.body)["error"]
    assert (answer.status, error["code"], error.get("error_subcode")) == (400, 100, subcode)
