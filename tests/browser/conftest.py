"""A real browser, one for each module, with a fresh context for each test."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect, sync_playwright

from tests.browser.citizen import PATIENCE, Citizen, Desk
from tests.browser.desk import Caller, Office, Staff, enter, not_at_midnight
from tests.browser.handset import Handset

# What a page may complain about without a fault of ours: the network that a test takes away.
EXPECTED = ("net::ERR_", "Failed to load resource")


@pytest.fixture(scope="module")
def browser(browser_path: Path) -> Generator[Browser]:
    """For one module: while it lives, Playwright holds the worker's event loop, and no asynchronous test can run."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser_path, args=as_root)
        yield launched
        launched.close()


@pytest.fixture
def faults() -> Generator[list[str]]:
    """What pages threw or complained of; must stay empty."""
    seen: list[str] = []
    yield seen
    assert [fault for fault in seen if not any(expected in fault for expected in EXPECTED)] == []


@pytest.fixture
def context(browser: Browser, faults: list[str]) -> Generator[Callable[..., BrowserContext]]:
    """Makes contexts (one is one person's browser) that watch for faults and are closed after the test."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        usual: dict[str, Any] = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "reduced_motion": "reduce"}
        one = browser.new_context(**usual | options)
        one.on("weberror", lambda error: faults.append(str(error.error)))
        one.on("console", lambda message: faults.extend([message.text] if message.type == "error" else []))
        made.append(one)
        return one

    yield make
    for one in made:
        leave(one)
        one.close()


def leave(context: BrowserContext) -> None:
    """A page that loads itself anew just while Chromium closes it stays open, and closing it never ends."""
    for page in context.pages:
        while page.url != "about:blank":
            with suppress(Error):  # it began to load itself anew, which it does once
                page.goto("about:blank")


@pytest.fixture
def citizen(live_system: Any, context: Callable[..., BrowserContext]) -> Citizen:
    """Somebody with the full-page chat open, in Vietnamese."""
    return Citizen(context().new_page(), live_system.public_url).visit("/chat?lang=vi")


@pytest.fixture
def desk(live_system: Any) -> Desk:
    """Somebody of the staff."""
    return Desk(live_system.staff_url, live_system.token())


@pytest.fixture(scope="session")
def office(live_system: Any) -> Office:
    """The administrator; every queue is open, whatever time it is."""
    name = "Chánh văn phòng"
    one = Office(live_system.staff_url, live_system.token(name, role="administrator"), name)
    for agency in one.agencies():
        one.opens(agency)
    return one


@pytest.fixture
def staff(office: Office, context: Callable[..., BrowserContext]) -> Generator[Callable[..., Staff]]:
    """Hires somebody and opens the desk in a browser of theirs; `browser`: options of its context."""

    not_at_midnight()
    made: list[BrowserContext] = []

    def come(name: str, *agencies: str, browser: dict[str, Any] | None = None, **more: Any) -> Staff:
        hired, options = office.hire(name, *agencies, **more), browser or {}
        made.append(context(**options))
        return replace(enter(made[-1], office, hired), scripted=options.get("java_script_enabled", True))

    yield come
    for one in made:
        leave(one)  # before what they show is cleared away
    office.clears()


@pytest.fixture
def another(live_system: Any, context: Callable[..., BrowserContext]) -> Callable[[], Citizen]:
    """One more citizen, in a browser of their own."""
    return lambda: Citizen(context().new_page(), live_system.public_url).visit("/chat?lang=vi")


@pytest.fixture
def caller(office: Office, context: Callable[..., BrowserContext]) -> Caller:
    """Somebody with the second handset of the phone page."""
    not_at_midnight()
    page = context().new_page()
    page.goto(f"{office.url}/phone?lang=vi")
    return Caller(Handset(page, 2), office)
