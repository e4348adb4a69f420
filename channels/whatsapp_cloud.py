"""WhatsApp by Meta's own Cloud API: signed webhooks in, one call of the Graph API out.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages, and
…/whatsapp/business-scoped-user-ids: who has a user name may write without a number, as "VN.1349…". Meta keeps what we
do not take for up to seven days, gathers it and does not keep its order.

What a failed send means (meta_errors.py):
    nothing was sent              no connection, 401, 429, 502, 503, 504, a code that says wait        TryLater
    it will never be taken        any other code, no address, too long, no text                        Refused, …
    Meta may have it              500, no JSON, no answer in time, a connection that ends              Uncertain
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

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
    State,
    Uncertain,
    Unreadable,
    WindowClosed,
)
from channels.json_body import Object, number_in, object_in, text_in
from channels.meta_errors import fault, state_of
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
from channels.whatsapp_wire import ADDRESS, NUMBER, USER
from channels.wire import TIMEOUT

# "unsupported": what the API does not pass on, such as a poll or a picture to be seen once.
_BESIDE: dict[str, Beside] = {
    "image": "photo", "video": "video", "audio": "voice", "voice": "voice", "sticker": "sticker", "document": "file",
    "location": "place", "contacts": "contact", "unsupported": "file",
}
_CHANGES = ("edit", "revoke", "reaction")       # of a message, which the API may tell as "unsupported"
# https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status
_STATES: dict[str, State | None] = {
    "sent": "sent", "delivered": "delivered", "read": "delivered", "played": "delivered",
    "failed": None,                             # as its code says
}


class WhatsAppCloud:
    """`phone_number_id`: Meta's for our number `sender`. `template`: the name of the one for after 24 hours; its body's
    only variable is a link. `base_url`: a stand-in for the Graph API. `timeout`: seconds for a call. Without an app
    secret no request is genuine, without a verify token no handshake."""

    name = "whatsapp"
    provider = "whatsapp-cloud"
    path = "/channels/whatsapp-cloud"
    signed = True
    ends_webhook = False
    limits = Limits(length=4096, unit="utf16", asking=1024, buttons=3, button=20, rows=10, row=24, window=24)

    def __init__(
        self, phone_number_id: str, sender: str, token: str, app_secret: str, verify_token: str, *, template: str = "",
        base_url: str = "", timeout: float = TIMEOUT,
    ) -> None:
        self.sender = sender
        self._account, self._own = phone_number_id, re.sub(r"[^0-9]", "", sender)
        self._secret, self._verify_token = app_secret, verify_token
        self._template = template
        self._graph = Graph(token, base_url, timeout)

    # ---- in

    def verify(self, request: Request) -> None:
        meta_wire.verify(request, self._secret, self._verify_token)

    def parse(self, request: Request) -> list[Message | Receipt]:
        """Other fields (templates, the account, what was written in WhatsApp's own app) and numbers are not for us."""
        ours = entries(request, "whatsapp_business_account")
        return in_order(one for entry in ours for one in gathered(entry, "changes", self._change))

    def _change(self, change: Object) -> Iterator[Found]:
        value = object_in(change, "value")
        ours = text_in(object_in(value, "metadata"), "phone_number_id") == self._account
        if ours and text_in(change, "field") == "messages":
            yield from gathered(value, "messages", lambda one: self._message(one, each(value, "contacts")))
            yield from gathered(value, "statuses", _receipt)

    def _message(self, message: Object, contacts: list[Object]) -> Iterator[Timed]:
        """Nothing for a group, for what changes another message, and for what WhatsApp itself tells in a chat."""
        kind = text_in(message, "type")
        if not kind:
            raise Unreadable("type")
        content = _content(kind, message)
        if content is None or "group_id" in message:
            return
        text, beside, pressed = content
        sender = _sender(message, contacts)
        if sender == f"+{self._own}":
            return
        yield time_in(message), Message(
            provider_id=id_in(message, "id"), account=self._account, sender=sender, recipient=self.sender, text=text,
            media=int(beside is not None), beside=beside, pressed=pressed,
        )

    def answer(self, request: Request) -> Response:
        return meta_wire.answer(request)

    # ---- out

    async def send(self, to: str, reply: Reply) -> ProviderId | None:
        """Meta's id of the message. Raises as the module says."""
        if not ADDRESS.fullmatch(to):
            raise Refused("no address")
        check(reply, self.limits)
        body = self._templated(reply) if reply.template else _written(reply)
        whom = {"to" if to.startswith("+") else "recipient": to}
        common = {"messaging_product": "whatsapp", "recipient_type": "individual"} | whom
        tracked = {"biz_opaque_callback_data": named(reply)}
        said = await self._graph.post(f"{self._account}/messages", common | body | tracked)
        try:
            return id_in(each(said, "messages")[0], "id")
        except (Unreadable, IndexError):
            raise Uncertain("no id") from None

    def _templated(self, reply: Reply) -> Object:
        """Raises WindowClosed without a template of ours, or a language to choose it by."""
        if not self._template or not reply.language:
            raise WindowClosed("no template")
        parameters = [{"type": "text", "text": reply.text}]
        return {"type": "template", "template": {
            "name": self._template, "language": {"code": reply.language},
            "components": [{"type": "body", "parameters": parameters}],
        }}

    async def taken(self, to: str, text: str, since: datetime) -> list[ProviderId]:
        raise NotAsked

    async def close(self) -> None:
        await self._graph.close()


def _sender(message: Object, contacts: list[Object]) -> str:
    """The number where Meta tells it, so that a conversation goes on at every provider; else the user id. Where the
    message names nobody, its one contact wrote it. Raises Unreadable."""
    told = [text_in(message, "from"), text_in(message, "from_user_id")]
    if len(contacts) == 1:
        told += [text_in(contacts[0], "wa_id"), text_in(contacts[0], "user_id")]
    for one in told:
        if NUMBER.fullmatch(one):
            return f"+{one}"
        if USER.fullmatch(one):
            return one
    raise Unreadable("from")


def _content(kind: str, message: Object) -> tuple[str, Beside | None, str] | None:
    """Text, what is beside it, and the key that was pressed; None for what says nothing."""
    said = object_in(message, kind)
    if kind == "text":
        if not isinstance(said.get("body"), str):
            raise Unreadable("text")
        return text_in(said, "body"), None, ""
    if kind == "button":                        # of a template
        return text_in(said, "text"), None, key_in(said, "payload")
    if kind == "interactive":
        reply = object_in(said, text_in(said, "type"))
        return (text_in(reply, "title"), None, key_in(reply, "id")) if "title" in reply else None
    if kind == "unsupported" and text_in(said, "type") in _CHANGES:
        return None
    return (text_in(said, "caption"), _BESIDE[kind], "") if kind in _BESIDE else None


def _receipt(status: Object) -> Iterator[Timed]:
    """Nothing for a state that says nothing, and for what somebody else sent through our number."""
    told, id_, ours = text_in(status, "status"), id_in(status, "id"), row_in(status, "biz_opaque_callback_data")
    if not told:
        raise Unreadable("status")
    if told not in _STATES or (not ours and "biz_opaque_callback_data" in status):
        return
    codes = [number_in(error, "code") for error in each(status, "errors")]
    code = next((code for code in codes if code is not None), None) if told == "failed" else None
    state = _STATES[told] or ("permanent" if code is None else state_of(code))
    row, attempt = ours or (None, None)
    yield time_in(status), Receipt(row, attempt, state, id_, "" if code is None else fault(code).name)


def _written(reply: Reply) -> Object:
    """A text, buttons, or a list behind `opener`."""
    if not reply.options:
        return {"type": "text", "text": {"body": reply.text, "preview_url": False}}
    if reply.opener:
        rows = [{"id": option.key, "title": option.label} for option in reply.options]
        asked = {"type": "list", "action": {"button": reply.opener, "sections": [{"rows": rows}]}}
    else:
        replies = [{"id": option.key, "title": option.label} for option in reply.options]
        asked = {"type": "button", "action": {"buttons": [{"type": "reply", "reply": one} for one in replies]}}
    return {"type": "interactive", "interactive": asked | {"body": {"text": reply.text}}}
