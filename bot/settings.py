"""Every setting, read once from the environment (MOTCUA_…) and motcua.toml; a wrong or unknown key refuses to start."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

PREFIX = "MOTCUA_"
# Given by the runner to the processes it starts; not for people to set.
INNER = frozenset(
    {
        "RASA_SECRET",
        "ACTIONS_SECRET",
        "PROOF_KEY",
        "ADDRESS_KEY",
        "RASA_DATABASE_URL",
        "CASES_DATABASE_URL",
        "KNOWLEDGE_DATABASE_URL",
        "ACTIONS_URL",
        "CLOCK_SINCE",
    }
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# What a provider cannot do without.
PROVIDERS = {
    "Twilio": ("twilio_account_sid", "twilio_auth_token", "twilio_from"),
    "Twilio's WhatsApp": ("twilio_account_sid", "twilio_auth_token", "twilio_whatsapp_from"),
    "WhatsApp": (
        "whatsapp_phone_number_id",
        "whatsapp_number",
        "whatsapp_token",
        "whatsapp_app_secret",
        "whatsapp_verify_token",
    ),
    "Messenger": ("messenger_page_id", "messenger_page_token", "messenger_app_secret", "messenger_verify_token"),
    "Telegram": ("telegram_token", "telegram_secret", "telegram_name"),
    "Zalo": ("zalo_oa_id", "zalo_app_id", "zalo_app_secret", "zalo_oa_secret", "zalo_refresh_token"),
    "Kannel": ("kannel_url", "kannel_username", "kannel_password", "kannel_from", "kannel_secret"),
}
SECRET = frozenset(
    {
        "database_url",
        "twilio_auth_token",
        "kannel_password",
        "kannel_secret",
        "whatsapp_token",
        "whatsapp_app_secret",
        "whatsapp_verify_token",
        "messenger_page_token",
        "messenger_app_secret",
        "messenger_verify_token",
        "telegram_token",
        "telegram_secret",
        "zalo_app_secret",
        "zalo_oa_secret",
        "zalo_refresh_token",
    }
)


class WrongSetting(Exception):
    """A setting is unknown or has a value that cannot be used."""


class Settings(BaseModel):
    """All settings with their help text; environment wins over motcua.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["demonstration", "production"] = Field(
        "demonstration",
        description="demonstration shows sample cases and makes staff accounts; production does neither",
    )
    home: Path = Field(Path("var"), description="folder for everything the system writes")
    host: str = Field("127.0.0.1", description="address that both ports listen on")
    public_port: int = Field(8080, ge=1, le=65535, description="port for citizens")
    staff_port: int = Field(8081, ge=1, le=65535, description="port for staff")
    rasa_port: int = Field(5005, ge=1, le=65535, description="inner port of Rasa, loopback only")
    actions_port: int = Field(5055, ge=1, le=65535, description="inner port of the action server, loopback only")
    database_url: str = Field("", description="sqlite:///path or postgresql://…; empty means a SQLite file in home")
    public_url: str = Field("", description="address that citizens see; empty means http://host:public_port")
    staff_url: str = Field("", description="address that staff see; empty means http://host:staff_port")
    embed_origins: tuple[str, ...] = Field((), description="comma-separated origins of sites that may embed the widget")
    trusted_proxies: tuple[str, ...] = Field(
        (), description="comma-separated addresses of own proxies, whose X-Forwarded-For tells the citizen's address"
    )
    limit_conversations_per_hour: int = Field(
        60, ge=0, description="new conversations per address and hour; 0 turns the limit off"
    )
    limit_messages_per_minute: int = Field(
        30, ge=0, description="messages per conversation and minute; 0 turns the limit off"
    )
    twilio_account_sid: str = Field("", description="Twilio account; with token and number it opens the SMS channel")
    twilio_auth_token: str = Field("", description="Twilio auth token: what webhooks are signed with", repr=False)
    twilio_from: str = Field("", description="Twilio number or messaging service")
    twilio_base_url: str = Field("", description="another address for Twilio's API, for a stand-in")
    kannel_url: str = Field("", description="Kannel's sendsms address, http://127.0.0.1:13013/cgi-bin/sendsms")
    kannel_username: str = Field("", description="Kannel's sendsms user")
    kannel_password: str = Field("", description="that user's password", repr=False)
    kannel_from: str = Field("", description="the number or short code that Kannel sends from")
    kannel_secret: str = Field("", description="what Kannel proves its requests with", repr=False)
    twilio_whatsapp_from: str = Field("", description="WhatsApp number of the Twilio account, +14155238886")
    twilio_whatsapp_template: str = Field(
        "", description="ContentSid of the template for after 24 hours; its variable 1 is a link"
    )
    whatsapp_phone_number_id: str = Field("", description="WhatsApp Cloud API: id of the phone number")
    whatsapp_number: str = Field("", description="that number, as citizens see it")
    whatsapp_token: str = Field("", description="WhatsApp Cloud API: access token", repr=False)
    whatsapp_app_secret: str = Field(
        "", description="secret of the Meta app: what webhooks are signed with", repr=False
    )
    whatsapp_verify_token: str = Field(
        "", description="word of your own choice that Meta repeats when the webhook is set up", repr=False
    )
    whatsapp_template: str = Field("", description="name of the template for after 24 hours; its variable 1 is a link")
    messenger_page_id: str = Field("", description="Messenger: id of the page")
    messenger_page_token: str = Field("", description="Messenger: access token of the page", repr=False)
    messenger_app_secret: str = Field(
        "", description="secret of the Meta app: what webhooks are signed with", repr=False
    )
    messenger_verify_token: str = Field(
        "", description="word of your own choice that Meta repeats when the webhook is set up", repr=False
    )
    meta_base_url: str = Field("", description="another address for Meta's Graph API, for a stand-in")
    telegram_token: str = Field("", description="Telegram bot token", repr=False)
    telegram_secret: str = Field(
        "", description="secret_token of the webhook, which Telegram repeats in a header", repr=False
    )
    telegram_name: str = Field("", description="name of the bot, without @")
    telegram_base_url: str = Field("", description="another address for Telegram's API, for a stand-in")
    zalo_oa_id: str = Field("", description="Zalo Official Account: its id")
    zalo_app_id: str = Field("", description="Zalo app: its id")
    zalo_app_secret: str = Field("", description="Zalo app: its secret key, with which tokens are renewed", repr=False)
    zalo_oa_secret: str = Field("", description="Zalo OA secret key: what webhooks are signed with", repr=False)
    zalo_refresh_token: str = Field(
        "", description="Zalo's first refresh token; later ones are kept in the database", repr=False
    )
    zalo_template: str = Field(
        "", description="id of the ZNS template for after the window; its parameter link is a link"
    )
    zalo_base_url: str = Field("", description="another address for Zalo's APIs, for a stand-in")
    sms_price: int = Field(500, ge=0, description="price of one SMS segment in VND, as your provider bills it")
    sms_failover: bool = Field(False, description="send through the other SMS provider where one does not answer")
    sms_limit_per_second: int = Field(50, ge=0, description="texts per second and provider; 0 turns the limit off")
    sms_limit_per_recipient: int = Field(
        20, ge=0, description="texts per minute to one number, more wait; 0 turns the limit off"
    )
    clock: str = Field("", description="ISO time at which the clock starts, for tests")
    pack: Path = Field(Path("knowledge/pack"), description="the knowledge pack that is imported at start")

    @field_validator("embed_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("embed_origins")
    @classmethod
    def _known_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        origins = tuple(origin.lower() for origin in value)
        wrong = [origin for origin in origins if not re.fullmatch(r"https?://[^/\s*]+", origin)]
        if wrong:
            raise ValueError(f"{wrong[0]} is no origin: write scheme, host and port, https://www.ward.example")
        return origins

    @field_validator("public_url", "staff_url")
    @classmethod
    def _known_url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://\S+", value):
            raise ValueError("must begin with https:// or http://")
        return value

    @field_validator("clock")
    @classmethod
    def _known_time(cls, value: str) -> str:
        if value:
            datetime.fromisoformat(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @model_validator(mode="after")
    def _whole_providers(self) -> Settings:
        """A provider half set up would take texts that nobody can prove, or that nobody answers. What a whole one needs
        too, as an account of Twilio's may be for SMS alone, does not begin another."""
        whole = [needed for needed in PROVIDERS.values() if all(getattr(self, name) for name in needed)]
        used = {name for needed in whole for name in needed}
        for provider, needed in PROVIDERS.items():
            missing = [name for name in needed if not getattr(self, name)]
            begun = any(getattr(self, name) for name in needed if name not in used)
            if begun and missing and self.mode == "production":
                named = ", ".join(PREFIX + name.upper() for name in missing)
                raise ValueError(f"{provider} is set up in part; set {named} too, or none of {provider}'s settings")
        return self

    @property
    def address(self) -> str:
        """The public address without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.public_port}").rstrip("/")

    @property
    def desk_address(self) -> str:
        """The staff port's address without a trailing slash."""
        return (self.staff_url or f"http://{self.host}:{self.staff_port}").rstrip("/")

    @property
    def has_twilio(self) -> bool:
        """Whether anything of a Twilio account is set."""
        return bool(self.twilio_account_sid or self.twilio_auth_token or self.twilio_from)

    @property
    def phone(self) -> str:
        """Where SMS is tried without an account: in a demonstration on this machine without a provider; else ""."""
        plays = self.mode == "demonstration" and self.host in LOOPBACK and not (self.has_twilio or self.kannel_url)
        return f"http://{self.host}:{self.staff_port}/phone" if plays else ""

    def first_of(self, provider: str) -> str:
        """The refresh token with which a provider that renews its tokens begins."""
        return self.zalo_refresh_token if provider == "zalo" else ""

    @property
    def main_database(self) -> str:
        """The URL of the gateway's own database."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'motcua.db'}"

    def beside(self, name: str) -> str:
        """The URL of a store that lives beside the gateway's: a file in home, or a schema of the same PostgreSQL."""
        if not self.main_database.startswith("postgresql"):
            return f"sqlite:///{self.home.absolute() / (name + '.db')}"
        joiner = "&" if "?" in self.main_database else "?"
        return f"{self.main_database}{joiner}options=-csearch_path%3D{name}"


def load(environment: dict[str, str] | None = None, file: Path = Path("motcua.toml")) -> Settings:
    """Settings from the file and the environment; raises WrongSetting with one line a fault."""
    environment = dict(os.environ) if environment is None else environment
    values: dict[str, Any] = _from_file(file)
    values |= _from_environment(environment)
    try:
        return Settings(**values)
    except ValidationError as err:
        lines = [_plain(cast(dict[str, Any], fault)) for fault in err.errors()]
        raise WrongSetting("\n".join(lines)) from err


def _plain(fault: dict[str, Any]) -> str:
    """One line: which setting, what is wrong, what was given unless that is a secret. A fault of several names them."""
    message = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"]:
        return message
    given = "" if fault["loc"][0] in SECRET else f" (given: {fault['input']!r})"
    return f"{PREFIX}{str(fault['loc'][0]).upper()}: {message}{given}"


def _from_file(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as err:
        raise WrongSetting(f"{file}: {err}") from err
    unknown = sorted(set(values) - set(Settings.model_fields))
    if unknown:
        raise WrongSetting(f"{file}: unknown key {', '.join(unknown)}; motcua.example.toml lists every key")
    return values


def _from_environment(environment: dict[str, str]) -> dict[str, Any]:
    given = {key[len(PREFIX) :]: value for key, value in environment.items() if key.startswith(PREFIX)}
    unknown = sorted(key for key in given if key not in INNER and key.lower() not in Settings.model_fields)
    if unknown:
        names = ", ".join(PREFIX + key for key in unknown)
        raise WrongSetting(f"unknown setting {names}; motcua.example.toml lists every key")
    return {key.lower(): value for key, value in given.items() if key not in INNER}
