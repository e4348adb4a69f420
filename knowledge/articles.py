"""Articles and questions as JSON lines, read strictly: the first bad line stops, named by file and line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from knowledge.contract import LANGUAGES, Article


class BadLine(Exception):
    """A line that cannot be used: `file:line: what is wrong`."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with the ids that answer it; none: the right answer is to decline."""

    id: str
    question: str
    language: str
    relevant: frozenset[str]


def read_articles(path: Path) -> list[Article]:
    """{"id", "title", "body", "language", "url"} a line, url may be null or missing; raises BadLine, OSError."""
    return list(_unique(path, _article))


def read_questions(path: Path, articles: set[str]) -> list[LabelledQuestion]:
    """{"id", "question", "language", "relevant"} a line, relevant ids among `articles`; raises BadLine, OSError."""

    def question(row: dict[str, Any]) -> LabelledQuestion:
        relevant = _relevant(row.get("relevant"))
        if unknown := sorted(relevant - articles):
            raise ValueError(f"no article has the id '{unknown[0]}'")
        return LabelledQuestion(_text(row, "id"), _text(row, "question", True), _language(row), relevant)

    return list(_unique(path, question))


def _relevant(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(identifier, str) for identifier in cast(list[Any], value)):
        raise ValueError("'relevant' must be a list of article ids, [] where declining is right")
    return frozenset(cast(list[str], value))


def _article(row: dict[str, Any]) -> Article:
    url = row.get("url")
    if url is not None and not isinstance(url, str):
        raise ValueError("'url' must be text or null")
    return Article(_text(row, "id"), _text(row, "title", True), _text(row, "body", True), _language(row), url)


def _text(row: dict[str, Any], key: str, may_be_empty: bool = False) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise ValueError(f"'{key}' must be text" if key in row else f"lacks '{key}'")
    if not value and not may_be_empty:
        raise ValueError(f"'{key}' is empty")
    return value


def _language(row: dict[str, Any]) -> str:
    language = _text(row, "language")
    if language not in LANGUAGES:
        raise ValueError(f"'language' is '{language}'; use {' or '.join(LANGUAGES)}")
    return language


def _unique[T: (Article, LabelledQuestion)](path: Path, build: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    seen: dict[str, int] = {}
    for number, row in _rows(path):
        try:
            built = build(row)
        except ValueError as error:
            raise BadLine(path, number, str(error)) from error
        if built.id in seen:
            raise BadLine(path, number, f"id '{built.id}' is already on line {seen[built.id]}")
        seen[built.id] = number
        yield built


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Split at newlines alone: U+2028 inside a text is no end of line."""
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise BadLine(path, number, "not UTF-8 text") from error
        except (ValueError, RecursionError) as error:
            raise BadLine(path, number, "not JSON") from error
        if not isinstance(row, dict):
            raise BadLine(path, number, "must be a JSON object")
        yield number, row
