"""The day that opening hours are asked for, and a yes or no for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from actions.phrases import says
from actions.telling.write import clock, day
from actions.voice import Voice
from calendars.working_time import joined, stretches
from knowledge.catalogue import Catalogue
from knowledge.contract import Office
from text.dates import find_dates
from text.fold import fold

Part = Literal["morning", "afternoon", "evening"]
# When a part of the day begins and ends.
PARTS: dict[Part, tuple[time, time]] = {
    "morning": (time(0), time(12)), "afternoon": (time(12), time(18)), "evening": (time(18), time(23, 59)),
}
_PART_WORDS: dict[Part, re.Pattern[str]] = {      # "toi" alone is "tôi"
    "evening": re.compile(r"\b(buoi toi|toi nay|toi mai|ban dem|dem nay|tonight|evenings?|at night)\b"),
    "morning": re.compile(r"\b(buoi sang|sang nay|sang mai|sang thu|sang chu nhat|mornings?)\b"),
    "afternoon": re.compile(r"\b(buoi chieu|chieu nay|chieu mai|chieu thu|chieu chu nhat|afternoons?)\b"),
}
_THIS_DAY = re.compile(r"\b(toi nay|dem nay|sang nay|chieu nay|tonight|this (?:morning|afternoon|evening))\b")
# This very moment: what is told of every office is the answer, and whether the day has hours is none.
_NOW = re.compile(
    r"\b(bay gio|bay h|gio nay|luc nay|hien (?:gio|tai|nay|h)|dang mo|con mo|right now|at the moment|still open|now)\b"
)
_WEEKDAYS = tuple(re.compile(rf"\b(?:{form})\b") for form in (
    r"thu (?:hai|2)|t2|mondays?|mon", r"thu (?:ba|3)|t3|tuesdays?|tues?", r"thu (?:tu|4)|t4|wednesdays?|wed",
    r"thu (?:nam|5)|t5|thursdays?|thurs?", r"thu (?:sau|6)|t6|fridays?|fri",
    r"thu (?:bay|7)|t7|saturdays?|sat|cuoi tuan|weekends?", r"chu nhat|cn|sundays?|sun|cuoi tuan|weekends?",
))
_CLOSED = re.compile(r"\b(dong cua|(?<!ngay )nghi(?! (?:le|tet)\b)|closed|shut)\b")
_OPEN = re.compile(r"\b(lam|mo|open\w*|work\w*)\b")
_NEXT_WEEK = re.compile(r"\b(tuan sau|tuan toi|next (?:week|mon|tue|wed|thu|fri|sat|sun)\w*)\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """A day, or with None the public holidays in general; `part`: only a part of it. `closed`: asked the other way
    round, "thứ Bảy có nghỉ không"."""

    on: date | None
    part: Part | None = None
    closed: bool = False


def asked_days(text: str, today: date) -> list[Asked]:
    """The days that a text names: "thứ 7", "on Sunday", "mùng 2 tháng 9", "tối nay", "ngày lễ"; none if none, or if
    it is now that is asked about."""
    folded = fold(text)
    part: Part | None = next((part for part, words in _PART_WORDS.items() if words.search(folded)), None)
    days = [date.fromisoformat(found.date) for found in find_dates(text, today)]
    if days in ([], [today]) and _NOW.search(folded):
        return []
    if not days and _THIS_DAY.search(folded):
        days = [today]
    closed = bool(_CLOSED.search(folded)) and not _OPEN.search(folded)
    days = days or [_next(weekday, folded, today) for weekday, form in enumerate(_WEEKDAYS) if form.search(folded)]
    if not days:
        return [Asked(None, closed=closed)] if says("holidays", text) else []
    return [Asked(on, part, closed) for on in days]


def _next(weekday: int, folded: str, today: date) -> date:
    """The coming one, today included; with "next", the one of next week."""
    if _NEXT_WEEK.search(folded):
        return today + timedelta(days=7 - today.weekday() + weekday)
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def yes_or_no(voice: Voice, asked: Asked, offices: Sequence[Office], catalogue: Catalogue, today: date) -> str:
    """ "Không, Chủ nhật 29/11/2026 không làm việc.", or with "Có" if it was asked whether they are closed."""
    is_open, is_closed = (voice("so_no"), voice("so_yes")) if asked.closed else (voice("so_yes"), voice("so_no"))
    if asked.on is None:
        return voice("holidays_closed", so=is_closed, next=_next_holiday(voice, catalogue, today))
    on = day(voice, asked.on)
    year = catalogue.holidays.get(asked.on.year)
    holiday = year.days_off.get(asked.on) if year else None
    open_ones = [(office, times) for office in offices if (times := _times(office, asked.on, catalogue))]
    if not open_ones:
        key, name = ("day_holiday", voice.pick(holiday)) if holiday else ("day_closed", "")
        return voice(key, so=is_closed, day=on, holiday=name)
    office, times = next((one for one in open_ones if _within(one[1], asked.part)), open_ones[0])
    said = ", ".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in times)
    if not _within(times, asked.part):
        return voice("part_closed", so=is_closed, part=voice(f"part_{asked.part}"), day=on, times=said)
    key = "day_open" if len(open_ones) == len(offices) else "day_open_at"
    return voice(key, so=is_open, day=on, times=said, office=voice.pick(office.name))


def _times(office: Office, on: date, catalogue: Catalogue) -> list[tuple[time, time]]:
    holidays = joined(catalogue.holidays.values())
    return [(opens.time(), closes.time()) for opens, closes in stretches(on, office.shifts, holidays)]


def _within(times: list[tuple[time, time]], part: Part | None) -> bool:
    if part is None:
        return True
    begins, ends = PARTS[part]
    return any(opens < ends and (closes > begins or closes <= opens) for opens, closes in times)


def _next_holiday(voice: Voice, catalogue: Catalogue, today: date) -> str:
    off = {on: name for year in catalogue.holidays.values() for on, name in year.days_off.items() if on > today}
    return voice("next_holiday", day=day(voice, min(off)), holiday=voice.pick(off[min(off)])) if off else ""
