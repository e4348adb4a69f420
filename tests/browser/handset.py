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


@dataclass
class AppHandset:
    """One with a messaging app, on a page of its own."""

    page: Page

    def __post_init__(self) -> None:
        """What it holds comes after the page."""
        expect(self.section).to_have_attribute("data-ready", "")

    @property
    def section(self) -> Locator:
        return self.page.locator(".smartphone")

    @property
    def box(self) -> Locator:
        return self.section.locator("textarea")

    @property
    def choices(self) -> Locator:
        """What can be pressed now: buttons of the newest message, what opens its list, or quick replies."""
        newest = self.section.locator(".text").last.locator(".buttons button")
        return newest.or_(self.section.locator(".quick button"))

    def texts(self, direction: Literal["in", "out"]) -> Locator:
        return self.section.locator(f".text.{direction}")

    def ask(self, text: str) -> Locator:
        """The message that answers, once it stands there."""
        before = self.texts("in").count()
        self.box.fill(text)
        self.box.press("Enter")
        return self.got(before)

    def press(self, label: str) -> Locator:
        """The same for a choice; one of a list is looked for there."""
        before = self.texts("in").count()
        if self.section.locator(".text").last.locator(".opener").count():
            self.choices.last.click()
            self.section.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()
        else:
            self.choices.filter(has_text=label).first.click()
        return self.got(before)

    def send(self, kind: str) -> Locator:
        """The same for a photo, a place, …, by the name of its button."""
        before = self.texts("in").count()
        self.section.get_by_role("button", name=kind, exact=True).click()
        return self.got(before)

    def got(self, before: int) -> Locator:
        """The newest message that came, of those after so many, with where it is told."""
        expect(self.texts("in")).not_to_have_count(before)
        newest = self.texts("in").last
        expect(newest.locator(".tick")).to_have_attribute("data-state", self.end)
        return newest

    @property
    def end(self) -> str:
        """Telegram does not tell whether a message has arrived."""
        return "sent" if self.section.get_attribute("data-app") == "telegram" else "delivered"
