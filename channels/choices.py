"""What may be sent in a channel with buttons: the text and its choices against the channel's limits."""

from __future__ import annotations

import re

from channels.contract import Limits, Refused, Reply
from text.pieces import utf8, utf16

KEY = re.compile(r"[!-~]{1,40}")
_SIZES = {"utf16": utf16, "bytes": utf8}            # any other unit: letters


def check(reply: Reply, limits: Limits) -> None:
    """Raises Refused for half of a sign, nothing to say, too much, and options that are no buttons and no list.

    A template has no options: they are not looked at.
    """
    options = () if reply.template else reply.options
    written = (reply.text, reply.opener, *(option.label for option in options))
    if any("\ud800" <= letter <= "\udfff" for text in written for letter in text):
        raise Refused("no UTF-8")
    longest = limits.asking if options and limits.asking else limits.length
    if not reply.text.strip() or _SIZES.get(limits.unit, len)(reply.text) > longest:
        raise Refused("length")
    if options and not _fit(reply, limits):
        raise Refused("options")


def _fit(reply: Reply, limits: Limits) -> bool:
    """A key twice would not say which was pressed."""
    most, longest = (limits.rows, limits.row) if reply.opener else (limits.buttons, limits.button)
    keys = {option.key for option in reply.options if KEY.fullmatch(option.key)}
    labels = all(option.label.strip() and len(option.label) <= longest for option in reply.options)
    return len(keys) == len(reply.options) <= most and labels
