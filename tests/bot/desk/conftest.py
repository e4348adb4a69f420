"""People at the desk's pages: each with a browser that runs no script, signed in."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from html import unescape

import aiohttp
import pytest
from yarl import URL

from bot.desk.auth import COOKIE
from bot.people import Person
from tests.bot.conftest import Gateway
from tests.support.staff import Browser, browser, hire, known, session_of

Come = Callable[..., Awaitable["Sitting"]]


class Sitting:
    """Somebody with the desk open."""

    def __init__(self, who: Person, opened: Browser) -> None:
        self.who, self.browser = who, opened

    async def page(self, path: str = "/desk") -> str:
        response = await self.browser.get(path)
        assert response.status == 200, (path, response.status)
        return await response.text()

    async def at(self, conversation: str) -> str:
        return await self.page(f"/desk/conversations/{conversation}")

    async def press(self, conversation: str, button: str, **fields: str) -> aiohttp.ClientResponse:
        return await self.browser.post(f"/desk/conversations/{conversation}/{button}", **fields)

    async def pressed(self, conversation: str, button: str, **fields: str) -> str:
        """Where one is led; nothing else than being led somewhere."""
        response = await self.press(conversation, button, **fields)
        assert response.status == 303, (response.status, plain(await response.text()))
        return response.headers["Location"]


def plain(page: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
async def come(gateway: Gateway) -> AsyncGenerator[Come]:
    """Hires somebody, all agencies if none is named, and opens the desk for them."""
    async with AsyncExitStack() as open_ones:

        async def sit(name: str = "Lan", role: str = "agent", *agencies: str, **more: str) -> Sitting:
            await hire(gateway.core, name, role, *agencies, **more)
            who = await known(gateway.core, name)
            base = gateway.staff.make_url("/")
            opened = await open_ones.enter_async_context(browser(str(base)))
            opened.keep(COOKIE, await session_of(gateway.core, who), URL(str(base)))
            me = await opened.get("/desk/api/me")
            opened.csrf = (await me.json())["csrf"]
            return Sitting(who, opened)

        yield sit


@pytest.fixture
async def lan(come: Come) -> Sitting:
    return await come("Lan")
