"""JSON bodies of webhooks and of answers, read without trust: a value of the kind that is asked for, or none."""

from __future__ import annotations

import json
from typing import Any, cast

from channels.contract import Unreadable

Object = dict[str, Any]
LARGEST = 2**63 - 1                 # what a column for whole numbers holds


def read_object(raw: bytes | str) -> Object:
    """The object that a body is. Raises Unreadable for anything else, also for what is nested or long beyond reason."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        raise Unreadable("JSON") from None
    if not isinstance(said, dict):
        raise Unreadable("JSON")
    return cast(Object, said)


def object_in(said: Object, name: str) -> Object:
    """{} where there is none."""
    value = said.get(name)
    return cast(Object, value) if isinstance(value, dict) else {}


def list_in(said: Object, name: str) -> list[Any]:
    """[] where there is none."""
    value = said.get(name)
    return cast(list[Any], value) if isinstance(value, list) else []


def objects(values: object) -> list[Object]:
    """The objects of a list; what else stands in it is left out, and of what is no list there are none."""
    found = cast(list[Any], values) if isinstance(values, list) else []
    return [cast(Object, one) for one in found if isinstance(one, dict)]


def text_in(said: Object, name: str) -> str:
    """"" where there is none. Half of a surrogate pair becomes U+FFFD, as bytes that are no UTF-8 do in a form."""
    value = said.get(name)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else ""


def number_in(said: Object, name: str) -> int | None:
    """A whole number from 0 on that a column can hold."""
    value = said.get(name)
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
    return value if whole else None
