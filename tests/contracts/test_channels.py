"""What every channel must do with what comes in: what its provider sent, and what its stand-in writes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from channels.contract import Channel, ChannelError, Message, NotGenuine, Receipt, Request, Unreadable
from channels.registry import made
from tests.contracts.providers import PROVIDERS, PUBLIC_URL, Everything, Provider, at, each, vault, without

RECORDINGS = Path(__file__).parent.parent / "recordings"
KINDS = {"genuine", "forged", "repeated", "unreadable", "media", "receipt", "opt_out", "unknown"}
APPS = {"button", "echo"}        # of a messaging app
SIGNATURES = {"x-twilio-signature", "x-hub-signature-256", "x-zevent-signature"}
PROOFS = SIGNATURES | {"x-telegram-bot-api-secret-token"}
RAISES: dict[str, type[ChannelError]] = {"NotGenuine": NotGenuine, "Unreadable": Unreadable}

recorded = pytest.mark.parametrize(
    ("provider", "name"),
    [(one, file.stem) for one in PROVIDERS.values() for file in sorted((RECORDINGS / one.folder).glob("*.json"))],
)


def recording(provider: Provider, name: str) -> dict[str, Any]:
    return json.loads((RECORDINGS / provider.folder / f"{name}.json").read_text(encoding="utf-8"))


def requests(recording: dict[str, Any]) -> list[Request]:
    return [
        Request(one["method"], one["target"], one["headers"], one["body"].encode(), PUBLIC_URL)
        for one in recording["requests"]
    ]


def hear(channel: Channel, request: Request) -> list[dict[str, Any]]:
    channel.verify(request)
    return _all_told(channel.parse(request))


def _all_told(events: Sequence[Message | Receipt]) -> list[dict[str, Any]]:
    return [{type(one).__name__.lower(): _told(one)} for one in events]


def _told(event: Message | Receipt) -> dict[str, Any]:
    """What a recording has to name; what only some channels have is left out where it is not there."""
    rare = {"beside": None, "pressed": ""}
    return {name: value for name, value in dataclasses.asdict(event).items() if rare.get(name, ...) != value}


# ---- what comes in


@each
def test_every_channel_has_recordings_of_every_kind(provider: Provider) -> None:
    """Asked of the registry, so that a channel that is added and not recorded fails here."""
    channels = made(Everything(), vault)
    assert set(channels) == set(PROVIDERS)
    for name, channel in channels.items():
        assert (channel.provider, type(channel).__module__) == (name, f"channels.{PROVIDERS[name].folder}")
    kinds = {file.stem.partition("-")[0] for file in (RECORDINGS / provider.folder).glob("*.json")}
    assert kinds == KINDS | (set() if at(provider).name == "sms" else APPS)


@recorded
def test_a_recording(provider: Provider, name: str) -> None:
    channel, kept = at(provider), recording(provider, name)
    for request in requests(kept):
        if "raises" in kept:
            with pytest.raises(RAISES[kept["raises"]]) as caught:
                hear(channel, request)
            if isinstance(caught.value, Unreadable):
                assert _all_told(caught.value.read) == kept.get("gives", []), kept["label"]
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
        proved = [without(request, name) for name in PROOFS & set(request.headers)]
        if SIGNATURES & set(request.headers):
            proved += [dataclasses.replace(request, body=request.body + b" ")]
        if "x-twilio-signature" in request.headers:
            proved += [dataclasses.replace(request, target=request.target[:-1])]
        proved += [dataclasses.replace(request, target=request.target.replace(word, "0")) for word in _proofs(request)]
        assert proved
        for one in proved:
            with pytest.raises(NotGenuine):
                at(provider).verify(one)


def _proofs(request: Request) -> list[str]:
    fields = [part.partition("=") for part in request.target.partition("?")[2].split("&")]
    return [value for name, _, value in fields if name in ("secret", "mac", "hub.verify_token")]


@each
@pytest.mark.parametrize("target", ["", "*", "//[", "?", "/channels/sms?%", "/a?b=%ff&secret=%ff&mac=%ff", "/\udcff"])
@pytest.mark.parametrize("signature", ["", "é", "\udcff", "A" * 10_000])
def test_what_is_no_address_or_no_signature_is_not_genuine(provider: Provider, target: str, signature: str) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded", **dict.fromkeys(PROOFS, signature)}
    for body in (b"", b"\xff=\xff&%=%", b"Body=%ED%A0%BD"):
        with pytest.raises(NotGenuine):
            at(provider).verify(Request("POST", target, headers, body, PUBLIC_URL))


@each
@pytest.mark.parametrize("text", [
    "Làm giấy khai sinh ở đâu?",
    "",
    "ế" * 20_000,
    "\x00trước\x00sau",
    "👨‍👩‍👧‍👦🇻🇳👍🏽❤️",
    "a&b=c;d+e%41\r\n\t?#",
    "khai sinh",
    "ABCD1234",
])
def test_the_stand_in_writes_what_the_adapter_reads(provider: Provider, text: str) -> None:
    channel = at(provider)
    for sender in provider.senders:
        request = provider.fake(()).inbound(sender, text)
        assert (request.method, request.target.partition("?")[0]) == (_genuine(provider).method, channel.path)
        (message,) = hear(channel, request)
        assert (message["message"]["sender"], message["message"]["text"]) == (sender, text)


@each
def test_a_repeat_is_the_same_message(provider: Provider) -> None:
    channel, there = at(provider), provider.fake(())
    (first,) = channel.parse(there.inbound(provider.senders[0], "khai sinh"))
    (again,) = channel.parse(there.inbound(provider.senders[0], "khai sinh", sid=first.provider_id))
    (other,) = channel.parse(there.inbound(provider.senders[0], "khai sinh"))
    assert (again, again == other) == (first, False)


@pytest.mark.parametrize("name", ["messenger", "whatsapp-cloud"])
def test_meta_shakes_hands(name: str) -> None:
    channel, request = at(PROVIDERS[name]), PROVIDERS[name].fake(()).handshake("1158201444")
    channel.verify(request)
    assert (channel.parse(request), channel.answer(request).body) == ([], "1158201444")


@each
def test_the_stand_in_writes_the_fields_that_the_provider_writes(provider: Provider) -> None:
    ours, theirs = provider.fake(()).inbound(provider.senders[0], "khai sinh"), _genuine(provider)
    assert _names(ours) == _names(theirs)
    assert set(ours.headers) | {"host"} == set(theirs.headers)


def _genuine(provider: Provider) -> Request:
    return requests(recording(provider, "genuine"))[0]


def _names(request: Request) -> list[str]:
    form = request.body.decode() or request.target.partition("?")[2]
    if form.startswith("{"):
        return list(_paths(json.loads(form)))
    return [part.partition("=")[0] for part in form.split("&")]


def _paths(body: Any, before: str = "") -> Iterator[str]:
    """The names in a JSON body, in order, with those that they stand in."""
    if isinstance(body, dict):
        for name, value in cast(dict[str, Any], body).items():
            yield f"{before}{name}"
            yield from _paths(value, f"{before}{name}.")
    if isinstance(body, list):
        for one in cast(list[Any], body):
            yield from _paths(one, before)


@each
def test_half_of_a_surrogate_pair_and_bytes_that_are_no_utf8_are_read_as_signs(provider: Provider) -> None:
    (message,) = hear(at(provider), provider.fake(()).inbound(provider.senders[0], "a\ud83db"))
    assert message["message"]["text"] == "a?b"
    if provider.json:
        return
    odd = provider.fake(()).inbound(provider.senders[0], "khai sinh")
    target, body = odd.target.replace("khai", "%FF%ED%A0%BD"), odd.body.replace(b"khai", b"%FF%ED%A0%BD")
    odd = dataclasses.replace(odd, target=target, body=body)
    (read,) = at(provider).parse(odd)
    assert isinstance(read, Message)
    assert read.text == "\ufffd" * 4 + " sinh"
