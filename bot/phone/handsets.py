"""The two handsets, and how the page is shown a text: its length, its price, where it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypedDict

from bot.language import detect
from bot.phone.carrier import Held
from text.sms import count

HANDSETS = {1: "+84912000001", 2: "+84912000002"}
_BY_NUMBER = {number: handset for handset, number in HANDSETS.items()}


class Shown(TypedDict):
    """`direction`: "out" was written on the handset, "in" came to it. `media`: a picture came with it. `units`: septets
    or UTF-16 code units. `price`: VND, what the authority pays; None for what a citizen sends, and where the settings
    name no price. `at`: ISO 8601."""

    sid: str
    handset: int
    direction: Literal["in", "out"]
    text: str
    media: bool
    language: str | None
    encoding: str
    segments: int
    units: int
    price: int | None
    state: str
    code: int | None
    at: str


class Totals(TypedDict):
    """Of one handset. `price` in VND is what its answers cost the authority, 0 where no price is set."""

    handset: int
    number: str
    sent: int
    sent_segments: int
    got: int
    got_segments: int
    price: int


def shown(sid: str, held: Held, state: str, price: int) -> Shown | None:
    """None for a text of neither handset. `price`: VND for one segment, 0 for none."""
    written = held.sender in _BY_NUMBER
    handset = _BY_NUMBER.get(held.sender if written else held.recipient)
    if handset is None:
        return None
    length = count(held.text)
    return Shown(
        sid=sid, handset=handset, direction="out" if written else "in", text=held.text,
        media=sid.startswith("MM"), language=detect(held.text),
        encoding=length.encoding, segments=length.segments, units=length.units,
        price=length.segments * price if price and not written else None,
        state=state, code=held.code, at=held.at.isoformat(),
    )  # fmt: skip


def totals(texts: Sequence[Shown]) -> list[Totals]:
    return [_total(handset, number, texts) for handset, number in HANDSETS.items()]


def _total(handset: int, number: str, texts: Sequence[Shown]) -> Totals:
    sent = [text for text in texts if (text["handset"], text["direction"]) == (handset, "out")]
    got = [text for text in texts if (text["handset"], text["direction"]) == (handset, "in")]
    return Totals(
        handset=handset, number=number, sent=len(sent), sent_segments=sum(text["segments"] for text in sent),
        got=len(got), got_segments=sum(text["segments"] for text in got),
        price=sum(text["price"] or 0 for text in got),
    )  # fmt: skip


def national(number: str) -> str:
    """A Vietnamese number as people write it, "0912 000 001"; any other sender as it is."""
    found = re.fullmatch(r"\+84(\d{3})(\d{3})(\d{3})", number)
    return "0" + " ".join(found.groups()) if found else number
