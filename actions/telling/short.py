"""One SMS: a form of an answer that fits 160 GSM-7 septets without diacritics, the fact first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from actions.voice import Voice
from text.gsm7 import fits_one_segment, to_gsm7

MORE = "..."                            # the ellipsis itself is not a GSM-7 letter


def fits(text: str) -> bool:
    """Whether the text is one SMS once its diacritics are off."""
    return fits_one_segment(one_line(text))


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def one_sms(text: str) -> str:
    """The text as one SMS without diacritics, cut behind a word where it is too long."""
    return to_gsm7(cut(text))


def cut(text: str) -> str:
    """The text on one line, diacritics kept, cut behind a word where it would not fit one SMS."""
    text = one_line(text)
    if fits_one_segment(text):
        return text
    while text and not fits_one_segment(text + MORE):
        text = text.rpartition(" ")[0] or text[:-1]
    return text.rstrip(" ,;:-.(") + MORE


def joined(voice: Voice, lead: str, parts: Iterable[str]) -> str:
    """`lead` and as many whole parts as fit one SMS; at the end, how many are left out. Keeps diacritics."""
    waiting = [one_line(part) for part in parts]
    said = waiting[:1]
    del waiting[:1]
    while waiting and fits_one_segment(_with_rest(voice, lead, [*said, waiting[0]], len(waiting) - 1)):
        said.append(waiting.pop(0))
    if waiting and not fits_one_segment(_with_rest(voice, lead, said, len(waiting))):
        return cut(lead + said[0])
    return cut(_with_rest(voice, lead, said, len(waiting)))


def _with_rest(voice: Voice, lead: str, said: list[str], left: int) -> str:
    text = lead + "; ".join(said)
    return f"{text} ({voice('and_more', n=left)})" if left else f"{text.rstrip('.')}."
