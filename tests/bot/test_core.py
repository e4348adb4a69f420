"""Who is let in first: a crowd at the door, and those who wait behind it."""

from __future__ import annotations

import asyncio

from bot.core import GOES_ON, LETS_WAIT, Wake


async def test_a_crowd_that_stays_leaves_a_part_of_the_time_to_what_waits_behind_it() -> None:
    wake, done = Wake(), 0
    loop = asyncio.get_running_loop()
    until = loop.time() + 4 * LETS_WAIT
    while loop.time() < until:
        wake.knock()
        await wake.calm()
        done += 1
        await asyncio.sleep(GOES_ON / 10)
    assert done > 10, "and not one for each time that it was let in"


async def test_it_waits_for_no_longer_than_the_crowd_is_there() -> None:
    wake = Wake()
    wake.knock()
    await asyncio.wait_for(wake.calm(), 20)
    wake.knock()
    await asyncio.wait_for(wake.calm(), 20)
