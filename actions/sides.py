"""The sides of a service that a text asks for: "phí và thời gian" asks for two, "nộp giấy tờ ở đâu" for one."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import yaml

from actions.turn import Turn
from actions.voice import WORDS
from text.fold import fold

# What joins two questions; commas and the like are read as "va".
_JOINING = frozenset({"va", "and", "voi", "cung", "lan", "plus", "roi", "the", "its", "con"})
_WORD = re.compile(r"[^\W_]+|[,;&+/]")


class Mention(NamedTuple):
    """Where a side is spoken of, in words of the text; `asks`: as a question by itself."""

    start: int
    end: int
    side: str
    asks: bool


def sides(text: str) -> tuple[str, ...]:
    """All sides that are spoken of, in the order of the text: "phí và thời gian" → fee, time_limit."""
    return tuple(dict.fromkeys(one.side for one in _mentions(_words(text))))


def asked_sides(text: str) -> tuple[str, ...]:
    """Those that are asked for: as questions of their own, or joined to another."""
    words = _words(text)
    found = _mentions(words)
    pairs = [(one, other) for one, other in pairwise(found) if _joined(words, one, other)]
    joined = {one for pair in pairs for one in pair}
    return tuple(dict.fromkeys(one.side for one in found if one.asks or one in joined))


def likeliest_side(turn: Turn) -> str | None:
    """The side that the text asks for in so many words, of several the one that the understanding thinks likelier."""
    asked = asked_sides(turn.text)
    return next((one for one in turn.likely[:2] if one in asked), next(iter(asked), None))


def _joined(words: list[str], one: Mention, other: Mention) -> bool:
    between = words[one.end : other.start]
    return bool(between) and all(word in _JOINING for word in between)


def _words(text: str) -> list[str]:
    return [word if word[0].isalnum() else "va" for word in _WORD.findall(fold(text))]


def _mentions(words: list[str]) -> list[Mention]:
    """Left to right, the longest phrase first where several begin."""
    found: list[Mention] = []
    start = 0
    while start < len(words):
        begin = [one for one in _phrases().get(words[start], ()) if tuple(words[start : start + len(one[0])]) == one[0]]
        if not begin:
            start += 1
            continue
        phrase, side, asks = max(begin, key=lambda one: len(one[0]))
        found.append(Mention(start, start + len(phrase), side, asks))
        start += len(phrase)
    return found


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], str, bool]]]:
    """By their first word."""
    with (WORDS / "sides.yml").open(encoding="utf-8") as file:
        table: dict[str, dict[str, list[str]]] = yaml.safe_load(file)
    phrases: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    for side, kinds in table.items():
        for kind, phrase in ((kind, phrase) for kind, many in kinds.items() for phrase in many):
            words = tuple(phrase.split())
            phrases.setdefault(words[0], []).append((words, side, kind == "asked"))
    return phrases
