"""Looks again and again, and sees to one thing after the other, whatever went wrong with the last."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

log = logging.getLogger(__name__)


async def looking(look: Callable[[], Awaitable[None]], every: float, what: str) -> None:
    """Look, rest for `every` seconds, and look again; runs until cancelled. `what`: of the look, for the log."""
    while True:
        try:
            await look()
        except Exception:
            log.exception("%s broke off", what)
        await asyncio.sleep(every)


async def each(found: Iterable[Any], see_to: Callable[[Any], Awaitable[None]], what: str) -> None:
    """See to one after the other. `what`: of it, for the log."""
    for one in found:
        try:
            await see_to(one)
        except Exception:
            log.exception("%s broke off", what)
