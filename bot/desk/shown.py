"""What the desk's lists and clocks say of a conversation, in the words of the person who looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.core import Core
from bot.desk.pages import words
from bot.people import Person
from bot.words import when
from calendars.working_time import local

SOON = timedelta(hours=1)  # what is nearer is told as a span, the rest as a moment
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODE = 4  # the last letters of an identifier, for talking about it


def many(forms: dict[str, str], n: int) -> str:
    """ "1 segment", "2 segments"; a language without a form for one has only `other`."""
    return forms.get("one" if n == 1 else "other", forms["other"]).format(n=n)


def span(language: str, long: timedelta) -> str:
    """How long, as people say it; static/times.js says it in the same words."""
    said, minutes = words(language)["time"], int(long / timedelta(minutes=1))
    if minutes < 1:
        return said["now"]
    if long < HOUR:
        return many(said["minutes"], minutes)
    if long < DAY:
        return str(said["hours"]).format(h=minutes // 60, m=minutes % 60)
    return many(said["days"], long // DAY)


def clock_text(language: str, clock: dict[str, Any], now: datetime) -> str:
    """Of a promise: what is left of it, by how much it was broken, or that the citizen is awaited."""
    said = words(language)["time"]
    if clock["due"] is None or clock["state"] == "none":
        return ""
    if clock["state"] == "paused":
        return str(said["paused"])
    due = datetime.fromisoformat(clock["due"])
    if due <= now:
        return str(said["late"]).format(span=span(language, max(now - due, timedelta(minutes=1))))
    if due - now < SOON:
        return str(said["left"]).format(span=span(language, max(due - now, timedelta(minutes=1))))
    return str(said["by"]).format(at=when(language, due, now))


def listed(core: Core, who: Person, one: dict[str, Any]) -> dict[str, Any]:
    """A line of a list of bot.queueing, with what it says in words: reason, topic, how long, the promise."""
    now, said = core.clock(), words(who.language)
    waited = span(who.language, now - datetime.fromisoformat(one["waiting_since"]))
    told = one["summary"].split("\n")
    more = {
        "reason_said": said["reasons"].get(one["reason"], one["reason"]),
        "topic_said": topic(core, who, one["topic"]),
        "waited": waited,
        "clock_said": clock_text(who.language, one["clock"], now),
        "promised": when(who.language, moment(one["promised_at"]), now),
        "told": told[1:] or told,
        "code": one["conversation"][-CODE:],
    }
    if one.get("last_at"):
        more["last_said"] = span(who.language, now - datetime.fromisoformat(one["last_at"]))
    return one | more


def topic(core: Core, who: Person, identifier: str | None) -> str:
    """The name of a service or life event; "" for none."""
    for one in (*core.site.services, *core.site.life_events):
        if one["identifier"] == identifier:
            return str(one["name"][who.language])
    return identifier or ""


def moment(given: str | None) -> datetime | None:
    return datetime.fromisoformat(given) if given else None


def at_clock(given: str) -> str:
    """09:05, in the authority's zone."""
    return f"{local(datetime.fromisoformat(given)):%H:%M}"


def on_day(given: str) -> str:
    """27/11/2026, in the authority's zone."""
    then = local(datetime.fromisoformat(given))
    return f"{then.day}/{then.month}/{then.year}"
