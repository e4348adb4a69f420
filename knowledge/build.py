"""Turns a tree of mappings, lists and scalars into the contract's dataclasses, and back into plain JSON.

Works from the type hints alone, so that the contract page stays the only description of a document. It is used for the
pack's YAML (with lines), and for what the store keeps (plain JSON, without).
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Callable
from datetime import date, time
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from knowledge.contract import LANGUAGES, Office, PublicService, Source
from knowledge.languages import completed
from knowledge.tree import Mapping, Problem, Sequence

Path = tuple[str | int, ...]
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LEGAL = ("act", "article", "url", "title")


class Builder:
    """Builds the objects of one file; collects `problems`, and the line of every value under its path in `lines`."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.lines: dict[Path, int] = {}
        self._written_in = LANGUAGES

    def tell(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.file, line, message))

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def build(self, hint: Any, value: Any, line: int = 1, path: Path = ()) -> Any:
        """The value as `hint` wants it; where it cannot be, a problem is told and None comes back."""
        self.lines[path] = line
        if dataclasses.is_dataclass(hint):
            return self._object(hint, value, line, path)
        if get_origin(hint) in (Union, types.UnionType):
            wanted = next(option for option in get_args(hint) if option is not types.NoneType)
            return None if value is None else self.build(wanted, value, line, path)
        if get_origin(hint) is tuple:
            return self._items(get_args(hint)[0], value, line, path)
        if get_origin(hint) is dict:
            return self._mapping(hint, value, line, path)
        return self._scalar(hint, value, line, path)

    def _object(self, cls: Any, value: Any, line: int, path: Path) -> Any:
        if not isinstance(value, dict):
            return self.tell(line, f"{_name(path)} must be a mapping of {', '.join(_hints(cls))}")
        written = cast(dict[str, Any], value)
        if "written_in" in _hints(cls):
            self._written_in = tuple(one for one in LANGUAGES if one in _list(written.get("written_in"))) or LANGUAGES
        shaped = _SHAPES[cls](written, self.tell) if cls in _SHAPES else written
        given = {
            key: self.build(hint, shaped[key], _line_of(shaped, key, line), (*path, key))
            for key, hint in _hints(cls).items()
            if key in shaped
        }
        for key in shaped.keys() - _hints(cls).keys():
            known = ", ".join(_hints(cls))
            self.tell(_line_of(shaped, key, line), f"unknown key '{key}' in {_name(path)}; known are {known}")
        missing = [f.name for f in dataclasses.fields(cls) if _required(f) and f.name not in given]
        for name in missing:
            self.tell(line, f"{_name(path)} lacks '{name}'; add it")
        # A problem was told for each None that stands where the type has none; the catalogue is then not given out.
        return cls(**given, **dict.fromkeys(missing))

    def _items(self, hint: Any, value: Any, line: int, path: Path) -> tuple[Any, ...]:
        if not isinstance(value, list):
            self.tell(line, f"{_name(path)} must be a list")
            return ()
        items = cast(list[Any], value)
        lines = items.lines if isinstance(items, Sequence) else [line] * len(items)
        built = (self.build(hint, item, lines[i], (*path, i)) for i, item in enumerate(items))
        return tuple(item for item in built if item is not None)

    def _mapping(self, hint: Any, value: Any, line: int, path: Path) -> dict[Any, Any]:
        if not isinstance(value, dict):
            wanted = "in both languages: {vi: …, en: …}" if get_args(hint)[0] is str else "a mapping of dates"
            self.tell(line, f"{_name(path)} must be {wanted}")
            return {}
        key_hint, item_hint = get_args(hint)
        written = cast(dict[str, Any], value)
        if key_hint is str:
            self._languages(written, line, path)
        built: dict[Any, Any] = {}
        for key, item in written.items():
            at = _line_of(written, key, line)
            name = self.build(key_hint, key, at, (*path, key))
            if name is not None:
                built[name] = self.build(item_hint, item, at, (*path, key))
        return completed(built, self._written_in, None if item_hint is str else ()) if key_hint is str else built

    def _languages(self, value: dict[str, Any], line: int, path: Path) -> None:
        for language in self._written_in:
            if language not in value:
                self.tell(line, f"{_name(path)} lacks the language '{language}'; add it")
        for key in value.keys() - set(LANGUAGES):
            self.tell(_line_of(value, key, line), f"unknown language '{key}' in {_name(path)}; use vi and en")

    def _scalar(self, hint: Any, value: Any, line: int, path: Path) -> Any:
        if isinstance(value, (dict, list)):
            kind = "a mapping" if isinstance(value, dict) else "a list"
            return self.tell(line, f"{_name(path)} must be one value, not {kind}")
        if value is None or (isinstance(value, str) and not value.strip()):
            return self.tell(line, f"{_name(path)} is empty; write it or leave the key out")
        if get_origin(hint) is Literal:
            if value in get_args(hint):
                return value
            return self.tell(line, f"{_name(path)} is '{value}'; use one of {', '.join(get_args(hint))}")
        read, wanted = _SCALARS[hint]
        pattern, form = _FORMS.get(path[-1], (".*", "")) if path and hint is str else (".*", "")
        if not re.fullmatch(pattern, str(value), re.DOTALL):
            return self.tell(line, f"{_name(path)} is '{value}'; write {form}")
        try:
            return read(value)
        except ValueError:
            return self.tell(line, f"{_name(path)} is '{value}'; write {wanted}")


def to_json(value: Any) -> Any:
    """A dataclass as plain JSON, defaults left out; `Builder.build` reads it back."""
    if dataclasses.is_dataclass(value):
        pairs = ((f, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {f.name: to_json(item) for f, item in pairs if _required(f) or item != _default(f)}
    if isinstance(value, dict):
        return {_key(key): to_json(item) for key, item in cast(dict[Any, Any], value).items()}
    if isinstance(value, (tuple, list)):
        return [to_json(item) for item in cast(list[Any], value)]
    return _key(value) if isinstance(value, (date, time)) else value


def _key(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, time)) else value


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


def _line_of(value: dict[str, Any], key: Any, otherwise: int) -> int:
    return value.lines.get(key, otherwise) if isinstance(value, Mapping) else otherwise


def _name(path: Path) -> str:
    """How a path reads in a sentence: costs[2].note"""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "the file"


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
        raise ValueError(value)
    return int(value)


def _boolean(value: Any) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise ValueError(value)
    return str(value).lower() == "true"


_SCALARS: dict[Any, tuple[Callable[[Any], Any], str]] = {
    str: (str, "text"),
    int: (_integer, "a whole number, without dots or units"),
    bool: (_boolean, "true or false"),
    date: (date.fromisoformat, "a date that exists, as 2026-11-23"),
    time: (time.fromisoformat, "a time of day in quotes, as \"07:30\""),
}

_FORMS: dict[str | int, tuple[str, str]] = {            # what a text of this key looks like, wherever it stands
    "url": (r"https?://[^\s/]+\.\S+", "a web address, https://…, or leave it out"),
    "read": (r"20\d\d-(0[1-9]|1[0-2])", "the month it was read, as 2026-11"),
    "phone": (r"\+?\d[\d .]{1,16}\d", "a telephone number: digits, spaces, + in front"),
    "hotline": (r"\d[\d ]{1,16}\d", "a telephone number: digits and spaces"),
    "portal_support": (r"\d[\d ]{1,16}\d", "a telephone number: digits and spaces"),
    "identifier": (r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case words joined by hyphens"),
}


def _source(value: dict[str, Any], _tell: Callable[[int, str], None]) -> dict[str, Any]:
    """{act, article, read} as people write it → {legal: {act, article}, read}."""
    if "legal" in value or not isinstance(value, Mapping):
        return value
    shaped, legal = Mapping(value.line), Mapping(value.line)
    for key, item in value.items():
        (legal if key in _LEGAL else shaped).put(key, item, value.lines[key])
    shaped.put("legal", legal, value.line)
    return shaped


def _service(value: dict[str, Any], _tell: Callable[[int, str], None]) -> dict[str, Any]:
    """A fee's or limit's source without its own `read` was read when the service's source was."""
    source = value.get("source")
    if not isinstance(value, Mapping) or not isinstance(source, Mapping) or "read" not in source:
        return value
    for fact in (*_list(value.get("costs")), *_list(value.get("time_limits"))):
        own = fact.get("source") if isinstance(fact, Mapping) else None
        if isinstance(own, Mapping) and "read" not in own:
            own.put("read", source["read"], own.line)
    return value


def _list(value: Any) -> list[Any]:
    return cast(list[Any], value) if isinstance(value, list) else []


def _office(value: dict[str, Any], tell: Callable[[int, str], None]) -> dict[str, Any]:
    """Shifts by list of days → one shift a day."""
    if not isinstance(value, Mapping) or not isinstance(value.get("shifts"), Sequence):
        return value
    shaped = Mapping(value.line)
    for key, item in value.items():
        shaped.put(key, _shifts(item, tell) if key == "shifts" else item, value.lines[key])
    return shaped


def _shifts(written: Sequence, tell: Callable[[int, str], None]) -> Sequence:
    shifts = Sequence(written.line)
    for item, line in zip(written, written.lines, strict=True):
        if not isinstance(item, Mapping) or not isinstance(item.get("days"), list):
            tell(line, "a shift is {days: [mon, tue], opens: \"07:30\", closes: \"11:30\"}")
            continue
        for day in item["days"]:
            if day not in _DAYS:
                tell(line, f"unknown day '{day}'; use {', '.join(_DAYS)}")
                continue
            shift = Mapping(line)
            for key, value in item.items():
                if key != "days":
                    shift.put(key, value, item.lines[key])
            shift.put("weekday", str(_DAYS.index(day)), line)
            shifts.put(shift, line)
    return shifts


_SHAPES: dict[Any, Callable[[dict[str, Any], Callable[[int, str], None]], dict[str, Any]]] = {
    Source: _source,
    Office: _office,
    PublicService: _service,
}
