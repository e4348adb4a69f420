"""Zalo's names, proofs and buttons, as it writes them: shared by the adapter and its stand-in.

https://docs.zaloplatforms.com/docs/OA/webhook/tong-quan (the pages of developers.zalo.me, as copies quote them)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

from channels.choices import KEY
from channels.contract import Reply, Request
from channels.json_body import Object

SIGNATURE, TIMESTAMP = "x-zevent-signature", "x-zevent-timestamp"
# A button that is pressed comes as a text that is its payload, "#mc:KEY LABEL": it begins as no citizen's words do, and
# with "#", so that it passes also where the OA's webhook is set to let through only what does.
PRESSED = "#mc:"
USER = re.compile(r"[0-9]{5,32}")
ANONYMOUS = re.compile(r"([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})")     # who is not signed in: id and conversation
SENT, SENT_ANONYMOUS = "/v3.0/oa/message/cs", "/v2.0/oa/message"
TEMPLATE = "/message/template"                  # ZNS, to a telephone number
TOKEN = "/v4/oa/access_token"  # noqa: S105
OPEN_API, ZNS_API, OAUTH = "https://openapi.zalo.me", "https://business.openapi.zalo.me", "https://oauth.zaloapp.com"
_STAMP = re.compile(rb'"timestamp"\s*:\s*"?([0-9]{1,16})\b')


def sign(app_id: str, body: bytes, stamp: str, oa_secret: str) -> str:
    """What Zalo puts in X-ZEvent-Signature: a plain SHA-256, no HMAC, over the body's bytes."""
    return "mac=" + sha256(app_id.encode() + body + stamp.encode() + oa_secret.encode()).hexdigest()


def stamps(request: Request) -> Iterator[str]:
    """The times in milliseconds that a request may be signed with. The documents name the body's; what came live was
    signed with a header's, which is the same where both are there."""
    told = request.headers.get(TIMESTAMP, "")
    if told.isascii() and told.isdigit() and len(told) <= 16:
        yield told
    found = _STAMP.findall(request.body)
    if found and found[-1].decode() != told:
        yield found[-1].decode()


def buttons(reply: Reply) -> list[Object]:
    """A button that is pressed gives back its payload alone: so the label is in it too."""
    return [
        {"title": option.label, "type": "oa.query.hide", "payload": f"{PRESSED}{option.key} {option.label}"}
        for option in reply.options
    ]


def pressed_in(text: str) -> tuple[str, str]:
    """The key and the label of a button of ours; "" and the text of anything else."""
    key, _, label = text.removeprefix(PRESSED).partition(" ")
    return (key, label) if text.startswith(PRESSED) and KEY.fullmatch(key) else ("", text)
