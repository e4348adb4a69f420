"""The adapter through a real Kannel and an operator's SMSC, both ways: what is written arrives, unchanged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass, field
from itertools import count

import pytest
import pytest_asyncio
from aiohttp import web

from channels.contract import Message, NotGenuine, Receipt, Refused, Reply, Request, State, TryLater
from channels.sms_kannel import KannelSms
from tests.support import kannel as kannels
from tests.support.kannel import Kannel
from tests.support.smpp_peer.carrier import Failure
from text import sms

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "bí mật & = ? %C"       # noqa: S105 - of a receiver that lives as long as this module
VIETNAMESE = "Hồ sơ 014.26.03.G15-261120-0001 đã xong. Mời bạn đến nhận kết quả."
rows = count(1)
telephones = (f"+8498{number:07}" for number in count())       # one for each test: nobody gets another's text


@dataclass
class Gate:
    """Where Kannel calls: what the adapter reads there. Nothing that a real Kannel brings is forged."""

    url: str = ""
    adapter: KannelSms | None = None
    events: list[Message | Receipt] = field(default_factory=list[Message | Receipt])
    forged: int = 0

    async def __call__(self, request: web.Request) -> web.Response:
        assert self.adapter
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Request(request.method, request.raw_path, headers, await request.read(), self.url)
        try:
            self.adapter.verify(asked)
        except NotGenuine:
            self.forged += 1
            return web.Response(status=403)
        self.events += self.adapter.parse(asked)
        answer = self.adapter.answer(asked)
        return web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)

    def written_by(self, telephone: str) -> list[Message]:
        return [event for event in self.events if isinstance(event, Message) and event.sender == telephone]

    def states(self, row: int) -> set[State]:
        return {event.state for event in self.events if isinstance(event, Receipt) and event.row == row}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gate() -> AsyncGenerator[Gate]:
    opened = Gate()
    app = web.Application()
    app.router.add_route("*", "/channels/sms-kannel{end:.*}", opened.__call__)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    opened.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield opened
    await runner.cleanup()
    assert opened.forged == 0


@pytest.fixture(scope="module")
def kannel(gate: Gate) -> Generator[Kannel]:
    with kannels.running(gate.url, SECRET) as running:
        yield running


def adapter_of(kannel: Kannel, gate: Gate, password: str | None = None) -> KannelSms:
    secret = kannel.password if password is None else password
    return KannelSms(kannel.sendsms_url, kannel.username, secret, kannel.number, SECRET, public_url=gate.url)


@pytest_asyncio.fixture(loop_scope="module")
async def adapter(kannel: Kannel, gate: Gate) -> AsyncGenerator[KannelSms]:
    gate.adapter = adapter_of(kannel, gate)
    yield gate.adapter
    await gate.adapter.close()


async def until[T](happened: Callable[[], T], kannel: Kannel) -> T:
    """The first true answer; meanwhile this loop hears Kannel."""
    for _ in range(1000):
        if answer := happened():
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError(kannel.report())


TEXTS = [
    # label, text, segments
    ("one letter", "2", 1),
    ("folded", "Ho so 014.26.03.G15-261120-0001 da xong.", 1),
    ("GSM-7 with its extension", "^{}[]~|\\€ @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà", 1),
    ("what a query must escape", "+ & % = ? # ; \"x\"\n2", 1),
    ("exactly 160 septets", "a" * 150 + "€" * 5, 1),
    ("161 septets", "a" * 151 + "€" * 5, 2),
    ("three full segments", "ab " * 153, 3),
    ("an escape at the seam", "a" * 152 + "€" * 20, 2),
    ("Vietnamese", VIETNAMESE, 1),
    ("exactly 70 units", "ệ" * 70, 1),
    ("three segments of Vietnamese", VIETNAMESE * 3, 3),
    ("emoji", "Xong rồi 👍🏽🇻🇳", 1),
]


@pytest.mark.parametrize(("text", "segments"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS])
async def test_a_reply_arrives_unchanged(
    kannel: Kannel, gate: Gate, adapter: KannelSms, text: str, segments: int
) -> None:
    telephone, row = next(telephones), next(rows)
    assert await adapter.send(telephone, Reply(text, row)) is None
    [got] = await until(lambda: [one for one in kannel.carrier.received() if one.to == telephone], kannel)
    assert (got.sender, got.text, got.parts) == (kannel.number, text, segments)
    assert sms.count(text).segments == segments       # what is paid is what was counted
    await until(lambda: gate.states(row) == {"sent", "delivered"}, kannel)


@pytest.mark.parametrize("text", [row[1] for row in TEXTS], ids=[row[0] for row in TEXTS])
async def test_what_a_citizen_writes_is_read_unchanged(
    kannel: Kannel, gate: Gate, adapter: KannelSms, text: str
) -> None:
    telephone = next(telephones)
    kannel.carrier.deliver(telephone, kannel.number, text)
    [message] = await until(lambda: gate.written_by(telephone), kannel)
    assert (message.text, message.recipient, message.account) == (text, kannel.number, kannel.number)


SENDERS = [
    # as the operator writes it, the address
    ("+84912345671", "+84912345671"),
    ("84912345672", "+84912345672"),
    ("0912345673", "+84912345673"),
    ("9029", "9029"),
    ("VIETTEL", "VIETTEL"),
]


@pytest.mark.parametrize(("written", "address"), SENDERS)
async def test_a_sender_is_one_address_however_written(
    kannel: Kannel, gate: Gate, adapter: KannelSms, written: str, address: str
) -> None:
    kannel.carrier.deliver(written, kannel.number, "xin chao")
    [message] = await until(lambda: gate.written_by(address), kannel)
    assert message.text == "xin chao"


async def test_two_texts_of_the_same_words_are_two(kannel: Kannel, gate: Gate, adapter: KannelSms) -> None:
    telephone = next(telephones)
    for _ in range(2):
        kannel.carrier.deliver(telephone, kannel.number, "1")
    first, second = await until(lambda: found if len(found := gate.written_by(telephone)) == 2 else None, kannel) or []
    assert first.provider_id != second.provider_id


RECEIPTS: list[tuple[str, Failure | int, set[State]]] = [
    # label, how the operator fails, what the receipts say in the end
    ("not reached", "undelivered", {"sent", "permanent"}),
    ("rejected later", "rejected", {"sent", "permanent"}),
    ("no such number", "bad_address", {"permanent"}),
    ("refused", "submit_failed", {"permanent"}),
    ("refused with a code of the operator's own", 0x400, {"permanent"}),
    ("nothing more is said", "no_receipt", {"sent"}),
    ("too fast, then well", "throttled", {"sent", "delivered"}),
]


@pytest.mark.parametrize(("how", "states"), [row[1:] for row in RECEIPTS], ids=[row[0] for row in RECEIPTS])
async def test_receipts_say_what_became_of_a_reply(
    kannel: Kannel, gate: Gate, adapter: KannelSms, how: Failure | int, states: set[State]
) -> None:
    row = next(rows)
    kannel.carrier.fail(how)
    await adapter.send(next(telephones), Reply("Ho so da xong.", row, attempt=2))
    await until(lambda: gate.states(row) == states, kannel)
    assert {event.attempt for event in gate.events if isinstance(event, Receipt) and event.row == row} == {2}


async def test_what_kannel_gave_up_may_be_sent_again(kannel: Kannel, gate: Gate, adapter: KannelSms) -> None:
    row = next(rows)
    kannel.carrier.fail("throttled", times=kannels.RETRIES + 1)
    await adapter.send(next(telephones), Reply("Ho so da xong.", row))
    assert await until(lambda: gate.states(row), kannel) == {"temporary"}


async def test_a_reply_waits_for_the_operator(kannel: Kannel, gate: Gate, adapter: KannelSms) -> None:
    telephone, row = next(telephones), next(rows)
    kannel.carrier.go_away()
    await until(lambda: "(re-connecting" in kannel.status(), kannel)
    await adapter.send(telephone, Reply(VIETNAMESE, row))
    kannel.carrier.come_back()
    await until(lambda: "delivered" in gate.states(row), kannel)
    assert kannel.carrier.texts(telephone) == [VIETNAMESE]


@pytest.mark.parametrize("to", ["VIETTEL", "", "+", "+84 912 345 678", "+84912345678 +84912345679"])
async def test_what_is_no_number_is_sent_to_nobody(kannel: Kannel, adapter: KannelSms, to: str) -> None:
    before = len(kannel.carrier.received())
    with pytest.raises(Refused):
        await adapter.send(to, Reply("Ho so da xong.", next(rows)))
    assert len(kannel.carrier.received()) == before


async def test_a_wrong_password_is_ours_to_mend(kannel: Kannel, gate: Gate) -> None:
    adapter = adapter_of(kannel, gate, "another")
    with pytest.raises(TryLater) as refused:
        await adapter.send(next(telephones), Reply("Ho so da xong.", next(rows)))
    assert (refused.value.code, refused.value.after) == ("403", 60.0)
    await adapter.close()


async def test_with_smsbox_down_nothing_is_sent_and_nothing_is_lost(
    kannel: Kannel, gate: Gate, adapter: KannelSms
) -> None:
    telephone, row = next(telephones), next(rows)
    kannel.kill("smsbox")
    with pytest.raises(TryLater):
        await adapter.send(telephone, Reply("Ho so da xong.", row))
    kannel.carrier.deliver(telephone, kannel.number, VIETNAMESE)
    kannel.restart("smsbox")
    [message] = await until(lambda: gate.written_by(telephone), kannel)
    assert (message.text, kannel.carrier.texts(telephone)) == (VIETNAMESE, [])
