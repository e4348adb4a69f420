"""The channels that the settings open. The one module that imports adapters, and only those that are used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from channels.contract import Channel, Vault


class Settings(Protocol):
    """What this asks of the settings; "" is not set. `address`: the public address."""

    @property
    def twilio_account_sid(self) -> str: ...
    @property
    def twilio_auth_token(self) -> str: ...
    @property
    def twilio_from(self) -> str: ...
    @property
    def twilio_base_url(self) -> str: ...
    @property
    def kannel_url(self) -> str: ...
    @property
    def kannel_username(self) -> str: ...
    @property
    def kannel_password(self) -> str: ...
    @property
    def kannel_from(self) -> str: ...
    @property
    def kannel_secret(self) -> str: ...
    @property
    def twilio_whatsapp_from(self) -> str: ...
    @property
    def twilio_whatsapp_template(self) -> str: ...
    @property
    def whatsapp_phone_number_id(self) -> str: ...
    @property
    def whatsapp_number(self) -> str: ...
    @property
    def whatsapp_token(self) -> str: ...
    @property
    def whatsapp_app_secret(self) -> str: ...
    @property
    def whatsapp_verify_token(self) -> str: ...
    @property
    def whatsapp_template(self) -> str: ...
    @property
    def messenger_page_id(self) -> str: ...
    @property
    def messenger_page_token(self) -> str: ...
    @property
    def messenger_app_secret(self) -> str: ...
    @property
    def messenger_verify_token(self) -> str: ...
    @property
    def meta_base_url(self) -> str: ...
    @property
    def telegram_token(self) -> str: ...
    @property
    def telegram_secret(self) -> str: ...
    @property
    def telegram_name(self) -> str: ...
    @property
    def telegram_base_url(self) -> str: ...
    @property
    def zalo_oa_id(self) -> str: ...
    @property
    def zalo_app_id(self) -> str: ...
    @property
    def zalo_app_secret(self) -> str: ...
    @property
    def zalo_oa_secret(self) -> str: ...
    @property
    def zalo_refresh_token(self) -> str: ...
    @property
    def zalo_template(self) -> str: ...
    @property
    def zalo_base_url(self) -> str: ...
    @property
    def address(self) -> str: ...


def made(settings: Settings, vault: Callable[[str], Vault]) -> dict[str, Channel]:
    """The channels by provider; {} for a system with the web alone. Libraries of those not open are not loaded.

    `vault`: where a provider's tokens rest, by the provider's name.
    """
    return {provider: make(settings, vault) for provider, (needed, make) in MAKERS.items() if _all(settings, needed)}


def _all(settings: Settings, needed: tuple[str, ...]) -> bool:
    return all(getattr(settings, name) for name in needed)


def _twilio(settings: Settings, _vault: Callable[[str], Vault]) -> Channel:
    from channels.sms_twilio import TwilioSms

    return TwilioSms(
        settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_from,
        public_url=settings.address, base_url=settings.twilio_base_url,
    )


def _kannel(settings: Settings, _vault: Callable[[str], Vault]) -> Channel:
    from channels.sms_kannel import KannelSms

    return KannelSms(
        settings.kannel_url, settings.kannel_username, settings.kannel_password, settings.kannel_from,
        settings.kannel_secret, public_url=settings.address,
    )


def _telegram(settings: Settings, _vault: Callable[[str], Vault]) -> Channel:
    from channels.telegram import Telegram

    return Telegram(
        settings.telegram_token, settings.telegram_secret, settings.telegram_name,
        base_url=settings.telegram_base_url,
    )


def _zalo(settings: Settings, vault: Callable[[str], Vault]) -> Channel:
    from channels.zalo import Zalo

    return Zalo(
        settings.zalo_oa_id, settings.zalo_app_id, settings.zalo_app_secret, settings.zalo_oa_secret, vault("zalo"),
        template=settings.zalo_template, base_url=settings.zalo_base_url,
    )


def _whatsapp_twilio(settings: Settings, _vault: Callable[[str], Vault]) -> Channel:
    from channels.whatsapp_twilio import TwilioWhatsApp

    return TwilioWhatsApp(
        settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_whatsapp_from,
        settings.twilio_whatsapp_template, public_url=settings.address, base_url=settings.twilio_base_url,
    )


def _whatsapp_cloud(settings: Settings, _vault: Callable[[str], Vault]) -> Channel:
    from channels.whatsapp_cloud import WhatsAppCloud

    return WhatsAppCloud(
        settings.whatsapp_phone_number_id, settings.whatsapp_number, settings.whatsapp_token,
        settings.whatsapp_app_secret, settings.whatsapp_verify_token, template=settings.whatsapp_template,
        base_url=settings.meta_base_url,
    )


def _messenger(settings: Settings, _vault: Callable[[str], Vault]) -> Channel:
    from channels.messenger import Messenger

    return Messenger(
        settings.messenger_page_id, settings.messenger_page_token, settings.messenger_app_secret,
        settings.messenger_verify_token, base_url=settings.meta_base_url,
    )


_WHATSAPP_CLOUD = (
    "whatsapp_phone_number_id", "whatsapp_number", "whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token",
)
_MESSENGER = ("messenger_page_id", "messenger_page_token", "messenger_app_secret", "messenger_verify_token")
# By provider: the settings that open it, and what makes it.
MAKERS: dict[str, tuple[tuple[str, ...], Callable[[Settings, Callable[[str], Vault]], Channel]]] = {
    "twilio": (("twilio_account_sid", "twilio_auth_token", "twilio_from"), _twilio),
    "kannel": (("kannel_url", "kannel_secret"), _kannel),
    "whatsapp": (("twilio_account_sid", "twilio_auth_token", "twilio_whatsapp_from"), _whatsapp_twilio),
    "whatsapp-cloud": (_WHATSAPP_CLOUD, _whatsapp_cloud),
    "messenger": (_MESSENGER, _messenger),
    "telegram": (("telegram_token", "telegram_secret", "telegram_name"), _telegram),
    "zalo": (("zalo_oa_id", "zalo_app_id", "zalo_app_secret", "zalo_oa_secret", "zalo_refresh_token"), _zalo),
}
