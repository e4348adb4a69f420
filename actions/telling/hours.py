"""Opening hours in words, and whether an office is open now or when it opens next."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.telling.write import clock, day
from actions.voice import Voice
from calendars.working_time import WeekdayHours, hours_by_weekday, joined, next_opening, open_until
from knowledge.catalogue import Catalogue
from knowledge.contract import Office, Shift


def hours(voice: Voice, shifts: tuple[Shift, ...]) -> str:
    """"thứ Hai đến thứ Sáu 7:30–11:30, 13:30–17:00; thứ Bảy 7:30–11:30"."""
    return "; ".join(_days(voice, one) for one in hours_by_weekday(shifts)) or voice("hours_none")


def _days(voice: Voice, one: WeekdayHours) -> str:
    first, last = voice(f"weekday_{one.weekdays[0]}"), voice(f"weekday_{one.weekdays[-1]}")
    days = first if len(one.weekdays) == 1 else voice("hours_range", first=first, last=last)
    times = ", ".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in one.hours)
    return voice("hours_days", days=days, times=times)


def state(voice: Voice, office: Office, catalogue: Catalogue, now: datetime) -> str:
    """"Đang mở cửa, đến 11:30." or "Đang nghỉ trưa, mở lại lúc 13:30 hôm nay."."""
    holidays = joined(catalogue.holidays.values())
    closes = open_until(office.shifts, holidays, now)
    if closes:
        return voice("open_now", closes=clock(closes))
    opens = next_opening(office.shifts, holidays, now)
    if opens and opens.date() == now.date() and _has_begun(office, now):
        return voice("lunch", time=clock(opens))
    again = voice("closed_opens", when=_when(voice, opens, now)) if opens else voice("closed")
    year = catalogue.holidays.get(now.year)
    off = year.days_off.get(now.date()) if year else None
    return f"{voice('holiday_today', holiday=voice.pick(off))} {again}" if off else again


def _has_begun(office: Office, now: datetime) -> bool:
    return any(shift.weekday == now.weekday() and shift.closes <= now.time() for shift in office.shifts)


def _when(voice: Voice, opens: datetime, now: datetime) -> str:
    if opens.date() == now.date():
        return voice("when_today", time=clock(opens))
    if opens.date() == now.date() + timedelta(days=1):
        return voice("when_tomorrow", time=clock(opens))
    return voice("when_day", time=clock(opens), day=day(voice, opens.date()))
