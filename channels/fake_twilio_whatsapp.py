"""WhatsApp of the stand-in for Twilio: one more sender of its account, with people's addresses as citizens know them.

The names and their order are those of Twilio's own requests; who shows no number has an ExternalUserId instead.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from channels.contract import Beside, Request
from channels.fake import Plan
from channels.fake_twilio import FakeTwilio, new_sid
from channels.fake_twilio_forms import Text
from channels.twilio_wire import API_VERSION, WHATSAPP

WINDOW = timedelta(hours=24)
_MEDIA: dict[Beside, tuple[str, str]] = {       # Twilio's MessageType, and the content type
    "photo": ("image", "image/jpeg"), "video": ("video", "video/mp4"), "voice": ("audio", "audio/ogg"),
    "sticker": ("sticker", "image/webp"), "contact": ("contacts", "text/vcard"),
    "file": ("document", "application/pdf"),
}


class FakeTwilioWhatsApp:
    """`number`: ours, without "whatsapp:". `twilio` takes, lists, calls back and fails by its plan."""

    def __init__(self, twilio: FakeTwilio, number: str) -> None:
        self.twilio, self.number = twilio, number
        twilio.senders.add(WHATSAPP + number)

    @property
    def texts(self) -> dict[str, Text]:
        """By sid, oldest first, both ways."""
        both = self.twilio.texts.items()
        return {sid: _seen(text) for sid, text in both if WHATSAPP in text.sender + text.recipient}

    def plan(self, plan: Plan) -> None:
        self.twilio.plan(plan)

    # ---- what people write

    def inbound(self, sender: str, text: str, *, sid: str | None = None) -> Request:
        """The signed request that brings a text of `sender` to us. The same `sid` makes it a repeat."""
        return self._brought(sender, text, "text", {}, sid)

    def pressed(self, sender: str, key: str, label: str, *, sid: str | None = None) -> Request:
        """A button of a template."""
        return self._brought(sender, label, "button", {"ButtonText": label, "ButtonPayload": key}, sid)

    def beside(self, sender: str, kind: Beside, text: str = "", *, sid: str | None = None) -> Request:
        """Something else than a text, which `text` is the caption of."""
        if kind == "place":
            return self._brought(sender, text, "location", {"Latitude": "21.028511", "Longitude": "105.804817"}, sid)
        type_, content = _MEDIA[kind]
        sid = sid or new_sid("MM")
        media = {"MediaContentType0": content, "NumMedia": "1", "MediaUrl0": self.twilio.media_url(sid)}
        return self._brought(sender, text, type_, media, sid)

    def _brought(self, sender: str, text: str, kind: str, more: dict[str, str], sid: str | None) -> Request:
        text = text.encode("utf-8", "replace").decode()                 # half of a surrogate pair is a "?"
        sid = sid or new_sid("SM")
        who = {"WaId": sender[1:]} if sender.startswith("+") else {"ExternalUserId": sender}
        fields = {
            "SmsMessageSid": sid, "NumMedia": "0", "ProfileName": "Nguyễn Văn A", "MessageType": kind, "SmsSid": sid,
            **who, "SmsStatus": "received", "Body": text, "To": WHATSAPP + self.number, "NumSegments": "1",
            "ReferralNumMedia": "0", "MessageSid": sid, "AccountSid": self.twilio.account_sid,
            "From": WHATSAPP + sender, "ApiVersion": API_VERSION,
        }
        fields |= more
        self.twilio.keep(fields)
        return self.twilio.signed(f"{self.twilio.public_url}/channels/whatsapp", fields)

    # ---- what we send

    def messages_to(self, address: str) -> list[Text]:
        """All that was taken for `address`, oldest first."""
        return [_seen(text) for text in self.twilio.messages_to(WHATSAPP + address)]

    def callbacks(self, sid: str) -> list[Request]:
        """The signed status callbacks of a message. Where its recipient has not written for 24 hours, and it is no
        template, it fails; who has never written to the stand-in is let through."""
        text = self.twilio.texts[sid]
        written = [one.at for one in self.twilio.texts.values() if one.sender == text.recipient and one.at <= text.at]
        if written and text.at - written[-1] > WINDOW and not text.template:
            text.ends = "failed:63016"
        return self.twilio.callbacks(sid)


def _seen(text: Text) -> Text:
    return replace(
        text, sender=text.sender.removeprefix(WHATSAPP), recipient=text.recipient.removeprefix(WHATSAPP)
    )
