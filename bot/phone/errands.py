"""Work that goes on behind an answer, and ends with the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.core import Wake

_ENDING = "phone: ending"  # nothing but the end itself wakes who listens here


class Errands:
    """`begin` from within the loop; what still runs when the gateway closes is cancelled."""

    def __init__(self, wake: Wake) -> None:
        self._wake = wake
        self._running = set[asyncio.Task[None]]()
        self._end: asyncio.Task[None] | None = None

    def begin(self, errand: Coroutine[Any, Any, None]) -> None:
        if self._wake.closing:
            errand.close()
            return
        if self._end is None:
            self._end = asyncio.create_task(self._cancel_at_end())
        task = asyncio.create_task(errand)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _cancel_at_end(self) -> None:
        event = self._wake.listen(_ENDING)
        while not self._wake.closing:
            event.clear()
            await event.wait()
        self._wake.forget(event)
        for task in self._running:
            task.cancel()
