"""What Meta's two channels share: the proof over the raw body, the handshake, the limits of what may be sent."""

from __future__ import annotations

import pytest

from channels.contract import Limits, NotGenuine, Option, Refused, Reply, Request, Unreadable
from channels.meta_wire import SIGNATURE, answer, check, entries, sign, verify
from tests.contracts.providers import PUBLIC_URL

LIMITS = Limits(length=20, unit="utf16", asking=10, buttons=2, button=5, rows=4, row=8)


def post(body: bytes, signature: str) -> Request:
    return Request("POST", "/channels/messenger", {SIGNATURE: signature}, body, PUBLIC_URL)


def get(query: str) -> Request:
    return Request("GET", f"/channels/messenger?{query}", {}, b"", PUBLIC_URL)


def test_the_signature_is_over_the_bytes_as_sent() -> None:
    """Meta writes what is no ASCII as \\u00e4. The digest is of `openssl dgst -sha256 -hmac secret`."""
    body = b'{"text":"\\u00e4\\u00f6\\u00e5"}'
    right = "sha256=e0a032bcd95b5b4221b0bb8baa30ee6fd14c58f62c8dd6f1db28eaba120f7e3f"
    assert sign("secret", body) == right
    verify(post(body, right), "secret", "")
    for other in ('{"text":"äöå"}'.encode(), body + b"\n", b""):
        with pytest.raises(NotGenuine):
            verify(post(other, right), "secret", "")


def test_without_a_secret_what_is_signed_with_none_is_not_genuine() -> None:
    with pytest.raises(NotGenuine):
        verify(post(b"{}", sign("", b"{}")), "", "token")
    for query in ("hub.mode=subscribe&hub.verify_token=", "hub.mode=subscribe", ""):
        with pytest.raises(NotGenuine):
            verify(get(query), "secret", "")


def test_a_handshake_proves_no_body_and_a_signature_no_handshake() -> None:
    shaken = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=token"
    verify(get(shaken), "secret", "token")
    with pytest.raises(NotGenuine):
        verify(Request("POST", f"/channels/messenger?{shaken}", {}, b"{}", PUBLIC_URL), "secret", "token")
    signed = Request("GET", "/channels/messenger", {SIGNATURE: sign("secret", b"")}, b"", PUBLIC_URL)
    with pytest.raises(NotGenuine):
        verify(signed, "secret", "token")
    assert entries(get(shaken), "page") == []


@pytest.mark.parametrize(("challenge", "said"), [
    ("1158201444", "1158201444"), ("aZ09", "aZ09"), ("9" * 100, "9" * 100), ("9" * 101, ""), ("%3Cb%3E", ""), ("", ""),
    ("1%0A2", ""), ("%D9%A1", ""), ("1+2", ""),
])
def test_a_challenge_comes_back_if_it_is_one(challenge: str, said: str) -> None:
    found = answer(get(f"hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token=token"))
    assert (found.status, found.content_type, found.body) == (200, "text/plain", said)


@pytest.mark.parametrize("body", [
    b"", b"null", b"[]", b"7", b'"x"', b"{", b"\xff\xfe", b"[" * 100_000, b"{}", b'{"object": "page"}',
    b'{"object": 1, "entry": []}', b'{"object": "page", "entry": {}}', b'{"object": "page", "entry": [1]}',
    b'{"object": "page", "entry": null}', b'{"object": "page", "entry": ' + b"9" * 5000 + b"}",
])
def test_what_is_no_event_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        entries(post(body, ""), "page")


def options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(f"c{place}", label) for place, label in enumerate(labels))


@pytest.mark.parametrize("reply", [
    Reply("x" * 20, 1),
    Reply("😀" * 10, 1),
    Reply("x" * 10, 1, options=options("Vâng", "Không")),
    Reply("x" * 10, 1, options=options("Khai tử", "Kết hôn", "x" * 8, "y"), opener="Chọn"),
    Reply("x" * 20, 1, options=options("x" * 99), template=True),
])
def test_what_fits(reply: Reply) -> None:
    check(reply, LIMITS)


@pytest.mark.parametrize("reply", [
    Reply("", 1),
    Reply(" \n", 1),
    Reply("x" * 21, 1),
    Reply("😀" * 11, 1),
    Reply("nửa \ud83d", 1),
    Reply("x" * 11, 1, options=options("Vâng")),
    Reply("x", 1, options=options("1", "2", "3")),
    Reply("x", 1, options=options("1", "2", "3", "4", "5"), opener="Chọn"),
    Reply("x", 1, options=options("x" * 6)),
    Reply("x", 1, options=options("x" * 9), opener="Chọn"),
    Reply("x", 1, options=options("x"), opener="x" * 21),
    Reply("x", 1, options=options(" ")),
    Reply("x", 1, options=options("\udfff")),
    Reply("x", 1, options=(Option("c1", "a"), Option("c1", "b"))),
    Reply("x", 1, options=(Option("", "a"),)),
    Reply("x", 1, options=(Option("khoá", "a"),)),
    Reply("x", 1, options=(Option("c" * 41, "a"),)),
])
def test_what_does_not_fit_is_refused(reply: Reply) -> None:
    with pytest.raises(Refused):
        check(reply, LIMITS)
