"""Twilio's form bodies and signatures, as the provider writes them: shared by the adapter and its stand-in.

https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from multidict import MultiDict
from twilio.request_validator import RequestValidator

API_VERSION = "2010-04-01"
SIGNATURE = "x-twilio-signature"
WHATSAPP = "whatsapp:"      # what stands before its addresses

Fields = MultiDict[str]     # a name may stand more than once, and all its values are signed


def read_form(raw: bytes) -> Fields:
    """The fields of a form body or a query. Bytes that are no UTF-8 become U+FFFD, for the proof and the reading alike:
    nothing can differ between what is proved and what is read."""
    text = raw.decode("utf-8", "replace")
    return MultiDict(parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace"))


def write_form(fields: Fields | Iterable[tuple[str, str]]) -> bytes:
    pairs = fields.items() if isinstance(fields, MultiDict) else fields
    return urlencode(list(pairs)).encode("ascii")


def sign(auth_token: str, url: str, fields: Fields) -> str:
    """What Twilio puts in X-Twilio-Signature."""
    return cast(Any, RequestValidator(auth_token)).compute_signature(url, fields)


def signed(auth_token: str, url: str, fields: Fields, signature: str) -> bool:
    """Whether a signature is right for the address with or without its port, in the same time for any wrong one."""
    return cast(Any, RequestValidator(auth_token)).validate(url, fields, signature)
