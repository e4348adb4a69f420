"""A person behind the desk of a live system, by the desk's API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.e2e.citizen import call
from tests.support.live import Live


class Desk:
    """Signed in as Lan, who sees all agencies."""

    def __init__(self, system: Live) -> None:
        self._url, self._token = f"{system.staff_url}/desk/api", system.token("Lan")

    def get(self, path: str) -> Any:
        status, found = call("GET", f"{self._url}/{path}", token=self._token)
        assert status == 200, found
        return found

    def post(self, path: str, **body: str) -> int:
        return call("POST", f"{self._url}/{path}", body, self._token)[0]

    def queued(self, asked: Callable[[], object]) -> str:
        """The address of the conversation that comes into the queue when that is asked."""
        before = self._new()
        asked()
        (new,) = self._new() - before
        return f"conversations/{new}"

    def _new(self) -> set[str]:
        """Without what another test's agent left behind, which comes back to the queue at any time."""
        return {waiting["conversation"] for waiting in self.get("queue") if not waiting["requeued"]}
