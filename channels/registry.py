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


# By provider: the settings that open it, and what makes it.
MAKERS: dict[str, tuple[tuple[str, ...], Callable[[Settings, Callable[[str], Vault]], Channel]]] = {
    "twilio": (("twilio_account_sid", "twilio_auth_token", "twilio_from"), _twilio),
    "kannel": (("kannel_url", "kannel_secret"), _kannel),
}
