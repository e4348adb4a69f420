"""A plain view of a text for matching: upper case, ASCII digits and dashes, with the way back to its places."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from typing import NamedTuple

from text.fold import strip_diacritics


class Plain(NamedTuple):
    """`text` has one character for each kept character of the original; `at[i]` is where it stood there."""

    text: str
    at: tuple[int, ...]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span for a span of the view; marks and zero-width characters inside or behind belong to it."""
        return self.at[start], self.at[end] if end < len(self.at) else self.length

    def where(self, place: int) -> int:
        """Where the view has the first kept character at or behind a place of the original."""
        return bisect_left(self.at, place)

    def folded(self) -> str:
        """The view in lower case without diacritics, place for place."""
        return "".join(strip_diacritics(char)[:1] or char for char in self.text.lower())


def _plain_char(char: str) -> str:
    """One character for one character; "" for what only modifies its neighbour or shows nothing."""
    if char.isascii():
        return "-" if char == "_" else char.upper()
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category in ("Nd", "No"):
        digit = unicodedata.digit(char, None)
        return char if digit is None else str(digit)
    if category in ("Pd", "Pc") or char == "\u2212":      # the minus sign is a symbol, not a dash, to Unicode
        return "-"
    if category == "Zs":
        return " "
    wide = unicodedata.normalize("NFKC", char).upper()
    return wide if len(wide) == 1 else char


def plain(s: str) -> Plain:
    kept = [(shown, place) for place, char in enumerate(s) if (shown := _plain_char(char))]
    return Plain("".join(shown for shown, _ in kept), tuple(place for _, place in kept), len(s))
