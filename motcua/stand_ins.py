"""The demonstration's made-up accounts, and the stand-ins that play their providers: nothing leaves this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import token_urlsafe

from bot.phone.carrier import Api, App, Apps
from bot.phone.handsets import HANDSETS
from bot.secrets import Secrets, keyed
from bot.settings import Settings
from channels.fake import Answer
from channels.fake_messenger import FakeMessenger
from channels.fake_telegram import FakeTelegram
from channels.fake_twilio import FakeTwilio
from channels.fake_twilio_whatsapp import FakeTwilioWhatsApp
from channels.fake_whatsapp_cloud import FakeWhatsAppCloud
from channels.fake_zalo import FakeZalo

NUMBER = "+84900000000"
SENDERS = {
    "twilio_from": NUMBER,
    "twilio_whatsapp_from": "+84900000001",
    "whatsapp_number": "+84900000002",
    "messenger_page_id": "900000000000003",
    "telegram_name": "phuong_mau_bot",
    "zalo_oa_id": "9000000000000000004",
}  # made up: what citizens see, and nothing real answers to
CITIZEN, OTHER = HANDSETS[1], HANDSETS[2]  # whose telephones the handsets with apps are
NAMED = {"messenger": "7000000000000001", "telegram": "700000001", "zalo": "7000000000000000002"}  # the citizen, there


@dataclass(frozen=True, slots=True)
class StandIns:
    sms: FakeTwilio
    apps: Apps


def with_accounts(settings: Settings, secrets: Secrets) -> Settings:
    """What is not set of Twilio's account, and each app's account of which nothing is set: values of our own, with
    secrets that nobody knows."""
    made = keyed(secrets.session_key, "twilio")
    carrier = f"{settings.phone}/carrier" if settings.phone else ""
    given = {
        "twilio_account_sid": settings.twilio_account_sid or f"AC{made[:32]}",
        "twilio_auth_token": settings.twilio_auth_token or made[32:],
        "twilio_from": settings.twilio_from or NUMBER,
        "twilio_base_url": settings.twilio_base_url or carrier,
    }
    for account in _accounts(carrier, secrets) if settings.phone else ():
        if not any(getattr(settings, name) for name in account):
            given |= account
    return settings.model_copy(update=given)


def _accounts(carrier: str, secrets: Secrets) -> list[dict[str, str]]:
    """The settings of each account of an app."""

    def secret(name: str) -> str:
        return keyed(secrets.session_key, f"phone: {name}")

    apis = f"{carrier}/apps"
    return [
        _twilio_account(),
        _meta_account(apis, secret),
        _telegram_account(apis, secret),
        _zalo_account(apis, secret),
    ]


def _twilio_account() -> dict[str, str]:
    return {"twilio_whatsapp_from": SENDERS["twilio_whatsapp_from"], "twilio_whatsapp_template": "HX" + "0" * 32}


def _meta_account(apis: str, secret: Callable[[str], str]) -> dict[str, str]:
    """WhatsApp and Messenger have one address of the API, so that there are both of them or none."""
    names = ("whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token")
    names += ("messenger_page_token", "messenger_app_secret", "messenger_verify_token")
    return {
        "meta_base_url": f"{apis}/meta",
        "whatsapp_phone_number_id": "900000000000002",
        "whatsapp_number": SENDERS["whatsapp_number"],
        "whatsapp_template": "tra_loi",
        "messenger_page_id": SENDERS["messenger_page_id"],
    } | {name: secret(name) for name in names}


def _telegram_account(apis: str, secret: Callable[[str], str]) -> dict[str, str]:
    return {
        "telegram_base_url": f"{apis}/telegram",
        "telegram_token": f"900000005:{secret('telegram_token')}",
        "telegram_secret": secret("telegram_secret"),
        "telegram_name": SENDERS["telegram_name"],
    }


def _zalo_account(apis: str, secret: Callable[[str], str]) -> dict[str, str]:
    """The stand-in forgets its tokens when the gateway ends, and so the first one is another each time."""
    return {
        "zalo_base_url": f"{apis}/zalo",
        "zalo_oa_id": SENDERS["zalo_oa_id"],
        "zalo_app_id": "9000000000000000006",
        "zalo_app_secret": secret("zalo_app_secret"),
        "zalo_oa_secret": secret("zalo_oa_secret"),
        "zalo_refresh_token": token_urlsafe(),
        "zalo_template": "900007",
    }


def stand_ins(settings: Settings) -> StandIns:
    """`settings`: with the accounts. The apps stand in the order of the page."""
    account = (settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_from)
    sms = FakeTwilio(*account, settings.address)
    apis: dict[str, Api] = {}
    apps = [*_zalo(settings, apis), *_whatsapp(settings, sms), *_meta(settings, apis), *_telegram(settings, apis)]
    return StandIns(sms, Apps(apps, apis))


def _is_made_up(settings: Settings, name: str) -> bool:
    return getattr(settings, name) == SENDERS[name]


def _zalo(settings: Settings, apis: dict[str, Api]) -> list[App]:
    if not _is_made_up(settings, "zalo_oa_id"):
        return []
    fake = FakeZalo(
        settings.zalo_oa_id, settings.zalo_app_id, settings.zalo_app_secret, settings.zalo_oa_secret, settings.address,
        access=token_urlsafe(), refresh=settings.zalo_refresh_token,
    )  # fmt: skip
    fake.phones[CITIZEN] = NAMED["zalo"]
    apis["zalo"] = fake.create
    return [App("zalo", NAMED["zalo"], settings.zalo_oa_id, fake, late="refused:-230")]


def _whatsapp(settings: Settings, twilio: FakeTwilio) -> list[App]:
    number = settings.twilio_whatsapp_from
    if not _is_made_up(settings, "twilio_whatsapp_from"):
        return []
    return [App("whatsapp", CITIZEN, number, FakeTwilioWhatsApp(twilio, number), late="failed:63016")]


def _meta(settings: Settings, apis: dict[str, Api]) -> list[App]:
    if not _is_made_up(settings, "messenger_page_id"):
        return []
    cloud = FakeWhatsAppCloud(
        settings.whatsapp_phone_number_id, settings.whatsapp_number, settings.whatsapp_token,
        settings.whatsapp_app_secret, settings.address, verify_token=settings.whatsapp_verify_token,
    )  # fmt: skip
    messenger = FakeMessenger(
        settings.messenger_page_id, settings.messenger_page_token, settings.messenger_app_secret, settings.address,
        verify_token=settings.messenger_verify_token,
    )  # fmt: skip

    def api(path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        fake = messenger if f"/{messenger.account}/" in path else cloud
        return fake.create(path, headers.get("Authorization", ""), body)

    apis["meta"] = api
    return [
        App("whatsapp-cloud", OTHER, cloud.number, cloud, late="refused:131047"),
        App("messenger", NAMED["messenger"], messenger.number, messenger, late="refused:10.2018278"),
    ]


def _telegram(settings: Settings, apis: dict[str, Api]) -> list[App]:
    if not _is_made_up(settings, "telegram_name"):
        return []
    fake = FakeTelegram(settings.telegram_token, settings.telegram_secret, settings.telegram_name, settings.address)
    apis["telegram"] = lambda path, headers, body: fake.create(path, body)
    return [App("telegram", NAMED["telegram"], fake.name, fake)]
