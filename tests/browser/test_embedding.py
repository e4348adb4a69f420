"""The widget on another site: one line of HTML, allowed by MOTCUA_EMBED_ORIGINS, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.citizen import Citizen
from tests.support.free_ports import free_ports

EMBEDDED = [
    ("module", '<script type="module" src="{url}/widget.js"></script>'),
    ("classic", '<script src="{url}/widget.js"></script>'),
    ("element", '<motcua-chat language="vi" base="{url}"></motcua-chat><script src="{url}/widget.js"></script>'),
]
SITE = """<!doctype html><html lang="vi"><title>Another site</title><h1>Another site</h1>
    <style>* { font: 9px fantasy; color: red; text-transform: uppercase } html { font-size: 62.5% }</style>"""
Embed = Callable[[str, str], Page]


@contextmanager
def serving(origin: str, html: str) -> Generator[None]:
    """A site of somebody else, with an ugly style of its own."""
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", int(origin.rpartition(":")[2])), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@pytest.fixture
def embed(live_system: Any, context: Callable[..., BrowserContext]) -> Generator[Embed]:
    """Opens a page of another origin that carries the widget."""
    with ExitStack() as sites:
        def opened(origin: str, widget: str) -> Page:
            sites.enter_context(serving(origin, SITE + widget.format(url=live_system.public_url)))
            page = context().new_page()
            page.goto(origin + "/")
            return page

        yield opened


@pytest.fixture
def allowed(live_system: Any) -> str:
    """The origin that the running system allows; nothing listens there but our site."""
    return live_system.environment["MOTCUA_EMBED_ORIGINS"]


@pytest.mark.parametrize("widget", [row[1] for row in EMBEDDED], ids=[row[0] for row in EMBEDDED])
def test_one_line_of_html_is_enough(live_system: Any, embed: Embed, allowed: str, widget: str) -> None:
    citizen = Citizen(embed(allowed, widget), live_system.public_url)
    citizen.page.get_by_role("button", name="Hỏi trợ lý").click()
    citizen.ask("làm giấy khai sinh cho con cần giấy tờ gì")
    assert citizen.page.locator("motcua-chat").count() == 1
    style = "each => [parseFloat(getComputedStyle(each).fontSize), getComputedStyle(each).textTransform]"
    assert citizen.messages("assistant").locator(".body").evaluate(style) == [17, "none"]


def test_it_goes_on_after_a_reload(live_system: Any, embed: Embed, allowed: str) -> None:
    citizen = Citizen(embed(allowed, EMBEDDED[0][1]), live_system.public_url)
    citizen.page.get_by_role("button", name="Hỏi trợ lý").click()
    citizen.ask("xin chào")
    citizen.page.reload()
    expect(citizen.messages("assistant")).to_have_count(1)


def test_other_sites_cannot(embed: Embed, faults: list[str]) -> None:
    page = embed(f"http://localhost:{free_ports(1)[0]}", EMBEDDED[0][1])
    page.wait_for_load_state("networkidle")
    assert page.locator("motcua-chat .launcher").count() == 0
    assert any("CORS" in fault for fault in faults)
    faults.clear()
