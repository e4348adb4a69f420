"""The channels that the settings open. The one module that imports adapters, and only those that are used."""

from __future__ import annotations

from typing import Protocol

from channels.contract import Channel


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
    def address(self) -> str: ...


def made(settings: Settings) -> dict[str, Channel]:
    """The channels by provider; {} for a system with the web alone. Twilio's library takes a second to load."""
    channels: dict[str, Channel] = {}
    if settings.twilio_account_sid and settings.twilio_auth_token and settings.twilio_from:
        channels["twilio"] = _twilio(settings)
    if settings.kannel_url and settings.kannel_secret:
        channels["kannel"] = _kannel(settings)
    return channels


def _twilio(settings: Settings) -> Channel:
    from channels.sms_twilio import TwilioSms

    return TwilioSms(
        settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_from,
        public_url=settings.address, base_url=settings.twilio_base_url,
    )


def _kannel(settings: Settings) -> Channel:
    from channels.sms_kannel import KannelSms

    return KannelSms(
        settings.kannel_url, settings.kannel_username, settings.kannel_password, settings.kannel_from,
        settings.kannel_secret, public_url=settings.address,
    )
