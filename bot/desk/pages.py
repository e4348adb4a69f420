"""The frame of the desk's pages: where one may go, whether one is there, and the words of the person's language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot import people
from bot.core import Core
from bot.desk.auth import csrf_of, form, inside, signed_in
from bot.desk.live import LIVE
from bot.errors import NotFound, Problem
from bot.model import person
from bot.people import Person, present
from bot.web.page import language_of, own
from bot.web.problems import Handler
from bot.words import LANGUAGES, table

HERE = Path(__file__).parent
WORDS = HERE.parent / "words"
PARTS = ("people", "office")  # words.people, words.office: desk.people.vi.yml, …
WEB, PHONE = HERE.parent / "web" / "static", HERE.parent / "phone" / "static"
SHARED = {
    **{name: WEB / name for name in ("motcua.css", "mark.svg", "chat/api.js")},
    **{"dom.js": WEB / "chat" / "dom.js", "count.js": PHONE / "count.js"},
}
# name of the page, address, permission or None for everybody, which count stands beside it
PAGES: tuple[tuple[str, str, str | None, str], ...] = (
    ("conversations", "/desk", "converse", "queue"),
    ("callbacks", "/desk/callbacks", "converse", "callbacks"),
    ("search", "/desk/search", "converse", ""),
    ("canned", "/desk/canned", None, ""),
    ("board", "/desk/board", "measure", ""),
    ("schedule", "/desk/schedule", "supervise", ""),
    ("people", "/desk/people", "administer", ""),
    ("audit", "/desk/audit", "supervise", ""),
    ("guide", "/desk/guide", None, ""),
    ("account", "/desk/account", None, ""),
)


def routes(core: Core) -> list[web.RouteDef]:
    """What the frame needs."""
    allowed = signed_in(core)

    async def be(request: web.Request, who: Person) -> web.StreamResponse:
        given = await form(request)
        await people.set_presence(core, who, given.get("presence", ""))
        raise web.HTTPSeeOther(inside(given.get("back", "")))

    async def speak(request: web.Request, who: Person) -> web.StreamResponse:
        given = await form(request)
        await people.speak(core, who, given.get("language", ""))
        raise web.HTTPSeeOther(inside(given.get("back", "")))

    return [
        web.get("/desk/static/{name:.+}", _asset()),
        web.post("/desk/presence", allowed(be)),
        web.post("/desk/language", allowed(speak)),
    ]


def _asset() -> Handler:
    known = {file.name: file for file in (HERE / "static").iterdir()} | SHARED

    async def asset(request: web.Request) -> web.StreamResponse:
        file = known.get(request.match_info["name"])
        if file is None:
            raise NotFound
        return web.FileResponse(file)

    return asset


class Desk:
    """Renders the templates of the desk: each extends frame.html and fills its blocks title, head, main and foot."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def show(
        self, request: web.Request, who: Person | None, template: str, *, status: int = 200, **values: Any
    ) -> web.Response:
        """The page in the language of `who`; None: nobody is signed in, and the frame has no pages to go to."""
        frame = await self._of_person(request, who) if who else {"csrf": csrf_of(request)}
        return self.bare(request, who, template, status=status, **frame | values)

    def bare(
        self, request: web.Request, who: Person | None, template: str, *, status: int = 200, **values: Any
    ) -> web.Response:
        """The same without asking the database."""
        language = who.language if who else language_of(request, self.core.site.default_language)
        shared = {"site": self.core.site, "who": who, "path": request.path, "here": request.path_qs}
        spoken = {"language": language, "languages": LANGUAGES, "words": words(language), "own": own(language)}
        frame = {"csrf": "", "out": False, "agency": self._agency(language), "now": self.core.clock().isoformat()}
        text = self._templates.get_template(template).render(shared | spoken | frame | values)
        headers = {"Content-Language": language, "Cache-Control": "no-store"}
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)

    def _agency(self, language: str) -> Callable[[str], str]:
        return lambda identifier: self.core.site.agency_name(identifier, language)

    async def _of_person(self, request: web.Request, who: Person) -> dict[str, Any]:
        state = await request.app[LIVE].state(who)
        async with self.core.store.read() as tx:
            row = (await tx.execute(sa.select(person).where(person.c.id == who.id))).one()
        exist = {resource.canonical for resource in request.app.router.resources()}
        return {
            "csrf": csrf_of(request),
            "presence": present(row, self.core.clock()),
            "pages": [
                {"name": name, "path": path, "here": path == request.path, "counts": counts, "count": state.get(counts)}
                for name, path, permission, counts in PAGES
                if path in exist and (permission is None or who.may(permission))
            ],
            "state": state,
            "out": state["out"],
            "finds": "/desk/search" in exist and who.may("converse"),
            "leaves": "/desk/sign-out" in exist,
        }


@cache
def words(language: str) -> dict[str, Any]:
    """The words of all pages of the desk in a language."""
    there = [part for part in PARTS if (WORDS / f"desk.{part}.{language}.yml").exists()]
    return table(f"desk.{language}") | {part: table(f"desk.{part}.{language}") for part in there}


def problem(core: Core) -> Callable[[web.Request, Problem], web.Response]:
    """The page that says what is wrong, to a person whose browser navigates."""
    desk = Desk(core)

    def show(request: web.Request, found: Problem) -> web.Response:
        values = {"missing": found.status == NotFound.status, "detail": found.detail}
        shown = desk.bare(request, None, "problem.html", status=found.status, **values)
        shown.headers.update(found.headers)
        return shown

    return show
