"""A loop that looks again and again, whatever went wrong the last time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def looking(look: Callable[[], Awaitable[None]], every: float, what: str) -> None:
    """Look, rest for `every` seconds, and look again; runs until cancelled. `what`: of the look, for the log."""
    while True:
        try:
            await look()
        except Exception:
            log.exception("%s broke off", what)
        await asyncio.sleep(every)
