"""Whether a text names a service at all: so that one we do not have is not answered with the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from actions.answer import Language
from knowledge.build import to_json
from knowledge.contract import PublicService
from knowledge.words import Word, languages_of, lexicon, split, stem

# Folded words that stand before (Vietnamese) or behind (English) what a permit, card or register is for.
_BEFORE = frozenset({
    "tuc", "phep", "the", "nhan", "chi", "xin", "cap", "ky", "han", "lam", "doi", "ve", "so", "bang",
})
_BEHIND = frozenset({
    "licence", "license", "permit", "certificate", "card", "registration", "visa", "permission", "pension", "allowance",
    "benefit", "grant", "subsidy", "loan", "permits", "licences", "licenses",
})
MOST = 0.75             # of the telling words unknown to the service before: another one is meant


def names_another(text: str, remembered: PublicService | None, language: Language) -> bool:
    """Whether the text, in which the search found nothing, names something other than the service spoken of before."""
    words = split(text)
    telling = _telling(words, language)
    if remembered is None:
        return bool(telling)
    known = _vocabulary(remembered)
    new = {place for place in telling if stem(words[place].folded) not in known and words[place].folded not in known}
    if any(_named(words, place) for place in new):
        return True
    return len(new) >= 2 and len(new) >= MOST * len(telling)


def _telling(words: list[Word], language: Language) -> set[int]:
    """The places of words that are not merely asking or polite, in any language the text may be in."""
    weights = [lexicon(one).weights(words) for one in languages_of(words, language)]
    said = (place for place, word in enumerate(words) if not word.folded.isdigit())
    return {place for place in said if all(weight[place] == 1.0 for weight in weights)}


def _named(words: list[Word], place: int) -> bool:
    before = words[place - 1].folded if place else ""
    behind = words[place + 1].folded if place + 1 < len(words) else ""
    return before in _BEFORE or behind in _BEHIND


def _vocabulary(service: PublicService) -> frozenset[str]:
    """Every word of the service's record, folded, and its English stem."""
    folded = {word.folded for text in _texts(to_json(service)) for word in split(text)}
    return frozenset(folded | {stem(word) for word in folded})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        return
    items = cast("dict[str, Any]", value).values() if isinstance(value, dict) else value
    for item in cast("Iterable[Any]", items if isinstance(value, dict | list) else ()):
        yield from _texts(item)
