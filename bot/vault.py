"""A provider's tokens whose refresh token is used up by using it: kept sealed, renewed by one at a time, never lost.

A process that renews says so for half a minute, so that no other uses the same refresh token, and one that dies is
followed by the next. What it got is committed before anybody uses it, with as many tries as that takes, and an orderly
end waits for it. A refresh token that is refused waits for a new one in the settings; until then everything that is to
be sent waits too. Nobody waits here for long: what is being sent has to be sent, or wait again, before bot/delivery.py
asks what became of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from sqlalchemy.dialects import postgresql, sqlite

from bot.model import credential
from bot.secrets import Secrets, digest
from bot.store import Store
from channels.contract import ChannelError, Refused, Renew, TokenRefused, Tokens, TryLater

log = logging.getLogger(__name__)

EARLY = timedelta(minutes=5)  # renewed so long before it runs out
RENEWING = timedelta(seconds=30)  # longer than any call
LOOK_AGAIN, LOOKS = 0.25, 60  # seconds between two looks for what another renews; how many
PATIENCE = 4.0  # seconds for a token that is being renewed; it goes on without who no longer waits
KNOWN = 100  # first refresh tokens that are known again; a demonstration gives another at each start
KEEP_AGAIN = 1.0  # seconds between two tries to keep what a renewal gave
SOON = 5.0  # seconds until a token is asked for again
CLOSING = 3.0  # seconds for a renewal under way at the end


class Vault:
    """`provider`'s tokens; `first`: the refresh token of the settings, with which it begins, and begins anew if it was
    never given before."""

    def __init__(
        self, store: Store, secrets: Secrets, clock: Callable[[], datetime], provider: str, first: str
    ) -> None:
        self._store, self._secrets, self._clock = store, secrets, clock
        self._provider, self._first = provider, first
        self._renewal: asyncio.Task[str] | None = None
        self._told = self._closed = False

    async def token(self, renew: Renew, *, bad: str = "") -> str:
        """As channels.contract.Vault says. At the end no renewal begins: nobody would keep what it gave."""
        if access := self._good(await self._row(), bad):
            return access
        if self._closed:
            raise TokenRefused("at the end", after=SOON)
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(renew, bad))
            self._renewal.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(self._renewal)
        except TimeoutError:
            raise TokenRefused("being renewed", after=SOON) from None
        except TokenRefused:
            raise
        except TryLater as err:  # for whoever sends it is one thing: nothing goes out before there is a token
            raise TokenRefused(err.code, after=err.after or SOON) from err

    def _good(self, row: sa.Row[Any], bad: str) -> str:
        """ "" for none. Raises TokenRefused where the refresh token was refused just now."""
        if not row.access and row.until > self._clock():
            raise TokenRefused("refresh", after=(row.until - self._clock()).total_seconds())
        access = self._unsealed(row.access) if row.access else ""
        return access if access != bad and row.until - EARLY > self._clock() else ""

    def _unsealed(self, sealed: str) -> str:
        """Raises TokenRefused for what was sealed with keys that are lost."""
        try:
            return self._secrets.unsealed(sealed)
        except InvalidToken:
            if not self._told:
                log.error(
                    "%s's tokens are sealed with keys that are lost: authorise the account anew and set its new"
                    " refresh token",
                    self._provider,
                )
            self._told = True
            raise TokenRefused("sealed", after=RENEWING.total_seconds()) from None

    async def _renew(self, renew: Renew, bad: str) -> str:
        for _ in range(LOOKS):
            row = await self._row()
            if access := self._good(row, bad):
                return access
            refresh = self._unsealed(row.refresh)
            if await self._take(row):
                return await self._renewed(renew, row, refresh)
            await asyncio.sleep(LOOK_AGAIN)
        raise TryLater("another process renews the token")

    async def _row(self) -> sa.Row[Any]:
        """What is kept; begun anew where the settings name a first refresh token that they never named before."""
        given = digest(self._first)
        held = sa.select(credential).where(credential.c.provider == self._provider)
        async with self._store.read() as tx:
            row = (await tx.execute(held)).one_or_none()
        if row is not None and given in row.given.split():
            return row
        new = {"access": "", "refresh": self._secrets.sealed(self._first), "until": self._clock()}
        insert = sqlite.insert if self._store.sqlite else postgresql.insert
        first = insert(credential).values(provider=self._provider, given=given, **new)
        anew = sa.update(credential).where(credential.c.provider == self._provider)
        async with self._store.write() as tx:
            await tx.execute(first.on_conflict_do_nothing())
            row = (await tx.execute(held.with_for_update())).one()
            if given not in row.given.split():
                known = " ".join([*row.given.split(), given][-KNOWN:])
                await tx.execute(anew.values(given=known, renewed_by=None, **new))
            return (await tx.execute(held)).one()

    async def _take(self, row: sa.Row[Any]) -> bool:
        """Whether it is ours to renew: nobody else is at it, and what we read is still what is kept."""
        now = self._clock()
        free = sa.or_(credential.c.renewed_by.is_(None), credential.c.renewed_by < now)
        same = sa.and_(credential.c.provider == self._provider, credential.c.refresh == row.refresh)
        async with self._store.write() as tx:
            taken = await tx.execute(sa.update(credential).where(same, free).values(renewed_by=now + RENEWING))
        return bool(taken.rowcount)

    async def _renewed(self, renew: Renew, row: sa.Row[Any], refresh: str) -> str:
        try:
            tokens = await renew(refresh)
        except Refused as err:
            log.error(
                "%s refuses the refresh token (%s): authorise the account anew and set its new refresh token",
                self._provider,
                err.code,
            )
            await self._keep(row, access="", until=self._clock() + RENEWING, renewed_by=None)
            raise TokenRefused(err.code, after=RENEWING.total_seconds()) from None
        except ChannelError:
            await self._keep(row, renewed_by=None)
            raise
        await self._keep_tokens(row, tokens)
        return tokens.access

    async def _keep_tokens(self, row: sa.Row[Any], tokens: Tokens) -> None:
        """As often as it takes: the old refresh token is used up, and the new one is nowhere else."""
        sealed = {"access": self._secrets.sealed(tokens.access), "refresh": self._secrets.sealed(tokens.refresh)}
        while True:
            try:
                return await self._keep(row, **sealed, until=tokens.until, renewed_by=None)
            except Exception:
                log.exception("%s's new tokens could not be kept; tried again", self._provider)
            await asyncio.sleep(KEEP_AGAIN)

    async def _keep(self, row: sa.Row[Any], **values: Any) -> None:
        """Unless the settings began anew meanwhile."""
        same = sa.and_(credential.c.provider == self._provider, credential.c.refresh == row.refresh)
        async with self._store.write() as tx:
            await tx.execute(sa.update(credential).where(same).values(**values))

    async def close(self) -> None:
        """Let a renewal under way end, and its tokens be kept."""
        self._closed = True
        if self._renewal is None:
            return
        _, left = await asyncio.wait([self._renewal], timeout=CLOSING)
        if left:
            log.error("%s's tokens were being renewed at the end, and may be lost", self._provider)
