"""Who is let in first: a crowd at the door, and those who wait behind it."""

from __future__ import annotations

import pytest

from bot.core import GOES_ON, LETS_WAIT, QUIET, Wake

STEP = 0.01  # seconds that each thing takes that waited behind the crowd


class Clock:
    """Time that goes on while one sleeps, and somebody who knocks meanwhile, until the crowd is gone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, crowd: float) -> None:
        self.now, self._crowd = 0.0, crowd
        monkeypatch.setattr("bot.core.time", self)
        monkeypatch.setattr("bot.core.asyncio.sleep", self.sleep)
        self.wake = Wake()
        self.knocks()

    def monotonic(self) -> float:
        return self.now

    def knocks(self) -> None:
        if self.now < self._crowd:
            self.wake.knock()

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.knocks()


async def test_a_crowd_that_stays_leaves_a_part_of_the_time_to_what_waits_behind_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, went_on = Clock(monkeypatch, crowd=60), 0.0
    while clock.now < 60:
        await clock.wake.calm()
        await clock.sleep(STEP)
        went_on += STEP
    assert went_on / 60 == pytest.approx(GOES_ON / (GOES_ON + LETS_WAIT), rel=0.2)


async def test_what_waits_goes_on_as_soon_as_the_crowd_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, crowd=2 * QUIET)
    await clock.wake.calm()
    assert 2 * QUIET <= clock.now <= 4 * QUIET < LETS_WAIT
