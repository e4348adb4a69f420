"""What the phone needs of the stand-in that plays the provider; motcua gives the real one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from channels.contract import Request


class Answer(Protocol):
    """What the provider does with a request to its API: answers, hangs without a word, or closes the connection."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def act(self) -> Literal["answer", "hang", "close"]: ...


class Held(Protocol):
    """A text that the provider holds. `code`: its error, where there is one."""

    @property
    def sender(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def status(self) -> str: ...
    @property
    def code(self) -> int | None: ...


class Carrier(Protocol):
    """`number`: the authority's. `texts`: by id, oldest first, both ways."""

    @property
    def number(self) -> str: ...
    @property
    def texts(self) -> Mapping[str, Held]: ...

    def inbound(self, sender: str, text: str, *, sid: str | None = None, media: int = 0) -> Request:
        """The signed request that brings a text to the gateway."""
        ...

    def create(self, path: str, authorization: str, body: bytes) -> Answer:
        """The gateway sends a text."""
        ...

    def listed(self, path_with_query: str, authorization: str) -> Answer:
        """The gateway asks which texts there are."""
        ...

    def callbacks(self, sid: str) -> Sequence[Request]:
        """The signed requests that tell the gateway what became of a text, in order."""
        ...
