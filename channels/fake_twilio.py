"""A stand-in for Twilio: signs, takes, lists and calls back as Twilio does, and fails by plan.

It is the provider of the demonstration's phone, of the benchmark and of the contract suite: SMS here, WhatsApp of the
same account in fake_twilio_whatsapp.py. It has no socket: whoever serves it acts its `Answer`s out.
https://www.twilio.com/docs/messaging/guides/webhook-request has the inbound form.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hmac import compare_digest
from urllib.parse import urlsplit
from uuid import uuid4

from multidict import MultiDict

from channels.contract import Consent, Request
from channels.fake import Answer, Plan, Planned
from channels.fake_twilio_forms import Text, created, error, failure, listing, matches, segments, templated
from channels.twilio_wire import API_VERSION, SIGNATURE, WHATSAPP, Fields, read_form, sign, write_form

# "undelivered:CODE", "failed:CODE": the message is taken, and ends so. "refused:CODE": never taken, 400 with the code.
FAULTS = ("429", "500", "html", "hang", "close")
_ENDS = r"(undelivered|failed|refused):[0-9]{5}"
_TO = re.compile(r"\+[1-9][0-9]{6,14}|whatsapp:(\+[1-9][0-9]{6,14}|[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128})")
_CONSENT: dict[str, Consent] = {                # the carriers' words: the whole text, in any case
    **dict.fromkeys(("stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"), "stop"),
    **dict.fromkeys(("start", "yes", "unstop"), "start"),
    **dict.fromkeys(("help", "info"), "help"),
}
_CONFIRMS: dict[Consent, str] = {
    "stop": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "start": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "help": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


class FakeTwilio:
    """`number`: our number or messaging service. `public_url`: where the webhooks are. `plan`: what goes wrong
    (channels/fake.py). `carrier_opt_out`: heeds and confirms STOP and START itself, as Twilio does by default."""

    def __init__(
        self, account_sid: str, auth_token: str, number: str, public_url: str, *, plan: Plan = (),
        carrier_opt_out: bool = False, now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account_sid, self.auth_token, self.number = account_sid, auth_token, number
        self.public_url = public_url.rstrip("/")
        self.carrier_opt_out, self.opted_out = carrier_opt_out, set[str]()
        self.senders = {number}                  # all that the account sends from, as on the wire
        self.texts: dict[str, Text] = {}         # by sid, oldest first, both ways
        self._now = now
        self._root = f"/{API_VERSION}/Accounts/{account_sid}"
        self.plan(plan)

    def plan(self, plan: Plan) -> None:
        """What goes wrong from now on."""
        self._planned = Planned(plan, FAULTS, _ENDS)

    # ---- what people write

    def inbound(self, sender: str, text: str, *, sid: str | None = None, media: int = 0, **more: str) -> Request:
        """The signed request that brings a text of `sender` to us. The same `sid` makes it a repeat."""
        text = text.encode("utf-8", "replace").decode()                 # half of a surrogate pair is a "?"
        fields = self._inbound_fields(sender, text, sid or new_sid("MM" if media else "SM"), media)
        self.keep(fields)
        consent = _CONSENT.get(text.strip().lower()) if self.carrier_opt_out else None
        if consent:
            self._heed(sender, consent)
            fields["OptOutType"] = consent.upper()
        return self.signed(f"{self.public_url}/channels/sms", fields | more)

    def keep(self, fields: dict[str, str]) -> None:
        """Holds a message that comes in, if it is none that it held."""
        sid, way = fields["MessageSid"], (fields["From"], fields["To"], fields["Body"])
        if sid not in self.texts:
            now = self._now()
            self.texts[sid] = Text(sid, *way, now, "inbound", "received", sent_at=now)

    def _inbound_fields(self, sender: str, text: str, sid: str, media: int) -> dict[str, str]:
        fields = {
            "ToCountry": "US", "ToState": "", "SmsMessageSid": sid, "NumMedia": str(media), "ToCity": "",
            "FromZip": "", "SmsSid": sid, "FromState": "", "SmsStatus": "received", "FromCity": "", "Body": text,
            "FromCountry": "VN", "To": self.number, "ToZip": "", "NumSegments": str(segments(text)),
            "MessageSid": sid, "AccountSid": self.account_sid, "From": sender, "ApiVersion": API_VERSION,
        }
        for place in range(media):
            fields[f"MediaContentType{place}"] = "image/jpeg"
            fields[f"MediaUrl{place}"] = self.media_url(sid)
        return fields

    def media_url(self, sid: str) -> str:
        return f"https://api.twilio.com{self._root}/Messages/{sid}/Media/{new_sid('ME')}"

    def _heed(self, sender: str, consent: Consent) -> None:
        if consent == "stop":
            self.opted_out.add(sender)
        elif consent == "start":
            self.opted_out.discard(sender)
        text = Text(new_sid("SM"), self.number, sender, _CONFIRMS[consent], self._now(), "outbound-reply", "delivered")
        self.texts[text.sid] = text

    # ---- what we send

    def create(self, path: str, authorization: str, body: bytes) -> Answer:
        """POST …/Messages.json. Raises ValueError for a plan with a word that is none of the faults."""
        fields = read_form(body)
        wrong = self._denied(path, authorization) or self._wrong(fields)
        return wrong or self._by_plan(fields, self._planned.word(dict(fields)))

    def _by_plan(self, fields: Fields, word: str) -> Answer:
        kind, _, code = word.partition(":")
        if kind == "refused":
            return error(400, int(code))
        if kind in FAULTS:
            return failure(kind)
        text = self._take(fields, word if code else "delivered")
        lost = kind.removeprefix("accepted_then_")
        return failure(lost) if lost in FAULTS else created(self._root, text)

    def _wrong(self, fields: Fields) -> Answer | None:
        sender, to = fields.get("From", ""), fields.get("To", "")
        ours = self.senders & {sender, fields.get("MessagingServiceSid")}
        faults = {
            21211: not _TO.fullmatch(to),
            21910: bool(sender) and sender.startswith(WHATSAPP) != to.startswith(WHATSAPP),
            21606: not ours,
            21602: not fields.get("Body") and not fields.get("ContentSid"),
            21617: len(fields.get("Body", "")) > 1600,
            21610: to in self.opted_out,
        }
        return next((error(400, code) for code, there in faults.items() if there), None)

    def _take(self, fields: Fields, ends: str) -> Text:
        text = Text(
            new_sid("SM"), fields.get("From", ""), fields["To"], fields.get("Body") or templated(fields), self._now(),
            service=fields.get("MessagingServiceSid"), callback=fields.get("StatusCallback", ""), ends=ends,
            template=fields.get("ContentSid", ""),
        )
        self.texts[text.sid] = text
        return text

    # ---- what we ask

    def listed(self, path_with_query: str, authorization: str) -> Answer:
        """GET …/Messages.json?To=&From=&DateSent=&PageSize=&Page=: both ways, newest first."""
        path, _, query = path_with_query.partition("?")
        asked = read_form(query.encode())
        found = [text for text in reversed(self.texts.values()) if matches(text, asked)]
        return self._denied(path, authorization) or listing(self._root, found, asked)

    def messages_to(self, number: str) -> list[Text]:
        """All that was taken for `number`, oldest first: what stands on its phone, or would."""
        return [text for text in self.texts.values() if text.recipient == number]

    # ---- what it tells

    def callbacks(self, sid: str) -> list[Request]:
        """The signed status callbacks of a message, in order; it then stands where the last one says. [] where we asked
        for none."""
        text = self.texts[sid]
        last, _, code = text.ends.partition(":")
        text.status, text.code, text.sent_at = last, int(code) if code else None, self._now()
        steps = ["queued", last] if last == "failed" else ["queued", "sent", last]
        return [self._status(text, step, code if step == last else "") for step in steps] if text.callback else []

    def _status(self, text: Text, status: str, code: str) -> Request:
        fields = {
            "SmsSid": text.sid, "SmsStatus": status, "MessageStatus": status, "To": text.recipient,
            "MessageSid": text.sid, "AccountSid": self.account_sid, "From": text.sender, "ApiVersion": API_VERSION,
        }
        if text.recipient.startswith(WHATSAPP):
            fields |= {"ChannelPrefix": "whatsapp", "ChannelToAddress": text.recipient.removeprefix(WHATSAPP)}
            fields |= {"EventType": status.upper()} if status in ("delivered", "undelivered", "read") else {}
        return self.signed(text.callback, fields | ({"ErrorCode": code} if code else {}))

    # ---- proofs, both ways

    def signed(self, url: str, fields: dict[str, str]) -> Request:
        """The request that brings these fields to an address."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        form = MultiDict(fields)
        headers = {
            "content-type": "application/x-www-form-urlencoded; charset=UTF-8", "accept": "*/*",
            "user-agent": "TwilioProxy/1.1", "i-twilio-idempotency-token": str(uuid4()),
            SIGNATURE: sign(self.auth_token, url, form),
        }
        return Request("POST", target, headers, write_form(form), f"{parts.scheme}://{parts.netloc}")

    def _denied(self, path: str, authorization: str) -> Answer | None:
        ours = "Basic " + b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        if not compare_digest(ours.encode(), authorization.encode("utf-8", "replace")):
            return error(401, 20003)
        return None if path == f"{self._root}/Messages.json" else error(404, 20404)


def new_sid(kind: str) -> str:
    return kind + uuid4().hex
