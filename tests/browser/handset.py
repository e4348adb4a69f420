"""What somebody does with a handset of the phone page, in the words of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Locator, Page, expect


@dataclass
class Handset:
    """One of the two on the page."""

    page: Page
    number: int

    def __post_init__(self) -> None:
        """What it holds comes after the page."""
        expect(self.section.locator("[data-total=sent]")).not_to_be_empty()

    @property
    def section(self) -> Locator:
        return self.page.locator(f"[data-handset='{self.number}']")

    @property
    def box(self) -> Locator:
        return self.section.locator("textarea")

    def texts(self, direction: Literal["in", "out"]) -> Locator:
        return self.section.locator(f".text.{direction}")

    def text(self, text: str) -> Locator:
        """Writes and sends; the text as it then stands on the handset, once the system has it."""
        written = self.texts("out").count()
        self.box.fill(text)
        self.box.press("Enter")
        expect(self.texts("out")).to_have_count(written + 1)
        sent = self.texts("out").last
        expect(sent.locator(".tick")).to_have_attribute("data-state", "received")
        return sent

    def ask(self, text: str) -> Locator:
        """The text that answers, once it is delivered."""
        got = self.texts("in").count()
        self.text(text)
        return self.got(got)

    def got(self, before: int) -> Locator:
        """The one text that came after so many."""
        expect(self.texts("in")).to_have_count(before + 1)
        expect(self.texts("in").last.locator(".tick")).to_have_attribute("data-state", "delivered")
        return self.texts("in").last
