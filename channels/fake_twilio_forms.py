"""What the stand-in for Twilio holds and how it says it: messages, pages, errors, in Twilio's JSON.

https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/usage/twilios-response
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Literal
from urllib.parse import urlencode

from channels.fake import Answer, acted
from channels.twilio_wire import API_VERSION, Fields
from text.sms import count

TEMPLATE = "Bộ phận Một cửa có câu trả lời cho bạn: {} (trợ lý tự động)."
_SAYS = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    21211: "Invalid 'To' Phone Number",
    21602: "Message body is required.",
    21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit",
}


@dataclass(slots=True)
class Text:
    """A message that the stand-in holds. `callback`: where it tells what became of it. `ends`: as planned. `template`:
    its ContentSid. `options`, `opener`: what stand-ins of channels with buttons have; here there are none."""

    sid: str
    sender: str
    recipient: str
    text: str
    at: datetime
    direction: Literal["inbound", "outbound-api", "outbound-reply"] = "outbound-api"
    status: str = "queued"
    code: int | None = None
    sent_at: datetime | None = None
    service: str | None = None
    callback: str = ""
    ends: str = "delivered"
    template: str = ""
    options: tuple[tuple[str, str], ...] = ()
    opener: str = ""

    @property
    def segments(self) -> int:
        return segments(self.text)


def segments(text: str) -> int:
    """How many SMS a text takes; Twilio counts an empty one too."""
    return max(1, count(text).segments)


def templated(fields: Fields) -> str:
    """What a template of somebody's becomes with its one variable."""
    return TEMPLATE.format(json.loads(fields.get("ContentVariables", "{}")).get("1", ""))


def listing(root: str, found: list[Text], asked: Fields) -> Answer:
    """A page of `found`, which is newest first."""
    size, page = min(int(asked.get("PageSize", 50)), 1000), int(asked.get("Page", 0))
    kept = [(name, value) for name, value in asked.items() if name not in ("Page", "PageSize")]

    def uri(number: int) -> str:
        return f"{root}/Messages.json?{urlencode([*kept, ('PageSize', size), ('Page', number)])}"

    shown = found[page * size : (page + 1) * size]
    return Answer(200, json.dumps({
        "first_page_uri": uri(0), "uri": uri(page), "page": page, "page_size": size, "start": page * size,
        "end": page * size + max(len(shown) - 1, 0), "messages": [_fields(root, text) for text in shown],
        "next_page_uri": uri(page + 1) if len(found) > (page + 1) * size else None,
        "previous_page_uri": uri(page - 1) if page else None,
    }))


def created(root: str, text: Text) -> Answer:
    return Answer(201, json.dumps(_fields(root, text)))


def _fields(root: str, text: Text) -> dict[str, Any]:
    uri = f"{root}/Messages/{text.sid}"
    return {
        "sid": text.sid, "account_sid": root.rpartition("/")[2], "messaging_service_sid": text.service,
        "from": text.sender or None, "to": text.recipient, "body": text.text, "status": text.status,
        "direction": text.direction, "num_segments": str(text.segments), "num_media": "0",
        "error_code": text.code, "error_message": None, "price": None, "price_unit": "USD",
        "date_created": _rfc2822(text.at), "date_updated": _rfc2822(text.sent_at or text.at),
        "date_sent": _rfc2822(text.sent_at), "api_version": API_VERSION, "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def matches(text: Text, asked: Fields) -> bool:
    """Whether the filters let a message through; a date lets none through that is not sent yet."""
    day = text.sent_at.date().isoformat() if text.sent_at else ""
    return (
        asked.get("To", text.recipient) == text.recipient
        and asked.get("From", text.sender) == text.sender
        and ("DateSent" not in asked or day == asked["DateSent"][:10])
        and ("DateSent>" not in asked or day >= asked["DateSent>"][:10])
        and ("DateSent<" not in asked or "" < day <= asked["DateSent<"][:10])
    )


def failure(fault: str) -> Answer:
    """What the plan's faults look like."""
    if fault == "429":
        return error(429, 20429, {"Retry-After": "2"})
    return error(500, 20500) if fault == "500" else acted(fault)


def error(status: int, code: int, headers: Mapping[str, str] | None = None) -> Answer:
    says = {
        "code": code, "message": _SAYS.get(code, f"Error {code}"), "status": status,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
    }
    return Answer(status, json.dumps(says), headers=headers or {})


def _rfc2822(at: datetime | None) -> str | None:
    return format_datetime(at.astimezone(UTC)) if at else None
