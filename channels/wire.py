"""One HTTP client of a channel: nothing is ever sent twice, and a failure says whether it may have been received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    InvalidURL,
)
from yarl import URL

from channels.contract import Request, TryLater, Uncertain

TIMEOUT = 15.0                  # seconds for all of a call
CONNECTING = 5.0                # seconds of them to be connected
LONGEST_WAIT = 3600.0           # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status. Header names in any case."""

    status: int
    headers: Mapping[str, str]
    text: str


class Wire:
    """One session, opened when first used; `timeout` in seconds."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._timeout = ClientTimeout(total=timeout, connect=min(CONNECTING, timeout))
        self._session: ClientSession | None = None

    async def call(
        self, method: str, url: URL, *, data: Mapping[str, str] | None = None, json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one request, with a form or a JSON body; redirects are not followed.

        Raises TryLater where nothing was sent, Uncertain where it may have been. Neither says what was sent.
        """
        try:
            sent = self._open().request(method, url, data=data, json=json, headers=headers, allow_redirects=False)
            async with sent as response:
                return Answer(response.status, response.headers, await response.text(errors="replace"))
        except InvalidURL:
            raise TryLater("no address") from None
        except (ClientError, TimeoutError, LookupError, OSError) as err:
            raise Uncertain(type(err).__name__) from None

    def _open(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(timeout=self._timeout, middlewares=(_once,))
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _once(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
    """aiohttp repeats a GET whose connection ends without an answer, and Kannel sends a text for each: what happens is
    said here, before the session could try again. The session's own words would name the address and its query."""
    try:
        return await send(request)
    except (ClientConnectorError, ConnectionTimeoutError) as err:
        raise TryLater(type(err).__name__) from None
    except (ClientError, TimeoutError, OSError) as err:
        raise Uncertain(type(err).__name__) from None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait (RFC 9110, 10.2.3: a number or a date), an hour at most; None if it does not
    say."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    seconds = (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(0.0, seconds), LONGEST_WAIT)


def query(request: Request) -> bytes:
    """The query of a request as received."""
    return request.target.partition("?")[2].encode("utf-8", "surrogateescape")


def path(request: Request) -> str:
    return request.target.partition("?")[0]
