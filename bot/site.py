"""What the citizen's pages show of the authority; filled by the wiring, for the core imports no knowledge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from calendars.working_time import OFFICE_HOURS, DaysOff, Holidays, Shift

Text = dict[str, str]


def _closed(_office: int, _now: datetime) -> bool:
    return False


def _silent(_service: str, _language: Any, _now: datetime) -> list[dict[str, Any]]:
    return []


@dataclass(frozen=True, slots=True)
class Site:
    """Every text is {"vi": …, "en": …}; hours are ready lines; `open_now(office index, now)` asks the calendar;
    `answers(service, language, now)` tells [{"side", "label", "text", "brief", "sources"}], as motcua.answers does."""

    name: Text
    short_name: Text
    province: Text
    note: Text
    default_language: str = "vi"
    identifier: str = "authority"
    hotline: str | None = None
    starters: list[dict[str, Text]] = field(default_factory=list[Any])
    services: list[dict[str, Any]] = field(default_factory=list[Any])
    life_events: list[dict[str, Any]] = field(default_factory=list[Any])
    offices: list[dict[str, Any]] = field(default_factory=list[Any])
    demonstration_cases: list[dict[str, Any]] = field(default_factory=list[Any])
    agency_of: dict[str, str] = field(default_factory=dict[str, str])  # service → the agency that answers for it
    agencies: dict[str, Text] = field(default_factory=dict[str, Text])  # identifier → name
    phone: str = ""  # where SMS is tried without an account
    production: bool = False
    fold_to_gsm7: bool = False  # texts go out without diacritics, in a third of the segments
    desk_hours: dict[str, Sequence[Shift]] = field(default_factory=dict[str, Any])  # agency → when its people answer
    holidays: Holidays = field(default_factory=DaysOff)
    official: list[dict[str, Any]] = field(default_factory=list[Any])  # [{"channel", "address", "made_up"}]
    open_now: Callable[[int, datetime], bool] = _closed
    answers: Callable[[str, Any, datetime], list[dict[str, Any]]] = _silent

    def hours_of(self, agency: str) -> Sequence[Shift]:
        """When the people of an agency answer, as the pack says; the usual office hours where it says nothing."""
        return self.desk_hours.get(agency, OFFICE_HOURS)

    def agency_name(self, identifier: str, language: str) -> str:
        """The name of an agency, or its identifier where it is unknown."""
        return self.agencies.get(identifier, {}).get(language, identifier)
