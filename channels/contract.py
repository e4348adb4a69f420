"""What a channel is: how a provider's request is proved and read, what it wants to hear, how a reply goes out.

Adapters are leaves: no database, no web framework. Times are aware UTC. An address is what the provider calls a person
(for SMS a telephone number as the provider writes it) and is never logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

Address = str
ProviderId = str
Unit = Literal["gsm", "utf16", "bytes", "characters"]       # what the channel counts a length in
Consent = Literal["stop", "start", "help"]
State = Literal["sent", "delivered", "temporary", "permanent", "opted_out"]   # where a message is, by a receipt


@dataclass(frozen=True, slots=True)
class Limits:
    """What a message may be: `length` in `unit`s; `choices` as buttons (0: as a numbered text); `window` in hours in
    which a free reply is allowed after the citizen wrote (None: always)."""

    length: int
    unit: Unit
    choices: int = 0
    label: int = 0
    window: int | None = None
    media: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in. `target` is path and query as received, percent-encoding kept; header names are in
    lower case; `public_url` comes from the settings, never from Host, and has no slash at its end."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    public_url: str

    @property
    def url(self) -> str:
        """The address that the provider was told to call, with the query of this request."""
        return self.public_url + self.target


@dataclass(frozen=True, slots=True)
class Response:
    """What the provider wants to hear."""

    status: int = 200
    content_type: str = "text/plain"
    body: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A citizen wrote. `provider_id` is the provider's, the same on its repeats; `account` is whose number it came to.
    `media`: how many attachments. `consent`: the provider took the text as this and has already confirmed it."""

    provider_id: ProviderId
    account: str
    sender: Address = field(repr=False)
    recipient: Address
    text: str = field(repr=False)
    media: int = 0
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a message of ours is. `row` and `attempt` are ours, from the callback's address; `code` is the provider's
    error, "" for none."""

    row: int
    attempt: int
    state: State
    provider_id: ProviderId | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to send. `row` and `attempt` come back in the receipts."""

    text: str = field(repr=False)
    row: int
    attempt: int = 1


class ChannelError(Exception):
    """A request or a reply that the channel cannot take; the docstring is the message."""

    def __init__(self, code: str = "", *, after: float | None = None) -> None:
        super().__init__(" ".join(part for part in (type(self).__doc__, f"({code})" if code else "") if part))
        self.code = code
        self.after = after      # seconds to wait, where the provider said so


class NotGenuine(ChannelError):
    """The request is not proved to be the provider's."""


class Unreadable(ChannelError):
    """The request is proved, and still not of the agreed form."""


class TryLater(ChannelError):
    """Nothing was sent, and the same may be tried again."""


class Uncertain(ChannelError):
    """The provider may or may not have taken the message: ask it, or wait for a receipt, before sending again."""


class Refused(ChannelError):
    """The provider will never take this message to this address."""


class OptedOut(Refused):
    """The recipient has told the provider not to be written to."""


class WindowClosed(Refused):
    """Too long since the citizen wrote: only a template may be sent."""


class NotAsked(ChannelError):
    """This provider cannot be asked what it has taken."""


class Channel(Protocol):
    """`name` is what citizens see, `provider` who carries it; `signed`: a request proves who wrote, so that the
    sender's number may count as a proof."""

    name: str
    provider: str
    path: str                   # where the provider calls: /channels/sms
    sender: str                 # our own number or service, as citizens see it
    signed: bool
    limits: Limits

    def verify(self, request: Request) -> None:
        """Raises NotGenuine."""
        ...

    def parse(self, request: Request) -> list[Message | Receipt]:
        """Pure; [] for what is not for us. Raises Unreadable."""
        ...

    def answer(self, request: Request) -> Response:
        """What the provider wants to hear once everything is kept."""
        ...

    async def send(self, to: Address, reply: Reply) -> ProviderId | None:
        """The provider's id, None where it gives none. Raises TryLater, Uncertain, Refused, OptedOut, WindowClosed."""
        ...

    async def taken(self, to: Address, text: str, since: datetime) -> list[ProviderId]:
        """The ids of messages with this text that the provider has taken for `to` since then, oldest first.

        Raises NotAsked where the provider cannot be asked, TryLater where it does not answer.
        """
        ...

    async def close(self) -> None: ...
