"""Whether digits that are to be kept from somebody were told to them."""

from __future__ import annotations

import re


def tells(told: object, digits: str) -> bool:
    """By themselves or in a longer number: in an identifier or a digest they may stand by chance."""
    return re.search(rf"(?<![\w-])\d*{digits}\d*(?![\w-])", str(told)) is not None
