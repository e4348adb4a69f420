"""How often somebody may try to sign in: by name and address together, by address alone, never by name alone.

Whoever hammers at a name so keeps nobody else out of it: a right password from another address is always let in at its
first try. Only keyed hashes of names and addresses are kept, for a quarter of an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

import sqlalchemy as sa

from bot.core import Core
from bot.errors import TooMany
from bot.model import sign_in_failure
from bot.secrets import keyed
from bot.store import Tx

WINDOW = timedelta(minutes=15)
OF_BOTH = 5  # failures of a name from one address
OF_BOTH_IN_A_STORM = 1  # the same while the name is tried from many addresses
STORM = 50  # failures of a name from anywhere
OF_ADDRESS = 60  # failures from one address, which a whole office may share
ONE_AT_A_TIME = 7_203_117  # PostgreSQL's advisory lock: those who try at once are counted one after the other


@dataclass(frozen=True, slots=True)
class Try:
    """One that was let through: it counts as a failure until it is forgiven."""

    both: str
    rows: tuple[int, ...]


async def admit(core: Core, name: str, address: str) -> Try:
    """Let somebody try; raises TooMany with the seconds to wait."""
    now = core.clock()
    both, by_name, by_address = (
        keyed(core.secrets.session_key, f"sign-in:{what}")
        for what in (f"both:{name}:{_neighbourhood(address)}", f"name:{name}", f"address:{_neighbourhood(address)}")
    )
    async with core.store.write() as tx:
        if tx.dialect.name == "postgresql":
            await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        in_a_storm = len(await _failures(tx, by_name, now)) >= STORM
        limits = {both: OF_BOTH_IN_A_STORM if in_a_storm else OF_BOTH, by_address: OF_ADDRESS}
        wait = max([_wait(await _failures(tx, whose, now), limit, now) for whose, limit in limits.items()])
        if wait > 0:
            raise _too_many(wait)
        await tx.execute(sa.delete(sign_in_failure).where(sign_in_failure.c.at <= now - WINDOW))
        kept = [{"whose": whose, "at": now} for whose in (both, by_name, by_address)]
        rows = await tx.execute(sa.insert(sign_in_failure).returning(sign_in_failure.c.id), kept)
        return Try(both, tuple(rows.scalars()))


async def forgive(tx: Tx, tried: Try) -> None:
    """It was the right password: neither this try counts, nor what went wrong before it from the same address."""
    of_it = sa.or_(sign_in_failure.c.id.in_(tried.rows), sign_in_failure.c.whose == tried.both)
    await tx.execute(sa.delete(sign_in_failure).where(of_it))


async def _failures(tx: Tx, whose: str, now: datetime) -> list[datetime]:
    """When, the newest first."""
    failed = sa.select(sign_in_failure.c.at).where(
        sign_in_failure.c.whose == whose, sign_in_failure.c.at > now - WINDOW
    )
    return list((await tx.execute(failed.order_by(sign_in_failure.c.at.desc()))).scalars())


def _wait(failures: list[datetime], limit: int, now: datetime) -> int:
    """Seconds until fewer than `limit` failures are left in the window; 0: none."""
    if len(failures) < limit:
        return 0
    return max(1, round((failures[limit - 1] + WINDOW - now).total_seconds()))


def _neighbourhood(address: str) -> str:
    """Whoever has one IPv6 address has the 2^64 beside it."""
    try:
        is_wide = ip_address(address).version == 6
    except ValueError:
        return address
    return str(ip_network((address, 64), strict=False)) if is_wide else address


def _too_many(seconds: int) -> TooMany:
    return TooMany(
        f"Too many failed tries. Try again in {seconds} seconds, or ask for a one-time link.",
        word="too_many_tries",
        extra={"seconds": seconds},
        headers={"Retry-After": str(seconds)},
    )
