"""The ways in, and how they shut: passwords, one-time links, sessions, and the throttle that locks nobody out."""

from __future__ import annotations

import asyncio
import unicodedata
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from bot import passwords, people, sessions, signing_in, throttle
from bot.errors import Problem, SpentLink, TooMany, Unreadable, WrongSignIn
from bot.model import audit, person, sign_in_failure, sign_in_link, staff_session
from bot.sessions import SignedIn
from bot.signing_in import Opened, Visitor
from tests.bot.conftest import Gateway
from tests.support.staff import PASSWORD, hire, known, link_of, session_of

HERE, ELSEWHERE = Visitor("198.51.100.7", "Firefox · Windows"), Visitor("203.0.113.9", "Chrome · Android")


async def enter(gateway: Gateway, name: str = "Lan", password: str = PASSWORD, visitor: Visitor = HERE) -> Opened:
    return await signing_in.with_password(gateway.core, name, password, visitor)


async def fail(gateway: Gateway, name: str = "Lan", visitor: Visitor = HERE, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(WrongSignIn):
            await enter(gateway, name, "không phải mật khẩu", visitor)


async def signed(gateway: Gateway, name: str = "Lan") -> SignedIn:
    found = await sessions.by_session(gateway.core, await session_of(gateway.core, await known(gateway.core, name)))
    assert found is not None
    return found


async def rows(gateway: Gateway, of: sa.Executable) -> list[Any]:
    async with gateway.core.store.read() as tx:
        return [tuple(row) for row in await tx.execute(of)]


async def test_the_right_password_opens_a_session_of_which_only_the_digest_is_kept(gateway: Gateway) -> None:
    await hire(gateway.core, "Lan", "supervisor", "tax-office", password=PASSWORD)
    opened = await enter(gateway)
    found = await sessions.by_session(gateway.core, opened.token)
    assert found is not None
    assert (found.who.name, found.who.agencies, found.by_fresh_link) == ("Lan", ("tax-office",), False)
    assert opened.token not in repr(await rows(gateway, sa.select(staff_session)))
    assert PASSWORD not in repr(await rows(gateway, sa.select(person)))
    assert await rows(gateway, sa.select(sign_in_failure.c.id)) == []


@pytest.mark.parametrize(("name", "password"), [
    ("  Lan ", PASSWORD),
    ("Lan", unicodedata.normalize("NFD", PASSWORD)),
], ids=["spaces around the name", "letters and marks apart"])  # fmt: skip
async def test_what_means_the_same_is_the_same(name: str, password: str, gateway: Gateway) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    assert (await enter(gateway, name, password)).who.name == "Lan"


REFUSED = {  # name, password, whose failure the log says it was
    "no such name": ("Nobody", PASSWORD, "system"),
    "another's password": ("Lan", "con ngựa đỏ của Mai", "Lan"),
    "nothing": ("Lan", "", "Lan"),
    "half a letter": ("Lan", "\ud800" * 12, "Lan"),
    "no password set": ("Mai", "", "Mai"),
    "deactivated": ("Gone", PASSWORD, "system"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_every_refusal_says_and_does_the_same(case: str, gateway: Gateway) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    await hire(gateway.core, "Mai")
    await hire(gateway.core, "Gone", password=PASSWORD, active=False)
    name, password, whose = REFUSED[case]
    with pytest.raises(WrongSignIn) as refused:
        await enter(gateway, name, password)
    assert (str(refused.value), refused.value.status) == ("No such name, or not its password.", 401)
    assert len(await rows(gateway, sa.select(sign_in_failure.c.id))) == 3
    [logged] = await rows(gateway, sa.select(audit.c.who, audit.c.action, audit.c.details))
    assert logged == (whose, "sign_in_failed", {"known": whose != "system"})


async def test_an_unknown_name_costs_the_work_of_a_known_one(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: each refusal verifies one password of the same parameters."""
    await hire(gateway.core, "Lan", password=PASSWORD)
    verified: list[str] = []

    def counted(kept: str, password: bytes) -> bool:
        verified.append(kept.rpartition("$")[0].rpartition("$")[0])
        return matches(kept, password)

    matches = passwords._matches
    monkeypatch.setattr(passwords, "_matches", counted)
    for name in ("Lan", "Nobody"):
        await fail(gateway, name)
    assert len(verified) == 2
    assert len(set(verified)) == 1


async def test_failures_are_counted_by_name_and_address_and_the_wait_is_told(gateway: Gateway) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    for name in ("Lan", "Nobody"):
        await fail(gateway, name, times=throttle.OF_BOTH)
        gateway.clock.forward(minutes=1)
        with pytest.raises(TooMany) as refused:
            await enter(gateway, name)
        assert (refused.value.extra, refused.value.headers) == ({"seconds": 840}, {"Retry-After": "840"})
        gateway.clock.forward(minutes=-1)
    gateway.clock.forward(minutes=15)
    assert (await enter(gateway)).who.name == "Lan"


async def test_the_right_password_from_elsewhere_opens_whatever_others_try(gateway: Gateway) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    await fail(gateway, times=throttle.OF_BOTH)
    assert (await enter(gateway, visitor=ELSEWHERE)).who.name == "Lan"
    for number in range(throttle.STORM):
        await throttle.admit(gateway.core, "Lan", f"192.0.2.{number}")
    assert (await enter(gateway, visitor=ELSEWHERE)).who.name == "Lan"


async def test_in_a_storm_an_address_has_one_try(gateway: Gateway) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    for number in range(throttle.STORM):
        await throttle.admit(gateway.core, "Lan", f"192.0.2.{number}")
    await fail(gateway, visitor=ELSEWHERE)
    with pytest.raises(TooMany):
        await enter(gateway, visitor=ELSEWHERE)


@pytest.mark.parametrize(("address", "same", "other"), [
    ("198.51.100.7", "198.51.100.7", "198.51.100.8"),
    ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"),
    ("unknown", "unknown", "198.51.100.8"),
])  # fmt: skip
async def test_an_address_that_tries_many_names_waits(address: str, same: str, other: str, gateway: Gateway) -> None:
    for number in range(throttle.OF_ADDRESS):
        await throttle.admit(gateway.core, f"name {number}", address)
    with pytest.raises(TooMany):
        await throttle.admit(gateway.core, "one more", same)
    await throttle.admit(gateway.core, "one more", other)


async def test_many_tries_at_once_are_counted_one_after_the_other(gateway: Gateway) -> None:
    tries = [throttle.admit(gateway.core, "Lan", HERE.address) for _ in range(12)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["TooMany"] * (12 - throttle.OF_BOTH) + ["Try"] * 5


async def test_success_forgives_the_slips_before_it_and_nobody_elses(gateway: Gateway) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    await fail(gateway, times=throttle.OF_BOTH - 1)
    await fail(gateway, visitor=ELSEWHERE)
    await enter(gateway)
    await fail(gateway, times=throttle.OF_BOTH - 1)
    counted = await rows(gateway, sa.select(sa.func.count(sign_in_failure.c.id)).group_by(sign_in_failure.c.whose))
    assert sorted(count for (count,) in counted) == [1, 1, 4, 8, 9]


async def test_neither_names_nor_addresses_are_kept(gateway: Gateway) -> None:
    await fail(gateway, "Lan")
    kept = repr(await rows(gateway, sa.select(sign_in_failure)) + await rows(gateway, sa.select(audit)))
    assert "Lan" not in kept
    assert HERE.address not in kept
    gateway.clock.forward(minutes=16)
    await fail(gateway, "Mai")
    assert len(await rows(gateway, sa.select(sign_in_failure))) == 3


async def test_a_password_kept_by_older_rules_is_kept_by_newer_ones_at_the_next_sign_in(gateway: Gateway) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.update(person).values(password=weak))
    await enter(gateway)
    [(kept,)] = await rows(gateway, sa.select(person.c.password))
    assert kept != weak
    assert not passwords.outdated(kept)
    assert (await enter(gateway)).who.name == "Lan"


# ---- passwords ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("password", "word"), [
    ("mười một chữ", None),  # twelve, counted as letters
    ("mười một ch", "password_length"),
    (unicodedata.normalize("NFD", "mười một ch"), "password_length"),
    ("a" * 12, None),
    ("x" * 200, None),
    ("x" * 201, "password_length"),
    ("!!!!!!!!!!!!", None),
    ("", "password_length"),
    ("Nguyễn Thị Lan", "password_is_name"),
    ("nguyen-thi-lan!", "password_is_name"),
    ("lannguyenthilannguyen", "password_is_name"),
    ("Nguyễn Thị Lan 1990", None),
])  # fmt: skip
def test_what_a_new_password_has_to_be(password: str, word: str | None) -> None:
    if word is None:
        assert passwords.acceptable(password, "Nguyễn Thị Lan") == password
        return
    with pytest.raises(Unreadable) as refused:
        passwords.acceptable(password, "Nguyễn Thị Lan")
    assert refused.value.word == word


CHANGES: dict[str, tuple[bool, bool, str, type[Problem] | None]] = {
    # has a password, came by a link a moment ago, current one as typed, what is raised
    "right": (True, False, PASSWORD, None),
    "wrong": (True, False, "không phải nó đâu", WrongSignIn),
    "none given": (True, False, "", WrongSignIn),
    "by a link": (True, True, "", None),
    "first one": (False, False, "", None),
}


@pytest.mark.parametrize("case", CHANGES)
async def test_changing_a_password(case: str, gateway: Gateway) -> None:
    has_one, by_link, current, raised = CHANGES[case]
    who = await hire(gateway.core, "Lan", password=PASSWORD if has_one else None)
    other = await session_of(gateway.core, who)
    token = (await signing_in.with_link(gateway.core, await link_of(gateway.core, who), HERE)).token
    here = await sessions.by_session(gateway.core, token) if by_link else await signed(gateway)
    assert here is not None
    changing = signing_in.change_password(gateway.core, here, current, "một mật khẩu khác", HERE)
    if raised is not None:
        with pytest.raises(raised):
            await changing
        assert (await enter(gateway)).who.name == "Lan"
        return
    await changing
    assert (await enter(gateway, password="một mật khẩu khác")).who.name == "Lan"  # noqa: S106
    assert await sessions.by_session(gateway.core, other) is None


async def test_a_link_proves_a_person_for_a_quarter_of_an_hour(gateway: Gateway) -> None:
    who = await hire(gateway.core, "Lan", password=PASSWORD)
    opened = await signing_in.with_link(gateway.core, await link_of(gateway.core, who), HERE)
    gateway.clock.forward(minutes=16)
    here = await sessions.by_session(gateway.core, opened.token)
    assert here is not None
    with pytest.raises(WrongSignIn):
        await signing_in.change_password(gateway.core, here, "", "một mật khẩu khác", HERE)


async def test_guessing_the_current_password_is_throttled_too(gateway: Gateway) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    here = await signed(gateway)
    for _ in range(throttle.OF_BOTH):
        with pytest.raises(WrongSignIn):
            await signing_in.change_password(gateway.core, here, "không phải nó đâu", "một mật khẩu khác", HERE)
    with pytest.raises(TooMany):
        await signing_in.change_password(gateway.core, here, PASSWORD, "một mật khẩu khác", HERE)


# ---- links ----------------------------------------------------------------------------------------------------------


async def test_a_link_opens_once_also_when_it_is_used_twice_at_once(gateway: Gateway) -> None:
    link = await link_of(gateway.core, await hire(gateway.core, "Lan"))
    assert await signing_in.whose_link(gateway.core, link) == "Lan"
    assert await signing_in.whose_link(gateway.core, link) == "Lan"
    tries = [signing_in.with_link(gateway.core, link, HERE) for _ in range(4)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Opened", "SpentLink", "SpentLink", "SpentLink"]
    with pytest.raises(SpentLink):
        await signing_in.whose_link(gateway.core, link)


@pytest.mark.parametrize("case", ["too old", "never was", "deactivated", "shut out"])
async def test_links_that_open_nothing(case: str, gateway: Gateway) -> None:
    who = await hire(gateway.core, "Lan")
    link = await link_of(gateway.core, who)
    async with gateway.core.store.write() as tx:
        if case == "deactivated":
            await tx.execute(sa.update(person).values(active=False))
        elif case == "shut out":
            await people.shut_out(tx, who.id)
            await tx.execute(sa.update(person).values(active=True))
    gateway.clock.forward(minutes=16 if case == "too old" else 14)
    token = "x" * 43 if case == "never was" else link
    for use in (signing_in.whose_link(gateway.core, token), signing_in.with_link(gateway.core, token, HERE)):
        with pytest.raises(SpentLink):
            await use
    assert await rows(gateway, sa.select(staff_session)) == []


async def test_a_link_is_kept_as_its_digest_alone(gateway: Gateway) -> None:
    link = await link_of(gateway.core, await hire(gateway.core, "Lan"))
    assert link not in repr(await rows(gateway, sa.select(sign_in_link)))


# ---- sessions -------------------------------------------------------------------------------------------------------

LIVES: dict[str, list[tuple[float, bool]]] = {
    # hours to wait, and whether something is asked for then
    "idle for too long": [(2.1, False)],
    "asked for in time": [(1.9, True), (1.9, True)],
    "after a working day": [*((1.5, True) for _ in range(7)), (1.5, False)],
}


@pytest.mark.parametrize("case", LIVES)
async def test_how_long_a_session_lasts(case: str, gateway: Gateway) -> None:
    token = await session_of(gateway.core, await hire(gateway.core, "Lan"))
    for hours, there in LIVES[case]:
        gateway.clock.forward(hours=hours)
        found = await sessions.by_session(gateway.core, token)
        assert (found is not None) == there
        if found is not None:
            await sessions.seen(gateway.core, found, acted=False)


async def test_signs_of_life_are_noted_now_and_then_and_acts_always(gateway: Gateway) -> None:
    token = await session_of(gateway.core, await hire(gateway.core, "Lan"))
    begun = gateway.clock()
    noted: list[tuple[float, float]] = []
    for seconds, acted in ((29, False), (2, False), (3, True)):
        gateway.clock.forward(seconds=seconds)
        found = await sessions.by_session(gateway.core, token)
        assert found is not None
        await sessions.seen(gateway.core, found, acted=acted)
        [(seen_at, acted_at)] = await rows(gateway, sa.select(person.c.seen_at, person.c.acted_at))
        noted.append(((seen_at - begun).total_seconds(), (acted_at - begun).total_seconds()))
    assert noted == [(0, 0), (31, 0), (34, 34)]


async def test_one_sees_and_ends_ones_own_sessions_alone(gateway: Gateway) -> None:
    lan, mai = await hire(gateway.core, "Lan"), await hire(gateway.core, "Mai")
    first, _ = await session_of(gateway.core, lan), await session_of(gateway.core, mai)
    here = await signed(gateway)
    shown = await sessions.listed(gateway.core, here)
    assert [one["current"] for one in shown].count(True) == 1
    assert len(shown) == 2
    other = next(one["id"] for one in shown if not one["current"])
    for stranger, wrong in ((mai, other), (lan, ""), (lan, "%"), (lan, other[:8])):
        with pytest.raises(Problem, match="No such session"):
            await sessions.end(gateway.core, stranger, wrong)
    await sessions.end(gateway.core, lan, other)
    assert await sessions.by_session(gateway.core, first) is None
    assert [one["current"] for one in await sessions.listed(gateway.core, here)] == [True]


async def test_who_ends_the_last_session_is_offline_at_once(gateway: Gateway) -> None:
    lan = await hire(gateway.core, "Lan")
    await session_of(gateway.core, lan)
    here = await signed(gateway)
    for one in await sessions.listed(gateway.core, here):
        async with gateway.core.store.read() as tx:
            row = (await tx.execute(sa.select(person))).one()
        assert people.present(row, gateway.clock()) == "available"
        await sessions.end(gateway.core, lan, one["id"])
    async with gateway.core.store.read() as tx:
        row = (await tx.execute(sa.select(person))).one()
    assert people.present(row, gateway.clock()) == "offline"
