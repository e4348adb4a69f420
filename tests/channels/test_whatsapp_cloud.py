"""What WhatsApp's Cloud API alone does: events of any shape, user ids, buttons and lists, templates, states."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, get_args

import pytest

from channels.contract import (
    Beside,
    ChannelError,
    Message,
    Option,
    Receipt,
    Refused,
    Reply,
    TryLater,
    Uncertain,
    Unreadable,
    WindowClosed,
)
from channels.fake import Answer, Text
from channels.fake_whatsapp_cloud import FakeWhatsAppCloud
from channels.meta_wire import VERSION
from channels.whatsapp_cloud import WhatsAppCloud
from tests.channels.spoilt import spoilt
from tests.contracts.providers import (
    CITIZEN,
    PUBLIC_URL,
    WHATSAPP_ID,
    WHATSAPP_NUMBER,
    WHATSAPP_SECRET,
    WHATSAPP_TOKEN,
    WHATSAPP_USER,
)
from tests.contracts.serving import Served, always, meta, serving

SHAKEN = "of-the-handshake"
THREE = (Option("c1-1", "Khai sinh"), Option("c1-2", "Khai tử"), Option("c1-3", "Kết hôn"))


def channel(url: str = "", token: str = WHATSAPP_TOKEN, template: str = "da_co_tin") -> WhatsAppCloud:
    return WhatsAppCloud(
        WHATSAPP_ID, WHATSAPP_NUMBER, token, WHATSAPP_SECRET, SHAKEN, template=template, base_url=url
    )


def fake(*plan: str) -> FakeWhatsAppCloud:
    return FakeWhatsAppCloud(
        WHATSAPP_ID, WHATSAPP_NUMBER, WHATSAPP_TOKEN, WHATSAPP_SECRET, PUBLIC_URL, verify_token=SHAKEN, plan=plan
    )


@asynccontextmanager
async def through(there: FakeWhatsAppCloud, **settings: str) -> AsyncGenerator[tuple[WhatsAppCloud, Served]]:
    async with serving(meta(there)) as served:
        ours = channel(served.url + "/", **settings)
        yield ours, served
        await ours.close()


# ---- in


def test_no_event_of_any_shape_raises_anything_but_unreadable() -> None:
    ours, there, tried = channel(), fake(), 0
    for body in spoilt("whatsapp_cloud"):
        tried += 1
        request = there.signed({})
        request = type(request)("POST", request.target, request.headers, body, PUBLIC_URL)
        assert ours.answer(request).body == ""
        try:
            events = ours.parse(request)
        except Unreadable:
            continue
        for one in events:
            assert one.provider_id
            assert len(one.provider_id) <= 255
            if isinstance(one, Message):
                assert one.sender in (CITIZEN, WHATSAPP_USER) or one.sender.startswith(("+", "VN."))
                one.text.encode()
    assert tried > 5000


def message(**more: Any) -> dict[str, Any]:
    return {
        "id": "wamid.1", "from": "84912345678", "timestamp": "1795734990", "type": "text", "text": {"body": "chào"},
    } | more


def heard(*messages: dict[str, Any], contacts: object = None) -> list[Any]:
    value = {"metadata": {"phone_number_id": WHATSAPP_ID}, "messages": list(messages)}
    value |= {"contacts": contacts} if contacts is not None else {}
    change = {"field": "messages", "value": value}
    return channel().parse(fake().signed({"object": "whatsapp_business_account", "entry": [{"changes": [change]}]}))


@pytest.mark.parametrize(("told", "sender"), [
    ({"from": "84912345678"}, "+84912345678"),
    ({"from": "84912345678", "from_user_id": "VN.1"}, "+84912345678"),
    ({"from": "", "from_user_id": "VN.1"}, "VN.1"),
    ({"from": "VN.1"}, "VN.1"),
    ({"from_user_id": "US.ENT.11815799212886844830"}, "US.ENT.11815799212886844830"),
    ({"from": "+84912345678", "from_user_id": "VN.Az09"}, "VN.Az09"),
])
def test_who_wrote(told: dict[str, str], sender: str) -> None:
    written = message(**told)
    if "from" not in told:
        del written["from"]
    (found,) = heard(written)
    assert found.sender == sender


@pytest.mark.parametrize("told", [
    {"from": ""}, {"from": "0912345678"}, {"from": "8491234567890123"}, {"from": "84 912"}, {"from": "84912345678\n"},
    {"from": "vn.1"}, {"from": "VN."}, {"from": "VN.1-2"}, {"from": "VN." + "1" * 129}, {"from": 84912345678},
    {"from": "٨٤٩١٢٣٤٥"},
])
def test_who_is_nobody_is_unreadable(told: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        heard(message(**told))


def test_of_two_contacts_neither_is_taken_for_the_writer() -> None:
    written = message()
    del written["from"]
    assert heard(written, contacts=[{"user_id": "VN.1"}])[0].sender == "VN.1"
    assert heard(written, contacts=[{"wa_id": "84912345678", "user_id": "VN.1"}])[0].sender == CITIZEN
    with pytest.raises(Unreadable):
        heard(written, contacts=[{"user_id": "VN.1"}, {"user_id": "VN.2"}])


@pytest.mark.parametrize("kind", get_args(Beside))
def test_what_comes_beside_a_text(kind: Any) -> None:
    (found,) = channel().parse(fake().beside(CITIZEN, kind))
    assert isinstance(found, Message)
    assert (found.media, found.beside, found.text) == (1, kind, "")


def test_a_message_without_words_that_has_a_caption() -> None:
    (found,) = channel().parse(fake().beside(WHATSAPP_USER, "photo", "giấy \ud83d"))
    assert isinstance(found, Message)
    assert (found.sender, found.beside, found.text) == (WHATSAPP_USER, "photo", "giấy ?")


def test_half_of_a_sign_in_the_json_does_not_come_through() -> None:
    (found,) = heard(message(text={"body": "a\ud83db"}))
    assert found.text == "a\ufffdb"


@pytest.mark.parametrize("kind", ["reaction", "system", "order", "request_welcome", "edit", "revoke", "new_kind", "id"])
def test_what_says_nothing_is_nothing(kind: str) -> None:
    assert heard(message(type=kind)) == []


def test_messages_come_in_order_and_the_same_time_keeps_theirs() -> None:
    times = ["1795734992", "1795734990", "1795734991", "1795734990"]
    found = heard(*(message(id=f"wamid.{place}", timestamp=time) for place, time in enumerate(times)))
    assert [one.provider_id for one in found] == ["wamid.1", "wamid.3", "wamid.2", "wamid.0"]


def status(**more: Any) -> list[Any]:
    told = {"id": "wamid.1", "status": "sent", "timestamp": "1795734990", "biz_opaque_callback_data": "7:3"} | more
    change = {"field": "messages", "value": {"metadata": {"phone_number_id": WHATSAPP_ID}, "statuses": [told]}}
    return channel().parse(fake().signed({"object": "whatsapp_business_account", "entry": [{"changes": [change]}]}))


@pytest.mark.parametrize(("told", "code", "state"), [
    ("sent", None, "sent"), ("delivered", None, "delivered"), ("read", None, "delivered"),
    ("played", None, "delivered"), ("failed", 131026, "permanent"), ("failed", 131056, "temporary"),
    ("failed", 131000, "unsure"), ("failed", 131047, "window"), ("failed", 99999, "permanent"),
    ("failed", None, "permanent"), ("failed", "x", "permanent"), ("delivered", 131026, "delivered"),
])
def test_a_status(told: str, code: object, state: str) -> None:
    errors = {"errors": [{"code": code}]} if code is not None else {}
    known = str(code) if told == "failed" and isinstance(code, int) else ""
    assert status(status=told, **errors) == [Receipt(7, 3, state, "wamid.1", known)]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("named", ["", "7", "7:", "x:1", "-1:1", "1:1.0", "9" * 19 + ":1", "٧:١", "7:3\n", 7])
def test_a_status_of_what_somebody_else_sent_is_nothing(named: object) -> None:
    assert status(biz_opaque_callback_data=named) == []


# ---- out


def sent(there: FakeWhatsAppCloud, to: str = CITIZEN) -> list[Text]:
    return there.messages_to(to)


@pytest.mark.parametrize(("to", "whom"), [
    (CITIZEN, {"to": CITIZEN}), (WHATSAPP_USER, {"recipient": WHATSAPP_USER}),
])
async def test_what_goes_over_the_wire(to: str, whom: dict[str, str]) -> None:
    asked: list[tuple[str, str, Any]] = []

    def respond(request: Any, body: bytes) -> Answer:
        asked.append((request.path, request.headers["Authorization"], json.loads(body)))
        return Answer(200, '{"messages": [{"id": "wamid.1"}]}')

    async with serving(respond) as served:
        ours = channel(served.url)
        assert await ours.send(to, Reply("Chào\nbạn", 41, 2)) == "wamid.1"
        await ours.send(to, Reply("Việc gì?", 42, options=THREE))
        await ours.send(to, Reply("Việc gì?", 43, options=THREE, opener="Chọn"))
        await ours.send(to, Reply("https://tanphu.example/x", 44, options=THREE, template=True, language="vi"))
        await ours.close()
    common = {"messaging_product": "whatsapp", "recipient_type": "individual"} | whom
    rows = [{"id": option.key, "title": option.label} for option in THREE]
    buttons = {"buttons": [{"type": "reply", "reply": row} for row in rows]}
    parameters = [{"type": "text", "text": "https://tanphu.example/x"}]
    assert [body for _, _, body in asked] == [common | body for body in (
        {"type": "text", "text": {"body": "Chào\nbạn", "preview_url": False}, "biz_opaque_callback_data": "41:2"},
        {"type": "interactive", "biz_opaque_callback_data": "42:1", "interactive": {
            "type": "button", "body": {"text": "Việc gì?"}, "action": buttons,
        }},
        {"type": "interactive", "biz_opaque_callback_data": "43:1", "interactive": {
            "type": "list", "body": {"text": "Việc gì?"}, "action": {"button": "Chọn", "sections": [{"rows": rows}]},
        }},
        {"type": "template", "biz_opaque_callback_data": "44:1", "template": {
            "name": "da_co_tin", "language": {"code": "vi"},
            "components": [{"type": "body", "parameters": parameters}],
        }},
    )]
    assert {(path, proof) for path, proof, _ in asked} == {
        (f"/{VERSION}/{WHATSAPP_ID}/messages", f"Bearer {WHATSAPP_TOKEN}")
    }


@pytest.mark.parametrize("opener", ["", "Chọn"])
@pytest.mark.parametrize("to", [CITIZEN, WHATSAPP_USER])
async def test_what_is_pressed_brings_its_key_back(to: str, opener: str) -> None:
    there = fake()
    async with through(there) as (ours, _):
        await ours.send(to, Reply("Việc gì?", 1, options=THREE, opener=opener))
    (kept,) = sent(there, to)
    assert (kept.opener, kept.options) == (opener, tuple((one.key, one.label) for one in THREE))
    (found,) = ours.parse(there.pressed(to, *kept.options[1]))
    assert isinstance(found, Message)
    assert (found.sender, found.pressed, found.text, found.media) == (to, "c1-2", "Khai tử", 0)
    assert (b"list_reply" in there.pressed(to, "c1-2", "Khai tử").body) == bool(opener)


async def test_the_longest_texts_and_the_most_options_are_taken() -> None:
    ten = tuple(Option(f"{place}" + "k" * 39, "ế" * 24) for place in range(10))
    replies = [
        Reply("ế" * 4096, 1), Reply("😀" * 2048, 1), Reply("ế" * 1024, 1, options=ten, opener="ế" * 20),
        Reply("ế" * 1024, 1, options=tuple(Option(option.key, "ế" * 20) for option in THREE)),
    ]
    there = fake()
    async with through(there) as (ours, _):
        for reply in replies:
            await ours.send(CITIZEN, reply)
    assert [kept.text for kept in sent(there)] == [reply.text for reply in replies]


@pytest.mark.parametrize("reply", [
    Reply("x" * 1025, 1, options=THREE), Reply("x", 1, options=(*THREE, Option("c1-4", "Tạm trú"))),
    Reply("x", 1, options=(Option("c1", "x" * 21),)), Reply("😀" * 2049, 1),
])
async def test_what_whatsapp_would_refuse_is_refused_here(reply: Reply) -> None:
    async with through(fake()) as (ours, served):
        with pytest.raises(Refused):
            await ours.send(CITIZEN, reply)
    assert served.asked == []


@pytest.mark.parametrize("to", [
    "", "84912345678", "+0912345678", "+84", "VN.", "vn.1", "VN.1.2", "+84912345678 ", "VN.1\n", "whatsapp:VN.1",
])
async def test_who_has_no_address_is_not_written_to(to: str) -> None:
    async with through(fake()) as (ours, served):
        with pytest.raises(Refused):
            await ours.send(to, Reply("x", 1))
    assert served.asked == []


async def test_a_template_brings_the_link_in_the_citizens_language() -> None:
    there = fake()
    async with through(there) as (ours, _):
        await ours.send(CITIZEN, Reply("https://tanphu.example/x", 1, template=True, language="vi"))
    (kept,) = sent(there)
    assert (kept.template, kept.text, kept.options) == ("da_co_tin", "https://tanphu.example/x", ())


@pytest.mark.parametrize(("template", "language"), [("", "vi"), ("da_co_tin", "")])
async def test_without_a_template_or_a_language_the_window_is_closed(template: str, language: str) -> None:
    async with through(fake(), template=template) as (ours, served):
        with pytest.raises(WindowClosed):
            await ours.send(CITIZEN, Reply("https://tanphu.example/x", 1, template=True, language=language))
    assert served.asked == []


@pytest.mark.parametrize(("word", "error", "code"), [
    ("refused:131026", Refused, "131026"), ("refused:131047", WindowClosed, "131047"),
    ("refused:131056", TryLater, "131056"), ("refused:100.33", TryLater, "100.33"), ("503", TryLater, "2"),
    ("429", TryLater, "130429"), ("500", Uncertain, "2"),
])
async def test_a_refusal_is_what_its_code_says(word: str, error: type[ChannelError], code: str) -> None:
    there = fake(word)
    async with through(there) as (ours, _):
        with pytest.raises(error) as caught:
            await ours.send(CITIZEN, Reply("x", 1))
    assert (type(caught.value), caught.value.code, there.texts) == (error, code, {})


@pytest.mark.parametrize("text", [
    "{}", '{"messages": []}', '{"messages": [{}]}', '{"messages": [1]}', '{"messages": {"id": "x"}}',
    '{"messages": [{"id": ""}]}', '{"messages": [{"id": null}]}', '{"contacts": []}',
])
async def test_an_answer_without_an_id_leaves_it_uncertain(text: str) -> None:
    async with serving(always(Answer(200, text))) as served:
        ours = channel(served.url)
        with pytest.raises(Uncertain):
            await ours.send(CITIZEN, Reply("x", 1))
        await ours.close()


async def test_what_failed_after_it_was_taken_is_told() -> None:
    there = fake("failed:131047")
    async with through(there) as (ours, _):
        sid = await ours.send(CITIZEN, Reply("x", 41, 2))
    (request,) = there.callbacks(str(sid))
    assert ours.parse(request) == [Receipt(41, 2, "window", sid, "131047")]


async def test_a_wrong_token_is_told_once_until_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    async with through(fake(), token="another") as (ours, _):  # noqa: S106
        for _ in range(3):
            with pytest.raises(TryLater) as caught:
                await ours.send(CITIZEN, Reply("x", 1))
            assert (caught.value.code, caught.value.after) == ("190", 60.0)
    assert _errors(caplog) == ["Meta refuses with code 190: the token has ended"]
    async with through(fake("refused:132001", "refused:132001", "ok", "refused:132001", "refused:131026")) as (ours, _):
        for _ in range(5):
            try:
                await ours.send(CITIZEN, Reply("x", 1))
            except Refused:
                continue
    assert len(_errors(caplog)) == 3
    assert WHATSAPP_TOKEN not in caplog.text


def _errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


# ---- the stand-in's own ways


@pytest.mark.parametrize(("more", "code"), [
    ({"messaging_product": "sms"}, 131008), ({"to": ""}, 131008), ({"to": "VIETTEL"}, 131008), ({"text": {}}, 131008),
    ({"text": {"body": "x" * 4097}}, 100),
    ({"interactive": {"type": "button", "body": {"text": "x"}, "action": {"buttons": []}}}, 131009),
])
def test_the_stand_in_refuses_as_meta_does(more: dict[str, Any], code: int) -> None:
    body = {"messaging_product": "whatsapp", "to": "84912345678", "type": "text", "text": {"body": "x"}} | more
    answer = fake().create(f"/{VERSION}/{WHATSAPP_ID}/messages", f"Bearer {WHATSAPP_TOKEN}", json.dumps(body).encode())
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (400, code)


def test_the_stand_in_knows_its_number_its_token_and_its_words() -> None:
    body = json.dumps({"messaging_product": "whatsapp", "to": "84912345678", "text": {"body": "x"}}).encode()
    path, proof = f"/{VERSION}/{WHATSAPP_ID}/messages", f"Bearer {WHATSAPP_TOKEN}"
    assert fake().create(path, "Bearer é", body).status == 401
    assert fake().create("/v1.0/1/messages", proof, body).status == 400
    there = fake("sulk")
    with pytest.raises(ValueError, match="sulk"):
        there.create(path, proof, body)
    there.plan(lambda fields: "ok" if fields["to"] == "84912345678" else "500")
    assert there.create(path, proof, body).status == 200
    assert len(there.messages_to(CITIZEN)) == 1
