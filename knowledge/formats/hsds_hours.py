"""When a location of HSDS is open: its weekly schedules (RFC 5545) as shifts."""

from __future__ import annotations

import re

from knowledge.formats.drafts import Drafts, Tree
from knowledge.formats.place import Place

_DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}


def shifts(schedules: list[Place], name: str, drafts: Drafts) -> list[Tree]:
    """Every stretch that comes each week; others, past ones, and what laps over an earlier one are left out by name."""
    found: list[Tree] = []
    for schedule in schedules:
        for shift in _weekly(schedule, name, drafts):
            if shift in found:
                continue
            if any(_overlap(shift, other) for other in found):
                drafts.skip(name, f"hours from {shift['opens']} lap over others of that day")
                continue
            found.append(shift)
    return found


def _weekly(schedule: Place, name: str, drafts: Drafts) -> list[Tree]:
    opens, closes = _time(schedule.text("opens_at")), _time(schedule.text("closes_at"))
    if not opens or not closes:
        return []
    days = [day.strip() for day in (schedule.text("byday") or "").split(",") if day.strip()]
    daily = schedule.text("freq") == "DAILY" and not days
    weekly = schedule.text("freq") in (None, "WEEKLY", "DAILY") and (schedule.number("interval") or 1) == 1
    until = schedule.text("valid_to") or schedule.text("until")
    if not weekly or not (daily or days) or not set(days) <= _DAYS.keys() or closes <= opens:
        drafts.skip(name, f"hours {opens}–{closes} that do not come each week on the same days")
        return []
    if until and until[:10] < f"{drafts.today}":
        drafts.skip(name, f"hours {opens}–{closes} that ended on {until[:10]}")
        return []
    return [{"weekday": _DAYS[day], "opens": opens, "closes": closes} for day in (_DAYS if daily else days)]


def _time(text: str | None) -> str | None:
    """"10:00:00" → "10:00"."""
    known = re.match(r"([01]?\d|2[0-3]):([0-5]\d)", text or "")
    return f"{int(known[1]):02}:{known[2]}" if known else None


def _overlap(a: Tree, b: Tree) -> bool:
    return a["weekday"] == b["weekday"] and a["opens"] < b["closes"] and b["opens"] < a["closes"]
