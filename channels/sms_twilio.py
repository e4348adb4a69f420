"""SMS by Twilio: what twilio_channel.py does, and texts that it hands over in base64."""

from __future__ import annotations

from dataclasses import replace

from channels.contract import Limits, Message
from channels.twilio_channel import LONGEST, TwilioChannel
from channels.twilio_texts import text_of
from channels.twilio_wire import Fields


class TwilioSms(TwilioChannel):
    name = "sms"
    provider = "twilio"
    path = "/channels/sms"
    limits = Limits(length=LONGEST, unit="gsm")

    def _message(self, fields: Fields, sender: str) -> Message:
        message = super()._message(fields, sender)
        return replace(message, text=text_of(message.text))
