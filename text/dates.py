"""Dates as people type them, in Vietnamese and English, brought to ISO. Day before month, as everywhere in Vietnam."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from text.plain import plain

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?P<year>\d{4}|\d{2})"
_FREE = r"(?<![\w/.\-])"                                  # "123/2015/NĐ-CP" and "H26-230101" hold no dates
_STOP = r"(?![\w/]|[.\-]\d)"
_LEAD = r"(?:(?:ngay|mung|mong|hom)\s+)"
_LUNAR = re.compile(r"\s*(?:/\s*)?(?:am(?: lich)?|lunar)\b")
_FORMS = tuple(re.compile(form) for form in (
    rf"{_FREE}(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_STOP}",
    rf"{_FREE}{_LEAD}?(?P<day>\d{{1,2}})\s*(?P<sep>[/.\-])\s*(?P<month>\d{{1,2}})\s*(?P=sep)\s*{_YEAR}{_STOP}",
    rf"{_FREE}(?P<lead>{_LEAD})?(?P<day>\d{{1,2}})(?P<sep>[/\-])(?P<month>\d{{1,2}}){_STOP}",
    rf"{_FREE}{_LEAD}?(?P<day>\d{{1,2}})\s*thang\s*(?P<month>\d{{1,2}})(?:\s*(?:nam|/)?\s*(?P<year>\d{{4}}))?{_STOP}",
    rf"{_FREE}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\.?(?:,?\s+(?P<year>\d{{4}}))?{_STOP}",
    rf"{_FREE}{_MONTH}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{{4}}))?{_STOP}",
))
_RELATIVE = {
    "hom kia": -2, "hom qua": -1, "hom nay": 0, "ngay mai": 1, "sang mai": 1, "chieu mai": 1, "toi mai": 1,
    "ngay kia": 2, "ngay mot": 2,
    "day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2,
}
_SPOKEN = re.compile(r"\b(?:" + "|".join(sorted(_RELATIVE, key=len, reverse=True)) + r")\b")


class FoundDate(NamedTuple):
    """Where a date stands in the text, and its ISO form."""

    start: int
    end: int
    date: str


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return _MONTHS.index(groups["name"][:3]) + 1 if groups.get("name") else int(groups["month"])


def _date(match: re.Match[str], today: date) -> date | None:
    """The day meant; without a year the next one to come, today included. None where the calendar has no such day."""
    year, month, day = match.groupdict().get("year"), _month(match), int(match["day"])
    years = (int(year) + (2000 if len(year) == 2 else 0),) if year else range(today.year, today.year + 9)
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    return None


def _meant(match: re.Match[str]) -> bool:
    """"24/7" is no date, "5-9" is one only after a word that says so, "mùng 5/9 âm lịch" is of another calendar."""
    groups = match.groupdict()
    if "lead" in groups and (match.group() == "24/7" or (groups["sep"] == "-" and not groups["lead"])):
        return False
    return not _LUNAR.match(match.string, match.end())


def find_dates(s: str, today: date) -> list[FoundDate]:
    """All dates in a text, in order: "5/9", "ngày 5 tháng 9 năm 2026", "5 September", "ngày mai"."""
    view = plain(s)
    folded = view.folded()
    hits = [(m, _date(m, today)) for form in _FORMS for m in form.finditer(folded) if _meant(m)]
    hits += [(m, today + timedelta(days=_RELATIVE[m.group()])) for m in _SPOKEN.finditer(folded)]
    found: list[FoundDate] = []
    for match, day in hits:
        start, end = view.span(*match.span())
        if day and not any(start < other.end and other.start < end for other in found):
            found.append(FoundDate(start, end, day.isoformat()))
    return sorted(found)
