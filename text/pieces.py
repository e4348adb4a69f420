"""A long text in pieces that a channel takes, cut where a reader would pause."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# From the best place to cut to the worst: between paragraphs, lines, sentences, parts of a sentence, words.
_PAUSES = tuple(
    re.compile(pattern) for pattern in (r"\n\s*\n\s*", r"\s*\n\s*", r"(?<=[.!?…])\s+", r"(?<=[,;:])\s+", r"\s+")
)
_LEAST = 0.4            # of a piece: a better place is not taken if it leaves less than that
_JOINS = "\u200d\ufe0e\ufe0f"


def utf16(text: str) -> int:
    """Units of UTF-16, in which most apps count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def pieces(text: str, most: int, size: Callable[[str], int] = len) -> list[str]:
    """The text in order, each piece of `most` by `size` and none empty; together they lose nothing but white space."""
    left, found = text.strip(), list[str]()
    while left:
        end = _end(left, most, size)
        found.append(left[:end].strip())
        left = left[end:].strip()
    return found


def _end(text: str, most: int, size: Callable[[str], int]) -> int:
    """Where the first piece ends."""
    fitting = _fitting(text, most, size)
    if fitting == len(text):
        return fitting
    for pause in _PAUSES:
        ends = [one.start() for one in pause.finditer(text, 1, min(len(text), fitting + 2)) if one.start() <= fitting]
        if ends and ends[-1] >= fitting * _LEAST:
            return ends[-1]
    return _whole(text, fitting)


def _fitting(text: str, most: int, size: Callable[[str], int]) -> int:
    """How many characters of the text are `most` at most; at least one."""
    low, high = 1, min(len(text), most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= most else (low, middle - 1)
    return low


def _whole(text: str, end: int) -> int:
    """Not between a sign and what belongs to it."""
    start = end
    while end > 1 and (text[end] in _JOINS or text[end - 1] == "\u200d" or unicodedata.combining(text[end])):
        end -= 1
    return end if end > 1 else start
