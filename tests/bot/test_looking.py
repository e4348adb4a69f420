"""A loop that looks again whatever went wrong, and says in the log what did."""

from __future__ import annotations

import asyncio

import pytest

from bot.looking import each, looking


async def test_what_broke_off_is_logged_and_looked_at_again(caplog: pytest.LogCaptureFixture) -> None:
    looks: list[int] = []

    async def look() -> None:
        looks.append(len(looks))
        if len(looks) == 1:
            raise OSError("gone")
        if len(looks) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await looking(look, 0, "counting")
    assert looks == [0, 1, 2]
    assert [record.getMessage() for record in caplog.records] == ["counting broke off"]


async def test_one_that_breaks_off_keeps_none_of_the_others_waiting(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[int] = []

    async def see_to(one: int) -> None:
        seen.append(one)
        if one == 2:
            raise OSError("gone")

    await each([1, 2, 3], see_to, "counting")
    assert seen == [1, 2, 3]
    assert [record.getMessage() for record in caplog.records] == ["counting broke off"]
