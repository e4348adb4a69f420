"""What Twilio's WhatsApp alone does: its addresses, buttons, template and 24 hours, beside SMS of one account."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from multidict import MultiDict

from channels.contract import (
    ChannelError,
    Message,
    OptedOut,
    Option,
    Receipt,
    Refused,
    Reply,
    Request,
    TryLater,
    Unreadable,
    WindowClosed,
)
from channels.fake_twilio import FakeTwilio
from channels.fake_twilio_whatsapp import FakeTwilioWhatsApp
from channels.sms_twilio import TwilioSms
from channels.twilio_wire import SIGNATURE, sign, write_form
from channels.whatsapp_twilio import TwilioWhatsApp
from tests.contracts.providers import (
    CITIZEN,
    PUBLIC_URL,
    TWILIO_ACCOUNT,
    TWILIO_NUMBER,
    TWILIO_TEMPLATE,
    TWILIO_TOKEN,
    TWILIO_WHATSAPP,
    WHATSAPP_USER,
)
from tests.contracts.serving import serving, twilio

SINCE = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LINK = "https://sms.tanphu.example/c/7Q2M-41"


class Clock:
    def __init__(self) -> None:
        self.at = SINCE

    def __call__(self) -> datetime:
        return self.at


def account(*plan: str, clock: Clock | None = None) -> FakeTwilio:
    return FakeTwilio(TWILIO_ACCOUNT, TWILIO_TOKEN, TWILIO_NUMBER, PUBLIC_URL, plan=plan, now=clock or Clock())


@asynccontextmanager
async def through(fake: FakeTwilioWhatsApp, template: str = TWILIO_TEMPLATE) -> AsyncGenerator[TwilioWhatsApp]:
    async with serving(twilio(fake.twilio)) as served:
        channel = whatsapp(template, served.url)
        yield channel
        await channel.close()


def whatsapp(template: str = TWILIO_TEMPLATE, url: str = "", sender: str = TWILIO_WHATSAPP) -> TwilioWhatsApp:
    return TwilioWhatsApp(TWILIO_ACCOUNT, TWILIO_TOKEN, sender, template, public_url=PUBLIC_URL, base_url=url)


def stand_in(*plan: str, clock: Clock | None = None) -> FakeTwilioWhatsApp:
    return FakeTwilioWhatsApp(account(*plan, clock=clock), TWILIO_WHATSAPP)


# ---- addresses


@pytest.mark.parametrize("address", [CITIZEN, WHATSAPP_USER, "VN.ENT.13491208655302741918"])
async def test_on_the_wire_an_address_says_that_it_is_whatsapps(address: str) -> None:
    fake = stand_in()
    async with through(fake) as channel:
        (message,) = channel.parse(fake.inbound(address, "xin chào"))
        assert isinstance(message, Message)
        assert (message.sender, message.recipient) == (address, TWILIO_WHATSAPP)
        sid = await channel.send(address, Reply("chào bạn", row=7, attempt=3))
        assert await channel.taken(address, "chào bạn", SINCE) == [sid]
    (text,) = fake.twilio.messages_to(f"whatsapp:{address}")
    assert (text.sender, text.callback) == (
        f"whatsapp:{TWILIO_WHATSAPP}", f"{PUBLIC_URL}/channels/whatsapp/status?row=7&attempt=3"
    )
    assert [(one.recipient, one.text) for one in fake.messages_to(address)] == [(address, "chào bạn")]


def test_a_sender_may_be_set_with_its_prefix_or_be_a_messaging_service() -> None:
    assert whatsapp(sender=f"whatsapp:{TWILIO_WHATSAPP}").sender == TWILIO_WHATSAPP
    assert whatsapp(sender="MG" + "0" * 32).sender == "MG" + "0" * 32


async def test_a_messaging_service_sends() -> None:
    service = "MG" + "0" * 32
    fake = stand_in()
    fake.twilio.senders.add(service)
    async with serving(twilio(fake.twilio)) as served:
        channel = whatsapp(url=served.url, sender=service)
        sid = await channel.send(CITIZEN, Reply("chào bạn", row=1))
        assert await channel.taken(CITIZEN, "chào bạn", SINCE) == [sid]
        await channel.close()
    assert fake.messages_to(CITIZEN)[0].service == service


@pytest.mark.parametrize("to", [
    "", "84912345678", "+", "+0123456", "whatsapp:+84912345678", "VN.", "vn.123", "VN.1-2", f"{CITIZEN} ",
    f"VN.{'1' * 129}",
])
async def test_what_is_no_address_is_refused_here(to: str) -> None:
    with pytest.raises(Refused):
        await whatsapp(url="http://127.0.0.1:9").send(to, Reply("xin chào", row=1))


async def test_sms_and_whatsapp_of_one_account_are_kept_apart() -> None:
    fake = stand_in()
    async with serving(twilio(fake.twilio)) as served:
        sms = TwilioSms(TWILIO_ACCOUNT, TWILIO_TOKEN, TWILIO_NUMBER, public_url=PUBLIC_URL, base_url=served.url)
        app = whatsapp(url=served.url)
        by_sms, by_app = [await one.send(CITIZEN, Reply("chào bạn", row=1)) for one in (sms, app)]
        assert await sms.taken(CITIZEN, "chào bạn", SINCE) == [by_sms]
        assert await app.taken(CITIZEN, "chào bạn", SINCE) == [by_app]
        await sms.close()
        await app.close()
    assert list(fake.texts) == [by_app]
    assert sms.parse(fake.inbound(CITIZEN, "xin chào")) == []
    assert app.parse(fake.twilio.inbound(CITIZEN, "xin chào")) == []


# ---- what comes in


def signed(fields: dict[str, str], target: str = "/channels/whatsapp") -> Request:
    form = MultiDict(fields)
    signature = sign(TWILIO_TOKEN, PUBLIC_URL + target, form)
    headers = {"content-type": "application/x-www-form-urlencoded", SIGNATURE: signature}
    return Request("POST", target, headers, write_form(form), PUBLIC_URL)


def heard(**more: str) -> Message:
    said = {"MessageSid": "SM1", "From": f"whatsapp:{CITIZEN}", "To": f"whatsapp:{TWILIO_WHATSAPP}", "Body": "xin chào"}
    (message,) = whatsapp().parse(signed(said | more))
    assert isinstance(message, Message)
    return message


@pytest.mark.parametrize(("content", "beside"), [
    ("image/jpeg", "photo"), ("IMAGE/PNG", "photo"), ("image/webp", "sticker"), ("video/mp4", "video"),
    ("audio/ogg", "voice"), ("audio/amr; codecs=x", "voice"), ("text/vcard", "contact"), ("text/x-vcard", "contact"),
    ("application/pdf", "file"), ("text/plain", "file"), ("", "file"), ("\ufffd", "file"),
])
def test_what_comes_beside_a_text(content: str, beside: str) -> None:
    message = heard(NumMedia="1", MediaContentType0=content, MediaUrl0="https://api.twilio.com/x")
    assert (message.media, message.beside, message.text, message.pressed) == (1, beside, "xin chào", "")


@pytest.mark.parametrize("kind", ["photo", "video", "voice", "sticker", "place", "contact", "file"])
def test_the_stand_in_brings_what_comes_beside_a_text(kind: Any) -> None:
    channel, request = whatsapp(), stand_in().beside(CITIZEN, kind, "xem đây")
    channel.verify(request)
    (message,) = channel.parse(request)
    assert isinstance(message, Message)
    assert (message.media, message.beside, message.text) == (1, kind, "xem đây")


@pytest.mark.parametrize("more", [
    {"MediaContentType0": "image/jpeg"}, {"NumMedia": "0"}, {"NumMedia": "-1"}, {"NumMedia": "one"},
    {"NumMedia": "1" * 9}, {"Latitude": "21.0"}, {"Longitude": "105.8"},
])
def test_nothing_is_beside_a_text(more: dict[str, str]) -> None:
    assert (heard(**more).media, heard(**more).beside) == (0, None)


@pytest.mark.parametrize(("more", "pressed", "text"), [
    ({"ButtonPayload": "o:3f2a:1", "ButtonText": "Khai sinh"}, "o:3f2a:1", "Khai sinh"),
    ({"ButtonPayload": "o:3f2a:1"}, "o:3f2a:1", "xin chào"),
    ({"ListId": "o:3f2a:2", "ListTitle": "Kết hôn"}, "o:3f2a:2", "xin chào"),
    ({"ButtonPayload": "k" * 40, "ButtonText": "x"}, "k" * 40, "x"),
    ({"ButtonPayload": "k" * 41, "ButtonText": "x"}, "", "xin chào"),
    ({"ButtonPayload": "đồng ý", "ButtonText": "Đồng ý"}, "", "xin chào"),
    ({"ButtonPayload": "", "ButtonText": ""}, "", "xin chào"),
])
def test_a_button(more: dict[str, str], pressed: str, text: str) -> None:
    assert (heard(**more).pressed, heard(**more).text) == (pressed, text)


def test_the_stand_in_presses_a_button() -> None:
    channel, request = whatsapp(), stand_in().pressed(CITIZEN, "o:3f2a:1", "Khai sinh")
    channel.verify(request)
    (message,) = channel.parse(request)
    assert isinstance(message, Message)
    assert (message.pressed, message.text) == ("o:3f2a:1", "Khai sinh")


@pytest.mark.parametrize("sender", [
    "", "whatsapp:", "whatsapp:nobody", "whatsapp:84912345678", "whatsapp:+84\n", "\x00",
])
def test_a_sender_who_is_nobody_is_unreadable(sender: str) -> None:
    with pytest.raises(Unreadable):
        heard(From=sender)


def test_no_form_of_any_shape_raises_anything_but_unreadable() -> None:
    fake = stand_in()
    requests = [fake.inbound(CITIZEN, "x"), fake.pressed(CITIZEN, "k", "x"), fake.beside(CITIZEN, "photo")]
    requests += [fake.beside(CITIZEN, "place")]
    for request in requests:
        fields = [part.partition("=")[::2] for part in request.body.decode().split("&")]
        for name, _ in fields:
            for odd in ("", "%00", "%FF", "%ED%A0%BD", "-1", "9" * 5000, "whatsapp:", "[]", "x&" + name + "=y"):
                body = "&".join(f"{one}={odd if one == name else value}" for one, value in fields)
                changed = Request("POST", request.target, request.headers, body.encode(), PUBLIC_URL)
                try:
                    whatsapp().parse(changed)
                except Unreadable:
                    continue


# ---- what goes out


async def test_too_long_after_the_citizen_wrote_a_template_goes_out() -> None:
    fake = stand_in()
    async with through(fake) as channel:
        sid = await channel.send(CITIZEN, Reply(LINK, row=1, template=True, language="vi"))
        assert await channel.taken(CITIZEN, LINK, SINCE) == [sid]
        assert await channel.taken(CITIZEN, "https", SINCE) == []
    (text,) = fake.messages_to(CITIZEN)
    assert text.template == TWILIO_TEMPLATE
    assert LINK in text.text


async def test_what_a_template_is_told_on_the_wire() -> None:
    asked: list[dict[str, str]] = []
    fake = account(clock=Clock())
    fake.plan(lambda fields: asked.append(dict(fields)) or "ok")
    async with through(FakeTwilioWhatsApp(fake, TWILIO_WHATSAPP)) as channel:
        await channel.send(CITIZEN, Reply(LINK, row=1, template=True))
    (fields,) = asked
    assert (fields["ContentSid"], json.loads(fields["ContentVariables"])) == (TWILIO_TEMPLATE, {"1": LINK})
    assert "Body" not in fields


async def test_without_a_template_the_window_is_closed() -> None:
    fake = stand_in()
    async with through(fake, template="") as channel:
        with pytest.raises(WindowClosed):
            await channel.send(CITIZEN, Reply(LINK, row=1, template=True))
    assert fake.texts == {}


async def test_the_stand_in_closes_the_window_after_24_hours() -> None:
    clock = Clock()
    fake = stand_in(clock=clock)
    async with through(fake) as channel:
        fake.inbound(CITIZEN, "xin chào")
        states: list[str] = []
        for hours, template in ((23, False), (25, False), (25, True)):
            clock.at = SINCE + timedelta(hours=hours)
            sid = await channel.send(CITIZEN, Reply(LINK, row=1, template=template))
            told = [one for request in fake.callbacks(str(sid)) for one in channel.parse(request)]
            states += [told[-1].state] if isinstance(told[-1], Receipt) else []
    assert states == ["delivered", "window", "delivered"]


@pytest.mark.parametrize(("code", "error"), [
    ("63016", WindowClosed), ("63033", OptedOut), ("63024", Refused), ("63018", TryLater), ("63028", Refused),
])
async def test_a_refusal_is_what_its_code_says(code: str, error: type[ChannelError]) -> None:
    async with through(stand_in(f"refused:{code}")) as channel:
        with pytest.raises(error) as caught:
            await channel.send(CITIZEN, Reply("xin chào", row=1))
    assert (type(caught.value), caught.value.code) == (error, code)


@pytest.mark.parametrize(("code", "state"), [
    ("63016", "window"), ("63014", "opted_out"), ("63032", "permanent"), ("63038", "temporary"),
])
async def test_a_failure_is_what_its_code_says(code: str, state: str) -> None:
    fake = stand_in(f"undelivered:{code}")
    async with through(fake) as channel:
        sid = await channel.send(CITIZEN, Reply("xin chào", row=41, attempt=2))
        told = [one for request in fake.callbacks(str(sid)) for one in channel.parse(request)]
    assert [one.state for one in told if isinstance(one, Receipt)] == ["sent", state]


async def test_choices_are_not_buttons_here_and_what_is_blank_is_refused() -> None:
    assert whatsapp().limits.buttons == 0
    fake = stand_in()
    async with through(fake) as channel:
        await channel.send(CITIZEN, Reply("1. Khai sinh", row=1, options=(Option("k", "Khai sinh"),)))
        with pytest.raises(Refused):
            await channel.send(CITIZEN, Reply(" \n", row=1))
    assert [(one.text, one.options) for one in fake.messages_to(CITIZEN)] == [("1. Khai sinh", ())]
