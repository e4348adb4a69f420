"""SMS by a local operator: a real Kannel in front of an SMPP peer that can fail, the whole running system behind."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
import urllib.parse
import uuid
from collections.abc import Callable, Generator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from channels.contract import Request
from tests.e2e.desk import Desk
from tests.support import carrier, live
from tests.support import kannel as kannels
from tests.support.carrier import PATIENCE, Texting
from tests.support.kannel import Kannel
from tests.support.live import Live

SECRET = "bí mật & = ? %C"  # noqa: S105 - of a system that lives as long as this module
OWN, OWNER = "G01.50.05-20261118-0061233", "+84912000001"  # a demonstration case, and the telephone on its file
numbers = (f"+8496{number:07}" for number in count(1))  # one for each test: nobody gets another's text


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The system's environment, without its providers."""
    return live.environment(tmp_path_factory.mktemp("kannel") / "home", MOTCUA_SMS_FAILOVER="true")


@pytest.fixture(scope="module")
def kannel(given: dict[str, str]) -> Generator[Kannel]:
    with kannels.running(f"http://127.0.0.1:{given['MOTCUA_PUBLIC_PORT']}", SECRET) as running:
        yield running


@pytest.fixture(scope="module")
def texting(given: dict[str, str], kannel: Kannel) -> Generator[Texting]:
    """With two providers: Kannel, and the stand-in for Twilio."""
    account = {
        "MOTCUA_KANNEL_URL": kannel.sendsms_url,
        "MOTCUA_KANNEL_USERNAME": kannel.username,
        "MOTCUA_KANNEL_PASSWORD": kannel.password,
        "MOTCUA_KANNEL_FROM": kannel.number,
        "MOTCUA_KANNEL_SECRET": SECRET,
    }
    with carrier.texting(given | account) as texting:
        yield texting


class Handset:
    """A telephone of the operator's."""

    def __init__(self, kannel: Kannel, number: str) -> None:
        self.number, self._kannel = number, kannel

    def text(self, text: str) -> None:
        self._kannel.carrier.deliver(self.number, self._kannel.number, text)

    def got(self) -> list[str]:
        return self._kannel.carrier.texts(self.number)

    def wait(self, number: int) -> list[str]:
        self._kannel.wait_until(lambda: len(self.got()) >= number, f"{number} texts", PATIENCE)
        return self.got()

    def ask(self, text: str) -> str:
        """The one text that comes for it."""
        before = len(self.got())
        self.text(text)
        (answer,) = self.wait(before + 1)[before:]
        return answer


@pytest.fixture
def handset(kannel: Kannel, texting: Texting) -> Handset:
    return Handset(kannel, next(numbers))


def until[T](happened: Callable[[], T], kannel: Kannel) -> T:
    """The first true answer."""
    stop = time.monotonic() + PATIENCE
    while not (answer := happened()):
        assert time.monotonic() < stop, kannel.report()
        time.sleep(0.05)
    return answer


def states(desk: Desk, conversation: str) -> list[str]:
    return [delivery["state"] for delivery in desk.get(conversation)["deliveries"]]


def test_a_question_is_answered_folded_in_one_part_and_known_to_have_arrived(
    handset: Handset, kannel: Kannel, texting: Texting
) -> None:
    answer = handset.ask("làm giấy khai sinh cho con cần giấy tờ gì")
    assert "Giay chung sinh" in answer
    [got] = [one for one in kannel.carrier.received() if one.to == handset.number]
    assert (got.sender, got.data_coding, got.parts) == (kannel.number, 0, 1)
    desk = Desk(texting.system)
    conversation = desk.queued(lambda: handset.ask("0"))
    until(lambda: states(desk, conversation) == ["delivered", "delivered"], kannel)
    assert {delivery["provider"] for delivery in desk.get(conversation)["deliveries"]} == {"kannel"}


def test_what_never_arrives_is_a_task_for_staff(handset: Handset, kannel: Kannel, texting: Texting) -> None:
    desk = Desk(texting.system)
    conversation = desk.queued(lambda: handset.ask("0"))
    until(lambda: states(desk, conversation) == ["delivered"], kannel)
    kannel.carrier.fail("undelivered")
    handset.ask("le phi ho chieu")
    (task,) = until(lambda: desk.get("tasks"), kannel)
    assert (task["kind"], task["provider"], task["channel"]) == ("undelivered", "kannel", "sms")
    assert task["code"] == "UNDELIV/027"
    assert conversation.endswith(task["conversation"])
    assert states(desk, conversation) == ["delivered", "failed"]
    assert desk.post(f"tasks/{task['id']}/done") == 200
    assert desk.get("tasks") == []
    assert "ngay" in handset.ask("mat bao lau")
    until(lambda: states(desk, conversation) == ["delivered", "failed", "delivered"], kannel)


def kept(system: Live) -> int:
    """How many texts of citizens are in their conversations."""
    with closing(sqlite3.connect(system.home / "motcua.db")) as database:
        return database.execute("SELECT count(*) FROM message WHERE author = 'citizen'").fetchone()[0]


def test_stop_silence_start(handset: Handset, kannel: Kannel, texting: Texting) -> None:
    assert "200.000" in handset.ask("lệ phí hộ chiếu bao nhiêu")
    assert "START" in handset.ask("STOP")
    for text in ("mất bao lâu", "0", "STOP"):  # Kannel brings each by a connection of its own, in any order
        before = kept(texting.system)
        handset.text(text)
        until(lambda before=before: kept(texting.system) > before, kannel)
    assert "TROGIUP" in handset.ask("start")
    assert "ngay" in handset.ask("mất bao lâu")
    assert len(handset.got()) == 4


def test_the_senders_number_proves_nothing_for_nobody_signs(kannel: Kannel, texting: Texting) -> None:
    answer = Handset(kannel, OWNER).ask(OWN)
    assert OWN in answer
    assert "4 so cuoi" in answer
    assert "cho o hop phap" not in answer
    assert "cho o hop phap" in texting.handset(OWNER).ask(OWN)  # the same conversation, by a provider that signs


@pytest.mark.parametrize("secret", ["wrong", "", None])
def test_a_wrong_secret_is_refused(kannel: Kannel, texting: Texting, secret: str | None) -> None:
    sender = next(numbers)
    fields = {"from": sender, "to": kannel.number, "text": "xin chao", "cs": "UTF-8", "coding": "0", "id": "1"}
    query = urllib.parse.urlencode(fields | ({} if secret is None else {"secret": secret}))
    for path in ("", "/status"):
        target = f"/channels/sms-kannel{path}?{query}"
        assert carrier.bring(Request("GET", target, {}, b"", texting.system.public_url)) == 403
    assert kannel.carrier.texts(sender) == []


def test_a_text_under_way_when_we_died_leaves_once(handset: Handset, kannel: Kannel, texting: Texting) -> None:
    """Nobody can ask Kannel what it has taken; its receipt tells."""
    system, desk = texting.system, Desk(texting.system)
    conversation = desk.queued(lambda: handset.ask("0"))
    desk.post(f"{conversation}/claim")
    bearerbox = kannel.processes["bearerbox"].pid
    os.kill(bearerbox, signal.SIGSTOP)  # smsbox has the text then, and no answer for us
    try:
        desk.post(f"{conversation}/messages", id=str(uuid.uuid4()), text="Chào bạn, tôi là Lan.")
        system.wait_until(lambda: unread(kannel.ports["boxes"]) > 0, PATIENCE, "taken by smsbox")
        system.kill("gateway")
        system.wait_ready()
    finally:
        os.kill(bearerbox, signal.SIGCONT)
    until(lambda: states(desk, conversation) == ["delivered", "delivered"], kannel)
    assert handset.got()[1:] == ["Nhan vien Lan tra loi ban:\nChao ban, toi la Lan."]
    assert desk.get("tasks") == []


def unread(port: int) -> int:
    """Bytes that came to a port of loopback and that nobody has read yet (/proc/net/tcp: local address, rx_queue)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(int(row[4].split(":")[1], 16) for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01")


def test_what_one_provider_does_not_take_goes_by_the_other(handset: Handset, kannel: Kannel, texting: Texting) -> None:
    by_twilio = texting.handset(handset.number)
    refusals = texting.network.plan(*["429"] * 8, to=handset.number)
    assert by_twilio.text("le phi ho chieu") == 200
    assert "200.000" in handset.wait(1)[0]
    assert by_twilio.got() == []
    assert len(refusals) == 8 - 3
    refusals.clear()
    assert "ngay" in by_twilio.ask("mat bao lau")
    assert len(handset.got()) == 1
