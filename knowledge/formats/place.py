"""A JSON file read strictly, and its values with the place where they stand: `services[2].phones[1].number`.

Text comes out clean (text/clean.py). Whatever is not as it should be raises BadFile, which says where.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast

from text.clean import clean

LARGEST = 50_000_000          # bytes; a nation's whole catalogue is smaller


class BadFile(Exception):
    """A file that cannot be imported: `file: place: what is wrong`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A value, the file it is in, and the way to it."""

    value: Any
    file: str
    path: str = ""

    def wrong(self, message: str) -> NoReturn:
        raise BadFile(f"{self.file}: {self.path}: {message}" if self.path else f"{self.file}: {message}")

    def object(self) -> Place:
        """Itself, which must be an object."""
        return self if isinstance(self.value, dict) else self.wrong("must be an object")

    def at(self, key: str) -> Place:
        """A key's value; null where it is not given."""
        return Place(self.object().value.get(key), self.file, f"{self.path}.{key}" if self.path else key)

    def has(self, *keys: str) -> bool:
        """Whether it is an object with all these keys."""
        value = self.value
        return isinstance(value, dict) and all(key in cast(dict[str, Any], value) for key in keys)

    def names(self) -> list[str]:
        return list(cast(dict[str, Any], self.object().value))

    def entries(self) -> list[Place]:
        """The entries of a list; none where it is null."""
        if self.value is None:
            return []
        values = self.value
        if not isinstance(values, list):
            self.wrong("must be a list")
        listed = enumerate(cast(list[Any], values), 1)
        return [Place(value, self.file, f"{self.path}[{number}]") for number, value in listed]

    def each(self) -> list[Place]:
        """The entries of a list, or the one thing that it is."""
        return self.entries() if isinstance(self.value, list) else [self]

    def text(self, key: str) -> str | None:
        """A key's text, cleaned; None where it is missing, null or nothing to read."""
        value = self.at(key)
        if value.value is not None and not isinstance(value.value, str):
            value.wrong("must be text")
        return clean(value.value or "") or None

    def needed(self, key: str) -> str:
        """A key's text, which must be there."""
        return self.text(key) or self.wrong(f"lacks '{key}'")

    def number(self, key: str) -> float | None:
        """A key's number, also one that was written as text."""
        value = self.at(key)
        if value.value is None or value.value == "":
            return None
        try:
            number = math.nan if isinstance(value.value, bool) else float(value.value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        return number if math.isfinite(number) else value.wrong("must be a number")


def parse(path: Path) -> Place:
    """The file's one JSON value. Raises BadFile, OSError."""
    if path.stat().st_size > LARGEST:
        raise BadFile(f"{path}: larger than {LARGEST // 1_000_000} MB; split it")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: byte {error.start + 1} is no UTF-8 text; save it as UTF-8") from error
    if not text.strip():
        raise BadFile(f"{path}: the file is empty")
    return Place(_loaded(text, path), str(path))


def _loaded(text: str, path: Path) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise BadFile(f"{path}:{error.lineno}:{error.colno}: not readable as JSON: {error.msg}") from error
    except ValueError as error:
        raise BadFile(f"{path}: not readable as JSON: {error}") from error
    except RecursionError as error:
        raise BadFile(f"{path}: not readable as JSON: nested too deeply") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise ValueError(f"'{key}' is written twice in one object; keep one")
        seen[key] = value
    return seen


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
