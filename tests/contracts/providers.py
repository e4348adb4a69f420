"""The providers as the contract suite knows them: how adapter and stand-in are made, with invented secrets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.contract import Channel, Renew, Request, State
from channels.fake import Plan
from channels.fake_kannel import FakeKannel
from channels.fake_messenger import FakeMessenger
from channels.fake_meta import FakeMeta
from channels.fake_telegram import FakeTelegram
from channels.fake_twilio import FakeTwilio
from channels.fake_twilio_whatsapp import FakeTwilioWhatsApp
from channels.fake_whatsapp_cloud import FakeWhatsAppCloud
from channels.fake_zalo import FakeZalo
from channels.messenger import Messenger
from channels.sms_kannel import KannelSms
from channels.sms_twilio import TwilioSms
from channels.telegram import Telegram
from channels.whatsapp_cloud import WhatsAppCloud
from channels.whatsapp_twilio import TwilioWhatsApp
from channels.zalo import Zalo
from tests.contracts.serving import Respond, kannel, meta, telegram, twilio, twilio_whatsapp, zalo

PUBLIC_URL = "https://sms.tanphu.example"
CITIZEN = "+84912345678"
TWILIO_ACCOUNT, TWILIO_NUMBER = "AC00000000000000000000000000000123", "+12025550100"
TWILIO_WHATSAPP, TWILIO_TEMPLATE = "+14155238886", "HX" + "0" * 32
TWILIO_TOKEN = "of-the-recordings-of-the-recording"  # noqa: S105
KANNEL_SECRET, KANNEL_NUMBER = "of the recordings", "8079"
KANNEL_USER, KANNEL_PASSWORD = "motcua", "päss wörd&"
TELEGRAM_TOKEN = "7312345678:AAH-of_the_recordings"  # noqa: S105
TELEGRAM_SECRET, TELEGRAM_NAME = "of-the_recordings", "TanPhuBot"
ZALO_OA, ZALO_APP = "2100000000000000123", "3600000000000000456"
ZALO_APP_SECRET, ZALO_OA_SECRET = "of-the-app", "of-the-recordings-of-the-oa"
ZALO_NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)     # of the recordings
ZALO_PEOPLE = ("8300000000000000789", "8300000000000000790.c1"), "8300000000000000791"
WHATSAPP_ID, WHATSAPP_NUMBER = "106540352242922", "+842363550000"
WHATSAPP_TOKEN, WHATSAPP_SECRET = "EAAG-of-the-number", "of-the-recordings-of-whatsapp"
WHATSAPP_USER = "VN.13491208655302741918"               # who shows no number
MESSENGER_PAGE, MESSENGER_PERSON = "104200000000123", "7654321098765432"
MESSENGER_TOKEN, MESSENGER_SECRET = "EAAG-of-the-page", "of-the-recordings-of-the-page"

Fake = FakeTwilio | FakeTwilioWhatsApp | FakeKannel | FakeTelegram | FakeZalo | FakeMeta


@dataclass(frozen=True)
class Provider:
    """`folder`: of its recordings, named as its module. `channel`: at an address, with a time-out in seconds and a
    secret of ours. `later`: a plan's words that mean "nothing was sent"; `denied`: those that mean it for one message,
    because our own token or password is wrong. `asked`: whether it can be asked what it has
    taken. `senders`: addresses that write to us, the first a citizen's; `another`: one more citizen. `refused`: what is
    no address. `receipts`: the states that it tells of a message, `named`: by our row and attempt, but for
    the last `unnamed`. `json`: its bodies.
    """

    folder: str
    channel: Callable[[str, float, str], Channel]
    secret: str
    fake: Callable[[Plan], Any]
    serve: Callable[[Any], Respond]
    later: Sequence[str]
    denied: Sequence[str]
    asked: bool
    senders: tuple[str, ...] = (CITIZEN, "VIETTEL", "19001")
    another: str = "+84900000001"
    refused: tuple[str, ...] = ("VIETTEL", "+84912345678 +84912345679", "whatsapp:+84912345678")
    receipts: tuple[State, ...] = ("sent", "delivered")
    named: bool = True
    unnamed: int = 0
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


def _telegram(url: str, timeout: float, secret: str) -> Channel:
    return Telegram(TELEGRAM_TOKEN, secret, TELEGRAM_NAME, base_url=url, timeout=timeout)


def _fake_telegram(plan: Plan) -> FakeTelegram:
    return FakeTelegram(TELEGRAM_TOKEN, TELEGRAM_SECRET, TELEGRAM_NAME, PUBLIC_URL, plan=plan)


def _zalo(url: str, timeout: float, secret: str) -> Channel:
    return Zalo(
        ZALO_OA, ZALO_APP, ZALO_APP_SECRET, secret, Kept(), template="414141", base_url=url, now=lambda: ZALO_NOW,
        timeout=timeout,
    )


def _fake_zalo(plan: Plan) -> FakeZalo:
    """Where everybody has written."""
    fake = FakeZalo(
        ZALO_OA, ZALO_APP, ZALO_APP_SECRET, ZALO_OA_SECRET, PUBLIC_URL, plan=plan, now=lambda: ZALO_NOW,
    )
    for person in (*ZALO_PEOPLE[0], ZALO_PEOPLE[1]):
        fake.follow(person)
    return fake


def _whatsapp_cloud(url: str, timeout: float, secret: str) -> Channel:
    return WhatsAppCloud(
        WHATSAPP_ID, WHATSAPP_NUMBER, WHATSAPP_TOKEN, secret, secret and f"{secret}-handshake", template="da_co_tin",
        base_url=url, timeout=timeout,
    )


def _fake_whatsapp_cloud(plan: Plan) -> FakeWhatsAppCloud:
    return FakeWhatsAppCloud(
        WHATSAPP_ID, WHATSAPP_NUMBER, WHATSAPP_TOKEN, WHATSAPP_SECRET, PUBLIC_URL,
        verify_token=f"{WHATSAPP_SECRET}-handshake", plan=plan,
    )


def _messenger(url: str, timeout: float, secret: str) -> Channel:
    handshake = secret and f"{secret}-handshake"
    return Messenger(MESSENGER_PAGE, MESSENGER_TOKEN, secret, handshake, base_url=url, timeout=timeout)


def _fake_messenger(plan: Plan) -> FakeMessenger:
    return FakeMessenger(
        MESSENGER_PAGE, MESSENGER_TOKEN, MESSENGER_SECRET, PUBLIC_URL, verify_token=f"{MESSENGER_SECRET}-handshake",
        plan=plan,
    )


def _whatsapp_twilio(url: str, timeout: float, secret: str) -> Channel:
    return TwilioWhatsApp(
        TWILIO_ACCOUNT, secret, TWILIO_WHATSAPP, TWILIO_TEMPLATE, public_url=PUBLIC_URL, base_url=url, timeout=timeout
    )


def _fake_whatsapp_twilio(plan: Plan) -> FakeTwilioWhatsApp:
    return FakeTwilioWhatsApp(_fake_twilio(plan), TWILIO_WHATSAPP)


PROVIDERS = {
    "twilio": Provider(
        "sms_twilio", _twilio, TWILIO_TOKEN, _fake_twilio, twilio, ("429",), ("refused:20003",), asked=True,
    ),
    "kannel": Provider(
        "sms_kannel", _kannel, KANNEL_SECRET, _fake_kannel, kannel, ("503", "403"), ("403",), asked=False,
    ),
    "whatsapp": Provider(
        "whatsapp_twilio", _whatsapp_twilio, TWILIO_TOKEN, _fake_whatsapp_twilio, twilio_whatsapp, ("429",),
        ("refused:20003",), asked=True,
        senders=(CITIZEN, WHATSAPP_USER),
    ),
    "whatsapp-cloud": Provider(
        "whatsapp_cloud", _whatsapp_cloud, WHATSAPP_SECRET, _fake_whatsapp_cloud, meta, ("429", "503", "refused:190"),
        ("refused:190",), asked=False, senders=(CITIZEN, WHATSAPP_USER), json=True,
    ),
    "messenger": Provider(
        "messenger", _messenger, MESSENGER_SECRET, _fake_messenger, meta, ("429", "503", "refused:190", "refused:613"),
        ("refused:190",), asked=False, senders=(MESSENGER_PERSON, "100000000000001"), another="7654321098765433",
        refused=(CITIZEN, "VIETTEL", "7654321098765432,7654321098765433"), unnamed=1, json=True,
    ),
    "telegram": Provider(
        "telegram", _telegram, TELEGRAM_SECRET, _fake_telegram, telegram, ("429", "502", "refused:401"),
        ("refused:401",), asked=False,
        senders=("5123456789", "601234567890"), another="5000000001",
        refused=("0912345678", "-1001234567890", "@tanphu"), receipts=(), json=True,
    ),
    "zalo": Provider(
        "zalo", _zalo, ZALO_OA_SECRET, _fake_zalo, zalo, ("429", "502", "503", "refused:-32"),
        ("refused:-216",) * 2, asked=False,
        senders=ZALO_PEOPLE[0], another=ZALO_PEOPLE[1], refused=("+84912345678", "zalo:8300000000000000789", "8300."),
        receipts=("delivered",), named=False, json=True,
    ),
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
    twilio_whatsapp_from: str = "+14155238886"
    twilio_whatsapp_template: str = ""
    whatsapp_phone_number_id: str = "106540352242922"
    whatsapp_number: str = "+842363550000"
    whatsapp_token: str = "secret"  # noqa: S105
    whatsapp_app_secret: str = "secret"  # noqa: S105
    whatsapp_verify_token: str = "secret"  # noqa: S105
    whatsapp_template: str = ""
    messenger_page_id: str = "104200000000123"
    messenger_page_token: str = "secret"  # noqa: S105
    messenger_app_secret: str = "secret"  # noqa: S105
    messenger_verify_token: str = "secret"  # noqa: S105
    meta_base_url: str = ""
    telegram_token: str = "123456:AAH"  # noqa: S105
    telegram_secret: str = "secret"  # noqa: S105
    telegram_name: str = "TanPhuBot"
    telegram_base_url: str = ""
    zalo_oa_id: str = "2100000000000000123"
    zalo_app_id: str = "3600000000000000456"
    zalo_app_secret: str = "secret"  # noqa: S105
    zalo_oa_secret: str = "secret"  # noqa: S105
    zalo_refresh_token: str = "refresh"  # noqa: S105
    zalo_template: str = ""
    zalo_base_url: str = ""
    address: str = PUBLIC_URL


class Kept:
    """A vault that holds one good token."""

    async def token(self, renew: Renew, *, bad: str = "") -> str:
        return (await renew("refresh")).access if bad else "access"

    async def close(self) -> None:
        pass


def vault(_provider: str) -> Kept:
    return Kept()


def without(request: Request, *headers: str) -> Request:
    kept = {name: value for name, value in request.headers.items() if name not in headers}
    return Request(request.method, request.target, kept, request.body, request.public_url)
