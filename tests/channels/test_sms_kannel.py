"""What Kannel alone does: its query, its answers, and receipts in either order."""

from __future__ import annotations

import logging
from urllib.parse import parse_qs, urlsplit

import pytest

from channels.contract import ChannelError, Receipt, Refused, Reply, Request, TokenRefused, TryLater, Uncertain
from channels.fake import Answer
from channels.sms_kannel import KannelSms
from tests.contracts.providers import (
    CITIZEN,
    KANNEL_NUMBER,
    KANNEL_PASSWORD,
    KANNEL_SECRET,
    KANNEL_USER,
    PROVIDERS,
    PUBLIC_URL,
)
from tests.contracts.serving import always, kannel, serving

ACCEPTED = Answer(202, "0: Accepted for delivery", "text/html")


def at(url: str) -> KannelSms:
    return KannelSms(url, KANNEL_USER, KANNEL_PASSWORD, KANNEL_NUMBER, KANNEL_SECRET, public_url=PUBLIC_URL)


@pytest.mark.parametrize(("to", "text", "coding"), [
    (CITIZEN, "Ho so dang giai quyet, hen tra 30/11.", "0"),
    (CITIZEN, "giá 50.000 ₫ & phí + 8% = ?", "2"),
    ("84912345678", "[a]{b}~^|\\€ @£$\n", "0"),
    ("19001", "ế", "2"),
])
@pytest.mark.parametrize("end", ["", "/", "/cgi-bin/sendsms"])
async def test_what_kannel_is_asked(to: str, text: str, coding: str, end: str) -> None:
    async with serving(always(ACCEPTED)) as served:
        channel = at(served.url + end)
        assert await channel.send(to, Reply(text, row=7, attempt=3)) is None
        await channel.close()
    path, _, query = served.asked[0].partition("?")
    asked = {name: values[0] for name, values in parse_qs(query, strict_parsing=True).items()}
    callback = asked.pop("dlr-url")
    assert path == "/cgi-bin/sendsms"
    assert asked == {
        "username": KANNEL_USER, "password": KANNEL_PASSWORD, "from": KANNEL_NUMBER, "to": to, "text": text,
        "coding": coding, "charset": "UTF-8", "dlr-mask": "31",
    }
    assert callback.startswith(f"{PUBLIC_URL}/channels/sms-kannel/status?row=7&attempt=3&type=%d&answer=%A&mac=")
    assert KANNEL_SECRET not in callback
    assert "+" not in query


@pytest.mark.parametrize(("status", "body", "error", "code"), [
    (202, "3: Queued for later delivery", None, ""),
    (202, "", Uncertain, "202"),
    (202, "<html>", Uncertain, "202"),
    (200, "0: Accepted for delivery", Uncertain, "200"),
    (302, "", Uncertain, "302"),
    (400, "Charset or body misformed, rejected", Refused, "400"),
    (403, "Not routable. Do not try again.", Refused, "403"),
    (403, "Authorization failed for sendsms", TokenRefused, "403"),
    (401, "", TokenRefused, "401"),
    (404, "Unknown request.", TryLater, "404"),
    (429, "", TryLater, "429"),
    (500, "", Uncertain, "500"),
    (502, "<html>", Uncertain, "502"),
    (503, "Temporal failure, try again later.", TryLater, "503"),
])
async def test_an_answer(status: int, body: str, error: type[ChannelError] | None, code: str) -> None:
    async with serving(always(Answer(status, body, "text/html"))) as served:
        channel = at(served.url)
        raised = await _raised(channel)
        await channel.close()
    assert (raised and type(raised), raised.code if raised else "") == (error, code)


async def _raised(channel: KannelSms) -> ChannelError | None:
    try:
        await channel.send(CITIZEN, Reply("xin chao", row=1))
    except ChannelError as raised:
        return raised
    return None


async def test_a_wrong_password_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    fake = PROVIDERS["kannel"].fake(["403", "403", "ok", "403"])
    async with serving(kannel(fake)) as served:
        channel = at(served.url)
        for told in (1, 1, 1, 2):
            raised = await _raised(channel)
            assert raised is None or raised.after == 60.0
            assert [record.levelno for record in caplog.records].count(logging.ERROR) == told
        await channel.close()


@pytest.mark.parametrize(("text", "fits"), [
    ("a" * 1530, True), ("a" * 1531, False), ("€" * 760, True),
    ("ế" * 670, True), ("ế" * 671, False), ("😀" * 330, True),
])
async def test_kannel_would_cut_what_is_over_ten_parts(text: str, fits: bool) -> None:
    async with serving(always(ACCEPTED)) as served:
        channel = at(served.url)
        if fits:
            await channel.send(CITIZEN, Reply(text, row=1))
        else:
            with pytest.raises(Refused):
                await channel.send(CITIZEN, Reply(text, row=1))
        await channel.close()
    assert len(served.asked) == fits


@pytest.mark.parametrize(("plan", "ends"), [("ok", "delivered"), ("failed:2", "permanent"), ("failed:16", "permanent")])
async def test_receipts_say_the_same_in_either_order(plan: str, ends: str) -> None:
    fake = PROVIDERS["kannel"].fake([plan])
    async with serving(kannel(fake)) as served:
        channel = at(served.url)
        await channel.send(CITIZEN, Reply("xin chao", row=7, attempt=2))
        await channel.close()
    receipts = fake.callbacks(fake.messages_to(CITIZEN)[0])
    for order in (receipts, receipts[::-1]):
        assert {_state(channel, one) for one in order} - {"sent"} == {ends}


def _state(channel: KannelSms, request: Request) -> str:
    channel.verify(request)
    (receipt,) = channel.parse(request)
    assert isinstance(receipt, Receipt)
    assert (receipt.row, receipt.attempt, receipt.provider_id) == (7, 2, None)
    return receipt.state


@pytest.mark.parametrize(("row", "attempt", "kind"), [
    ("", "1", "1"), ("1", "", "1"), ("-1", "1", "1"), ("9" * 19, "1", "1"), ("\u0661", "1", "1"),
    ("1", "1", ""), ("1", "1", "%d"), ("1", "1", "3"),
])
def test_a_receipt_for_nobody_is_nothing(row: str, attempt: str, kind: str) -> None:
    channel = at("http://127.0.0.1:9")
    target = f"/channels/sms-kannel/status?row={row}&attempt={attempt}&type={kind}&mac={channel._mac(row, attempt)}"
    assert channel.parse(Request("GET", target, {}, b"", PUBLIC_URL)) == []


def test_a_repeated_name_is_read_once() -> None:
    """What was proved is what is read."""
    target = f"/channels/sms-kannel?from=84912345678&id=1&text=a&text=b&from=2&secret={KANNEL_SECRET.replace(' ', '+')}"
    request = Request("GET", target, {}, b"", PUBLIC_URL)
    channel = at("http://127.0.0.1:9")
    channel.verify(request)
    (message,) = channel.parse(request)
    assert not isinstance(message, Receipt)
    assert (message.sender, message.text) == (CITIZEN, "a")
    assert urlsplit(target).path == channel.path
