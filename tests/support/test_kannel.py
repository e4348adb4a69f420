"""The real Kannel that other tests stand on, and the operator behind it: what each does when told to."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from tests.support import kannel as kannels
from tests.support.kannel import Kannel
from tests.support.smpp_peer import carrier
from tests.support.smpp_peer.carrier import Failure

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "bí mật & = ? %C"       # noqa: S105 - of a receiver that lives as long as this module
VIETNAMESE = "Hồ sơ của tôi ở đâu? Ủy ban nhân dân phường mở cửa lúc mấy giờ?"
EXTENSION = "gui {1} [2] ~3 ^4 \\ | 5€ @£ èéùìò"
numbers = (f"+8491{number:07}" for number in count())       # a telephone for each test: nobody gets another's text


@dataclass
class Door:
    """Where Kannel brings everything; `broken` is how many of the next requests are answered with 500."""

    url: str = ""
    messages: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    receipts: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    refused: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    broken: int = 0

    async def message(self, request: web.Request) -> web.Response:
        return self._keep(self.messages, dict(request.query))

    async def receipt(self, request: web.Request) -> web.Response:
        return self._keep(self.receipts, dict(request.query))

    def _keep(self, where: list[dict[str, str]], query: dict[str, str]) -> web.Response:
        if self.broken:
            self.broken -= 1
            self.refused.append(query)
            return web.Response(status=500)
        where.append(query)
        return web.Response()

    def of(self, row: str) -> set[tuple[str, str]]:
        """The receipts of one message: the type (%d), and the operator's word or the code of its refusal."""
        return {(one["type"], _said(one["reply"])) for one in self.receipts if one["row"] == row}


def _said(reply: str) -> str:
    """"DELIVRD" of a receipt, "0x0000000b" or "Retries Exceeded" of a refusal, "" of an acceptance."""
    return reply.split("stat:")[1].split()[0] if "stat:" in reply else reply.split("/")[1]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door() -> AsyncGenerator[Door]:
    opened = Door()
    app = web.Application()
    app.add_routes([
        web.get("/channels/sms-kannel", opened.message),
        web.get("/channels/sms-kannel/status", opened.receipt),
    ])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    opened.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield opened
    await runner.cleanup()


@pytest.fixture(scope="module")
def kannel(door: Door) -> Generator[Kannel]:
    with kannels.running(door.url, SECRET) as running:
        yield running


async def until[T](happened: Callable[[], T], kannel: Kannel) -> T:
    """The first true answer, for which the receiver in this loop must be let run."""
    for _ in range(1000):
        if answer := happened():
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError(kannel.report())


async def send(kannel: Kannel, door: Door, to: str, text: str, **more: str) -> tuple[str, str]:
    """What Kannel said, and the row by which the receipts will come."""
    row = uuid.uuid4().hex
    query = {"username": kannel.username, "password": kannel.password, "to": to, "text": text, "dlr-mask": "31"}
    query["dlr-url"] = f"{door.url}/channels/sms-kannel/status?row={row}&type=%d&reply=%A&id=%F&from=%p"
    async with aiohttp.ClientSession() as client, client.get(kannel.sendsms_url, params=query | more) as answer:
        return await answer.text(), row


INBOUND = [
    # label, text, parts
    ("GSM-7 with its extension", EXTENSION, 1),
    ("Vietnamese", VIETNAMESE, 1),
    ("nothing", "", 1),
    ("what a query must escape", "+ & % = ? # ;\n2", 1),
    ("exactly a part of GSM-7", "a" * 160, 1),
    ("one letter more", "a" * 161, 2),
    ("an escape at the seam", "a" * 152 + "€" * 20, 2),
    ("long Vietnamese", VIETNAMESE * 5, 5),
    ("an emoji cut in two", "a" * 66 + "👍🏽" * 10, 2),
]


@pytest.mark.parametrize(("text", "parts"), [row[1:] for row in INBOUND], ids=[row[0] for row in INBOUND])
async def test_what_citizens_write_comes_whole(kannel: Kannel, door: Door, text: str, parts: int) -> None:
    citizen = next(numbers)
    assert kannel.carrier.deliver(citizen, kannel.number, text) == parts
    [message] = await until(lambda: [one for one in door.messages if one["from"] == citizen], kannel)
    assert (message["to"], message["text"], message["cs"]) == (kannel.number, text, "UTF-8")
    assert (message["secret"], message["smsc"], bool(message["id"])) == (SECRET, "carrier", True)


UNICODE = {"coding": "2", "charset": "UTF-8"}
OUTBOUND = [
    # label, text, parameters, data coding, parts
    ("GSM-7 with its extension", EXTENSION, {}, 0, 1),
    ("exactly a part of GSM-7", "a" * 160, {}, 0, 1),
    ("three parts of GSM-7", "a" * 459, {}, 0, 3),
    ("an escape at the seam", "a" * 152 + "€" * 20, {}, 0, 2),
    ("Vietnamese", VIETNAMESE, UNICODE, 8, 1),
    ("long Vietnamese", VIETNAMESE * 3, UNICODE, 8, 3),
    ("emoji", "Chào 👍🏽", UNICODE, 8, 1),
]


@pytest.mark.parametrize(
    ("text", "parameters", "coding", "parts"), [row[1:] for row in OUTBOUND], ids=[row[0] for row in OUTBOUND]
)
async def test_what_is_sent_arrives_whole(
    kannel: Kannel, door: Door, text: str, parameters: dict[str, str], coding: int, parts: int
) -> None:
    citizen = next(numbers)
    said, _ = await send(kannel, door, citizen, text, **parameters)
    assert said == "0: Accepted for delivery"
    [got] = await until(lambda: [one for one in kannel.carrier.received() if one.to == citizen], kannel)
    assert (got.sender, got.text, got.data_coding, got.parts) == (kannel.number, text, coding, parts)


async def test_without_coding_vietnamese_is_lost_and_kannel_says_nothing(kannel: Kannel, door: Door) -> None:
    citizen = next(numbers)
    assert (await send(kannel, door, citizen, "Hồ sơ"))[0] == "0: Accepted for delivery"
    assert await until(lambda: kannel.carrier.texts(citizen), kannel) == ["H? s?"]


ACCEPTED = ("8", "")
RECEIPTS: list[tuple[str, Failure | None, set[tuple[str, str]]]] = [
    ("well", None, {ACCEPTED, ("1", "DELIVRD")}),
    ("not reached", "undelivered", {ACCEPTED, ("2", "UNDELIV")}),
    ("rejected later", "rejected", {ACCEPTED, ("2", "REJECTD")}),
    ("expired", "expired", {ACCEPTED, ("2", "EXPIRED")}),
    ("no such number", "bad_address", {("16", "0x0000000b")}),
    ("refused", "submit_failed", {("16", "0x00000045")}),
    ("too fast, then well", "throttled", {ACCEPTED, ("1", "DELIVRD")}),
]


@pytest.mark.parametrize(("how", "receipts"), [row[1:] for row in RECEIPTS], ids=[row[0] for row in RECEIPTS])
async def test_receipts_say_what_became_of_it(
    kannel: Kannel, door: Door, how: Failure | None, receipts: set[tuple[str, str]]
) -> None:
    if how:
        kannel.carrier.fail(how)
    _, row = await send(kannel, door, next(numbers), "Ho so da xong")
    await until(lambda: door.of(row) == receipts, kannel)


async def test_an_operator_may_send_no_receipt(kannel: Kannel, door: Door) -> None:
    kannel.carrier.fail("no_receipt")
    _, silent = await send(kannel, door, next(numbers), "Ho so da xong")
    await until(lambda: door.of(silent), kannel)
    _, later = await send(kannel, door, next(numbers), "Ho so da xong")
    await until(lambda: len(door.of(later)) == 2, kannel)
    assert door.of(silent) == {ACCEPTED}


async def test_the_receipt_of_a_long_text_is_that_of_its_first_part(kannel: Kannel, door: Door) -> None:
    kannel.carrier.fail("undelivered", after=1)
    _, row = await send(kannel, door, next(numbers), "a" * 200)
    await until(lambda: door.of(row) == {ACCEPTED, ("1", "DELIVRD")}, kannel)


async def test_what_we_refuse_comes_again_as_the_same(kannel: Kannel, door: Door) -> None:
    citizen, door.broken = next(numbers), 2
    kannel.carrier.deliver(citizen, kannel.number, "lan nua")
    [message] = await until(lambda: [one for one in door.messages if one["from"] == citizen], kannel)
    assert [one for one in door.refused if one["from"] == citizen] == [message, message]


async def test_what_is_sent_while_the_operator_is_away_arrives_later(kannel: Kannel, door: Door) -> None:
    citizen = next(numbers)
    kannel.carrier.go_away()
    await until(lambda: "(re-connecting" in kannel.status(), kannel)
    said, row = await send(kannel, door, citizen, VIETNAMESE, **UNICODE)
    assert (said, kannel.carrier.texts(citizen)) == ("3: Queued for later delivery", [])
    kannel.carrier.come_back()
    await until(lambda: ("1", "DELIVRD") in door.of(row), kannel)
    assert kannel.carrier.texts(citizen) == [VIETNAMESE]


async def test_what_waits_survives_the_bearerboxs_violent_end(kannel: Kannel, door: Door) -> None:
    citizen = next(numbers)
    kannel.carrier.go_away()
    await until(lambda: "(re-connecting" in kannel.status(), kannel)
    _, row = await send(kannel, door, citizen, VIETNAMESE, **UNICODE)
    kannel.kill("bearerbox")
    kannel.carrier.come_back()
    kannel.restart("bearerbox")
    await until(lambda: ("1", "DELIVRD") in door.of(row), kannel)
    assert kannel.carrier.texts(citizen) == [VIETNAMESE]


async def test_what_comes_while_smsbox_is_down_is_brought_later(kannel: Kannel, door: Door) -> None:
    citizen = next(numbers)
    kannel.kill("smsbox")
    kannel.carrier.deliver(citizen, kannel.number, VIETNAMESE)
    kannel.restart("smsbox")
    [message] = await until(lambda: [one for one in door.messages if one["from"] == citizen], kannel)
    assert message["text"] == VIETNAMESE


async def test_only_loopback_hears(kannel: Kannel) -> None:
    heard = [address for pid in kannel.pids() for address in _listening(pid)]
    assert len(heard) == 4      # admin, for boxes, sendsms, the operator's
    assert set(heard) == {"0100007F"}


async def test_the_logs_name_nobody(kannel: Kannel, door: Door) -> None:
    citizen = next(numbers)
    kannel.carrier.fail("bad_address")
    _, row = await send(kannel, door, citizen, "rieng tu")
    kannel.carrier.deliver(citizen, kannel.number, "rieng tu")
    await until(lambda: door.of(row) and [one for one in door.messages if one["from"] == citizen], kannel)
    logs = "".join(kannel.log(box).read_text() for box in kannels.BOXES)
    assert "0x0000000b" in logs
    assert [word for word in ("rieng tu", citizen.removeprefix("+"), SECRET, kannel.password) if word in logs] == []


async def test_where_nothing_can_be_had_somebody_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(kannels, "SYSTEM", "")
    monkeypatch.setattr(kannels, "UNPACKED", tmp_path / "kannel")
    with pytest.raises(kannels.NoKannel, match="did not run"):
        kannels.find_or_install()
    with pytest.raises(carrier.NoPeer, match="did not run"):
        carrier.find_or_install()


def _listening(pid: int) -> list[str]:
    """The addresses that a process listens on, as /proc writes them ("0100007F" is 127.0.0.1)."""
    inodes = {os.readlink(link)[8:-1] for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    return [line[1].split(":")[0] for line in lines if line[3] == "0A" and line[9] in inodes]
