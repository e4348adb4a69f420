"""Every page for people is looked at by axe in some test here, or it is said why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from tests.browser import test_accessibility, test_desk, test_office, test_phone, test_phone_apps
from tests.support.ports import both_ports

# Beside the addresses in test_accessibility.PAGES and test_office.STATES: those that are met in a test of their own.
MET: dict[str, Callable[..., None]] = {
    "/m/{token}": test_accessibility.test_the_whole_of_a_long_text,
    "/desk": test_desk.test_axe_finds_nothing,
    "/desk/conversations/{id}": test_desk.test_axe_finds_nothing,
    "/desk/sign-in": test_office.test_no_violation_at_the_entrance,
    "/desk/sign-in/{link}": test_office.test_no_violation_at_the_entrance,
    "/phone": test_phone.test_axe_finds_nothing,
    "/phone/{app}": test_phone_apps.test_axe_finds_nothing,
}
NO_PAGES = {
    # how the address begins, what it is instead
    "/channels/": "JSON for the widget, answers for providers",
    "/widget.": "a script, and JSON for it",
    "/static": "files",
    "/healthz": "JSON for machines",
    "/readyz": "JSON for machines",
    "/metrics": "figures for machines",
    "/desk/api/": "JSON",
    "/desk/static/": "files",
    "/desk/fragments/": "parts of pages, which are looked at as a whole",
    "/phone/api/": "JSON",
    "/phone/carrier/": "what a provider answers",
    "/phone/static/": "files",
}


async def test_every_page_is_looked_at(tmp_path: Path) -> None:
    """By their addresses for GET: what is posted shows the page that it came from, or leads on."""
    async with both_ports(tmp_path) as (public, staff):
        there = {one for port in (public, staff) for one in addresses(port)}
        looked_at = {await address(public, path) for path in test_accessibility.PAGES}
        looked_at |= {await address(staff, f"/desk/{path}") for path in test_office.STATES.values()}
    assert {one for one in there if not one.startswith(tuple(NO_PAGES))} == looked_at - {""} | set(MET)
    assert [begins for begins in NO_PAGES if not any(one.startswith(begins) for one in there)] == []


def addresses(port: web.Application) -> set[str]:
    routes: list[Any] = list(port.router.routes())
    return {route.resource.canonical for route in routes if route.method in ("GET", "*")}


async def address(port: web.Application, path: str) -> str:
    """As the port writes it, "/m/{token}"; "" where nothing is, and the page says so."""
    resource = (await port.router.resolve(make_mocked_request("GET", path))).route.resource
    return resource.canonical if resource else ""
