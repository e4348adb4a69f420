"""What a citizen does in the browser and what an agent does at the desk, in the words of the tests."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.citizen import call

PATIENCE = 30_000           # ms until a missing answer is a failure; no test asserts how long it takes


@dataclass
class Citizen:
    """A page with the chat on it."""

    page: Page
    url: str

    def visit(self, path: str) -> Citizen:
        self.page.goto(self.url + path)
        return self._taken_over()

    def reload(self) -> Citizen:
        self.page.reload()
        return self._taken_over()

    def _taken_over(self) -> Citizen:
        """Waits until the chat, with its styles, stands where the plain form was, which also has a field."""
        self.page.locator("motcua-chat:defined:empty :is(.whole, .corner):not([hidden])").wait_for(state="attached")
        return self

    @property
    def input(self) -> Locator:
        return self.page.locator("motcua-chat textarea")

    @property
    def alert(self) -> Locator:
        return self.page.locator("motcua-chat [role=alert]")

    def messages(self, author: str) -> Locator:
        """Those that the gateway has; what is still on its way is not among them."""
        return self.page.locator(f"motcua-chat .message.{author}:not(.pending)")

    def pending(self) -> Locator:
        return self.page.locator("motcua-chat .message.pending")

    def say(self, text: str) -> Citizen:
        self.input.fill(text)
        self.input.press("Enter")
        return self

    def ask(self, text: str) -> Locator:
        """Says `text` and waits for the assistant's answer to it."""
        answers = self.messages("assistant").count()
        self.say(text)
        expect(self.messages("assistant")).to_have_count(answers + 1)
        return self.messages("assistant").last

    def read_aloud(self) -> Locator:
        """What a screen reader was given in the last 20 seconds."""
        return self.page.locator("motcua-chat [aria-live=polite] p")

    def choices(self) -> Locator:
        return self.messages("assistant").last.locator("button.choice")

    @property
    def conversation(self) -> str:
        return self.page.evaluate("""() => Object.entries(sessionStorage).filter(([key]) => key.startsWith('motcua:'))
            .map(([, value]) => JSON.parse(value).conversation)[0]""")

    def seqs(self) -> list[int]:
        """The seq of every message shown, in the order shown."""
        shown = self.page.locator("motcua-chat .message[data-seq]").all()
        return [int(str(each.get_attribute("data-seq"))) for each in shown]


@dataclass
class Desk:
    """An agent who uses the desk's API."""

    url: str
    token: str

    def _do(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = call(method, f"{self.url}/desk/api/{path}", body, self.token)
        assert status < 300, (method, path, status, answer)
        return answer

    def waiting(self) -> list[str]:
        """Who came by themselves: what another test's agent left behind comes back to the queue at any time."""
        return [each["conversation"] for each in self._do("GET", "queue") if not each["requeued"]]

    def claim(self, conversation: str) -> None:
        self._do("POST", f"conversations/{conversation}/claim")

    def reply(self, conversation: str, text: str) -> None:
        self._do("POST", f"conversations/{conversation}/messages", {"id": str(uuid.uuid4()), "text": text})

    def give_back(self, conversation: str) -> None:
        self._do("POST", f"conversations/{conversation}/return", {})


def saying(*alternatives: str) -> re.Pattern[str]:
    """Any of these words, whatever their case."""
    return re.compile("|".join(map(re.escape, alternatives)), re.IGNORECASE)
