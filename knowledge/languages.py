"""In which languages a document is written, and what stands where one is missing.

A pack is written in both. What comes from elsewhere often is not: its `written_in` says so, and where a language is
missing the words of the one it has stand in, so that every reader finds a text. Such a copy is no text of its own: it
is not searched, not recognised and not given on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.contract import LANGUAGES


def completed(text: Mapping[str, Any], written_in: tuple[str, ...], nothing: Any = None) -> dict[str, Any]:
    """The text in every language; `nothing`, or where it is None a copy, stands for one it is not written in."""
    copied = next((text[language] for language in written_in if language in text), None)
    instead = copied if nothing is None else nothing
    return dict(text) if instead is None else {language: text.get(language, instead) for language in LANGUAGES}


def own[T](text: Mapping[str, T], written_in: tuple[str, ...]) -> dict[str, T]:
    """The text without its copies."""
    originals = [text[language] for language in written_in if language in text]
    return {one: words for one, words in text.items() if words and (one in written_in or words not in originals)}
