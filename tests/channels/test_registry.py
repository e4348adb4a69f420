"""Which channels the settings open."""

from __future__ import annotations

import subprocess
import sys

import pytest

from channels.registry import made
from tests.contracts.providers import Everything, vault

NONE = dict.fromkeys(Everything.__dataclass_fields__, "")
TWILIO = {"twilio_account_sid": "AC1", "twilio_auth_token": "t", "twilio_from": "MG1"}
KANNEL = {"kannel_url": "http://127.0.0.1:13013", "kannel_secret": "s"}
TWILIO_WHATSAPP = TWILIO | {"twilio_from": "", "twilio_whatsapp_from": "+14155238886"}
TELEGRAM = {"telegram_token": "1:A", "telegram_secret": "s", "telegram_name": "TanPhuBot"}
ZALO = {
    "zalo_oa_id": "2", "zalo_app_id": "3", "zalo_app_secret": "s", "zalo_oa_secret": "s", "zalo_refresh_token": "r",
}
WHATSAPP_CLOUD = {
    "whatsapp_phone_number_id": "1", "whatsapp_number": "+842363550000", "whatsapp_token": "t",
    "whatsapp_app_secret": "s", "whatsapp_verify_token": "v",
}
MESSENGER = {
    "messenger_page_id": "1", "messenger_page_token": "t", "messenger_app_secret": "s", "messenger_verify_token": "v",
}


@pytest.mark.parametrize(("given", "providers"), [
    ({}, []),
    (TWILIO, ["twilio"]),
    (KANNEL, ["kannel"]),
    (TWILIO | KANNEL, ["twilio", "kannel"]),
    (TWILIO_WHATSAPP, ["whatsapp"]),
    (TWILIO_WHATSAPP | TWILIO, ["twilio", "whatsapp"]),
    (TWILIO_WHATSAPP | {"twilio_auth_token": ""}, []),
    (TELEGRAM, ["telegram"]),
    (TELEGRAM | {"telegram_secret": ""}, []),
    (ZALO, ["zalo"]),
    (ZALO | {"zalo_oa_secret": ""}, []),
    (ZALO | {"zalo_refresh_token": ""}, []),
    (WHATSAPP_CLOUD, ["whatsapp-cloud"]),
    (WHATSAPP_CLOUD | {"whatsapp_verify_token": ""}, []),
    (WHATSAPP_CLOUD | MESSENGER, ["whatsapp-cloud", "messenger"]),
    (MESSENGER | {"messenger_app_secret": ""}, []),
    (TWILIO | {"twilio_auth_token": ""}, []),
    (TWILIO | {"twilio_from": ""}, []),
    (KANNEL | {"kannel_secret": ""}, []),
])
def test_a_channel_is_open_when_its_settings_are_whole(given: dict[str, str], providers: list[str]) -> None:
    assert list(made(Everything(**(NONE | given)), vault)) == providers


def test_without_twilio_its_library_is_not_loaded() -> None:
    asked = "import sys, channels.registry; print('twilio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)  # noqa: S603
    assert done.stdout.strip() == "False"
