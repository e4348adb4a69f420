"""People behind the desk of a gateway in this process, each with a browser of their own."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import sqlalchemy as sa
from yarl import URL

from bot import passwords, people, sessions, signing_in
from bot.core import Core
from bot.model import person
from bot.people import Person

PASSWORD = "một con ngựa xanh"  # noqa: S105
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def hire(
    core: Core, name: str, role: str = "agent", *agencies: str, password: str | None = None, **more: Any
) -> Person:
    """An account; all agencies if none is named."""
    kept = {} if password is None else {"password": await passwords.hashed(password)}
    async with core.store.write() as tx:
        await people.add(tx, name, core.clock(), role=role, agencies=agencies or None, **kept, **more)
    return await known(core, name)


async def known(core: Core, name: str) -> Person:
    async with core.store.read() as tx:
        return Person.of((await tx.execute(sa.select(person).where(person.c.name == name))).one())


async def session_of(core: Core, who: Person) -> str:
    """The token of a browser that is signed in."""
    async with core.store.write() as tx:
        return await sessions.start(tx, who.id, "test", core.clock(), by_link=False)


async def link_of(core: Core, who: Person) -> str:
    async with core.store.write() as tx:
        return await signing_in.new_link(tx, who.id, core.clock())


class Browser:
    """Cookies of its own; follows nothing by itself."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.csrf = ""

    def keep(self, name: str, value: str, of: URL) -> None:
        """A cookie, as if a page had set it."""
        self._session.cookie_jar.update_cookies({name: value}, of)

    async def get(self, path: str, **headers: str) -> aiohttp.ClientResponse:
        return await self._session.get(path, allow_redirects=False, headers=headers)

    async def send(self, path: str, fields: Any = None, **headers: str) -> aiohttp.ClientResponse:
        """A form as it is given, with no token but what is in it."""
        return await self._session.post(path, data=fields, allow_redirects=False, headers=headers)

    async def post(self, path: str, **fields: Any) -> aiohttp.ClientResponse:
        """A form of one of our pages."""
        return await self.send(path, {"csrf": self.csrf, **fields})

    async def call(self, path: str, **body: Any) -> aiohttp.ClientResponse:
        """The API, as a page's script calls it."""
        headers = {"X-CSRF-Token": self.csrf} if self.csrf else {}
        return await self._session.post(f"/desk/api/{path}", json=body, allow_redirects=False, headers=headers)

    async def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> aiohttp.ClientResponse:
        """As a person does it: the page, the form."""
        page = await (await self.get("/desk/sign-in")).text()
        return await self.enter("/desk/sign-in", page, name=name, password=password, **fields)

    async def enter(self, path: str, page: str, **fields: str) -> aiohttp.ClientResponse:
        """A form that lets somebody in, sent from `page`."""
        response = await self.send(path, {"csrf": token_in(page), **fields})
        me = await self.get("/desk/api/me")
        self.csrf = (await me.json())["csrf"] if me.status == 200 else ""
        return response


def token_in(page: str) -> str:
    """The token that the first form of a page carries."""
    found = re.search(r'name="csrf" value="([^"]*)"', page)
    assert found, page
    return found.group(1)


@asynccontextmanager
async def browser(base: str, address: str = "") -> AsyncGenerator[Browser]:
    """`address`: the network address, as the tests' own proxy tells it."""
    headers = {"User-Agent": AGENT} | ({"X-Forwarded-For": address} if address else {})
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(base, cookie_jar=jar, headers=headers) as session:
        yield Browser(session)
