"""What a channel is: how a provider's request is proved and read, what it wants to hear, how a reply goes out.

Adapters are leaves: no database, no web framework. Times are aware UTC. An address is what the provider calls a person
(for SMS a telephone number as the provider writes it) and is never logged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

Address = str
ProviderId = str
Unit = Literal["gsm", "utf16", "bytes", "characters"]       # what the channel counts a length in
Consent = Literal["stop", "start", "help"]
Beside = Literal["photo", "video", "voice", "sticker", "place", "contact", "file"]
# Where a message is, by a receipt. "unsure": it failed for no known reason, and may have arrived all the same.
# "window": not sent, for too long since the citizen wrote.
State = Literal["sent", "delivered", "temporary", "unsure", "permanent", "opted_out", "window"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a message may be: `length` in `unit`s, and of a message with choices `asking` (0: the same).

    Choices are `buttons` at most, each label of `button` characters; more of them a list that opens, of `rows` labels
    of `row` characters; 0 is none. What fits neither is a numbered text. `window`: hours in which a reply is allowed
    after the citizen wrote (None: always).
    """

    length: int
    unit: Unit
    asking: int = 0
    buttons: int = 0
    button: int = 0
    rows: int = 0
    row: int = 0
    window: int | None = None


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
    `media`: how many attachments, `beside`: what the first of them is; they are told of and never fetched. `pressed`:
    the key of the option that was pressed, as it was sent. `consent`: the provider took it as this, and needs no answer
    (a word that it has confirmed itself, or that somebody follows or no longer follows us)."""

    provider_id: ProviderId
    account: str
    sender: Address = field(repr=False)
    recipient: Address
    text: str = field(repr=False)
    media: int = 0
    consent: Consent | None = None
    beside: Beside | None = None
    pressed: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a message of ours is. `row` and `attempt` are ours, as they went along with it; None where the provider
    tells its own id alone. `code` is the provider's error, "" for none."""

    row: int | None
    attempt: int | None
    state: State
    provider_id: ProviderId | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice to press. `key`: at most 40 letters of ASCII, comes back in `Message.pressed`."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to send, within the channel's limits. `row` and `attempt` come back in the receipts.

    `options` are buttons; with `opener`, the words on what opens it, a list. `template`: too long since the citizen
    wrote, so that only a template may be sent: its one blank is `text`, a link. `phone`: where the provider sends
    templates to a number, the citizen's in E.164, if it is known.
    """

    text: str = field(repr=False)
    row: int
    attempt: int = 1
    options: tuple[Option, ...] = ()
    opener: str = ""
    template: bool = False
    language: str = ""
    phone: str | None = field(default=None, repr=False)


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

    def __init__(self, code: str = "", *, read: Sequence[Message | Receipt] = ()) -> None:
        super().__init__(code)
        self.read = read        # what came in the same request and is of the agreed form


class TryLater(ChannelError):
    """Nothing was sent, and the same may be tried again."""


class TokenRefused(TryLater):
    """Nothing was sent, for our own token or password is no good: it waits until somebody has set a new one."""


class Uncertain(ChannelError):
    """The provider may or may not have taken the message: ask it, or wait for a receipt, before sending again."""


class Refused(ChannelError):
    """The provider will never take this message to this address."""


class OptedOut(Refused):
    """The recipient has told the provider not to be written to."""


class WindowClosed(Refused):
    """Too long since the citizen wrote: only a template may be sent, and none is set up or can be sent."""


class NotAsked(ChannelError):
    """This provider cannot be asked what it has taken."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What renewing gave: the access token, until when it is good, and the refresh token for the next time."""

    access: str = field(repr=False)
    until: datetime
    refresh: str = field(repr=False)


Renew = Callable[[str], Awaitable[Tokens]]      # given the refresh token; raises TryLater, Refused where it is no good


class Vault(Protocol):
    """Where the tokens of a provider rest whose refresh token is used up by using it."""

    async def token(self, renew: Renew, *, bad: str = "") -> str:
        """A good access token that is not `bad`, one that the provider has just refused.

        Where there is none `renew` is asked, by one caller at a time over all processes. Raises TryLater within seconds
        while that takes its time, TokenRefused where the refresh token is no good.
        """
        ...

    async def close(self) -> None:
        """Returns when what is being renewed is kept, or after seconds. The channel whose tokens they are calls it."""
        ...


class Channel(Protocol):
    """`name` is what citizens see, `provider` who carries it; `signed`: a request proves who wrote, so that the
    sender's number may count as a proof. `ends_webhook`: the provider calls no more who refuses it a few times, so that
    what is proved and cannot be read is answered as well."""

    name: str
    provider: str
    path: str                   # where the provider calls: /channels/sms
    sender: str                 # our own number or service, as citizens see it
    signed: bool
    ends_webhook: bool
    limits: Limits

    def verify(self, request: Request) -> None:
        """Raises NotGenuine."""
        ...

    def parse(self, request: Request) -> list[Message | Receipt]:
        """Pure; [] for what is not for us. Raises Unreadable, with what can be read beside it."""
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
