"""Facebook Messenger, for a page: signed webhooks in, one call of the Send API out.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks, subscribed to messages,
messaging_postbacks, message_echoes and message_deliveries; …/messenger-platform/reference/send-api. Whoever writes is
known by an id that is good for this page alone. After 24 hours nothing may be sent: there are no templates.

What a failed send means (meta_errors.py):
    nothing was sent              no connection, 401, 429, 502, 503, 504, a code that says wait        TryLater
    it will never be taken        any other code, no address, too long, no text                        Refused, …
    Meta may have it              500, no JSON, no answer in time, a connection that ends              Uncertain
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from channels import meta_wire
from channels.contract import (
    Beside,
    Limits,
    Message,
    NotAsked,
    ProviderId,
    Receipt,
    Refused,
    Reply,
    Request,
    Response,
    Uncertain,
    Unreadable,
    WindowClosed,
)
from channels.json_body import Object, object_in, text_in
from channels.meta_wire import (
    Found,
    Graph,
    Timed,
    check,
    each,
    entries,
    gathered,
    id_in,
    in_order,
    key_in,
    named,
    row_in,
    time_in,
)
from channels.wire import TIMEOUT

_PERSON = re.compile(r"[1-9][0-9]{0,31}")
_BESIDE: dict[str, Beside] = {
    "image": "photo", "video": "video", "reel": "video", "ig_reel": "video", "audio": "voice", "sticker": "sticker",
    "location": "place",                        # any other is a file
}


class Messenger:
    """`sender`: the page's id. `base_url`: a stand-in for the Graph API. `timeout`: seconds for a call. Without an app
    secret no request is genuine, without a verify token no handshake."""

    name = "messenger"
    provider = "messenger"
    path = "/channels/messenger"
    signed = True
    ends_webhook = False
    limits = Limits(length=2000, unit="utf16", buttons=13, button=20, window=24)

    def __init__(
        self, sender: str, token: str, app_secret: str, verify_token: str, *, base_url: str = "",
        timeout: float = TIMEOUT,
    ) -> None:
        self.sender = sender
        self._secret, self._verify_token = app_secret, verify_token
        self._graph = Graph(token, base_url, timeout)

    # ---- in

    def verify(self, request: Request) -> None:
        meta_wire.verify(request, self._secret, self._verify_token)

    def parse(self, request: Request) -> list[Message | Receipt]:
        """Other pages' events, and those while another app has the conversation ("standby"), are not for us."""
        ours = [entry for entry in entries(request, "page") if text_in(entry, "id") == self.sender]
        return in_order(one for entry in ours for one in self._entry(entry))

    def _entry(self, entry: Object) -> Iterator[Found]:
        at = {"timestamp": entry.get("time")}
        return gathered(entry, "messaging", lambda event: self._read(at | event))

    def _read(self, event: Object) -> Iterator[Timed]:
        """An event is one of many things, of which three are for us; read, reactions, edits and typing are not."""
        for name, read in (("message", self._message), ("postback", self._postback), ("delivery", self._delivery)):
            if name in event:
                if not isinstance(event[name], dict):
                    raise Unreadable(name)
                yield from read(event, object_in(event, name))

    def _message(self, event: Object, message: Object) -> Iterator[Timed]:
        if message.get("is_echo") is True:
            yield from self._echo(event, message)
        elif message.get("is_deleted") is not True:
            text, key = text_in(message, "text"), key_in(object_in(message, "quick_reply"), "payload")
            yield from self._written(event, message, text, key, _kinds(message))

    def _postback(self, event: Object, postback: Object) -> Iterator[Timed]:
        """A button of the menu, or of a message before there were quick replies."""
        yield from self._written(event, postback, text_in(postback, "title"), key_in(postback, "payload"), [])

    def _written(self, event: Object, said: Object, text: str, key: str, kinds: list[Beside]) -> Iterator[Timed]:
        sender = _id(event, "sender")
        if not self._is_for_us(event) or sender == self.sender or "user_ref" in object_in(event, "sender"):
            return                                          # who has only looked at a page has no address
        if not _PERSON.fullmatch(sender):
            raise Unreadable("sender")
        yield time_in(event), Message(
            provider_id=id_in(said, "mid"), account=self.sender, sender=sender, recipient=self.sender, text=text,
            media=len(kinds), beside=kinds[0] if kinds else None, pressed=key,
        )

    def _is_for_us(self, event: Object) -> bool:
        return _id(event, "recipient") == self.sender

    def _echo(self, event: Object, message: Object) -> Iterator[Timed]:
        """Everything that the page sends comes back; what we sent has our row with it."""
        ours = row_in(message, "metadata")
        if ours and _id(event, "sender") == self.sender:
            yield time_in(event), Receipt(*ours, "sent", id_in(message, "mid"))

    def _delivery(self, event: Object, delivery: Object) -> Iterator[Timed]:
        """The ids may be missing: then it says nothing that could be told of one message."""
        mids = delivery.get("mids", [])
        if not isinstance(mids, list):
            raise Unreadable("mids")
        for mid in cast(list[Any], mids) if self._is_for_us(event) else []:
            yield time_in(event), Receipt(None, None, "delivered", id_in({"mid": mid}, "mid"))

    def answer(self, request: Request) -> Response:
        return meta_wire.answer(request)

    # ---- out

    async def send(self, to: str, reply: Reply) -> ProviderId | None:
        """Meta's id of the message. Raises as the module says."""
        if not _PERSON.fullmatch(to):
            raise Refused("no address")
        if reply.template:
            raise WindowClosed("no templates")
        check(reply, self.limits)
        body = {"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": _message(reply)}
        said = await self._graph.post(f"{self.sender}/messages", body)
        try:
            return id_in(said, "message_id")
        except Unreadable:
            raise Uncertain("no id") from None

    async def taken(self, to: str, text: str, since: datetime) -> list[ProviderId]:
        raise NotAsked

    async def close(self) -> None:
        await self._graph.close()


def _id(event: Object, whose: str) -> str:
    return text_in(object_in(event, whose), "id")


def _kinds(message: Object) -> list[Beside]:
    """What is beside the text. A "fallback" is what Messenger shows of a link in it; without a text there is something
    that we cannot see, such as a poll."""
    found = [one for one in each(message, "attachments") if text_in(one, "type") != "fallback"]
    kinds: list[Beside] = [_kind(one) for one in found]
    return kinds or ([] if "text" in message else ["file"])


def _kind(attachment: Object) -> Beside:
    """A sticker is a picture with an id; the thumb is one."""
    if "sticker_id" in object_in(attachment, "payload"):
        return "sticker"
    return _BESIDE.get(text_in(attachment, "type"), "file")


def _message(reply: Reply) -> Object:
    replies = [{"content_type": "text", "title": option.label, "payload": option.key} for option in reply.options]
    asked: Object = {"quick_replies": replies} if replies else {}
    return {"text": reply.text, "metadata": named(reply)} | asked
