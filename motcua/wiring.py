"""The one place where settings, knowledge and the conversation meet: everything is made here and passed on."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from actions.cases.demonstration import to_try
from bot.core import Core, clock_of
from bot.secrets import load_or_make
from bot.settings import Settings
from bot.site import Site
from bot.store import Store
from knowledge import store as knowledge_store
from knowledge.catalogue import Catalogue
from motcua.hours import lines, open_at


def core(settings: Settings) -> Core:
    """The gateway's dependencies."""
    return Core(settings, load_or_make(settings.home), Store(settings.main_database), site(settings), clock_of(settings))


def site(settings: Settings) -> Site:
    """What the pages show, from the imported knowledge."""
    catalogue = knowledge_store.load(settings.beside("knowledge"))
    authority = catalogue.authority
    production = settings.mode == "production"
    return Site(
        identifier=authority.identifier, name=authority.name, short_name=authority.short_name, province=authority.province, note=authority.note,
        default_language=authority.default_language, hotline=authority.hotline, starters=list(authority.starters),
        services=[{"identifier": s.identifier, "name": s.name, "description": s.description, "agency": s.competent_authority}
                  for s in catalogue.services.values()],
        life_events=[{"identifier": e.identifier, "name": e.name, "introduction": e.introduction} for e in catalogue.life_events.values()],
        offices=_offices(catalogue), agencies={a.identifier: a.name for a in catalogue.agencies.values()},
        demonstration_cases=[] if production else to_try(), production=production, open_now=_opening(catalogue))
