"""SMS as its operator sees it: what is refused, what is counted, what is written down, switched off, or half set up."""

from __future__ import annotations

import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.words import table
from channels.contract import Request
from channels.fake_twilio import FakeTwilio
from tests.e2e.desk import Desk
from tests.support import carrier, live
from tests.support.carrier import ACCOUNT, NUMBER, TOKEN, Texting
from tests.support.live import MOTCUA, ROOT, Live
from text import sms

numbers = (f"+8497{number:07}" for number in count(1))  # one for each test: nobody gets another's text
TELEPHONE, BODY = "+84977123456", "chuyen rieng cua toi"


def fetched(url: str, language: str = "vi") -> tuple[int, str]:
    """Status and body of a page, or of its refusal; 0 where nobody listens."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Language": language})) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as err:
        return err.code, err.read().decode()
    except urllib.error.URLError:
        return 0, ""


# ---- the webhook


def whole(request: Request) -> Request:
    return request


def unsigned(request: Request) -> Request:
    kept = {name: value for name, value in request.headers.items() if name != "x-twilio-signature"}
    return replace(request, headers=kept)


def forged(request: Request) -> Request:
    return replace(request, headers={**request.headers, "x-twilio-signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="})


def altered(request: Request) -> Request:
    return replace(request, body=request.body + b"&NumMedia=1")


WEBHOOK = [
    # label, fields that differ, what is done to the request, status, counted as
    ("forged", {}, forged, 403, "forged"),
    ("unsigned", {}, unsigned, 403, "forged"),
    ("altered", {}, altered, 403, "forged"),
    ("of another account", {"AccountSid": "AC" + "1" * 32}, whole, 403, "forged"),
    ("no id", {"MessageSid": ""}, whole, 400, "unreadable"),
    ("an event that we do not know", {"EventType": "onMessageAdded"}, whole, 200, "settled"),
    ("genuine", {}, whole, 200, "kept"),
]


@pytest.mark.parametrize(
    ("fields", "done", "status", "counted"), [row[1:] for row in WEBHOOK], ids=[row[0] for row in WEBHOOK]
)
def test_the_webhook_proves_counts_and_tells_nobody(
    texting_system: Texting, fields: dict[str, Any], done: Callable[[Request], Request], status: int, counted: str
) -> None:
    before = webhooks(texting_system.system)
    sent = done(texting_system.network.do(lambda twilio: twilio.inbound(TELEPHONE, BODY, **fields)))
    assert carrier.bring(sent) == status
    after = webhooks(texting_system.system)
    assert {result for result in after if after[result] != before.get(result, 0)} == {counted}
    assert after[counted] == before.get(counted, 0) + 1
    logged = b"".join(file.read_bytes() for file in texting_system.system.home.glob("log/*"))
    for private in (BODY, "977123456", sent.headers.get("x-twilio-signature", TOKEN), TOKEN):
        assert private.encode() not in logged


def webhooks(system: Live) -> dict[str, float]:
    """Twilio's requests so far, by what came of them."""
    _, figures = fetched(f"{system.staff_url}/metrics")
    found = re.findall(r'^motcua_webhooks_total{provider="twilio",result="(\w+)"} (\S+)$', figures, re.MULTILINE)
    return {result: float(number) for result, number in found}


# ---- what rests where

ID, CARD, PLANTED_PROOF = "079203417655", "4556737586899855", "8643"
PLANTED = [
    f"so cccd cua toi la {ID}",
    f"the {CARD[:4]}-{CARD[4:8]}-{CARD[8:12]}-{CARD[12:]} bi tru tien",
    "H15.50.05.13-261008-0975",
    f"bon so cuoi la {PLANTED_PROOF}",
    f"H15.50.05.13-261008-0975 {PLANTED_PROOF}",
    "G01.50.05-20261118-0061233",
    "0",
]


def test_neither_proof_nor_number_is_in_any_file(texting_system: Texting) -> None:
    handset = texting_system.handset("+84963517284")
    for text in PLANTED:
        handset.ask(text)
    written = {file: file.read_bytes() for file in texting_system.system.home.rglob("*") if file.is_file()}
    assert {".db", ".db-wal", ".log"} <= {file.suffix for file in written}
    assert any(b"261008-0975" in content for content in written.values())  # the search can find something
    canaries = [ID, CARD, f"{CARD[:4]}-{CARD[4:8]}", f"la {PLANTED_PROOF}", f"0975 {PLANTED_PROOF}", "963517284", TOKEN]
    for canary in canaries:
        assert [str(file) for file, content in written.items() if canary.encode() in content] == [], canary


# ---- switched off

OFF = {"vi": "Tổng đài nhắn tin đang bảo trì đến trưa.", "en": "Texting is being repaired until noon."}


@contextmanager
def switched_off(system: Live) -> Generator[None]:
    said = system.motcua("channels", "off", "sms", "--vi", OFF["vi"], "--en", OFF["en"])
    assert said.startswith("sms is off")
    try:
        yield
    finally:
        assert system.motcua("channels", "on", "sms") == "sms is on again."


def test_a_channel_is_off_and_on_again_without_a_restart(texting_systems: Texting) -> None:
    handset, system, desk = texting_systems.handset(next(numbers)), texting_systems.system, Desk(texting_systems.system)
    assert told_of_sms(system) == {"vi": (True, False), "en": (True, False)}
    with switched_off(system):
        assert told_of_sms(system) == {"vi": (True, True), "en": (True, True)}
        assert re.search(r"^web +on\nsms +off since [-\d]{10} [:\d]{5} UTC$", system.motcua("channels", "list"))
        assert handset.ask("le phi ho chieu") == f"Tro ly tu dong Phuong Mau.\n{sms.fold(OFF['vi'])}"
        assert handset.text("le phi tam tru") == 200
        assert "114" in handset.ask("chay nha cuu voi")
        where = desk.queued(lambda: handset.ask("0"))
        assert handset.ask("how much is a passport") == OFF["en"]
    kept = [said["text"] for said in desk.get(f"{where}/messages") if said["author"] == "citizen"]
    assert kept == ["le phi ho chieu", "le phi tam tru", "chay nha cuu voi", "0", "how much is a passport"]
    assert "200.000" in handset.ask("le phi ho chieu")
    assert len(handset.got()) == 5


def told_of_sms(system: Live) -> dict[str, tuple[bool, bool]]:
    """By language, whether the home page shows the number, and that it is out of service with why."""
    pages = {language: fetched(f"{system.public_url}/", language)[1] for language in OFF}
    words = {language: table(f"pages.{language}")["home"]["channel_off"] for language in OFF}
    return {
        language: (NUMBER in page, words[language] in page and OFF[language] in page)
        for language, page in pages.items()
    }


# ---- set up, or not

SECRET = "geheim-4711"  # noqa: S105 - of nobody
TWILIO = {"MOTCUA_TWILIO_ACCOUNT_SID": ACCOUNT, "MOTCUA_TWILIO_AUTH_TOKEN": SECRET, "MOTCUA_TWILIO_FROM": NUMBER}
KANNEL = {
    "MOTCUA_KANNEL_URL": "http://127.0.0.1:13013/cgi-bin/sendsms",
    "MOTCUA_KANNEL_USERNAME": "motcua",
    "MOTCUA_KANNEL_PASSWORD": SECRET,
    "MOTCUA_KANNEL_FROM": "8079",
    "MOTCUA_KANNEL_SECRET": SECRET,
}


@pytest.mark.parametrize(
    ("provider", "missing"), [*((TWILIO, name) for name in TWILIO), (KANNEL, "MOTCUA_KANNEL_SECRET")]
)
def test_a_provider_half_set_up_refuses_to_start_in_production(
    tmp_path: Path, provider: dict[str, str], missing: str
) -> None:
    given = {name: value for name, value in provider.items() if name != missing}
    environment = live.environment(tmp_path / "home", MOTCUA_MODE="production", **given)
    said = subprocess.run([MOTCUA, "run"], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)  # noqa: S603
    assert said.returncode == 2
    assert missing in said.stderr
    assert [name for name in given if name in said.stderr] == []
    assert SECRET not in said.stdout + said.stderr
    assert "Traceback" not in said.stderr


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with everything that a gateway needs."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    subprocess.run([MOTCUA, "prepare"], env=live.environment(home), cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    return home


ALONE = [
    # label, settings, the telephones' page, an unsigned request, one signed with another token
    ("a demonstration without a provider", {}, 200, 403, 403),
    ("reached from elsewhere", {"MOTCUA_HOST": "0.0.0.0"}, 404, 404, 404),  # noqa: S104
    ("in production with a provider", {"MOTCUA_MODE": "production", **TWILIO}, 404, 403, 403),
]


@pytest.mark.parametrize(
    ("settings", "telephones", "unproved", "proved_wrong"), [row[1:] for row in ALONE], ids=[row[0] for row in ALONE]
)
def test_who_has_telephones_and_who_a_webhook(
    prepared: Path, tmp_path: Path, settings: dict[str, str], telephones: int, unproved: int, proved_wrong: int
) -> None:
    """The gateway alone, which is what decides it."""
    home = shutil.copytree(prepared, tmp_path / "home")
    with live.started(live.environment(home, **settings), (str(MOTCUA), "serve")) as system:
        system.wait_until(lambda: fetched(f"{system.public_url}/healthz")[0] == 200, 60, "alive")
        assert fetched(f"{system.staff_url}/phone")[0] == telephones
        request = FakeTwilio(ACCOUNT, TOKEN, NUMBER, system.public_url).inbound(TELEPHONE, BODY)
        assert carrier.bring(unsigned(request)) == unproved
        assert carrier.bring(request) == proved_wrong


def test_a_demonstration_with_a_provider_has_no_telephones(texting_system: Texting) -> None:
    assert fetched(f"{texting_system.system.staff_url}/phone")[0] == 404
