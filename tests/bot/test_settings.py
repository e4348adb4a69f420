"""Settings: read once, and a wrong or unknown key refuses to start and says which."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.secrets import load_or_make
from bot.settings import WrongSetting, load

NO_FILE = Path("does-not-exist.toml")


def test_defaults_are_those_of_the_design() -> None:
    settings = load({}, NO_FILE)
    assert (settings.mode, settings.host, settings.public_port, settings.staff_port) == (
        "demonstration",
        "127.0.0.1",
        8080,
        8081,
    )
    assert (settings.rasa_port, settings.actions_port) == (5005, 5055)
    assert (settings.limit_conversations_per_hour, settings.limit_messages_per_minute) == (60, 30)
    assert settings.main_database.endswith("/var/motcua.db")


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"MOTCUA_PUBLIK_PORT": "1"}, "MOTCUA_PUBLIK_PORT"),
        ({"MOTCUA_PUBLIC_PORT": "eighty"}, "MOTCUA_PUBLIC_PORT"),
        ({"MOTCUA_PUBLIC_PORT": "70000"}, "MOTCUA_PUBLIC_PORT"),
        ({"MOTCUA_MODE": "test"}, "MOTCUA_MODE"),
        ({"MOTCUA_DATABASE_URL": "mysql://x"}, "MOTCUA_DATABASE_URL"),
        ({"MOTCUA_PUBLIC_URL": "nonsense"}, "MOTCUA_PUBLIC_URL"),
        ({"MOTCUA_EMBED_ORIGINS": "*"}, "MOTCUA_EMBED_ORIGINS"),
        ({"MOTCUA_EMBED_ORIGINS": "x.vn"}, "MOTCUA_EMBED_ORIGINS"),
        ({"MOTCUA_CLOCK": "garbage"}, "MOTCUA_CLOCK"),
        ({"MOTCUA_LIMIT_MESSAGES_PER_MINUTE": "-1"}, "MOTCUA_LIMIT_MESSAGES_PER_MINUTE"),
    ],
)
def test_a_wrong_or_unknown_key_is_named(environment: dict[str, str], named: str) -> None:
    with pytest.raises(WrongSetting, match=named):
        load(environment, NO_FILE)


ACCOUNT = {"MOTCUA_TWILIO_ACCOUNT_SID": "AC1", "MOTCUA_TWILIO_AUTH_TOKEN": "a"}
SMS, WHATSAPP = {"MOTCUA_TWILIO_FROM": "+14155238886"}, {"MOTCUA_TWILIO_WHATSAPP_FROM": "+14155238887"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (ACCOUNT | SMS, None),
        (ACCOUNT | WHATSAPP, None),
        (ACCOUNT | SMS | WHATSAPP, None),
        (ACCOUNT, "MOTCUA_TWILIO_FROM"),
        (SMS, "MOTCUA_TWILIO_ACCOUNT_SID"),
        (WHATSAPP, "MOTCUA_TWILIO_ACCOUNT_SID"),
        (ACCOUNT | SMS | {"MOTCUA_ZALO_OA_ID": "1"}, "MOTCUA_ZALO_APP_ID"),
    ],
)
def test_an_account_may_serve_one_channel_and_is_whole(given: dict[str, str], missing: str | None) -> None:
    environment = given | {"MOTCUA_MODE": "production"}
    if missing is None:
        assert load(environment, NO_FILE).mode == "production"
    else:
        with pytest.raises(WrongSetting, match=missing):
            load(environment, NO_FILE)


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "motcua.toml"
    file.write_text('public_port = 9000\nstaff_port = 9001\nembed_origins = ["https://a.example"]\n')
    settings = load({"MOTCUA_PUBLIC_PORT": "9100"}, file)
    assert (settings.public_port, settings.staff_port, settings.embed_origins) == (9100, 9001, ("https://a.example",))
    file.write_text("publik_port = 1\n")
    with pytest.raises(WrongSetting, match="publik_port"):
        load({}, file)


def test_stores_live_beside_the_main_database() -> None:
    settings = load({"MOTCUA_DATABASE_URL": "postgresql://u@/d?host=/s"}, NO_FILE)
    assert settings.beside("rasa") == "postgresql://u@/d?host=/s&options=-csearch_path%3Drasa"
    assert load({"MOTCUA_HOME": "/h"}, NO_FILE).beside("cases") == "sqlite:////h/cases.db"


def test_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    made = load_or_make(tmp_path)
    assert load_or_make(tmp_path) == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert made.rasa_secret not in repr(made)
