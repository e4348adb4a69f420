"""What people say to go on from an answer, in words/phrases.yml: compared without diacritics, both languages."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from itertools import takewhile

import yaml

from actions.voice import WORDS
from text.fold import words


def says(key: str, text: str) -> bool:
    """Whether one of the phrases stands in the text."""
    said = f" {' '.join(words(text))} "
    return any(f" {phrase} " in said for phrase in _phrases(key))


def only_says(key: str, text: str) -> bool:
    """Whether the text, polite words before and behind left out, is one of the phrases and nothing else."""
    return is_one_of(text, _phrases(key))


def is_one_of(text: str, phrases: Collection[str]) -> bool:
    """The same of any folded phrases."""
    said, polite = words(text), _phrases("polite")
    starts = len(list(takewhile(polite.__contains__, said)))
    ends = len(list(takewhile(polite.__contains__, reversed(said))))
    stretches = (said[start : len(said) - end] for start in range(starts + 1) for end in range(ends + 1))
    return any(" ".join(stretch) in phrases for stretch in stretches)


def made_of(key: str, text: str) -> bool:
    """Whether every word of the text is one of the words, or a polite one; also true of a text without words."""
    return all(word in _phrases(key) or word in _phrases("polite") for word in words(text))


@cache
def _phrases(key: str) -> frozenset[str]:
    with (WORDS / "phrases.yml").open(encoding="utf-8") as file:
        return frozenset(" ".join(words(str(phrase))) for phrase in yaml.safe_load(file)[key])
