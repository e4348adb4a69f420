"""Passwords of the staff: argon2id, reckoned in threads of their own, and what a new one has to be."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from bot.errors import Unreadable
from text.fold import words

LEAST, MOST = 12, 200  # characters
# The least that OWASP's Password Storage Cheat Sheet asks of argon2id: citizens are served by the same processors.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = 2  # a crowd of sign-ins takes so many processors, and so often 19 MiB, and no more


async def hashed(password: str) -> str:
    """What is kept of a password."""
    return await _aside(HASHER.hash, _normal(password))


async def matches(password: str, kept: str | None) -> bool:
    """Whether it is the one that `kept` was made of. None matches nothing, and takes as long."""
    nobodys = await _aside(_nobodys)
    return await _aside(_matches, kept or nobodys, _normal(password)) and kept is not None


def outdated(kept: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def acceptable(password: str, name: str) -> str:
    """The new password of `name`; raises Unreadable. Length counts, and no rule says of what it is made."""
    length = len(unicodedata.normalize("NFC", password))
    if not LEAST <= length <= MOST:
        detail = f"A password has {LEAST} to {MOST} characters; this one has {length}."
        raise Unreadable(detail, field="new", word="password_length", extra={"least": LEAST, "most": MOST})
    said, called = "".join(words(password)), "".join(words(name))
    if said and said in called * MOST:
        raise Unreadable("The password is the name; take another.", field="new", word="password_is_name")
    return password


def _normal(password: str) -> bytes:
    """NFC: the same letters from every keyboard (RFC 8265, OpaqueString)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _matches(kept: str, password: bytes) -> bool:
    try:
        return HASHER.verify(kept, password)
    except VerifyMismatchError:
        return False


@cache
def _nobodys() -> str:
    """The password of whoever has none, that the answer takes as long for them."""
    return HASHER.hash(secrets.token_urlsafe())


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")


async def _aside[*Given, Result](reckon: Callable[[*Given], Result], *given: *Given) -> Result:
    return await asyncio.get_running_loop().run_in_executor(_threads(), reckon, *given)
