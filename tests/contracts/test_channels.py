"""What every channel must do: each adapter by what its provider sent, and through its stand-in behind a real socket."""

from __future__ import annotations

import dataclasses
import json
import logging
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from channels.contract import (
    Channel,
    ChannelError,
    Message,
    NotAsked,
    NotGenuine,
    Receipt,
    Refused,
    Reply,
    Request,
    TryLater,
    Uncertain,
    Unreadable,
)
from channels.fake import Answer
from channels.registry import made
from tests.contracts.providers import CITIZEN, NOWHERE, PROVIDERS, PUBLIC_URL, Provider, without
from tests.contracts.serving import always, serving

RECORDINGS = Path(__file__).parent.parent / "recordings"
KINDS = {"genuine", "forged", "repeated", "unreadable", "media", "receipt", "opt_out", "unknown"}
RAISES: dict[str, type[ChannelError]] = {"NotGenuine": NotGenuine, "Unreadable": Unreadable}
REPLY = Reply("Hồ sơ đang được giải quyết, hẹn trả 30/11. 😀", row=41, attempt=2)
SHORT, LONG = 0.3, 10.0                 # seconds: for what hangs, and for all else

each = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=list(PROVIDERS))
recorded = pytest.mark.parametrize(
    ("provider", "name"),
    [(one, file.stem) for one in PROVIDERS.values() for file in sorted((RECORDINGS / one.folder).glob("*.json"))],
)


@dataclasses.dataclass(frozen=True)
class Everything:
    """Settings that open every channel."""

    twilio_account_sid: str = "AC1"
    twilio_auth_token: str = "token"  # noqa: S105
    twilio_from: str = "+12025550100"
    twilio_base_url: str = ""
    kannel_url: str = NOWHERE
    kannel_username: str = ""
    kannel_password: str = ""
    kannel_from: str = "8079"
    kannel_secret: str = "secret"  # noqa: S105
    address: str = PUBLIC_URL


def recording(provider: Provider, name: str) -> dict[str, Any]:
    return json.loads((RECORDINGS / provider.folder / f"{name}.json").read_text(encoding="utf-8"))


def requests(recording: dict[str, Any]) -> list[Request]:
    return [
        Request(one["method"], one["target"], one["headers"], one["body"].encode(), PUBLIC_URL)
        for one in recording["requests"]
    ]


def at(provider: Provider, url: str = NOWHERE, timeout: float = LONG, secret: str | None = None) -> Channel:
    return provider.channel(url, timeout, provider.secret if secret is None else secret)


def hear(channel: Channel, request: Request) -> list[dict[str, Any]]:
    channel.verify(request)
    return [{type(one).__name__.lower(): dataclasses.asdict(one)} for one in channel.parse(request)]


# ---- what comes in


@each
def test_every_channel_has_recordings_of_every_kind(provider: Provider) -> None:
    """Asked of the registry, so that a channel that is added and not recorded fails here."""
    channels = made(Everything())
    assert set(channels) == set(PROVIDERS)
    for name, channel in channels.items():
        assert (channel.provider, PROVIDERS[name].folder) == (name, f"{channel.name}_{name}")
    assert {file.stem.partition("-")[0] for file in (RECORDINGS / provider.folder).glob("*.json")} == KINDS


@recorded
def test_a_recording(provider: Provider, name: str) -> None:
    channel, kept = at(provider), recording(provider, name)
    for request in requests(kept):
        if "raises" in kept:
            with pytest.raises(RAISES[kept["raises"]]):
                hear(channel, request)
        else:
            assert hear(channel, request) == kept["gives"], kept["label"]
            assert dataclasses.asdict(channel.answer(request)) == kept["answer"]


@recorded
def test_nothing_is_genuine_without_a_secret_of_ours_or_with_another(provider: Provider, name: str) -> None:
    for secret in ("", "another"):
        for request in requests(recording(provider, name)):
            with pytest.raises(NotGenuine):
                at(provider, secret=secret).verify(request)


@recorded
def test_a_request_is_genuine_only_as_it_was_sent(provider: Provider, name: str) -> None:
    """Each header that proves something gone; one letter more in the address and in the body."""
    kept = recording(provider, name)
    if kept.get("raises") == "NotGenuine":
        return
    for request in requests(kept):
        at(provider).verify(request)
        changed = [without(request, "x-twilio-signature"), dataclasses.replace(request, target=request.target[:-1])]
        changed += [dataclasses.replace(request, body=request.body + b"&x=1")]
        proved = changed if "x-twilio-signature" in request.headers else []
        proved += [dataclasses.replace(request, target=request.target.replace(word, "0")) for word in _proofs(request)]
        assert proved
        for one in proved:
            with pytest.raises(NotGenuine):
                at(provider).verify(one)


def _proofs(request: Request) -> list[str]:
    fields = [part.partition("=") for part in request.target.partition("?")[2].split("&")]
    return [value for name, _, value in fields if name in ("secret", "mac")]


@each
@pytest.mark.parametrize("target", ["", "*", "//[", "?", "/channels/sms?%", "/a?b=%ff&secret=%ff&mac=%ff", "/\udcff"])
@pytest.mark.parametrize("signature", ["", "é", "\udcff", "A" * 10_000])
def test_what_is_no_address_or_no_signature_is_not_genuine(provider: Provider, target: str, signature: str) -> None:
    headers = {"x-twilio-signature": signature, "content-type": "application/x-www-form-urlencoded"}
    for body in (b"", b"\xff=\xff&%=%", b"Body=%ED%A0%BD"):
        with pytest.raises(NotGenuine):
            at(provider).verify(Request("POST", target, headers, body, PUBLIC_URL))


@each
@pytest.mark.parametrize(("sender", "text"), [
    (CITIZEN, "Làm giấy khai sinh ở đâu?"),
    ("VIETTEL", "quảng cáo"),
    ("19001", "mã của bạn là 123456"),
    (CITIZEN, ""),
    (CITIZEN, "ế" * 20_000),
    (CITIZEN, "\x00trước\x00sau"),
    (CITIZEN, "👨‍👩‍👧‍👦🇻🇳👍🏽❤️"),
    (CITIZEN, "a&b=c;d+e%41\r\n\t?#"),
    (CITIZEN, "khai sinh"),
    (CITIZEN, "ABCD1234"),
])
def test_the_stand_in_writes_what_the_adapter_reads(provider: Provider, sender: str, text: str) -> None:
    channel, request = at(provider), provider.fake(()).inbound(sender, text)
    assert (request.method, request.target.partition("?")[0]) == (_genuine(provider).method, channel.path)
    (message,) = hear(channel, request)
    assert (message["message"]["sender"], message["message"]["text"]) == (sender, text)


@each
def test_the_stand_in_writes_the_fields_that_the_provider_writes(provider: Provider) -> None:
    ours, theirs = provider.fake(()).inbound(CITIZEN, "khai sinh"), _genuine(provider)
    assert _names(ours) == _names(theirs)
    assert set(ours.headers) | {"host"} == set(theirs.headers)


def _genuine(provider: Provider) -> Request:
    return requests(recording(provider, "genuine"))[0]


def _names(request: Request) -> list[str]:
    form = request.body.decode() or request.target.partition("?")[2]
    return [part.partition("=")[0] for part in form.split("&")]


@each
def test_half_of_a_surrogate_pair_and_bytes_that_are_no_utf8_are_read_as_signs(provider: Provider) -> None:
    (message,) = hear(at(provider), provider.fake(()).inbound(CITIZEN, "a\ud83db"))
    assert message["message"]["text"] == "a?b"
    odd = provider.fake(()).inbound(CITIZEN, "khai sinh")
    target, body = odd.target.replace("khai", "%FF%ED%A0%BD"), odd.body.replace(b"khai", b"%FF%ED%A0%BD")
    odd = dataclasses.replace(odd, target=target, body=body)
    (read,) = at(provider).parse(odd)
    assert isinstance(read, Message)
    assert read.text == "\ufffd" * 4 + " sinh"


# ---- what goes out


@each
async def test_a_reply_is_taken_once_and_its_receipts_name_our_row(provider: Provider) -> None:
    fake = provider.fake(())
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url)
        sid = await channel.send(CITIZEN, REPLY)
        await channel.close()
    (taken,) = fake.messages_to(CITIZEN)
    assert (taken.text, sid) == (REPLY.text, getattr(taken, "sid", None))
    heard = [one for request in fake.callbacks(getattr(taken, "sid", taken)) for one in _receipts(channel, request)]
    assert [(one.row, one.attempt, one.state) for one in heard] == [(41, 2, "sent"), (41, 2, "delivered")]


def _receipts(channel: Channel, request: Request) -> list[Receipt]:
    channel.verify(request)
    return [one for one in channel.parse(request) if isinstance(one, Receipt)]


@each
@pytest.mark.parametrize("word", ["500", "html", "hang", "close"])
@pytest.mark.parametrize("taken", [False, True])
async def test_an_answer_that_is_none_leaves_it_uncertain_and_nothing_is_sent_again(
    provider: Provider, word: str, taken: bool
) -> None:
    """After a good one, so that the connection is one that is kept."""
    fake = provider.fake(["ok", f"accepted_then_{word}" if taken else word])
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url, SHORT if word == "hang" else LONG)
        await channel.send(CITIZEN, REPLY)
        with pytest.raises(Uncertain):
            await channel.send(CITIZEN, REPLY)
        await channel.close()
    assert (len(served.asked), len(fake.messages_to(CITIZEN))) == (2, 1 + taken)


@each
async def test_what_was_not_received_may_be_tried_later(provider: Provider) -> None:
    fake = provider.fake(provider.later)
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url)
        for _ in provider.later:
            with pytest.raises(TryLater):
                await channel.send(CITIZEN, REPLY)
        assert fake.messages_to(CITIZEN) == []
        await channel.send(CITIZEN, REPLY)
        await channel.close()
    assert len(fake.messages_to(CITIZEN)) == 1


@each
@pytest.mark.parametrize(("said", "after"), [("7", 7.0), ("", None), ("soon", None)])
async def test_the_wait_that_a_provider_asks_for_is_told(provider: Provider, said: str, after: float | None) -> None:
    async with serving(always(Answer(429, "slow down", "text/plain", {"Retry-After": said}))) as served:
        channel = at(provider, served.url)
        with pytest.raises(TryLater) as caught:
            await channel.send(CITIZEN, REPLY)
        await channel.close()
    assert caught.value.after == after


@each
@pytest.mark.parametrize("url", [NOWHERE, "http://127.0.0.1:9/cgi-bin/sendsms", "https://{}"])
async def test_where_nobody_is_nothing_was_sent(provider: Provider, url: str) -> None:
    async with serving(always(Answer(200, "{}"))) as served:        # speaks no TLS
        channel = at(provider, url.format(served.url.partition("//")[2]))
        with pytest.raises(TryLater):
            await channel.send(CITIZEN, REPLY)
        with pytest.raises((TryLater, NotAsked)):
            await channel.taken(CITIZEN, REPLY.text, datetime.now(UTC))
        await channel.close()
        assert served.asked == []


@each
@pytest.mark.parametrize(("to", "text"), [
    ("VIETTEL", "xin chào"),
    ("", "xin chào"),
    ("+84912345678 +84912345679", "xin chào"),
    ("+84912345678\n", "xin chào"),
    ("whatsapp:+84912345678", "xin chào"),
    (CITIZEN, ""),
    (CITIZEN, "ế" * 1601),
    (CITIZEN, "x" * 1601),
    (CITIZEN, "nửa \ud83d"),
])
async def test_what_cannot_be_sent_is_refused(provider: Provider, to: str, text: str) -> None:
    fake = provider.fake(())
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url)
        with pytest.raises(Refused):
            await channel.send(to, Reply(text, row=1))
        await channel.close()
    assert list(fake.texts) == []


@each
async def test_what_was_taken_is_found_where_the_provider_can_be_asked(provider: Provider) -> None:
    """Also while it waits at the provider; not another text, another person's, or one from before."""
    since = datetime.now(UTC)
    fake = provider.fake(["ok", "ok", "accepted_then_close", "ok"])
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url)
        fake.inbound(CITIZEN, REPLY.text)
        await channel.send("+84900000001", REPLY)
        await channel.send(CITIZEN, Reply("another", row=40))
        with pytest.raises(Uncertain):
            await channel.send(CITIZEN, REPLY)
        if not provider.asked:
            with pytest.raises(NotAsked):
                await channel.taken(CITIZEN, REPLY.text, since)
        else:
            await channel.send(CITIZEN, REPLY)
            expected = [one.sid for one in fake.messages_to(CITIZEN) if one.text == REPLY.text]
            assert await channel.taken(CITIZEN, REPLY.text, since) == expected
            assert await channel.taken(CITIZEN, REPLY.text, since + timedelta(minutes=1)) == []
        await channel.close()


@each
async def test_errors_and_logs_never_name_the_person_the_text_or_a_secret(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """The logs of the libraries below too."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.INFO)
    told = ""
    for plan in (("500",), ("close",), ("html",), ("hang",), provider.later):
        async with serving(provider.serve(provider.fake(plan))) as served:
            channel = at(provider, served.url, SHORT)
            caplog.clear()
            told += await _told(channel, CITIZEN) + await _told(channel, "+84") + _logged(caplog)
            await channel.close()
        told += await _told(channel, CITIZEN) + _logged(caplog)         # opened again, where nobody is any more
        await channel.close()
    for secret in ("912345678", "Hồ sơ", "H%E1%BB%93", provider.secret, "päss", "p%C3%A4ss"):
        assert secret not in told


async def _told(channel: Channel, to: str) -> str:
    told = ""
    for call in (channel.send(to, REPLY), channel.taken(to, REPLY.text, datetime.now(UTC))):
        try:
            await call
        except ChannelError as error:
            told += "".join(traceback.format_exception(error))
    return told


def _logged(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(record.getMessage() for record in caplog.records if record.name != "aiohttp.access")
