"""What SMS and WhatsApp by Twilio have in common: signed webhooks in, its own library out.

What a failed send means:
    nothing was sent                 no connection, 401, 429, a code that says wait             TryLater, TokenRefused
    it will never be taken           any other code, more than 1,600 characters                 Refused, OptedOut, …
    Twilio may have it               5xx, no JSON, no answer in time, a connection that ends    Uncertain
Facts and links: twilio_wire.py, twilio_errors.py.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, ClassVar, cast

from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from channels.contract import (
    ChannelError,
    Consent,
    Limits,
    Message,
    NotGenuine,
    ProviderId,
    Receipt,
    Refused,
    Reply,
    Request,
    Response,
    State,
    TryLater,
    Uncertain,
    Unreadable,
)
from channels.twilio_api import Api
from channels.twilio_errors import state_of
from channels.twilio_wire import SIGNATURE, Fields, read_form, signed
from channels.wire import TIMEOUT, path, query

LONGEST = 1600                              # characters; code 21617
LOOKED_AT = 200                             # messages to one number that are looked through for ours
CLOCKS = timedelta(seconds=2)               # by so much may Twilio's clock, in whole seconds, be behind ours
TRIAL = "Sent from your Twilio trial account - "
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,18}")        # what a column for whole numbers holds
_CODE = re.compile(r"[1-9][0-9]{4,5}")
_COUNT = re.compile(r"[0-9]{1,2}")
_CONSENT: dict[str, Consent] = {"STOP": "stop", "START": "start", "HELP": "help"}
# https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks; any other says nothing
_STATES: dict[str, State | None] = {
    "sent": "sent", "delivered": "delivered", "read": "delivered", "partially_delivered": "sent",
    "canceled": "permanent", "undelivered": None, "failed": None,               # None: as its code says
}


class TwilioChannel:
    """`sender`: a number, or a messaging service "MG…". `public_url`: where Twilio calls us. `base_url`: a stand-in for
    Twilio's API. `timeout`: seconds for a call. Without a token no request is genuine."""

    name: str
    provider: str
    path: str
    limits: Limits
    prefix: ClassVar[str] = ""              # what stands before an address of this channel, on the wire alone
    signed = True
    ends_webhook = False

    def __init__(
        self, account_sid: str, auth_token: str, sender: str, *, public_url: str, base_url: str = "",
        timeout: float = TIMEOUT,
    ) -> None:
        self.sender = sender.removeprefix(self.prefix)
        self._account, self._token = account_sid, auth_token
        self._callback = f"{public_url.rstrip('/')}{self.path}/status"
        service = self.sender.startswith("MG")
        self._from = {"messaging_service_sid": sender} if service else {"from_": self.prefix + self.sender}
        self._api = Api(base_url.rstrip("/"), timeout)
        # Its edge and region would come from the environment, where ours are the only settings.
        client = Client(account_sid, auth_token, http_client=self._api, environment={"TWILIO_EDGE": ""})
        self._messages = cast(Any, client).messages          # imports 10 MB: here, not in the first message's time

    # ---- in

    def verify(self, request: Request) -> None:
        """Twilio gives no time, so an old request is known by its id alone. Another account's request is not ours, even
        with our signature."""
        signature, fields = request.headers.get(SIGNATURE, ""), read_form(request.body)
        try:
            genuine = bool(self._token and signature) and self._proved(request, fields, signature)
        except ValueError:                                  # no address, or letters that no encoding has
            genuine = False
        if not genuine or fields.get("AccountSid", self._account) != self._account:
            raise NotGenuine

    def _proved(self, request: Request, fields: Fields, signature: str) -> bool:
        """A form is signed with its fields; any other body by its hash, which stands in the signed address."""
        if _is_form(request) or not request.body:
            return signed(self._token, request.url, fields, signature)
        told = read_form(query(request)).get("bodySHA256", "")
        same = compare_digest(sha256(request.body).hexdigest().encode(), told.encode())
        return signed(self._token, request.url, read_form(b""), signature) and same

    def parse(self, request: Request) -> list[Message | Receipt]:
        """Bodies that are no form, calls and conversations are other events: nothing for us. WhatsApp's statuses have
        an EventType too."""
        fields, status = read_form(request.body), self._is_status(request)
        if not _is_form(request) or "CallSid" in fields or ("EventType" in fields and not status):
            return []
        if not _ID.fullmatch(fields.get("MessageSid", "")):
            raise Unreadable("MessageSid")
        return _receipt(fields, read_form(query(request))) if status else self._read(fields)

    def _is_status(self, request: Request) -> bool:
        return path(request) == f"{self.path}/status"

    def _read(self, fields: Fields) -> list[Message | Receipt]:
        told = fields.get("MessageStatus") or fields.get("SmsStatus", "received")
        sender = self._sender(fields.get("From", ""))
        if sender in (None, self.sender) or told not in ("received", "receiving"):
            return []                                       # our own message, or where one of ours is
        return [self._message(fields, sender)]

    def _sender(self, said: str) -> str | None:
        """None for a sender of another channel. Raises Unreadable for none at all."""
        if not said or not said.isprintable():
            raise Unreadable("From")
        sender = said.removeprefix(self.prefix)
        return sender if said.startswith(self.prefix) and ":" not in sender else None

    def _message(self, fields: Fields, sender: str) -> Message:
        return Message(
            provider_id=fields["MessageSid"], account=self._account, sender=sender,
            recipient=fields.get("To", "").removeprefix(self.prefix), text=fields.get("Body", ""),
            media=_count(fields.get("NumMedia", "")), consent=_CONSENT.get(fields.get("OptOutType", "")),
        )

    def answer(self, request: Request) -> Response:
        """No message in the answer: what we say goes out by itself."""
        return Response(204) if self._is_status(request) else Response(200, "text/xml", EMPTY)

    # ---- out

    async def send(self, to: str, reply: Reply) -> ProviderId | None:
        """Raises as the module says; Twilio's own words name the number, so they stay out of every error."""
        if len(reply.text) > LONGEST:
            raise Refused("21617")
        callback = f"{self._callback}?row={reply.row}&attempt={reply.attempt}"
        try:
            taken = await self._messages.create_async(
                to=self.prefix + to, status_callback=callback, **self._from, **self._content(reply)
            )
        except UnicodeEncodeError:                          # half of a surrogate pair
            raise Refused("no UTF-8") from None
        if not isinstance(taken.sid, str):
            raise Uncertain("no sid")
        return taken.sid

    def _content(self, reply: Reply) -> dict[str, str]:
        return {"body": reply.text}

    async def taken(self, to: str, text: str, since: datetime) -> list[ProviderId]:
        """Not by DateSent: what still waits at Twilio has none."""
        asked = {"to": self.prefix + to, "limit": LOOKED_AT, "page_size": LOOKED_AT}
        try:
            found: list[MessageInstance] = await self._messages.list_async(**asked)
        except ChannelError as err:
            raise TryLater(err.code, after=err.after) from None
        except TwilioException:
            raise TryLater("no list") from None
        earliest = since - CLOCKS
        ours = [one for one in found if self._is_ours(one, text) and (one.date_created or earliest) >= earliest]
        return [str(one.sid) for one in reversed(ours)]     # Twilio's are newest first

    def _is_ours(self, one: MessageInstance, text: str) -> bool:
        service = self._from.get("messaging_service_sid")
        sent_by = one.messaging_service_sid if service else one.from_
        return (
            str(one.direction).startswith("outbound")
            and sent_by in (*self._from.values(), None)
            and self._says((one.body or "").removeprefix(TRIAL).strip(), text.strip())
        )

    def _says(self, body: str, text: str) -> bool:
        return body == text

    async def close(self) -> None:
        await self._api.close()


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded")


def _count(said: str) -> int:
    return int(said) if _COUNT.fullmatch(said) else 0


def _receipt(fields: Fields, ours: Fields) -> list[Message | Receipt]:
    """[] for a status that says nothing about where the message is, or an address that is not from us."""
    status, code = fields.get("MessageStatus", ""), fields.get("ErrorCode", "")
    row, attempt = ours.get("row", ""), ours.get("attempt", "")
    if status not in _STATES or not _NUMBER.fullmatch(row) or not _NUMBER.fullmatch(attempt):
        return []
    told = code if _CODE.fullmatch(code) else ""
    state = _STATES[status] or state_of(int(told or 0))
    return [Receipt(int(row), int(attempt), state, fields["MessageSid"], told)]
