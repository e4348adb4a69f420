"""How many turns may be under way at once. A message that comes while a hand is free is taken as it is kept.

Kept, committed and then taken in a second commit, each message would wait for the disk twice before Rasa hears of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Hand:
    """One that is free; what it holds at the end is served."""

    holds: Any = None


class Hands:
    """Those of this process; none is free before `open`, so that whoever has no workers takes nothing."""

    def __init__(self) -> None:
        self._serve: Callable[[Any], Awaitable[None]] | None = None
        self._free = 0
        self._freed = asyncio.Event()
        self._under_way = set[asyncio.Task[None]]()

    @contextmanager
    def open(self, many: int, serve: Callable[[Any], Awaitable[None]]) -> Generator[None]:
        """`serve` sees through what was taken and never raises."""
        self._serve, self._free = serve, many
        try:
            yield
        finally:
            self._serve = None

    async def free(self) -> None:
        """Return when one may be free."""
        while not self._free:
            self._freed.clear()
            await self._freed.wait()

    @contextmanager
    def hold(self) -> Generator[Hand | None]:
        """A free hand, None where there is none. Put into it what is committed when the block ends."""
        if self._serve is None or not self._free:
            yield None
            return
        hand, serve = Hand(), self._serve
        self._free -= 1
        try:
            yield hand
        except BaseException:
            self._back()
            raise
        if hand.holds is None:
            self._back()
        else:
            self._start(serve(hand.holds))

    def _start(self, serving: Awaitable[None]) -> None:
        task = asyncio.ensure_future(serving)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda _: self._back())

    def _back(self) -> None:
        self._free += 1
        self._freed.set()
