"""The authority's own pages for citizens, and what the widget shows of the authority."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

from aiohttp import web

from bot import switches
from bot.core import Core
from bot.errors import NotFound, Problem
from bot.site import Site
from bot.web import chat_page, whole
from bot.web.page import Page

# https://developers.facebook.com/docs/messenger-platform/discovery/m-me-links
# https://faq.whatsapp.com/5913398998672934, https://core.telegram.org/api/links; Zalo's is in no document.
LINKS = {
    "zalo": "https://zalo.me/",
    "messenger": "https://m.me/",
    "telegram": "https://t.me/",
    "whatsapp": "https://wa.me/",
}
NAME = re.compile(r"[A-Za-z0-9_.]{1,64}")


def routes(core: Core, site: Site) -> list[web.RouteDef]:
    page = Page(core, site)

    async def home(request: web.Request) -> web.StreamResponse:
        return page.show(
            request, "home.html", groups=_by_agency(site), offices=_offices(page), official=await _official(core, site)
        )

    async def accessibility(request: web.Request) -> web.StreamResponse:
        return page.show(request, "accessibility.html")

    async def demonstration(request: web.Request) -> web.StreamResponse:
        if site.production:
            raise NotFound("This page exists in demonstrations only.")
        return page.show(request, "demo.html")

    async def widget(_request: web.Request) -> web.StreamResponse:
        return web.json_response(_shown_by_widget(site), headers={"Cache-Control": "max-age=300"})

    return [web.get("/", home), web.get("/accessibility", accessibility), web.get("/demo", demonstration),
            web.get("/widget.json", widget), *whole.routes(page), *chat_page.routes(page)]


def problem(core: Core, site: Site) -> Callable[[web.Request, Problem], web.Response]:
    """The page that says what is wrong, to a person who came by a link or an address."""
    page = Page(core, site)

    def show(request: web.Request, found: Problem) -> web.Response:
        shown = page.show(request, "problem.html", status=found.status, missing=found.status == NotFound.status)
        shown.headers.update(found.headers)
        return shown

    return show


async def _official(core: Core, site: Site) -> list[dict[str, Any]]:
    """The authority's own channels, and what is said of those that are switched off."""
    async with core.store.read() as tx:
        off = await switches.states(tx)
    return [one | {"off": off.get(one["channel"], {}).get("message"), "link": _link(one)} for one in site.official]


def _link(one: dict[str, Any]) -> str:
    """Where the app opens a conversation with us; "" for what is no app, for an address that no link can have, and for
    one that is made up: it may be somebody's."""
    channel, name = one["channel"], one["address"].lstrip("+@")
    is_one = channel in LINKS and NAME.fullmatch(name) and not one["made_up"]
    return LINKS[channel] + name if is_one else ""


def _by_agency(site: Site) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Services under the agency that answers for them."""
    ordered = sorted(site.services, key=_nearest(site))
    return [(agency, list(services)) for agency, services in groupby(ordered, key=lambda service: service["agency"])]


def _offices(page: Page) -> list[dict[str, Any]]:
    now = page.core.clock()
    offices = [office | {"open": page.site.open_now(index, now)} for index, office in enumerate(page.site.offices)]
    return sorted(offices, key=_nearest(page.site))


def _nearest(site: Site) -> Callable[[dict[str, Any]], tuple[bool, int, str]]:
    """Orders what agencies have: the authority's own first, then those with most services; each agency's together."""
    having = [service["agency"] for service in site.services]
    return lambda one: (one["agency"] != site.name, -having.count(one["agency"]), str(one["agency"]))


def _shown_by_widget(site: Site) -> dict[str, Any]:
    note = {} if site.production else site.note
    return {"name": site.name, "short_name": site.short_name, "note": note, "starters": site.starters}
