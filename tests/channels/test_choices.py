"""What fits a channel's limits, and what does not."""

from __future__ import annotations

import pytest

from channels.choices import check
from channels.contract import Limits, Option, Refused, Reply

UTF16 = Limits(length=10, unit="utf16", asking=4, buttons=2, button=5, rows=3, row=6)
LETTERS = Limits(length=10, unit="characters", buttons=2, button=5)
BYTES = Limits(length=10, unit="bytes")


def options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(f"k{place}", label) for place, label in enumerate(labels))


@pytest.mark.parametrize(("reply", "limits"), [
    (Reply("x" * 10, row=1), UTF16),
    (Reply("😀" * 5, row=1), UTF16),
    (Reply("😀" * 10, row=1), LETTERS),
    (Reply("ếếế", row=1), BYTES),
    (Reply("xxxx", row=1, options=options("Có", "Không")), UTF16),
    (Reply("x" * 10, row=1, options=options("Có", "Không")), LETTERS),
    (Reply("x", row=1, options=options("Cấp lạ", "b", "c"), opener="Chọn"), UTF16),
    (Reply("https://a", row=1, options=options("a", "b", "c"), template=True), LETTERS),
])
def test_what_fits(reply: Reply, limits: Limits) -> None:
    check(reply, limits)


@pytest.mark.parametrize(("reply", "limits", "code"), [
    (Reply("", row=1), LETTERS, "length"),
    (Reply(" \n", row=1), LETTERS, "length"),
    (Reply("x" * 11, row=1), LETTERS, "length"),
    (Reply("😀" * 6, row=1), UTF16, "length"),
    (Reply("ếếếế", row=1), BYTES, "length"),
    (Reply("xxxxx", row=1, options=options("Có")), UTF16, "length"),
    (Reply("x\ud83d", row=1), LETTERS, "no UTF-8"),
    (Reply("x", row=1, options=options("\udc00")), LETTERS, "no UTF-8"),
    (Reply("x", row=1, options=options("a"), opener="\ud83d"), UTF16, "no UTF-8"),
    (Reply("x", row=1, options=options("a", "b", "c")), LETTERS, "options"),
    (Reply("x", row=1, options=options("Không "), opener=""), LETTERS, "options"),
    (Reply("x", row=1, options=options(" ")), LETTERS, "options"),
    (Reply("x", row=1, options=(Option("a", "A"), Option("a", "B"))), LETTERS, "options"),
    (Reply("x", row=1, options=(Option("", "A"),)), LETTERS, "options"),
    (Reply("x", row=1, options=(Option("a b", "A"),)), LETTERS, "options"),
    (Reply("x", row=1, options=(Option("ế", "A"),)), LETTERS, "options"),
    (Reply("x", row=1, options=(Option("a" * 41, "A"),)), LETTERS, "options"),
    (Reply("x", row=1, options=options("a"), opener="Chọn"), LETTERS, "options"),
    (Reply("x", row=1, options=options("a", "b", "c", "d"), opener="Chọn"), UTF16, "options"),
])
def test_what_does_not(reply: Reply, limits: Limits, code: str) -> None:
    with pytest.raises(Refused) as caught:
        check(reply, limits)
    assert caught.value.code == code
