"""What Twilio alone does: its messaging services, its codes, its lists, its statuses."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from multidict import MultiDict

from channels.contract import ChannelError, NotGenuine, OptedOut, Receipt, Refused, Reply, Request, TryLater
from channels.fake import Answer
from channels.fake_twilio import FakeTwilio
from channels.fake_twilio_forms import Text
from channels.sms_twilio import TwilioSms
from channels.twilio_wire import SIGNATURE, sign, write_form
from tests.channels.stand_in import OTHER, SERVICE, SINCE, fake_twilio
from tests.contracts.providers import CITIZEN, PUBLIC_URL, TWILIO_ACCOUNT, TWILIO_NUMBER, TWILIO_TOKEN
from tests.contracts.serving import Served, always, serving, twilio


@asynccontextmanager
async def through(fake: FakeTwilio, token: str = TWILIO_TOKEN) -> AsyncGenerator[tuple[TwilioSms, Served]]:
    async with serving(twilio(fake)) as served:
        channel = TwilioSms(TWILIO_ACCOUNT, token, fake.number, public_url=PUBLIC_URL, base_url=served.url + "/")
        yield channel, served
        await channel.close()


# ---- out


@pytest.mark.parametrize("number", [TWILIO_NUMBER, SERVICE])
async def test_a_number_or_a_messaging_service_sends(number: str) -> None:
    fake = fake_twilio(number)
    async with through(fake) as (channel, _):
        sid = await channel.send(CITIZEN, Reply("xin chào", row=7, attempt=3))
        assert await channel.taken(CITIZEN, "xin chào", SINCE) == [sid]
    (text,) = fake.messages_to(CITIZEN)
    assert (text.sender, text.service) == ((number, None) if number == TWILIO_NUMBER else ("", SERVICE))
    assert text.callback == f"{PUBLIC_URL}/channels/sms/status?row=7&attempt=3"


@pytest.mark.parametrize(("code", "error"), [
    ("21211", Refused), ("21610", OptedOut), ("30007", Refused), ("14107", TryLater),
])
async def test_a_refusal_is_what_its_code_says(code: str, error: type[ChannelError]) -> None:
    fake = fake_twilio(plan=[f"refused:{code}"])
    async with through(fake) as (channel, _):
        with pytest.raises(error) as caught:
            await channel.send(CITIZEN, Reply("xin chào", row=1))
    assert (type(caught.value), caught.value.code, fake.texts) == (error, code, {})


async def test_a_wrong_token_and_a_filter_are_told_once_until_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    async with through(fake_twilio(), token="another") as (channel, _):  # noqa: S106
        for _ in range(3):
            with pytest.raises(TryLater) as caught:
                await channel.send(CITIZEN, Reply("xin chào", row=1))
            assert (caught.value.code, caught.value.after) == ("20003", 60.0)
        with pytest.raises(TryLater):
            await channel.taken(CITIZEN, "xin chào", SINCE)
    assert len(_errors(caplog)) == 1
    plan = ["refused:30007", "refused:30007", "ok", "refused:30007", "refused:21211"]
    async with through(fake_twilio(plan=plan)) as (channel, _):
        for _ in range(5):
            try:
                await channel.send(CITIZEN, Reply("xin chào", row=1))
            except Refused:
                continue
    assert len(_errors(caplog)) == 3


def _errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


async def test_what_was_taken_oldest_first_and_only_ours() -> None:
    fake = fake_twilio()
    async with through(fake) as (channel, _):
        sids = [await channel.send(CITIZEN, Reply("xin chào", row=row)) for row in range(3)]
        fake.texts["SM1"] = _by_somebody("SM1", "+12025550199", "xin chào")
        fake.texts["SM2"] = _by_somebody("SM2", TWILIO_NUMBER, "Sent from your Twilio trial account - xin chào")
        fake.texts["SM3"] = _by_somebody("SM3", TWILIO_NUMBER, "xin chào bạn")
        fake.callbacks(str(sids[0]))
        assert await channel.taken(CITIZEN, "xin chào", SINCE) == [*sids, "SM2"]
        assert await channel.taken(CITIZEN, "xin chào", SINCE + timedelta(seconds=4)) == [*sids[1:], "SM2"]
        assert await channel.taken(OTHER, "xin chào", SINCE) == []


def _by_somebody(sid: str, sender: str, text: str) -> Text:
    return Text(sid, sender, CITIZEN, text, SINCE + timedelta(minutes=1))


async def test_what_a_citizen_sent_is_not_ours_either() -> None:
    fake = fake_twilio(SERVICE)
    fake.texts["SM1"] = _by_somebody("SM1", OTHER, "xin chào")
    fake.texts["SM1"].direction = "inbound"
    async with through(fake) as (channel, _):
        assert await channel.taken(CITIZEN, "xin chào", SINCE) == []


async def test_the_list_is_bounded() -> None:
    fake = fake_twilio()
    for number in range(450):
        fake.texts[f"SM{number}"] = _by_somebody(f"SM{number}", TWILIO_NUMBER, "xin chào")
    async with through(fake) as (channel, served):
        assert len(await channel.taken(CITIZEN, "xin chào", SINCE)) == 200
        assert len(served.asked) == 1


@pytest.mark.parametrize("answer", [
    Answer(500, "{}"), Answer(200, "<html>", "text/html"), Answer(200, '{"no": "list", "at": "all"}'),
    Answer(0, "", act="close"), Answer(404, '{"code": 20404}'), Answer(400, '{"code": 21211}'),
])
async def test_where_no_list_comes_it_is_asked_later(answer: Answer) -> None:
    async with serving(always(answer)) as served:
        channel = TwilioSms(TWILIO_ACCOUNT, TWILIO_TOKEN, TWILIO_NUMBER, public_url=PUBLIC_URL, base_url=served.url)
        with pytest.raises(TryLater):
            await channel.taken(CITIZEN, "xin chào", SINCE)
        await channel.close()


# ---- in


def signed(fields: Mapping[str, str], target: str = "/channels/sms") -> Request:
    form = MultiDict(fields)
    signature = sign(TWILIO_TOKEN, PUBLIC_URL + target, form)
    headers = {"content-type": "application/x-www-form-urlencoded", SIGNATURE: signature}
    return Request("POST", target, headers, write_form(form), PUBLIC_URL)


def test_without_a_token_what_is_signed_with_none_is_not_genuine() -> None:
    form = MultiDict({"MessageSid": "SM1", "From": CITIZEN})
    headers = {"content-type": "application/x-www-form-urlencoded"}
    headers[SIGNATURE] = sign("", f"{PUBLIC_URL}/channels/sms", form)
    with pytest.raises(NotGenuine):
        TwilioSms(TWILIO_ACCOUNT, "", TWILIO_NUMBER, public_url=PUBLIC_URL).verify(
            Request("POST", "/channels/sms", headers, write_form(form), PUBLIC_URL)
        )


def receive() -> TwilioSms:
    return TwilioSms(TWILIO_ACCOUNT, TWILIO_TOKEN, TWILIO_NUMBER, public_url=PUBLIC_URL)


@pytest.mark.parametrize("more", [
    {"From": TWILIO_NUMBER},                    # our own, come back
    {"From": "messenger:1234"},
    {"SmsStatus": "delivered"},                 # a callback that was configured to the wrong address
    {"MessageStatus": "sent"},
    {"EventType": "onMessageAdded"},
])
def test_what_is_not_for_us_is_nothing(more: dict[str, str]) -> None:
    message = {"MessageSid": "SM1", "From": CITIZEN, "To": TWILIO_NUMBER, "Body": "khai sinh"}
    request = signed(message | more)
    receive().verify(request)
    assert receive().parse(request) == []


@pytest.mark.parametrize(("status", "code", "state"), [
    ("sent", "", "sent"), ("delivered", "", "delivered"), ("read", "", "delivered"),
    ("partially_delivered", "", "sent"), ("canceled", "", "permanent"),
    ("undelivered", "", "permanent"), ("failed", "0", "permanent"),
    ("failed", "30008", "unsure"), ("failed", "99999", "permanent"), ("failed", "x", "permanent"),
    ("undelivered", "63016", "window"), ("undelivered", "63033", "opted_out"),
    ("undelivered", "9" * 40, "permanent"),
])
def test_a_status(status: str, code: str, state: str) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": status} | ({"ErrorCode": code} if code else {})
    (receipt,) = receive().parse(signed(fields, "/channels/sms/status?row=7&attempt=3"))
    assert isinstance(receipt, Receipt)
    assert (receipt.row, receipt.attempt, receipt.state, receipt.provider_id) == (7, 3, state, "SM1")
    assert receipt.code == (code if code in ("30008", "99999", "63016", "63033") else "")


@pytest.mark.parametrize("status", [
    "", "accepted", "scheduled", "queued", "sending", "receiving", "received", "DELIVERED",
])
def test_a_status_that_says_nothing(status: str) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": status}
    assert receive().parse(signed(fields, "/channels/sms/status?row=7&attempt=3")) == []


@pytest.mark.parametrize("query", [
    "", "?row=7", "?attempt=1", "?row=x&attempt=1", "?row=-1&attempt=1", "?row=1&attempt=1.0",
    f"?row={'9' * 19}&attempt=1", "?row=%D9%A1&attempt=1",
])
def test_a_receipt_for_nobody_is_nothing(query: str) -> None:
    assert receive().parse(signed({"MessageSid": "SM1", "MessageStatus": "sent"}, f"/channels/sms/status{query}")) == []
