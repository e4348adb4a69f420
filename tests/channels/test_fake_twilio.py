"""Twilio's own library against its stand-in, and the stand-in's own ways."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, cast

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from channels.fake_twilio import FakeTwilio
from channels.twilio_wire import write_form
from tests.channels.stand_in import OTHER, SINCE, fake_twilio
from tests.contracts.providers import CITIZEN, TWILIO_ACCOUNT, TWILIO_NUMBER, TWILIO_TOKEN
from tests.contracts.serving import serving, twilio

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated and will be removed:DeprecationWarning")  # the library's


class Redirected(AsyncTwilioHttpClient):
    """Twilio's client as it is, but for the host."""

    def __init__(self, url: str) -> None:
        super().__init__(timeout=10)
        self.url = url

    async def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:  # type: ignore[override]
        return await super().request(method, url.replace("https://api.twilio.com", self.url), *args, **options)


@asynccontextmanager
async def library(fake: FakeTwilio, token: str = TWILIO_TOKEN) -> AsyncGenerator[Any]:
    async with serving(twilio(fake)) as served:
        redirected = Redirected(served.url)
        yield cast(Any, Client(TWILIO_ACCOUNT, token, http_client=redirected)).messages
        await redirected.close()


async def test_the_library_reads_what_the_stand_in_says() -> None:
    fake = fake_twilio(plan=["ok", "undelivered:30003"])
    async with library(fake) as messages:
        text = "Hồ sơ của bạn đang được giải quyết tại bộ phận một cửa, hẹn trả kết quả ngày 30/11/2026."
        message = await messages.create_async(to=CITIZEN, from_=TWILIO_NUMBER, body=text)
        assert (message.status, message.direction, message.num_segments) == ("queued", "outbound-api", "2")
        assert (message.body, message.to, message.from_) == (text, CITIZEN, TWILIO_NUMBER)
        assert (message.date_created, message.date_sent) == (SINCE + timedelta(seconds=1), None)
        assert (message.account_sid, message.error_code) == (TWILIO_ACCOUNT, None)
        failed = await messages.create_async(to=CITIZEN, from_=TWILIO_NUMBER, body=text)
        assert fake.callbacks(failed.sid) == []             # none was asked for
        newest, oldest = await messages.list_async(to=CITIZEN)
        assert (newest.status, newest.error_code, oldest.status) == ("undelivered", 30003, "queued")


@pytest.mark.parametrize(("fields", "code"), [
    ({"to": "19001"}, 21211), ({"to": "VIETTEL"}, 21211), ({"from_": "+12025550199"}, 21606), ({"body": ""}, 21602),
    ({"to": f"whatsapp:{CITIZEN}"}, 21910), ({"body": "x" * 1601}, 21617), ({"to": OTHER}, 21610),
])
async def test_the_stand_in_refuses_as_twilio_does(fields: dict[str, str], code: int) -> None:
    fake = fake_twilio(carrier_opt_out=True)
    fake.inbound(OTHER, " Stop ")
    async with library(fake) as messages:
        with pytest.raises(TwilioRestException) as caught:
            await messages.create_async(**({"to": CITIZEN, "from_": TWILIO_NUMBER, "body": "xin chào"} | fields))
    assert (caught.value.status, caught.value.code) == (400, code)
    assert fake.messages_to(CITIZEN) == []


async def test_the_stand_in_knows_its_account() -> None:
    async with library(fake_twilio(), token="another") as messages:  # noqa: S106
        with pytest.raises(TwilioRestException) as caught:
            await messages.create_async(to=CITIZEN, from_=TWILIO_NUMBER, body="xin chào")
    assert (caught.value.status, caught.value.code) == (401, 20003)


async def test_the_library_turns_the_stand_ins_pages() -> None:
    fake = fake_twilio()
    async with library(fake) as messages:
        sids = [(await messages.create_async(to=CITIZEN, from_=TWILIO_NUMBER, body=str(n))).sid for n in range(5)]
        await messages.create_async(to=OTHER, from_=TWILIO_NUMBER, body="x")
        fake.inbound(CITIZEN, "khai sinh")
        assert [one.sid for one in await messages.list_async(to=CITIZEN, page_size=2)] == sids[::-1]
        assert len(await messages.list_async(page_size=3)) == 7
        assert len(await messages.list_async(from_=CITIZEN)) == 1
        assert len(await messages.list_async(to=CITIZEN, date_sent_after=SINCE)) == 0       # none is sent yet
        fake.callbacks(sids[0])
        for when in ("date_sent", "date_sent_after", "date_sent_before"):
            assert [one.sid for one in await messages.list_async(to=CITIZEN, **{when: SINCE})] == sids[:1]


# ---- the stand-in's carrier


def test_the_carriers_words_are_heeded_only_where_they_are_all_of_the_text() -> None:
    fake = fake_twilio(carrier_opt_out=True)
    words = [("STOP", "STOP"), ("stop please", None), (" start ", "START"), ("Help", "HELP"), ("dừng", None)]
    for text, consent in words:
        request = fake.inbound(CITIZEN, text)
        assert (b"OptOutType=" in request.body) == bool(consent)
        assert not consent or f"OptOutType={consent}".encode() in request.body
    assert [one.direction for one in fake.messages_to(CITIZEN)] == ["outbound-reply"] * 3
    assert b"OptOutType" not in fake_twilio().inbound(CITIZEN, "STOP").body


def test_a_plan_may_be_asked_and_a_wrong_word_is_an_error() -> None:
    fake = fake_twilio(plan=lambda fields: "sulk" if fields["To"] == CITIZEN else "ok")
    form = write_form([("To", CITIZEN), ("From", TWILIO_NUMBER), ("Body", "x")])
    authorization = "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDEyMzpvZi10aGUtcmVjb3JkaW5ncy1vZi10aGUtcmVjb3JkaW5n"
    path = f"/2010-04-01/Accounts/{TWILIO_ACCOUNT}/Messages.json"
    with pytest.raises(ValueError, match="sulk"):
        fake.create(path, authorization, form)
    assert fake.create(path, authorization, form.replace(b"84912345678", b"84900000001")).status == 201
