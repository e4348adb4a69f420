"""The guide for whoever answers citizens: one page, in either language."""

from __future__ import annotations

from aiohttp import web

from bot.core import Core
from bot.desk.auth import signed_in
from bot.desk.pages import Desk, words
from bot.people import Person
from bot.words import LANGUAGES


def routes(core: Core, desk: Desk) -> list[web.RouteDef]:
    async def shown(request: web.Request, who: Person) -> web.StreamResponse:
        asked = request.query.get("lang", "")
        language = asked if asked in LANGUAGES else who.language
        other = next(one for one in LANGUAGES if one != language)
        return await desk.show(request, who, "guide.html", spoken=language, guide=words(language), other=other)

    return [web.get("/desk/guide", signed_in(core)(shown))]
