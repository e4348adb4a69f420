"""The providers as the contract suite knows them: how adapter and stand-in are made, with invented secrets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from channels.contract import Channel, Renew, Request, State
from channels.fake import Plan
from channels.fake_kannel import FakeKannel
from channels.fake_twilio import FakeTwilio
from channels.sms_kannel import KannelSms
from channels.sms_twilio import TwilioSms
from tests.contracts.serving import Respond, kannel, twilio

PUBLIC_URL = "https://sms.tanphu.example"
CITIZEN = "+84912345678"
TWILIO_ACCOUNT, TWILIO_NUMBER = "AC00000000000000000000000000000123", "+12025550100"
TWILIO_TOKEN = "of-the-recordings-of-the-recording"  # noqa: S105
KANNEL_SECRET, KANNEL_NUMBER = "of the recordings", "8079"
KANNEL_USER, KANNEL_PASSWORD = "motcua", "päss wörd&"

Fake = FakeTwilio | FakeKannel


@dataclass(frozen=True)
class Provider:
    """`folder`: of its recordings, named as its module. `channel`: at an address, with a time-out in seconds and a
    secret of ours. `later`: a plan's words that mean "nothing was sent". `asked`: whether it can be asked what it has
    taken. `senders`: addresses that write to us, the first a citizen's; `another`: one more citizen. `refused`: what is
    no address. `receipts`: the states that it tells of a message, `named`: by our row and attempt. `json`: its bodies.
    """

    folder: str
    channel: Callable[[str, float, str], Channel]
    secret: str
    fake: Callable[[Plan], Any]
    serve: Callable[[Any], Respond]
    later: Sequence[str]
    asked: bool
    senders: tuple[str, ...] = (CITIZEN, "VIETTEL", "19001")
    another: str = "+84900000001"
    refused: tuple[str, ...] = ("VIETTEL", "+84912345678 +84912345679", "whatsapp:+84912345678")
    receipts: tuple[State, ...] = ("sent", "delivered")
    named: bool = True
    json: bool = False


def _twilio(url: str, timeout: float, secret: str) -> Channel:
    return TwilioSms(TWILIO_ACCOUNT, secret, TWILIO_NUMBER, public_url=PUBLIC_URL, base_url=url, timeout=timeout)


def _kannel(url: str, timeout: float, secret: str) -> Channel:
    return KannelSms(
        url, KANNEL_USER, KANNEL_PASSWORD, KANNEL_NUMBER, secret, public_url=PUBLIC_URL, timeout=timeout
    )


def _fake_twilio(plan: Plan) -> FakeTwilio:
    return FakeTwilio(TWILIO_ACCOUNT, TWILIO_TOKEN, TWILIO_NUMBER, PUBLIC_URL, plan=plan)


def _fake_kannel(plan: Plan) -> FakeKannel:
    return FakeKannel(KANNEL_USER, KANNEL_PASSWORD, KANNEL_NUMBER, KANNEL_SECRET, PUBLIC_URL, plan=plan)


PROVIDERS = {
    "twilio": Provider("sms_twilio", _twilio, TWILIO_TOKEN, _fake_twilio, twilio, ("429",), asked=True),
    "kannel": Provider("sms_kannel", _kannel, KANNEL_SECRET, _fake_kannel, kannel, ("503", "403"), asked=False),
}
NOWHERE = "http://127.0.0.1:9"      # nothing listens on the port of discard
LONG = 10.0                         # seconds, for what answers

each = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=list(PROVIDERS))


def at(provider: Provider, url: str = NOWHERE, timeout: float = LONG, secret: str | None = None) -> Channel:
    return provider.channel(url, timeout, provider.secret if secret is None else secret)


@dataclass(frozen=True)
class Everything:
    """Settings that open every channel."""

    twilio_account_sid: str = "AC1"
    twilio_auth_token: str = "token"  # noqa: S105
    twilio_from: str = "+12025550100"
    twilio_base_url: str = ""
    kannel_url: str = NOWHERE
    kannel_username: str = ""
    kannel_password: str = ""
    kannel_from: str = "8079"
    kannel_secret: str = "secret"  # noqa: S105
    twilio_whatsapp_from: str = ""
    twilio_whatsapp_template: str = ""
    whatsapp_phone_number_id: str = ""
    whatsapp_number: str = ""
    whatsapp_token: str = ""
    whatsapp_app_secret: str = ""
    whatsapp_verify_token: str = ""
    whatsapp_template: str = ""
    messenger_page_id: str = ""
    messenger_page_token: str = ""
    messenger_app_secret: str = ""
    messenger_verify_token: str = ""
    meta_base_url: str = ""
    telegram_token: str = ""
    telegram_secret: str = ""
    telegram_name: str = ""
    telegram_base_url: str = ""
    zalo_oa_id: str = ""
    zalo_app_id: str = ""
    zalo_app_secret: str = ""
    zalo_oa_secret: str = ""
    zalo_refresh_token: str = ""
    zalo_template: str = ""
    zalo_base_url: str = ""
    address: str = PUBLIC_URL


class Kept:
    """A vault that holds one good token."""

    async def token(self, renew: Renew, *, bad: str = "") -> str:
        return (await renew("refresh")).access if bad else "access"


def vault(_provider: str) -> Kept:
    return Kept()


def without(request: Request, *headers: str) -> Request:
    kept = {name: value for name, value in request.headers.items() if name not in headers}
    return Request(request.method, request.target, kept, request.body, request.public_url)
