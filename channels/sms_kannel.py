"""SMS by Kannel, which speaks to local operators: its "get-url" in, its "sendsms" out (Kannel 1.4.5).

https://www.kannel.org/download/kannel-userguide-snapshot/userguide.html. Its group sms-service needs max-messages=0
(else an empty answer of ours goes to the citizen as a text of Kannel's own), its smsbox mo-recode=true; get-url is
    …/channels/sms-kannel?secret=…&from=%p&to=%P&text=%b&cs=%C&coding=%c&id=%I&ts=%T&smsc=%i&udh=%u

What a failed send means:
    nothing was sent            no connection, 503, wrong address                          TryLater
    …                           wrong user or password                                     TokenRefused
    it will never be taken      400, any other 403, no number, too long, no text           Refused
    Kannel may have it          any other answer, none in time, a connection that ends     Uncertain
"""

from __future__ import annotations

import hmac
import logging
import re
from datetime import datetime
from typing import NoReturn
from urllib.parse import quote, unquote_to_bytes, urlencode, urlsplit

from yarl import URL

from channels.contract import (
    Limits,
    Message,
    NotAsked,
    NotGenuine,
    ProviderId,
    Receipt,
    Refused,
    Reply,
    Request,
    Response,
    State,
    TokenRefused,
    TryLater,
    Uncertain,
    Unreadable,
)
from channels.wire import TIMEOUT, Answer, Wire, path, query, retry_after
from text.phone import normalise
from text.sms import count

log = logging.getLogger(__name__)

MOST_PARTS = 10                         # max-messages of the sendsms-user; Kannel cuts what is over that, silently
MINUTE = 60.0
ALL_RECEIPTS = "31"                     # dlr-mask: 1 delivered, 2 failed, 4 queued, 8 accepted by the SMSC, 16 rejected
_STATES: dict[str, State] = {"1": "delivered", "2": "permanent", "4": "sent", "8": "sent", "16": "permanent"}
_CHARSETS = {"utf-16be": "utf-16-be", "iso-8859-1": "iso-8859-1", "windows-1252": "cp1252", "us-ascii": "ascii"}
_TAKEN = re.compile(r"[03]:")           # "0: Accepted for delivery", "3: Queued for later delivery"
_TO = re.compile(r"\+?[0-9]{3,15}")     # a space between two numbers would send to both
_NUMBER = re.compile(r"[0-9]{1,18}")
# The operator's words (%A): of a refusal "NACK/0x0000000b/…", of a receipt "… stat:UNDELIV err:027 text:…" (SMPP 3.4).
_REASON = re.compile(r"NACK/(0x[0-9a-f]{8})|.*?\bstat:(\w{1,9}) err:(\w{1,9})", re.ASCII | re.DOTALL)
_GAVE_UP = "NACK/Retries Exceeded"      # the operator took no more for as long as Kannel tried
_BINARY = "1"


class KannelSms:
    """`url`: of sendsms, or of its host alone. `sender`: our number. `secret`: what its get-url names; without one no
    request is genuine. `public_url`: where Kannel calls us. `timeout`: seconds for a call."""

    name = "sms"
    provider = "kannel"
    path = "/channels/sms-kannel"
    signed = False
    ends_webhook = False
    limits = Limits(length=MOST_PARTS * 153, unit="gsm")

    def __init__(
        self, url: str, username: str, password: str, sender: str, secret: str, *, public_url: str,
        timeout: float = TIMEOUT,
    ) -> None:
        self.sender = sender
        self._url = url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/cgi-bin/sendsms"
        self._user = {"username": username, "password": password}
        self._secret = secret
        self._callback = f"{public_url.rstrip('/')}{self.path}/status"
        self._wire = Wire(timeout)
        self._told = False

    # ---- in

    def verify(self, request: Request) -> None:
        """By the secret; a receipt's address carries a MAC of row and attempt instead, for operators' logs hold it."""
        said = _pairs(request)
        if self._is_status(request):
            shown, right = said.get("mac", b""), self._mac(_ascii(said, "row"), _ascii(said, "attempt")).encode()
        else:
            shown, right = said.get("secret", b""), self._secret.encode()
        if not self._secret or not hmac.compare_digest(shown, right):
            raise NotGenuine

    def _mac(self, row: str, attempt: str) -> str:
        return hmac.new(self._secret.encode(), f"{row}.{attempt}".encode(), "sha256").hexdigest()[:32]

    def parse(self, request: Request) -> list[Message | Receipt]:
        said = _pairs(request)
        return _receipt(said) if self._is_status(request) else [_message(said)]

    def _is_status(self, request: Request) -> bool:
        return path(request) == f"{self.path}/status"

    def answer(self, request: Request) -> Response:
        return Response()

    # ---- out

    async def send(self, to: str, reply: Reply) -> ProviderId | None:
        """Always None: Kannel gives no id, and the receipt's address names the row. Raises as the module says."""
        _check(to, reply.text)
        answer = await self._wire.call("GET", URL(f"{self._url}?{self._query(to, reply)}", encoded=True))
        if answer.status != 202 or not _TAKEN.match(answer.text):
            self._refused(answer)
        self._told = False
        return None

    def _query(self, to: str, reply: Reply) -> str:
        row, attempt = str(reply.row), str(reply.attempt)
        callback = f"{self._callback}?row={row}&attempt={attempt}&type=%d&answer=%A&mac={self._mac(row, attempt)}"
        coding = "0" if count(reply.text).encoding == "GSM-7" else "2"
        return urlencode(self._user | {
            "from": self.sender, "to": to, "text": reply.text, "coding": coding, "charset": "UTF-8",
            "dlr-mask": ALL_RECEIPTS, "dlr-url": callback,
        }, quote_via=quote)

    def _refused(self, answer: Answer) -> NoReturn:
        code = str(answer.status)
        if answer.status in (429, 503):
            raise TryLater(code, after=retry_after(answer.headers))
        denied = answer.status == 401 or (answer.status == 403 and "uthorization" in answer.text)
        if denied or answer.status == 404:
            self._tell(code)
            raise (TokenRefused if denied else TryLater)(code, after=MINUTE)
        raise Refused(code) if answer.status in (400, 403) else Uncertain(code)

    def _tell(self, code: str) -> None:
        if not self._told:
            log.error("Kannel refuses with %s: its address, user or password is wrong", code)
        self._told = True

    async def taken(self, to: str, text: str, since: datetime) -> list[ProviderId]:
        raise NotAsked

    async def close(self) -> None:
        await self._wire.close()


def _check(to: str, text: str) -> None:
    """Raises Refused for what Kannel would send otherwise than meant, or to others: it sends an empty text too."""
    if not _TO.fullmatch(to):
        raise Refused("no number")
    if not 0 < count(text).segments <= MOST_PARTS:
        raise Refused("length")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Refused("no UTF-8")


def _pairs(request: Request) -> dict[str, bytes]:
    """The query's fields as bytes, for the charset of the text is a field itself; of a repeated name the first."""
    said: dict[str, bytes] = {}
    for part in query(request).split(b"&"):
        name, _, value = part.partition(b"=")
        said.setdefault(name.decode("ascii", "replace"), unquote_to_bytes(value.replace(b"+", b" ")))
    return said


def _ascii(said: dict[str, bytes], name: str) -> str:
    return said.get(name, b"").decode("ascii", "replace")


def _text(said: dict[str, bytes], name: str) -> str:
    return said.get(name, b"").decode("utf-8", "replace")


def _message(said: dict[str, bytes]) -> Message:
    """`coding` 1 is data, such as a contact card: an attachment. `id` is the same on Kannel's repeats. Operators write
    one number as 84912…, +84912… or 0912…: the address is E.164, so that it is the same person at every provider."""
    sender, id_, to = _text(said, "from"), _ascii(said, "id"), _text(said, "to")
    if not sender or not sender.isprintable():
        raise Unreadable("from")
    if not id_ or not id_.isprintable():
        raise Unreadable("id")
    binary = _ascii(said, "coding") == _BINARY
    charset = _CHARSETS.get(_ascii(said, "cs").lower(), "utf-8")
    text = "" if binary else said.get("text", b"").decode(charset, "replace")
    return Message(
        provider_id=id_, account=to, sender=normalise(sender) or sender, recipient=to, text=text, media=int(binary)
    )


def _receipt(said: dict[str, bytes]) -> list[Message | Receipt]:
    """[] for a kind that is not known, or an address that is not from us."""
    row, attempt, kind, answer = (_ascii(said, name) for name in ("row", "attempt", "type", "answer"))
    if kind not in _STATES or not _NUMBER.fullmatch(row) or not _NUMBER.fullmatch(attempt):
        return []
    state = "temporary" if answer.startswith(_GAVE_UP) else _STATES[kind]
    code = "" if state in ("sent", "delivered") else _reason(answer) or kind
    return [Receipt(int(row), int(attempt), state, None, code)]


def _reason(answer: str) -> str:
    found = _REASON.match(answer)
    return "/".join(part for part in found.groups() if part) if found else ""
