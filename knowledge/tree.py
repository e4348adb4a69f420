"""YAML text as plain mappings, lists and strings that remember the line they came from.

Scalars stay the text that was written ("07:30", "1.001193", no): the dataclass that receives one says what it is.
Only null is told apart, so nothing is guessed by YAML's own rules for numbers, dates and booleans.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, where, and what to do about it. `line` 0: `file` says the place."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class Mapping(dict[str, Any]):
    """A mapping with its own line and the line of each key."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def put(self, key: str, value: Any, line: int) -> None:
        self[key] = value
        self.lines[key] = line


class Sequence(list[Any]):
    """A list with its own line and the line of each item."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []

    def put(self, value: Any, line: int) -> None:
        self.append(value)
        self.lines.append(line)


def parse(text: str, tell: Callable[[int, str], None]) -> Any:
    """The tree of one document, or None. `tell(line, message)` hears of unreadable YAML and of a key written twice."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        tell(mark.line + 1 if mark else 1, f"not readable as YAML: {error.problem}; mind indentation and quotes")
        return None
    except yaml.YAMLError as error:
        tell(1, f"not readable as YAML: {error}")
        return None
    return None if node is None else _convert(node, tell)


def _convert(node: yaml.Node, tell: Callable[[int, str], None]) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, tell)
    if isinstance(node, yaml.SequenceNode):
        items = Sequence(_line(node))
        for item in node.value:
            items.put(_convert(item, tell), _line(item))
        return items
    return None if node.tag == _NULL else str(node.value)


def _mapping(node: yaml.MappingNode, tell: Callable[[int, str], None]) -> Mapping:
    mapping = Mapping(_line(node))
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            tell(_line(key), "a key must be plain text")
            continue
        if key.value in mapping:
            tell(_line(key), f"'{key.value}' is written twice; keep one")
        mapping.put(key.value, _convert(value, tell), _line(key))
    return mapping


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
