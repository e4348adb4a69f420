"""As many turns at once as there are hands, and a message that a hand took is served once it is committed."""

from __future__ import annotations

import asyncio

import pytest

from bot.hands import Hands


async def test_without_workers_nothing_is_taken() -> None:
    with Hands().hold() as hand:
        assert hand is None


async def test_no_more_than_there_are_hands() -> None:
    hands, served, goes_on = Hands(), list[str](), asyncio.Event()

    async def serve(what: str) -> None:
        served.append(what)
        await goes_on.wait()

    with hands.open(2, serve, serve):
        for what in ("one", "two"):
            with hands.hold() as hand:
                assert hand
                hand.holds = what
        with hands.hold() as hand:
            assert hand is None
        waiting = asyncio.create_task(hands.free())
        await asyncio.sleep(0)
        assert served == ["one", "two"]
        assert not waiting.done()
        goes_on.set()
        await waiting
        with hands.hold() as hand:
            assert hand


async def test_what_is_not_committed_is_not_served() -> None:
    hands, served, back = Hands(), list[str](), list[str]()

    async def serve(what: str) -> None:
        served.append(what)

    def fail() -> None:
        with hands.hold() as hand:
            assert hand
            hand.holds = "lost"
            raise OSError("disk full")

    async def put_back(what: str) -> None:
        back.append(what)

    with hands.open(1, serve, put_back):
        with pytest.raises(OSError, match="disk"):
            fail()
        assert not back
        await asyncio.sleep(0)
        await hands.free()
        assert back == ["lost"]
        with hands.hold() as hand:  # it came back, and holding nothing it comes back again
            assert hand
        with hands.hold() as hand:
            assert hand
            hand.holds = "kept"
        await asyncio.sleep(0)
    assert served == ["kept"]


async def test_whoever_comes_now_waits_behind_those_who_wait() -> None:
    hands = Hands()

    async def serve(_what: str) -> None:
        raise AssertionError("nothing was held")

    with hands.open(1, serve, serve):
        hands.behind = True
        with hands.hold(new=True) as hand:
            assert hand is None
        with hands.hold() as hand:
            assert hand
