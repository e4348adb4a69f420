"""How many turns may be under way at once. A message that comes while a hand is free is taken as it is kept.

Kept, committed and then taken in a second commit, each message would wait for the disk twice before Rasa hears of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Serve = Callable[[Any], Awaitable[None]]


@dataclass(slots=True)
class Hand:
    """One that is free; what it holds at the end is served."""

    holds: Any = None


class Hands:
    """Those of this process; none is free before `open`, so that whoever has no workers takes nothing."""

    def __init__(self) -> None:
        self._serve: Serve | None = None
        self._put_back: Serve | None = None
        self._free = 0
        self.behind = False  # older messages wait: whoever comes now waits behind them
        self._freed = asyncio.Event()
        self._under_way = set[asyncio.Task[None]]()

    @contextmanager
    def open(self, many: int, serve: Serve, put_back: Serve) -> Generator[None]:
        """`serve` sees through what was taken; `put_back` lets it wait again if it was committed. Neither raises."""
        self._serve, self._put_back, self._free = serve, put_back, many - len(self._under_way)
        try:
            yield
        finally:
            self._serve = None

    async def free(self) -> None:
        """Return when one may be free."""
        while self._free < 1:
            self._freed.clear()
            await self._freed.wait()

    @contextmanager
    def hold(self, *, new: bool = False) -> Generator[Hand | None]:
        """A free hand, None where there is none. Put into it what is committed when the block ends.

        A commit that breaks off may have been made all the same: what the hand then holds is put back. `new`: for a
        message that only just came.
        """
        if self._serve is None or self._put_back is None or self._free < 1 or (new and self.behind):
            yield None
            return
        hand, serve, put_back = Hand(), self._serve, self._put_back
        self._free -= 1
        try:
            yield hand
        except BaseException:
            self._finish(hand, put_back)
            raise
        self._finish(hand, serve)

    def _finish(self, hand: Hand, by: Serve) -> None:
        if hand.holds is None:
            self._back()
        else:
            self._start(by(hand.holds))

    def _start(self, serving: Awaitable[None]) -> None:
        task = asyncio.ensure_future(serving)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda _: self._back())

    def _back(self) -> None:
        self._free += 1
        self._freed.set()
