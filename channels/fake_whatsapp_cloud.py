"""A stand-in for WhatsApp's Cloud API: writes webhooks, takes messages, tells their states, and fails by plan.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages has the form.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from channels.contract import Beside, Request
from channels.fake import Plan, Text
from channels.fake_meta import FakeMeta, utc, whole
from channels.json_body import Object, object_in, text_in
from channels.meta_wire import each

_FILES = {"photo": "image", "video": "video", "voice": "audio", "sticker": "sticker", "file": "document"}
_MIME = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg", "sticker": "image/webp"}


class FakeWhatsAppCloud(FakeMeta):
    """`number`: ours, whose id is `phone_number_id`. Who writes is a number, or a user id "VN.1349…" without one."""

    busy = 130429

    def __init__(
        self, phone_number_id: str, number: str, token: str, app_secret: str, public_url: str, *,
        verify_token: str = "", plan: Plan = (), now: Callable[[], datetime] = utc,
    ) -> None:
        super().__init__(
            phone_number_id, number, token, app_secret, public_url, "/channels/whatsapp-cloud",
            verify_token=verify_token, plan=plan, now=now,
        )

    # ---- what people write

    def inbound(self, sender: str, text: str, *, sid: str | None = None) -> Request:
        """The signed request that brings a text of `sender` to us. The same `sid` makes it a repeat."""
        return self._written(sender, whole(text), {"text": {"body": whole(text)}, "type": "text"}, sid)

    def pressed(self, sender: str, key: str, label: str, *, sid: str | None = None) -> Request:
        """A button, or a line of a list where what we sent them last was one."""
        listed = next((bool(kept.opener) for kept in reversed(self.messages_to(sender)) if kept.options), False)
        kind = "list_reply" if listed else "button_reply"
        said = {"type": kind, kind: {"id": key, "title": whole(label)}}
        return self._written(sender, whole(label), {"interactive": said, "type": "interactive"}, sid)

    def beside(self, sender: str, kind: Beside, text: str = "", *, sid: str | None = None) -> Request:
        """What has no words, or these below it."""
        return self._written(sender, whole(text), _beside(kind, whole(text)), sid)

    def _written(self, sender: str, text: str, content: Object, sid: str | None) -> Request:
        sid = sid or _wamid()
        self.wrote(sender, text, sid)
        numbered = sender.startswith("+")
        user = _user(sender) if numbered else sender
        contact = {"profile": {"name": "Công dân"}} | ({"wa_id": sender[1:]} if numbered else {}) | {"user_id": user}
        told = ({"from": sender[1:]} if numbered else {}) | {
            "from_user_id": user, "id": sid, "timestamp": self._time(),
        }
        return self._webhook({"contacts": [contact], "messages": [told | content]})

    def _webhook(self, value: Object) -> Request:
        number = {"display_phone_number": re.sub("[^0-9]", "", self.number), "phone_number_id": self.account}
        change = {"value": {"messaging_product": "whatsapp", "metadata": number} | value, "field": "messages"}
        entry = {"id": "102290129340398", "changes": [change]}
        return self.signed({"object": "whatsapp_business_account", "entry": [entry]})

    def _time(self) -> str:
        return str(int(self._now().timestamp()))

    # ---- what we send

    def wrong(self, said: Object) -> tuple[int, int]:
        interactive, template = object_in(said, "interactive"), object_in(said, "template")
        text = text_in(object_in(said, "text"), "body") or text_in(object_in(interactive, "body"), "text")
        faults = {
            131008: said.get("messaging_product") != "whatsapp" or not (_to(said) and (text or template)),
            100: len(text) > (1024 if interactive else 4096),
            131009: bool(interactive) and not _fits(interactive),
        }
        return next((code for code, there in faults.items() if there), 0), 0

    def take(self, said: Object, ends: str) -> Text:
        interactive, template = object_in(said, "interactive"), object_in(said, "template")
        text = text_in(object_in(said, "text"), "body") or text_in(object_in(interactive, "body"), "text")
        if template:
            text = text_in(each(each(template, "components")[0], "parameters")[0], "text")
        return Text(
            _wamid(), self.number, _to(said), text, self._now(), _options(interactive),
            text_in(object_in(interactive, "action"), "button"), text_in(template, "name"),
            text_in(said, "biz_opaque_callback_data"), ends,
        )

    def says(self, kept: Text) -> Object:
        numbered = kept.recipient.startswith("+")
        whom = {"wa_id": kept.recipient[1:]} if numbered else {"user_id": kept.recipient}
        return {
            "messaging_product": "whatsapp", "contacts": [{"input": kept.recipient} | whom],
            "messages": [{"id": kept.sid} | ({"message_status": "accepted"} if kept.template else {})],
        }

    # ---- what it tells

    def callbacks(self, sid: str) -> list[Request]:
        """The signed requests that tell the states of a message, in order."""
        last, _, code = self.texts[sid].ends.partition(":")
        steps = ["failed"] if last == "failed" else ["sent", last]
        return [self._webhook({"statuses": [self._status(self.texts[sid], step, code)]}) for step in steps]

    def _status(self, kept: Text, status: str, code: str) -> Object:
        numbered = kept.recipient.startswith("+")
        told = {"id": kept.sid, "status": status, "timestamp": self._time()}
        told |= {"recipient_id": kept.recipient[1:]} if numbered else {"recipient_user_id": kept.recipient}
        told |= {"biz_opaque_callback_data": kept.named} if kept.named else {}
        return told | ({"errors": [{"code": int(code), "title": f"Error {code}"}]} if code else {})


def _to(said: Object) -> str:
    """As it is written on the phone; Meta takes numbers with and without a plus."""
    to = text_in(said, "to").lstrip("+")
    return f"+{to}" if re.fullmatch("[1-9][0-9]{4,14}", to) else text_in(said, "recipient")


def _options(interactive: Object) -> tuple[tuple[str, str], ...]:
    action = object_in(interactive, "action")
    rows = [row for section in each(action, "sections") for row in each(section, "rows")]
    rows += [object_in(button, "reply") for button in each(action, "buttons")]
    return tuple((text_in(row, "id"), text_in(row, "title")) for row in rows)


def _fits(interactive: Object) -> bool:
    listed, options = interactive.get("type") == "list", _options(interactive)
    most, longest = (10, 24) if listed else (3, 20)
    return 0 < len(options) <= most and all(key and 0 < len(label) <= longest for key, label in options)


def _beside(kind: Beside, text: str) -> Object:
    if kind == "place":
        return {"location": {"latitude": 16.0678, "longitude": 108.2208}, "type": "location"}
    if kind == "contact":
        phones = [{"phone": "+84900000009", "type": "CELL", "wa_id": "84900000009"}]
        return {"contacts": [{"name": {"formatted_name": "Tổ dân phố"}, "phones": phones}], "type": "contacts"}
    type_ = _FILES[kind]
    told = {"mime_type": _MIME.get(type_, "application/pdf"), "sha256": "oLCdIPT/Jme9wfIzJkc0", "id": "1003383421387"}
    return {type_: ({"caption": text} if text else {}) | told, "type": type_}


def _user(number: str) -> str:
    """A user id that is always the same for a number, and does not tell it."""
    return f"VN.{int(sha256(number.encode()).hexdigest()[:15], 16)}"


def _wamid() -> str:
    return "wamid." + b64encode(b"\x1d\x02\x11\x18\x12" + uuid4().hex.encode()[:24]).decode()
