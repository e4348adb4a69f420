"""What a citizen wrote, where Twilio hands a long text over in base64, as it sometimes does with joined SMS."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode

from text.sms import ROOM

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_ONE_SMS = ROOM["UCS-2"][0]
_NEVER_TYPED = ("Cc", "Cn", "Co", "Cs")            # control, unassigned, private, half of a pair


def text_of(body: str) -> str:
    """The text of a body. It is decoded only where nobody can have typed it: one run of base64, which is UTF-8 without
    odd characters, of several words or letters outside ASCII, and longer than one SMS: only joined ones come like this.
    """
    packed = body.replace("\r", "").replace("\n", "")
    if not _BASE64.fullmatch(packed):
        return body
    try:
        text = b64decode(packed).decode("utf-8")
    except UnicodeDecodeError:
        return body
    return text if _is_written(text) else body


def _is_written(text: str) -> bool:
    odd = any(unicodedata.category(letter) in _NEVER_TYPED and letter not in "\r\n\t" for letter in text)
    return not odd and len(text) > _ONE_SMS and (" " in text or not text.isascii())
