"""How a command uses the main database: brought to its newest shape if it has to be, or one sentence why it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from bot.settings import Settings, WrongSetting
from bot.store import Store, Tx, migrate
from motcua.plan import check_places


def use(settings: Settings, step: Callable[[Tx], Awaitable[int]]) -> int:
    """The exit code of `step` in one transaction, also while the system runs. Raises WrongSetting."""
    check_places(settings)
    try:
        try:
            return asyncio.run(_stepped(settings, step))
        except (OperationalError, ProgrammingError):  # a table or column is missing: nothing was prepared here yet
            migrate(settings.main_database)
            return asyncio.run(_stepped(settings, step))
    except (SQLAlchemyError, OSError) as err:
        raise WrongSetting(f"MOTCUA_DATABASE_URL: the database cannot be used ({_first_line(err)})") from err


async def _stepped(settings: Settings, step: Callable[[Tx], Awaitable[int]]) -> int:
    store = Store(settings.main_database)
    try:
        async with store.write() as tx:
            return await step(tx)
    finally:
        await store.close()


def _first_line(err: Exception) -> str:
    said = str(getattr(err, "orig", None) or err).strip()
    return said.splitlines()[0] if said else type(err).__name__
