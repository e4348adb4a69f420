"""One SMS: a form of an answer that fits 160 GSM-7 septets without diacritics, the fact first, in whole sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from actions.voice import Voice
from text.gsm7 import ONE_SEGMENT, septets, to_gsm7

CASE_ROOM = 120                         # about a case: it may be the first answer, behind 40 that say who we are
BESIDE_A_PERSON = ONE_SEGMENT - 23      # what leaves room for how to reach one
MORE = "..."                            # the ellipsis itself is not a GSM-7 letter
_SENTENCE_END = re.compile(r"[.!?](?= (\w))")


def fits(text: str, room: int = ONE_SEGMENT) -> bool:
    """Whether the text is so many septets at most once its diacritics are off."""
    return length(text) <= room


def length(text: str) -> int:
    """Septets of the text on one line without diacritics; folded, every letter is one of GSM-7."""
    return septets(to_gsm7(one_line(text))) or 0


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def sentences(text: str) -> list[str]:
    """What a text on one line is made of; a capital begins a sentence, so that "No. 60" is inside one."""
    ends = [0, *(end.end() for end in _SENTENCE_END.finditer(text) if end[1].isupper()), len(text)]
    return [text[start:end].strip() for start, end in pairwise(ends)]


def cut(text: str, room: int = ONE_SEGMENT) -> str:
    """On one line, diacritics kept: as many whole sentences as fit; of one that is too long by itself, the words."""
    whole = sentences(one_line(text))
    fitting = [most for most in range(1, len(whole) + 1) if fits(" ".join(whole[:most]), room)]
    return " ".join(whole[: fitting[-1]]) if fitting else _behind_a_word(whole[0], room)


def _behind_a_word(text: str, room: int) -> str:
    while text and not fits(text + MORE, room):
        text = text.rpartition(" ")[0] or text[:-1]
    return text.rstrip(" ,;:-.(") + MORE


def packed(*groups: Sequence[str], room: int = ONE_SEGMENT) -> str:
    """Of each group, in order, the first of its ways to say a thing that still fits; nothing where none does."""
    said = ""
    for ways in groups:
        longer = (f"{said} {way}".strip() for way in ways if way)
        said = next((text for text in longer if fits(text, room)), said)
    return said


def joined(voice: Voice, lead: str, parts: Iterable[str]) -> str:
    """`lead` and as many whole parts as fit one SMS; at the end, how many are left out. Keeps diacritics.

    A lead beside which not even the first part has room is left out: it only names what was asked about.
    """
    every = [one_line(part) for part in parts]
    ways = (_with_rest(voice, start, every, most) for start in (lead, "") for most in range(len(every), 0, -1))
    return next((way for way in ways if fits(way)), None) or cut(lead + every[0])


def _with_rest(voice: Voice, lead: str, parts: Sequence[str], most: int) -> str:
    text, left = lead + "; ".join(parts[:most]), len(parts) - most
    text = text[:1].upper() + text[1:]
    return f"{text.rstrip('.')} ({voice('and_more', n=left)})." if left else f"{text.rstrip('.')}."
