"""`motcua prepare`: the database's newest shape, the knowledge pack, the demonstration cases."""

from __future__ import annotations

from datetime import datetime

from actions.cases import demonstration
from bot.secrets import load_or_make
from bot.settings import Settings
from bot.store import migrate
from calendars.clock import clock_of
from calendars.working_time import ZONE, joined
from knowledge import store
from motcua import cli
from motcua.plan import check_places


def prepare(settings: Settings) -> int:
    """The exit code. Safe to do again, also while the system runs. Raises WrongSetting."""
    check_places(settings)
    migrate(settings.main_database)
    imported = cli.main(["knowledge", "import"])
    if imported:
        return imported
    if settings.mode == "production":
        demonstration.renew(settings.beside("cases"))
    else:
        fill_cases(settings, clock_of(settings.clock)())
    return 0


def fill_cases(settings: Settings, now: datetime) -> int:
    """The demonstration cases, with dates around now; how many."""
    holidays = joined(store.load(settings.beside("knowledge")).holidays.values())
    key = load_or_make(settings.home).proof_key
    return demonstration.fill(settings.beside("cases"), key, now.astimezone(ZONE).date(), holidays)
