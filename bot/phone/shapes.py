"""What the pages may send."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator


def _whole(text: str) -> str:
    text.encode()  # raises ValueError for half of a surrogate pair
    return text


WholeText = Annotated[str, AfterValidator(_whole)]
