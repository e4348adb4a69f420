"""The one place where settings, knowledge and the conversation meet: everything is made here and passed on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from actions.cases.demonstration import to_try
from actions.telling.hours import hours
from actions.voice import Voice
from bot.core import Core, clock_of
from bot.secrets import load_or_make
from bot.settings import Settings
from bot.site import Site
from bot.store import Store
from calendars.working_time import is_open, joined
from knowledge import store as knowledge
from knowledge.catalogue import Catalogue
from knowledge.contract import Office, Text

LANGUAGES: tuple[Literal["vi", "en"], ...] = ("vi", "en")


def core(settings: Settings) -> Core:
    """The gateway's dependencies; the knowledge must have been imported."""
    shown = site(knowledge.load(settings.beside("knowledge")), production=settings.mode == "production")
    return Core(settings, load_or_make(settings.home), Store(settings.main_database), shown, clock_of(settings))


def site(catalogue: Catalogue, *, production: bool) -> Site:
    """What the pages show of the authority."""
    authority = catalogue.authority
    agencies = {agency.identifier: agency.name for agency in catalogue.agencies.values()}
    return Site(
        identifier=authority.identifier,
        name=authority.name,
        short_name=authority.short_name or authority.name,
        province=authority.province or {},
        note=authority.demonstration_note or {},
        default_language=authority.default_language,
        hotline=authority.hotline,
        starters=[{"label": one.label, "text": one.text} for one in authority.starters],
        services=[
            {
                "identifier": one.identifier,
                "name": one.name,
                "description": one.description,
                "agency": agencies[one.competent_authority],
            }
            for one in catalogue.services.values()
        ],
        life_events=[
            {"identifier": one.identifier, "name": one.name, "introduction": one.introduction}
            for one in catalogue.life_events.values()
        ],
        offices=[
            _shown(office, agencies[agency.identifier])
            for agency in catalogue.agencies.values()
            for office in agency.offices
        ],
        agencies=agencies,
        demonstration_cases=[] if production else _cases(),
        production=production,
        open_now=_opening(catalogue),
    )


def _shown(office: Office, agency: Text) -> dict[str, Any]:
    lines = {language: hours(Voice(language), office.shifts).split("; ") for language in LANGUAGES}
    return {"name": office.name, "address": office.address, "hours": lines, "agency": agency}


def _opening(catalogue: Catalogue) -> Callable[[int, datetime], bool]:
    offices = [office for agency in catalogue.agencies.values() for office in agency.offices]
    holidays = joined(catalogue.holidays.values())
    return lambda office, now: is_open(offices[office].shifts, holidays, now)


def _cases() -> list[dict[str, Any]]:
    return [{"reference": one.reference, "proof": one.proof, "what": one.what} for one in to_try()]
