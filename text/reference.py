"""Case references (mã hồ sơ) as people type them, brought to the one form in which they are printed.

Circular 01/2018/TT-VPCP art. 19: 000.00.19.H26-230101-0001; agency identifiers of Decision 20/2020/QĐ-TTg put the
level-1 identifier first: H15.50.05.13-261008-0975; Circular 03/2025 art. 13 and the ministries' portals:
G09.20-20260609-0092637. At most 35 characters.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from text.plain import plain

LONGEST = 35

_D = "[0-9O]"                                             # O is typed for 0
_L = "[A-NP-Z]"                                           # so O never is the letter of a level-1 identifier
_SEP = r"(?:\s{0,2}[.,\-]\s{0,2}|\s{1,2})"
_GROUP = rf"{_SEP}{_D}{{1,4}}"
_NUMBER = rf"(?:{_D}{{4,8}}(?![0-9A-Z])|{_D}{{3,7}}[0-9](?=O*{_L}))"     # in "0975oi" the o begins a word
_TAIL = rf"{_SEP}(?:{_D}{{8}}|{_D}{{6}}){_SEP}{_NUMBER}"
_INSIDE = r"(?<![0-9])(?<![0-9][.\-])"                    # never begin inside a longer code

_LEVEL_FIRST = re.compile(rf"{_INSIDE}(?:{_L}|[GH]\s){_D}{{2}}(?:{_GROUP}){{0,6}}?{_TAIL}")
_LEVEL_LAST = re.compile(rf"{_INSIDE}(?<![A-Z]){_D}{{3}}(?:{_GROUP}){{1,4}}?{_SEP}{_L}{_D}{{2}}{_TAIL}")
_AS_PRINTED = re.compile(
    rf"{_INSIDE}(?<![A-Z])[A-Z]?[0-9]{{2,3}}(?:\.[0-9A-Z]{{1,4}}){{0,6}}-(?:[0-9]{{8}}|[0-9]{{6}})-[0-9]{{4,8}}(?![0-9A-Z])"
)
_SPACED = re.compile(                                     # "H 1 5 . 5 0 - 2 6 1 0 0 8 - 0975": no spaces in the number,
    rf"{_INSIDE}(?<![A-Z])[GH] ?{_D} ?{_D}(?: ?\. ?{_D}(?: ?{_D}){{0,3}}){{0,6}}"    # a proof may stand behind it
    rf" ?- ?{_D}(?: ?{_D}){{5}}(?:(?: ?{_D}){{2}})? ?- ?{_NUMBER}"
)


class Found(NamedTuple):
    """Where a reference stands in the text, and its printed form."""

    start: int
    end: int
    reference: str


def _token(token: str) -> str:
    """O → 0 in the digit places of one group; a group that mixes letters is left as typed."""
    head, rest = (token[0], token[1:]) if re.match(_L, token) else ("", token)
    digits = rest.replace("O", "0")
    return head + digits if digits.isdigit() else token


def _is_date(digits: str) -> bool:
    year, month, day = int(digits[:-4]), int(digits[-4:-2]), int(digits[-2:])
    try:
        date(year if len(digits) == 8 else 2000 + year, month, day)
    except ValueError:
        return False
    return True


def _printed(typed: str, *, spaced: bool = False) -> str | None:
    """The printed form of what one of the patterns matched, or None where it is more likely something else."""
    typed = re.sub(r"^([GH])\s", r"\1", typed)
    if spaced:
        typed = typed.replace(" ", "")
    *agency, day, number = (_token(token) for token in re.split(_SEP, typed))
    dashed = bool(re.search(r"-\s*\w+\s*-\s*\w+$", typed))
    lettered = any(char.isalpha() for char in "".join(agency))
    likely = len(agency) > 1 or agency[0][0] in "GH"          # "phòng A12 20261008 12345" is a room, a day and a number
    if not (dashed and lettered) and not (likely and _is_date(day)):
        return None
    reference = f"{'.'.join(agency)}-{day}-{number}"
    return reference if len(reference) <= LONGEST else None


def find_references(s: str) -> list[Found]:
    """All references in a text, in order. Two are two: nobody chooses between them here."""
    view = plain(s)
    found: list[Found] = []
    for pattern in (_LEVEL_LAST, _LEVEL_FIRST, _AS_PRINTED, _SPACED):
        for match in pattern.finditer(view.text):
            start, end = view.span(*match.span())
            reference = _printed(match.group(), spaced=pattern is _SPACED)
            if reference and not any(start < other.end and other.start < end for other in found):
                found.append(Found(start, end, reference))
    return sorted(found)


def without_references(s: str) -> str:
    """The text with line breaks in place of its references, so that no other number reaches into one."""
    for found in find_references(s):
        s = s[: found.start] + "\n" * (found.end - found.start) + s[found.end :]
    return s


def normalise(s: str) -> str | None:
    """The printed form of the one reference in a text; None where there is none, or more than one."""
    references = {found.reference for found in find_references(s)}
    return references.pop() if len(references) == 1 else None
