"""Vietnamese telephone numbers as people type them, brought to E.164. Short codes (113, 1022, 1800…) never are one.

Number ranges: libphonenumber, region VN.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from text.plain import plain

_MOBILE = r"(?:5(?:2[238]|59)|89[6-9]|99[013-9])\d{6}|(?:3\d|5[689]|7[06-9]|8[1-8]|9[0-8])\d{7}"
_LANDLINE = r"2\d{9}"
_NATIONAL = re.compile(rf"{_MOBILE}|{_LANDLINE}")
_GAP = r"[\s.\-]{0,3}"
_TYPED = re.compile(                                      # "(+84) 912…", "+84 (0) 912…", "(0236) 3…"
    rf"(?<![\d+])(?<!\d[.\-])\(?(?:(?:\+|00)\s?84\)?{_GAP}(?:\(?0\)?{_GAP})?|84\)?{_GAP}0?{_GAP}|0)"
    rf"\d(?:{_GAP}\)?{_GAP}\d){{8,9}}(?!\d)"
)


class FoundPhone(NamedTuple):
    """Where a number stands in the text, and its E.164 form."""

    start: int
    end: int
    phone: str


def _national(typed: str) -> str | None:
    """The number without country code and trunk 0, if it is one that people can have."""
    digits = re.sub(r"\D", "", typed)
    digits = re.sub(r"^(?:00)?84(?=0?\d{9,10}$)", "", digits).removeprefix("0")
    return digits if _NATIONAL.fullmatch(digits) else None


def _longest(text: str, start: int, end: int) -> tuple[int, str] | None:
    """A landline has a digit more than a mobile: "0912345678 1" is a mobile and something else."""
    national = _national(text[start:end])
    if national:
        return end, national
    shorter = re.sub(r"[^\d]+\d$", "", text[start:end])
    national = _national(shorter)
    return (start + len(shorter), national) if national else None


def find_phones(s: str) -> list[FoundPhone]:
    """All Vietnamese numbers in a text, in order."""
    view = plain(s)
    found: list[FoundPhone] = []
    for match in _TYPED.finditer(view.text):
        hit = _longest(view.text, *match.span())
        if hit:
            start, end = view.span(match.start(), hit[0])
            found.append(FoundPhone(start, end, "+84" + hit[1]))
    return found


def normalise(s: str) -> str | None:
    """E.164 of a text that is one telephone number and nothing else; else None."""
    found = find_phones(s.strip())
    return found[0].phone if len(found) == 1 and (found[0].start, found[0].end) == (0, len(s.strip())) else None
