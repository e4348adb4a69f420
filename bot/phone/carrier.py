"""What the phone needs of the stand-ins that play the providers; motcua gives the real ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from channels.contract import Address, Beside, Request


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


class Kept(Protocol):
    """A message that the provider holds."""

    @property
    def sender(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def at(self) -> datetime: ...


class Held(Kept, Protocol):
    """A text. `code`: its error, where there is one."""

    @property
    def status(self) -> str: ...
    @property
    def code(self) -> int | None: ...


class Carrier(Protocol):
    """Of SMS. `number`: the authority's. `texts`: by id, oldest first, both ways."""

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


class Said(Kept, Protocol):
    """A message of an app. `options`: key and label of what can be pressed; with an `opener` they are a list.
    `template`: its name, and `text` is what stands in its blank."""

    @property
    def options(self) -> Sequence[tuple[str, str]]: ...
    @property
    def opener(self) -> str: ...
    @property
    def template(self) -> str: ...


class AppCarrier(Protocol):
    """Of an app. `texts`: by id, oldest first, both ways."""

    @property
    def texts(self) -> Mapping[str, Said]: ...

    def inbound(self, sender: str, text: str) -> Request:
        """The signed request that brings a text to the gateway."""
        ...

    def pressed(self, sender: str, key: str, label: str) -> Request:
        """The one that tells of a button."""
        ...

    def beside(self, sender: str, kind: Beside, text: str = "") -> Request:
        """The one that brings something else than a text; `text` is its caption."""
        ...

    def callbacks(self, sid: str) -> Sequence[Request]:
        """The signed requests that tell the gateway what became of a message, in order; [] where the app tells
        nothing."""
        ...

    def plan(self, plan: Sequence[str]) -> None:
        """What goes wrong with the messages that come next (channels/fake.py)."""
        ...


@dataclass(frozen=True, slots=True)
class App:
    """One handset. `provider`: its name in channels/registry.py. `citizen`: who holds it, `account`: the authority,
    both as addresses of the app. `late`: what the stand-in does when it is too late for a reply, "" where it never is.
    """

    provider: str
    citizen: Address
    account: Address
    carrier: AppCarrier
    late: str = ""


# The gateway calls an API: path as the provider's own host would see it, headers, body.
Api = Callable[[str, Mapping[str, str], bytes], Answer]


@dataclass(frozen=True, slots=True)
class Apps:
    """The handsets with apps, in the order of the page. `apis`: by the first part of the address under the carrier's;
    WhatsApp of Twilio has none of its own, for it is SMS's account."""

    handsets: Sequence[App] = ()
    apis: Mapping[str, Api] = field(default_factory=dict[str, Api])
