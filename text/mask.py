"""Masking: national ID and bank card numbers become their last four digits before anything is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from text.phone import find_phones
from text.plain import Plain, plain
from text.reference import without_references

Kind = Literal["national-id", "card"]
Span = tuple[int, int]
_KINDS: tuple[Kind, ...] = ("card", "national-id")

_RUNS = (                                                 # the narrow ones first
    re.compile(r"[0-9]+(?:[ .\-]{1,3}[0-9]+)*"),
    re.compile(r"[0-9]+(?:[ .,/\-]{1,3}[0-9]+)*"),
)
_LOOSE = re.compile(r"[,/]")                              # also in dates, in sums and between the numbers of a list
_DIGITS = re.compile(r"[0-9]+")
_DATE_FIRST = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\D+(?:0?[1-9]|1[0-2])\D+(?:19|20)\d\d\D")
_CARD_GROUPS = frozenset({(4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4), (6, 13), (8, 8)})   # as printed on cards
_OLD_ID = re.compile(
    r"\b(?:cmnd|cmtnd|cmt|so chung minh|chung minh (?:nhan dan|thu)|old id)\b[^\d\n]{0,24}"
    r"(\d{3}[ .,/\-]?\d{3}[ .,/\-]?\d{3}|\d{9})(?![0-9])"
)


class Mask(NamedTuple):
    """What was masked: its place in the text given, and what it was."""

    start: int
    end: int
    kind: Kind
    last_four: str


class Masked(NamedTuple):
    """The text to keep, and what is no longer in it."""

    text: str
    found: tuple[Mask, ...]


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 check digit."""
    doubled = [sum(divmod(2 * int(d), 10)) for d in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _is_card(groups: list[str], typed: str) -> bool:
    """13 to 19 digits that Luhn accepts; in groups, a card number never starts with 0 as telephone numbers do.

    Between commas and slashes only in the groups of a card, and no row of years.
    """
    digits = "".join(groups)
    if not (13 <= len(digits) <= 19 and luhn(digits)):
        return False
    if _LOOSE.search(typed):
        return _as_printed(groups) and not digits.startswith(("19", "20"))
    return len(groups) == 1 or digits[0] != "0"


def _as_printed(groups: list[str]) -> bool:
    return tuple(map(len, groups)) in _CARD_GROUPS


def _even(groups: list[str]) -> bool:
    return len({len(group) for group in groups}) == 1


def _is_id(groups: list[str], typed: str, whole: bool) -> bool:
    """12 digits. In groups: a province code's leading 0, or nothing else in the run and the shape of no sum or date.

    Between commas and slashes the whole province code stands first, as no day, month, decimal or sum does.
    """
    if sum(map(len, groups)) != 12:
        return False
    if len(groups) == 1:
        return True
    if _LOOSE.search(typed):
        return typed[0] == "0" and len(groups[0]) >= 3
    if _DATE_FIRST.match(typed):
        return False
    thousands = "." in typed and all(len(group) == 3 for group in groups)
    return typed[0] == "0" or (whole and not thousands and (_even(groups) or min(map(len, groups)) >= 3))


def _sure(groups: list[str], kind: Kind, whole: bool) -> bool:
    """Whether the grouping tells it from a telephone number within: "09 12 34 56 78 90", "4111 0912 3456 7890"."""
    if kind == "card":
        return _as_printed(groups)
    return whole and _even(groups)


def _windows(groups: list[Span]) -> Iterator[list[Span]]:
    """Neighbouring groups, leftmost first and longest first; no number of interest has more than 19 digits."""
    for first in range(len(groups)):
        for last in range(min(len(groups), first + 19), first, -1):
            yield groups[first:last]


def _overlaps(span: Span, others: list[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _in_run(text: str, run: Span, phones: list[Span], taken: list[Span]) -> list[tuple[Span, Kind]]:
    """The cards in one run of digit groups, then the IDs in what is left; nothing of what is taken already."""
    groups = [match.span() for match in _DIGITS.finditer(text, *run)]
    found: list[tuple[Span, Kind]] = []
    for kind in _KINDS:
        for window in _windows(groups):
            span = (window[0][0], window[-1][1])
            digits, typed = [text[start:end] for start, end in window], text[slice(*span)]
            whole = len(window) == len(groups)
            fits = _is_card(digits, typed) if kind == "card" else _is_id(digits, typed, whole)
            others = [*taken, *(other for other, _ in found), *([] if _sure(digits, kind, whole) else phones)]
            if fits and not _overlaps(span, others):
                found.append((span, kind))
    return found


def _spans(view: Plain, phones: list[Span]) -> list[tuple[Span, Kind]]:
    found: list[tuple[Span, Kind]] = []
    for runs in _RUNS:
        taken = [span for span, _ in found]
        found += [hit for run in runs.finditer(view.text) for hit in _in_run(view.text, run.span(), phones, taken)]
    for match in _OLD_ID.finditer(view.folded()):
        if not _overlaps(match.span(1), [span for span, _ in found]):
            found.append((match.span(1), "national-id"))
    return sorted(found)


def find_numbers(s: str, keep_references: bool = True) -> list[Mask]:
    """The ID and card numbers in a text, in order, written with any separators and any script's digits."""
    s = without_references(s) if keep_references else s
    view = plain(s)
    phones = [(view.where(phone.start), view.where(phone.end)) for phone in find_phones(s)]
    found: list[Mask] = []
    for span, kind in _spans(view, phones):
        digits = re.sub(r"\D", "", view.text[slice(*span)])
        found.append(Mask(*view.span(*span), kind, digits[-4:]))
    return found


def mask(s: str, keep_references: bool = True) -> Masked:
    """Every national ID (12 digits; 9 where called CMND) and card number (13–19 digits, Luhn) as "••••1234".

    Case references are left alone unless `keep_references` is off; telephone numbers always are.
    """
    found = find_numbers(s, keep_references)
    for number in reversed(found):
        s = f"{s[: number.start]}••••{number.last_four}{s[number.end :]}"
    return Masked(s, tuple(found))
