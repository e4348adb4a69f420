"""What the gateway asks for one turn: reading the request is a pure function, and what it refuses names the field."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("vi", "en")
FIELDS: dict[str, tuple[type, ...]] = {
    "conversation": (str,),
    "message": (str,),
    "text": (str,),
    "language": (str,),
    "channel": (str,),
    "address": (str, type(None)),
    "intent": (str, type(None)),
    "entities": (dict, type(None)),
    "handovers": (int, type(None)),
}
OPTIONAL = ("address", "intent", "entities", "handovers")
NEVER_EMPTY = ("conversation", "message", "channel")


class Unreadable(Exception):
    """The request has not the agreed form; `field` says where."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Asked:
    """One message of a citizen. `intent` is set where it is already understood; `entities` are certain."""

    conversation: str
    message: str
    text: str
    language: str
    channel: str
    address: str | None = None
    intent: str | None = None
    entities: dict[str, str] = field(default_factory=dict)
    handovers: int = 0

    @property
    def metadata(self) -> dict[str, Any]:
        names = ("message", "language", "channel", "address", "handovers")
        return {name: getattr(self, name) for name in names}

    @property
    def given(self) -> list[dict[str, Any]]:
        """What is certain, as entities; language and channel fill their slots on every turn."""
        certain = {**self.entities, "language": self.language, "channel": self.channel}
        return [
            {"entity": name, "value": value, "confidence_entity": 1.0, "extractor": "gateway"}
            for name, value in certain.items()
        ]


def read(body: bytes) -> Asked:
    """Raises Unreadable."""
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise Unreadable("body") from error
    if not isinstance(fields, dict):
        raise Unreadable("body")
    for name in [*FIELDS, *fields]:
        if not _readable(name, fields):
            raise Unreadable(name)
    return Asked(**{name: value for name, value in fields.items() if value is not None})


def _readable(name: str, fields: dict[str, Any]) -> bool:
    if name not in fields:
        return name in OPTIONAL
    value = fields[name]
    if name not in FIELDS or not isinstance(value, FIELDS[name]):
        return False
    if name == "entities" and value is not None:
        return all(isinstance(inside, str) for inside in value.values())
    if name == "language":
        return value in LANGUAGES
    return name not in NEVER_EMPTY or bool(value.strip())
