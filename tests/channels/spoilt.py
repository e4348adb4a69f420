"""The bodies of recordings, and what becomes of them when one value is another."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RECORDINGS = Path(__file__).parent.parent / "recordings"
ODD: tuple[Any, ...] = (
    None, [], {}, [1], {"a": 1}, [{}], 0, -1, 1.5, 10**30, True, "", "x" * 2_000, "\ud83d", "1:2",
)


def bodies(folder: str) -> Iterator[Any]:
    for file in sorted((RECORDINGS / folder).glob("*.json")):
        for request in json.loads(file.read_text(encoding="utf-8"))["requests"]:
            try:
                yield json.loads(request["body"])
            except ValueError:
                continue


def spoilt(folder: str) -> Iterator[bytes]:
    """Each body with each of its values, one at a time, gone or become something else; each shape of body once."""
    seen = set[str]()
    for body in bodies(folder):
        for path in _paths(body):
            shape = json.dumps([path, _shape(body)])
            if shape not in seen:
                seen.add(shape)
                yield from (json.dumps(_with(body, path, odd)).encode() for odd in ODD)
                yield json.dumps(_without(body, path)).encode()


def _paths(inside: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    names = list(inside) if isinstance(inside, dict) else range(len(inside)) if isinstance(inside, list) else []
    for name in names:
        yield (*path, name)
        yield from _paths(inside[name], (*path, name))


def _shape(inside: Any) -> Any:
    if isinstance(inside, dict):
        return {name: _shape(value) for name, value in inside.items()}
    return [_shape(value) for value in inside] if isinstance(inside, list) else type(inside).__name__


def _with(body: Any, path: tuple[Any, ...], odd: Any) -> Any:
    changed = copy.deepcopy(body)
    _holder(changed, path)[path[-1]] = odd
    return changed


def _without(body: Any, path: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(body)
    del _holder(changed, path)[path[-1]]
    return changed


def _holder(inside: Any, path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        inside = inside[step]
    return inside
