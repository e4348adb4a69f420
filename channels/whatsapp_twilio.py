"""WhatsApp by Twilio: what twilio_channel.py does, with WhatsApp's addresses, its buttons and its 24 hours.

What comes in: https://www.twilio.com/docs/messaging/guides/webhook-request. Templates:
https://www.twilio.com/docs/content/send-templates-created-with-the-content-template-builder. Choices go out as numbered
texts, for a message with buttons would need a template of its own; a button of somebody's template may be pressed.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

from channels.choices import KEY
from channels.contract import Beside, Limits, Message, ProviderId, Refused, Reply, Unreadable, WindowClosed
from channels.twilio_channel import LONGEST, TwilioChannel
from channels.twilio_wire import WHATSAPP, Fields
from channels.whatsapp_wire import ADDRESS
from channels.wire import TIMEOUT

_BESIDE: tuple[tuple[str, Beside], ...] = (       # what a content type begins with, the first that fits
    ("image/webp", "sticker"), ("image/", "photo"), ("video/", "video"), ("audio/", "voice"),
    ("text/vcard", "contact"), ("text/x-vcard", "contact"), ("", "file"),
)
_LINK = re.compile(r"https?://\S+")


class TwilioWhatsApp(TwilioChannel):
    """`sender`: our number, without "whatsapp:". `template`: the ContentSid of the one for after 24 hours, whose only
    variable, 1, is a link."""

    name = "whatsapp"
    provider = "whatsapp"
    path = "/channels/whatsapp"
    prefix = WHATSAPP
    limits = Limits(length=LONGEST, unit="characters", window=24)

    def __init__(
        self, account_sid: str, auth_token: str, sender: str, template: str = "", *, public_url: str,
        base_url: str = "", timeout: float = TIMEOUT,
    ) -> None:
        super().__init__(account_sid, auth_token, sender, public_url=public_url, base_url=base_url, timeout=timeout)
        self._template = template

    def _sender(self, said: str) -> str | None:
        sender = super()._sender(said)
        if sender is not None and not ADDRESS.fullmatch(sender):
            raise Unreadable("From")
        return sender

    def _message(self, fields: Fields, sender: str) -> Message:
        """A place comes without media, and is something beside a text all the same."""
        message = super()._message(fields, sender)
        pressed = fields.get("ButtonPayload") or fields.get("ListId", "")
        if KEY.fullmatch(pressed):
            return replace(message, text=fields.get("ButtonText") or message.text, pressed=pressed)
        if "Latitude" in fields and "Longitude" in fields:
            return replace(message, media=1, beside="place")
        kind = fields.get("MediaContentType0", "").lower()
        beside = next(beside for begins, beside in _BESIDE if kind.startswith(begins))
        return replace(message, beside=beside) if message.media else message

    async def send(self, to: str, reply: Reply) -> ProviderId | None:
        if not ADDRESS.fullmatch(to):
            raise Refused("63024")
        if not reply.text.strip():
            raise Refused("21602")
        if reply.template and not self._template:
            raise WindowClosed("63016")
        return await super().send(to, reply)

    def _content(self, reply: Reply) -> dict[str, str]:
        if not reply.template:
            return super()._content(reply)
        return {"content_sid": self._template, "content_variables": json.dumps({"1": reply.text})}

    def _says(self, body: str, text: str) -> bool:
        """A template has words of its own around the link."""
        return body == text or (bool(_LINK.fullmatch(text)) and text in body)
