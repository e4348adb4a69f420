"""What a question names that the catalogue does not have: strangers.yml, as far as no service is called so."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from knowledge.catalogue import Catalogue
from knowledge.contract import PublicService
from knowledge.words import Phrases, Word, lexicon, split

_FILE = Path(__file__).with_name("strangers.yml")
# Beside the name it tells of something past, a case of another service: "đã ly hôn thì kết hôn lại cần gì".
_PAST = frozenset({"da", "tung", "roi"})


class Stranger(NamedTuple):
    """The folded words of what is named, and those that stand beside it."""

    name: str
    rest: str


def stranger(text: str, catalogue: Catalogue) -> Stranger | None:
    """The first thing named that no service of the catalogue is called."""
    for language in _rows():
        known = lexicon(language)
        words = known.expand(split(text))
        for start, size, _, _ in _strangers(language).all(words):
            beside = {word.folded for word in words[max(start - 1, 0) : start] + words[start + size : start + size + 1]}
            name = _spoken(words[start : start + size])
            if not beside & _PAST and not _is_called(name, catalogue):
                return Stranger(name, _spoken(words[:start] + words[start + size :]))
    return None


def calls(service: PublicService, text: str) -> bool:
    """Whether a service is called by one of its names in a folded text."""
    return any(f" {name} " in f" {text} " for name in _names(service))


def includes(service: PublicService, other: PublicService, text: str) -> bool:
    """Whether what a folded text calls the other is in the service's own name: death registration, of a package."""
    said = [name for name in _names(other) if f" {name} " in f" {text} "]
    return any(f" {name} " in f" {own} " for name in said for own in _names(service))


def _is_called(name: str, catalogue: Catalogue) -> bool:
    return any(f" {name} " in f" {own} " for one in catalogue.services.values() for own in _names(one))


def _names(service: PublicService) -> list[str]:
    return [
        _spoken(known.expand(split(name)))
        for known, language in ((lexicon(language), language) for language in service.name)
        for name in (service.name[language], *service.alternative_names.get(language, ()))
    ]


def _spoken(words: list[Word]) -> str:
    return " ".join(word.folded for word in words)


@cache
def _rows() -> dict[str, list[list[str]]]:
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


@cache
def _strangers(language: str) -> Phrases:
    names = [lexicon(language).expand(split(name)) for row in _rows()[language] for name in row]
    written = {tuple(word.written for word in name): True for name in names}
    folded = {tuple(word.folded for word in name): True for name in names}
    return Phrases(written, folded, max(map(len, names)))
