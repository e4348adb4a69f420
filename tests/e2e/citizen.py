"""A citizen and an agent over real HTTP, for the end-to-end tests."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

PATIENCE = 60.0  # seconds until a missing answer is a failure; no test asserts how long it takes


def call(method: str, url: str, body: Any = None, token: str = "") -> tuple[int, Any]:
    """Status and JSON of one request."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, data=data, method=method, headers=headers)  # noqa: S310 (loopback)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return response.status, json.loads(response.read() or b"null")
    except urllib.error.HTTPError as err:
        return err.code, json.loads(err.read() or b"null")


@dataclass
class Citizen:
    """One web conversation."""

    url: str
    language: str | None = None
    token: str = ""
    conversation: str = ""
    sent: list[int] = field(default_factory=list[int])

    def __post_init__(self) -> None:
        status, made = call(
            "POST", f"{self.url}/channels/web/conversations", {"language": self.language} if self.language else {}
        )
        assert status == 201, made
        self.token, self.conversation = made["token"], made["conversation"]

    def say(self, text: str) -> int:
        status, received = call(
            "POST", f"{self.url}/channels/web/messages", {"id": str(uuid.uuid4()), "text": text}, self.token
        )
        assert status == 202, received
        self.sent.append(received["seq"])
        return int(received["seq"])

    def read(self, after: int = 0) -> list[dict[str, Any]]:
        return call("GET", f"{self.url}/channels/web/messages?after={after}", token=self.token)[1]

    def answer_to(self, seq: int) -> dict[str, Any]:
        """The assistant's answer, waited for."""
        return self.wait(lambda message: message["reply_to"] == seq)

    def wait(self, wanted: Any) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for message in self.read():
                if wanted(message):
                    return message
            time.sleep(0.05)
        raise AssertionError(f"no such message in {self.read()}")

    def ask(self, text: str) -> dict[str, Any]:
        return self.answer_to(self.say(text))
