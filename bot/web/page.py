"""What every page for people shares: its language, its words, its frame; the texts are bot/words/pages.{vi,en}.yml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.core import Core
from bot.site import Site, Text
from bot.web.plain_text import blocks
from bot.words import LANGUAGES, table

COOKIE = "motcua_language"
HALF_A_YEAR = 15_552_000        # seconds
TEMPLATES = Path(__file__).parent / "templates"


class Page:
    """Renders the templates of one site."""

    def __init__(self, core: Core, site: Site) -> None:
        self.core = core
        self.site = site
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)

    def show(self, request: web.Request, template: str, *, status: int = 200, **context: Any) -> web.Response:
        """The page in the citizen's language; a language asked for by ?lang= is remembered."""
        language = language_of(request, self.site.default_language)
        shared = {"site": self.site, "language": language, "languages": LANGUAGES, "path": request.path,
                  "words": table(f"pages.{language}"), "own": own(language), "blocks": blocks}
        text = self._templates.get_template(template).render(shared | context)
        response = web.Response(text=text, status=status, content_type="text/html", headers={
            "Content-Language": language, "Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"})
        if request.query.get("lang") in LANGUAGES:
            response.set_cookie(COOKIE, language, max_age=HALF_A_YEAR, samesite="Lax", secure=secure(request))
        return response


def own(language: str) -> Callable[[Text], str]:
    """A function that takes {"vi": …, "en": …} apart; what an authority did not fill in is empty."""
    def pick(text: Text) -> str:
        return text.get(language, "")

    return pick


def secure(request: web.Request) -> bool:
    """Whether the citizen came by https, also through a proxy: then cookies stay there."""
    return "https" in (request.scheme, request.headers.get("X-Forwarded-Proto"))


def language_of(request: web.Request, default: str) -> str:
    """By ?lang=, then by what was chosen before, then by the browser, then the authority's."""
    accepted = _accepted(request.headers.get("Accept-Language", ""))
    wanted = [request.query.get("lang"), request.cookies.get(COOKIE), *accepted]
    return next((language for language in wanted if language in LANGUAGES), default)


def _accepted(header: str) -> list[str]:
    """Primary tags of an Accept-Language header, the most wanted first."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.partition(";q=")
        try:
            weighed.append((-float(weight or 1), tag.strip().split("-")[0].lower()))
        except ValueError:
            continue            # an unreadable weight: the browser means nothing by it
    return [tag for _, tag in sorted(weighed, key=lambda one: one[0])]
