"""A small screen, and whether all of a page is within it."""

from __future__ import annotations

from playwright.sync_api import Page

NARROW = {"width": 320, "height": 640}
TOO_WIDE = """(all, width) => all.filter((each) => each.getBoundingClientRect().right > width + 0.5)
    .map((each) => each.outerHTML.slice(0, 200))"""


def fits(page: Page) -> None:
    """Nothing sticks out, and nothing scrolls sideways."""
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    shown = page.locator("body *:visible:not(.unseen, .unseen *)")
    assert shown.evaluate_all(TOO_WIDE, NARROW["width"]) == []
