"""How long an SMS is: its encoding, its units, the segments that it is sent and paid in, and cutting it to fewer.

3GPP TS 23.038: a text in the GSM 7-bit alphabet has 160 septets, any other 70 UTF-16 code units. Over that each
segment carries a header, which leaves 153 and 67, and no letter is cut in two: where an escape pair or a surrogate pair
does not fit, it opens the next segment.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from text.gsm7 import sizes as gsm_sizes
from text.gsm7 import to_gsm7

Encoding = Literal["GSM-7", "UCS-2"]
ROOM: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}   # alone, and as one of several
MORE = "..."                            # the ellipsis itself is not a GSM-7 letter
JOINER = "\u200d"

fold = to_gsm7                          # "Giấy khai sinh" → "Giay khai sinh": what costs a third

_ATOM = re.compile("[\ud800-\udbff][\udc00-\udfff]|.", re.DOTALL)      # a pair may come as two code points
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*(?=\s)|\S(?=\s*\n)")
_WORD_END = re.compile(r"\S(?=\s)")


@dataclass(frozen=True, slots=True)
class Count:
    """`units`: septets or UTF-16 code units. `left`: how many more are free before another segment begins."""

    encoding: Encoding
    units: int
    segments: int
    left: int


@dataclass(frozen=True, slots=True)
class _Laid:
    """A text as the wire sees it: what is never cut, and how many units each of that takes."""

    encoding: Encoding
    atoms: list[str]
    sizes: list[int]


def _laid(text: str) -> _Laid:
    septets = gsm_sizes(text)
    if septets is not None:
        return _Laid("GSM-7", list(text), septets)
    atoms = _ATOM.findall(text)
    return _Laid("UCS-2", atoms, [2 if len(atom) == 2 or atom > "\uffff" else 1 for atom in atoms])


def count(text: str) -> Count:
    """What a text takes, sent as it is. An empty one takes nothing; half of a surrogate pair is one unit."""
    laid = _laid(text)
    units, (alone, part) = sum(laid.sizes), ROOM[laid.encoding]
    if units <= alone:
        return Count(laid.encoding, units, min(units, 1), alone - units if units else 0)
    segments, used = 1, 0
    for size in laid.sizes:
        if used + size > part:
            segments, used = segments + 1, 0
        used += size
    return Count(laid.encoding, units, segments, part - used)


def parts(text: str) -> list[str]:
    """The text of each segment, as many as `count` says; joined they are the text.

    A letter with its marks, a flag or an emoji of several stays whole wherever that takes no segment more.
    """
    if count(text).segments <= 1:
        return [text] if text else []
    laid = _laid(text)
    ends = _furthest(laid.sizes, ROOM[laid.encoding][1])
    needed = _needed(ends)
    begins = [*_begins(laid.atoms), True]
    cuts = [0]
    while cuts[-1] < len(laid.atoms):
        end = ends[cuts[-1]]
        whole = next((place for place in range(end, cuts[-1], -1) if begins[place]), end)
        cuts.append(whole if needed[whole] <= needed[end] else end)
    return ["".join(laid.atoms[start:end]) for start, end in pairwise(cuts)]


def _furthest(sizes: list[int], room: int) -> list[int]:
    """For each place, where a segment that starts there has to end."""
    ends: list[int] = []
    end = used = 0
    for size in sizes:
        while end < len(sizes) and used + sizes[end] <= room:
            used += sizes[end]
            end += 1
        ends.append(end)
        used -= size
    return ends


def _needed(ends: list[int]) -> list[int]:
    """For each place, and the text's end, how few segments the rest can be."""
    needed = [0] * (len(ends) + 1)
    for start in reversed(range(len(ends))):
        needed[start] = 1 + needed[ends[start]]
    return needed


def _begins(atoms: list[str]) -> list[bool]:
    """Whether something that people see as one begins at each place (the marks, emoji and flags of UAX 29)."""
    begins: list[bool] = []
    before, flag_open = "", False
    for atom in atoms:
        second = flag_open and _is_flag(atom)
        begins.append(not (second or before == JOINER or (before == "\r" and atom == "\n") or _extends(atom)))
        before, flag_open = atom, _is_flag(atom) and not second
    return begins


def _is_flag(atom: str) -> bool:
    return "\U0001f1e6" <= atom <= "\U0001f1ff"


def _extends(atom: str) -> bool:
    """A mark, a variation selector, a joiner, a colour of skin, a tag: it belongs to what stands before it."""
    if len(atom) != 1:
        return False
    tone_or_tag = "\U0001f3fb" <= atom <= "\U0001f3ff" or "\U000e0020" <= atom <= "\U000e007f"
    return atom == JOINER or tone_or_tag or unicodedata.category(atom) in ("Mn", "Mc", "Me")


def shortened(text: str, segments: int, tail: str = "") -> str:
    """The text if it is no more than so many segments, else as `fitted` cuts it."""
    return text if count(text).segments <= segments else fitted(text, segments, tail)


def fitted(text: str, segments: int, tail: str) -> str:
    """As much of the text as leaves room for the tail, such as a link, on lines of its own and always whole.

    It is cut behind a sentence, or behind a word where that saves more than a third of it; inside a word only where
    there is no other place.
    """

    def fits(start: str) -> bool:
        return count(_above(start, tail)).segments <= segments

    if fits(text):
        return _above(text, tail)
    words = _longest(text, [found.end() for found in _WORD_END.finditer(text)], fits)
    sentences = _longest(text, [found.end() for found in _SENTENCE_END.finditer(text)], fits)
    start = sentences if len(sentences) * 3 >= len(words) * 2 else words
    return _above(start or _longest(text, _letter_ends(text), fits), tail)


def _above(text: str, tail: str) -> str:
    return f"{text}\n{tail}" if text and tail else text or tail


def _longest(text: str, ends: list[int], fits: Callable[[str], bool]) -> str:
    """The longest start of the text, cut at one of these places, that fits; "" if none does."""
    too_long = bisect_left(ends, True, key=lambda end: not fits(_cut(text, end)))
    return _cut(text, ends[too_long - 1]) if too_long else ""


def _cut(text: str, end: int) -> str:
    start = text[:end].rstrip(" \n,;:-–(")
    return f"{start} {MORE}" if start.endswith((".", "!", "?", "…")) else start + MORE


def _letter_ends(text: str) -> list[int]:
    atoms = _ATOM.findall(text)
    ends: list[int] = []
    at = 0
    for atom, begins in zip(atoms, _begins(atoms), strict=True):
        if begins and at:
            ends.append(at)
        at += len(atom)
    return ends
