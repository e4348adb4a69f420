"""The gateway's own sentences, one file a language, read once."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from calendars.working_time import local

LANGUAGES = ("vi", "en")


@cache
def table(name: str) -> dict[str, Any]:
    """The content of one file beside this one, "door" or "pages.vi"; not to be changed by the caller."""
    return yaml.safe_load((Path(__file__).parent / f"{name}.yml").read_text(encoding="utf-8"))


def say(language: str, key: str, **blanks: object) -> str:
    """The sentence `key` in `language`, its blanks filled; KeyError for a sentence that does not exist."""
    return str(table(language)[key]).format(**blanks)


def say_short(language: str, key: str, **blanks: object) -> str:
    """The same for one SMS; "" where the sentence has no shorter form."""
    return str(table(f"sms.{language}").get(key, "")).format(**blanks)


def when(language: str, at: datetime | None, now: datetime) -> str:
    """A moment as people say it: "16:30 hôm nay", "11:30 thứ Hai 30/11"; "" for none."""
    if at is None:
        return ""
    then = local(at)
    if then.date() == local(now).date():
        return say(language, "today", time=f"{then:%H:%M}")
    weekday = say(language, "weekdays").split(", ")[then.weekday()]
    return say(language, "on_day", time=f"{then:%H:%M}", weekday=weekday, day=f"{then.day}/{then.month}")


def emergency(kind: str, language: str) -> str:
    """What to call, the number that fits the kind of danger first; with a kind word where somebody wants to die."""
    numbers = table("door")["numbers"][kind]
    lead = [say(language, "emergency_self_harm")] if kind == "self_harm" else []
    lines = [f"- {say(language, f'number_{number}')}" for number in numbers]
    return "\n".join([*lead, say(language, "emergency"), *lines, say(language, "emergency_close")])


def emergency_short(kind: str, language: str) -> str:
    """The same for one SMS."""
    numbers = [say(language, f"number_{number}") for number in table("door")["numbers"][kind]]
    lead = [say_short(language, "emergency_self_harm")] if kind == "self_harm" else []
    calls = f"{say_short(language, 'emergency')} {', '.join(numbers)}."
    return " ".join([*lead, calls, say_short(language, "emergency_close")])
