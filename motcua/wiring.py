"""The one place where settings, knowledge and the conversation meet: everything is made here and passed on."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from actions.cases.demonstration import to_try
from actions.telling.hours import hours
from actions.voice import Voice
from bot.core import Clock, Core
from bot.secrets import Secrets, load_or_make
from bot.settings import Settings
from bot.site import Site
from bot.store import Store
from bot.vault import Vault
from calendars.clock import clock_of
from calendars.working_time import is_open, joined
from channels import registry
from channels.contract import Channel
from knowledge import store as knowledge
from knowledge.catalogue import Catalogue
from knowledge.contract import Office, Text
from motcua.answers import answers
from motcua.stand_ins import SENDERS, StandIns, stand_ins, with_accounts

LANGUAGES: tuple[Literal["vi", "en"], ...] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Wired:
    """The gateway's dependencies, and in a demonstration without a provider the stand-ins that play them."""

    core: Core
    phone: StandIns | None


def wired(settings: Settings) -> Wired:
    """The knowledge must have been imported."""
    secrets, store = load_or_make(settings.home), Store(settings.main_database)
    clock = clock_of(settings.clock, os.environ.get("MOTCUA_CLOCK_SINCE", ""))
    phone, settings = settings.phone, with_made_up(settings, secrets)
    channels = opened(settings, secrets, store, clock)
    shown = site(knowledge.load(settings.beside("knowledge")), settings, channels)
    shown = replace(shown, phone=phone)
    core = Core(settings, secrets, store, shown, clock, channels)
    return Wired(core, stand_ins(settings) if phone else None)


def with_made_up(settings: Settings, secrets: Secrets) -> Settings:
    """With the accounts that a demonstration makes up."""
    makes_up = settings.phone or (settings.mode == "demonstration" and settings.has_twilio)
    return with_accounts(settings, secrets) if makes_up else settings


def opened(settings: Settings, secrets: Secrets, store: Store, clock: Clock) -> dict[str, Channel]:
    """The channels that the settings open, by provider."""
    return registry.made(
        settings, lambda provider: Vault(store, secrets, clock, provider, settings.first_of(provider))
    )


def site(catalogue: Catalogue, settings: Settings, channels: Mapping[str, Channel]) -> Site:
    """What the pages show of the authority."""
    authority, production = catalogue.authority, settings.mode == "production"
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
        agency_of={one.identifier: one.competent_authority for one in catalogue.services.values()},
        demonstration_cases=[] if production else _cases(),
        production=production,
        open_now=_opening(catalogue),
        answers=answers(catalogue),
        desk_hours={one.identifier: one.offices[0].shifts for one in catalogue.agencies.values() if one.offices},
        holidays=joined(catalogue.holidays.values()),
        fold_to_gsm7=authority.sms_fold_to_gsm7,
        official=_official(settings, channels),
    )


def _official(settings: Settings, channels: Mapping[str, Channel]) -> list[dict[str, Any]]:
    """The channels that are the authority's own, as citizens are told them: all others are not."""
    web = {"channel": "web", "address": settings.address, "made_up": False}
    carried = sorted({(channel.name, channel.sender) for channel in channels.values()})
    made_up = set(SENDERS.values())
    return [web, *({"channel": name, "address": it, "made_up": it in made_up} for name, it in carried)]


def _shown(office: Office, agency: Text) -> dict[str, Any]:
    lines = {language: hours(Voice(language), office.shifts).split("; ") for language in LANGUAGES}
    return {"name": office.name, "address": office.address, "hours": lines, "agency": agency}


def _opening(catalogue: Catalogue) -> Callable[[int, datetime], bool]:
    offices = [office for agency in catalogue.agencies.values() for office in agency.offices]
    holidays = joined(catalogue.holidays.values())
    return lambda office, now: is_open(offices[office].shifts, holidays, now)


def _cases() -> list[dict[str, Any]]:
    return [{"reference": one.reference, "proof": one.proof, "what": one.what} for one in to_try()]
