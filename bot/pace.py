"""How many a second: a bucket that fills with time, one a provider channel and process."""

from __future__ import annotations

import time


class Pace:
    """`per_second` 0: no limit. What was not used is kept for one second at most."""

    def __init__(self, per_second: int) -> None:
        self._rate = per_second
        self._left = float(per_second)
        self._filled = time.monotonic()

    def free(self) -> int:
        """How many may go now."""
        if not self._rate:
            return 1_000_000
        now = time.monotonic()
        self._left = min(float(self._rate), self._left + (now - self._filled) * self._rate)
        self._filled = now
        return int(self._left)

    def used(self, number: int) -> None:
        self._left -= number
