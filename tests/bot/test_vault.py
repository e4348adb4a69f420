"""Tokens that are renewed once, by one at a time, and outlive whoever renewed them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.secrets import load_or_make
from bot.store import Store, Tx
from bot.vault import Vault
from channels.contract import Refused, TokenRefused, Tokens, TryLater
from tests.bot.conftest import TestClock


@dataclass
class Provider:
    """Gives a new pair for each refresh token once, and none for a used one."""

    clock: TestClock
    good: str = "first"
    asked: list[str] = field(default_factory=list[str])
    fails: list[Exception] = field(default_factory=list[Exception])

    async def renew(self, refresh: str) -> Tokens:
        self.asked.append(refresh)
        await asyncio.sleep(0.01)
        if self.fails:
            raise self.fails.pop(0)
        if refresh != self.good:
            raise Refused("used")
        self.good = f"refresh {len(self.asked)}"
        return Tokens(f"access {len(self.asked)}", self.clock() + timedelta(hours=25), self.good)


@dataclass
class Held:
    store: Store
    home: Path
    clock: TestClock
    provider: Provider

    def vault(self, first: str = "first") -> Vault:
        """As another process makes it."""
        return Vault(self.store, load_or_make(self.home), self.clock, "zalo", first)


@pytest.fixture
async def held(migrated_url: str, tmp_path: Path) -> AsyncGenerator[Held]:
    clock = TestClock()
    yield (made := Held(Store(migrated_url), tmp_path, clock, Provider(clock)))
    await made.store.close()


async def test_many_at_once_in_two_processes_renew_once(held: Held) -> None:
    one, other = held.vault(), held.vault()
    got = await asyncio.gather(*(vault.token(held.provider.renew) for vault in (one, other) for _ in range(5)))
    assert set(got) == {"access 1"}
    assert held.provider.asked == ["first"]


async def test_it_is_renewed_before_it_runs_out_and_the_new_one_is_kept(held: Held) -> None:
    assert await held.vault().token(held.provider.renew) == "access 1"
    held.clock.forward(minutes=60 * 24)
    assert await held.vault().token(held.provider.renew) == "access 1"
    held.clock.forward(minutes=56)
    assert await held.vault().token(held.provider.renew) == "access 2"
    assert held.provider.asked == ["first", "refresh 1"]


async def test_one_that_the_provider_calls_bad_is_renewed_once(held: Held) -> None:
    bad = await held.vault().token(held.provider.renew)
    got = [await held.vault().token(held.provider.renew, bad=bad) for _ in range(3)]
    assert got == ["access 2"] * 3


async def test_whoever_dies_while_renewing_is_followed_by_the_next(held: Held) -> None:
    async def dies(_refresh: str) -> Tokens:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await held.vault().token(dies)
    held.clock.forward(minutes=1)
    assert await held.vault().token(held.provider.renew) == "access 1"


async def test_a_provider_that_is_away_is_asked_again_at_once(held: Held) -> None:
    held.provider.fails = [TryLater("no connection")]
    with pytest.raises(TryLater):
        await held.vault().token(held.provider.renew)
    assert await held.vault().token(held.provider.renew) == "access 2"


async def test_at_the_end_no_renewal_begins(held: Held) -> None:
    vault = held.vault()
    await vault.close()
    with pytest.raises(TokenRefused):
        await vault.token(held.provider.renew)
    assert held.provider.asked == []


async def test_a_refused_refresh_token_waits_for_a_new_one_in_the_settings(
    held: Held, caplog: pytest.LogCaptureFixture
) -> None:
    held.provider.good = "authorised anew"
    with caplog.at_level(logging.ERROR), pytest.raises(TryLater) as caught:
        await held.vault().token(held.provider.renew)
    assert caught.value.after == 30
    assert "authorise the account anew" in caplog.text
    assert "first" not in caplog.text
    assert await held.vault("authorised anew").token(held.provider.renew) == "access 2"
    assert await held.vault("authorised anew").token(held.provider.renew) == "access 2"


async def test_a_first_token_that_was_given_before_leaves_the_living_ones_alone(held: Held) -> None:
    """Settings of an older day, or a process that was not started anew."""
    await held.vault("first").token(held.provider.renew)
    held.provider.good = "second"
    await held.vault("second").token(held.provider.renew)
    for given in ("first", "second", "first"):
        held.clock.forward(minutes=60 * 25)
        assert await held.vault(given).token(held.provider.renew) == f"access {len(held.provider.asked)}"
    assert held.provider.asked == ["first", "second", "refresh 2", "refresh 3", "refresh 4"]


async def test_with_lost_keys_it_waits_for_a_new_one_in_the_settings_and_says_so_once(
    held: Held, caplog: pytest.LogCaptureFixture
) -> None:
    await held.vault().token(held.provider.renew)
    (held.home / "secrets.json").unlink()
    vault = held.vault()
    with caplog.at_level(logging.ERROR):
        for minutes in (0, 60 * 26):
            held.clock.forward(minutes=minutes)
            with pytest.raises(TokenRefused):
                await vault.token(held.provider.renew)
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "zalo's tokens are sealed with keys that are lost"
    ]
    assert held.provider.asked == ["first"]
    held.provider.good = "authorised anew"
    assert await held.vault("authorised anew").token(held.provider.renew) == "access 2"


async def test_after_a_refusal_nobody_waits_and_it_is_asked_again_half_a_minute_later(held: Held) -> None:
    held.provider.good = "another"
    one, other = held.vault(), held.vault()
    async with asyncio.timeout(20):  # behind each other, or looking for who renews, they would take minutes
        got = await asyncio.gather(
            *(vault.token(held.provider.renew) for vault in (one, other) for _ in range(16)), return_exceptions=True
        )
    assert {type(error) for error in got} == {TokenRefused}
    assert held.provider.asked == ["first"]
    held.provider.good = "first"
    held.clock.forward(seconds=31)
    assert await one.token(held.provider.renew) == "access 2"


async def test_who_no_longer_waits_leaves_the_renewal_to_its_end(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.vault.PATIENCE", 0.05)
    answers = asyncio.Event()

    async def slow(refresh: str) -> Tokens:
        await answers.wait()
        return await held.provider.renew(refresh)

    vault = held.vault()
    got = await asyncio.gather(*(vault.token(slow) for _ in range(3)), return_exceptions=True)
    assert {type(error) for error in got} == {TokenRefused}
    answers.set()
    monkeypatch.setattr("bot.vault.PATIENCE", 5.0)
    assert await vault.token(slow) == "access 1"
    assert held.provider.asked == ["first"]


async def test_what_a_renewal_gave_is_kept_however_often_that_breaks_off(
    held: Held, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.vault.KEEP_AGAIN", 0.01)
    vault, write, fails = held.vault(), held.store.write, 3

    @asynccontextmanager
    async def breaks_off(**how: bool) -> AsyncGenerator[Tx]:
        nonlocal fails
        async with write(**how) as tx:
            yield tx
            if held.provider.asked and fails:
                fails -= 1
                raise OSError("the connection is lost")

    monkeypatch.setattr(held.store, "write", breaks_off)
    assert await vault.token(held.provider.renew) == "access 1"
    assert (fails, held.provider.asked) == (0, ["first"])
    assert "access 1" not in caplog.text
    held.clock.forward(minutes=60 * 25)
    assert await held.vault().token(held.provider.renew) == "access 2"


async def test_closing_waits_for_a_renewal_under_way_but_not_for_long(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.vault.PATIENCE", 0.01)
    answers = asyncio.Event()

    async def slow(refresh: str) -> Tokens:
        await answers.wait()
        return await held.provider.renew(refresh)

    vault = held.vault()
    with pytest.raises(TryLater):
        await vault.token(slow)
    monkeypatch.setattr("bot.vault.CLOSING", 0.01)
    await vault.close()
    assert held.provider.asked == []
    monkeypatch.setattr("bot.vault.CLOSING", 5.0)
    asyncio.get_running_loop().call_later(0.05, answers.set)
    await vault.close()
    assert await held.vault().token(slow) == "access 1"
    assert held.provider.asked == ["first"]


async def test_tokens_of_an_account_that_was_authorised_anew_meanwhile_stay(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.vault.PATIENCE", 0.01)
    answers = asyncio.Event()

    async def slow(_refresh: str) -> Tokens:
        await answers.wait()
        return Tokens("of the old", held.clock() + timedelta(hours=25), "of the old")

    vault, held.provider.good = held.vault(), "anew"
    with pytest.raises(TryLater):
        await vault.token(slow)
    monkeypatch.setattr("bot.vault.PATIENCE", 5.0)
    assert await held.vault("anew").token(held.provider.renew) == "access 1"
    answers.set()
    await vault.close()
    assert await held.vault("anew").token(held.provider.renew) == "access 1"
