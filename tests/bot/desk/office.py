"""Somebody of the staff at a page without JavaScript, and what a person reads of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot import canned, sessions
from bot.desk import auth
from bot.people import Person
from tests.bot.conftest import MONDAY, Gateway
from tests.bot.staffed import handed_over, person, said


@dataclass
class Desk:
    """A browser without JavaScript in which somebody is signed in."""

    gateway: Gateway
    who: Person
    headers: dict[str, str]
    csrf: str

    async def read(self, path: str, status: int = 200) -> str:
        response = await self.gateway.staff.get(f"/desk/{path}", headers=self.headers, allow_redirects=False)
        text = await response.text()
        assert response.status == status, text
        return text

    async def send(self, path: str, **fields: Any) -> tuple[int, str]:
        """Status, and where it leads (303) or the page that came back."""
        given = {"csrf": self.csrf, **fields}
        response = await self.gateway.staff.post(
            f"/desk/{path}", data=given, headers=self.headers, allow_redirects=False
        )
        return response.status, response.headers.get("Location") or await response.text()


async def signed_in(
    gateway: Gateway, name: str = "Boss", role: str = "supervisor", *agencies: str, **values: Any
) -> Desk:
    who = await person(gateway, name, role, agencies or None, **values)
    async with gateway.core.store.write() as tx:
        token = await sessions.start(tx, who.id, "test", gateway.clock(), by_link=False)
    headers = {"Cookie": f"{auth.COOKIE}={token}", "Accept": "text/html"}
    return Desk(gateway, who, headers, auth.new_csrf(gateway.core, token))


def plain(page: str) -> str:
    """What a person reads of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :])).split())


def near(page: str, id_: str) -> str:
    """The element with that id, as it is written."""
    [found] = re.findall(rf'<[^>]*\bid="{re.escape(id_)}"[^>]*>(?:[^<]*)', page)
    return unescape(found)


def values(page: str) -> dict[str, str]:
    """What stands in the fields of a page, by their ids."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        names, worth = re.search(r'\bid="([^"]+)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
        if names:
            found[names[1]] = unescape(worth[1]) if worth else ""
    for names, text in re.findall(r'<textarea[^>]*\bid="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        found[names] = unescape(text)
    return found


async def filled(gateway: Gateway) -> None:
    await canned.put_samples(gateway.core)
    sealed = gateway.core.secrets.sealed("+84912000001")
    conversation = await handed_over(gateway, "called", wanted="callback", promised_at=MONDAY, contact=sealed)
    await said(gateway, conversation, "làm giấy khai sinh cho <b>con</b> cần gì")
