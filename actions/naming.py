"""Whether a text names a service at all: so that one we do not have is not answered with the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, cast

from actions.answer import Language
from actions.voice import asking_words, side_words
from knowledge.build import to_json
from knowledge.contract import PublicService
from knowledge.words import Faintness, Word, languages_of, lexicon, split, stem
from text.fold import words as folded_words

# Folded words that stand before what is asked for: kinds of papers, and what one does to get one.
_KINDS = frozenset({"tuc", "phep", "the", "chi", "bang"})
_DOINGS = frozenset({"xin", "cap", "ky", "han", "lam", "doi", "ve"})
# … and behind it, in English.
_BEHIND = frozenset({
    "licence", "license", "permit", "certificate", "card", "registration", "visa", "permission", "pension", "allowance",
    "benefit", "grant", "subsidy", "loan", "permits", "licences", "licenses",
})
MOST = 0.75             # of the telling words unknown to the service before: another one is meant


def names_another(text: str, remembered: PublicService | None, language: Language) -> bool:
    """Whether the text, in which the search found nothing, names something other than the service spoken of before."""
    words = _read(text, language)
    telling = _telling(words, language)
    known = _Record(_texts(to_json(remembered)) if remembered else ())
    new = {place for place in telling if not known.says(words[place])}
    vietnamese = "vi" in languages_of(words, language)      # "the" is a card in one language, an article in the other
    if any(_named(words, place, known, place in new) for place in telling if vietnamese) or _named_before(words, new):
        return True
    return len(new) >= 2 and len(new) >= MOST * len(telling)


def names_a_case(text: str, service: PublicService, language: Language) -> bool:
    """Whether all that the text names is a case of the service, or what it is called: "còn trẻ em thì sao"."""
    words = _read(text, language)
    telling = _telling(words, language)
    known = _Record(_cases(service))
    return bool(telling) and all(known.says(words[place]) for place in telling)


def telling_words(text: str, language: Language) -> frozenset[str]:
    """The folded words of a text that say what it is about."""
    words = _read(text, language)
    return frozenset(words[place].folded for place in _telling(words, language))


def only_asks(text: str, language: Language) -> bool:
    """Whether no word of the text says what it is about: "bao nhiêu tiền vậy ạ"."""
    return not _telling(_read(text, language), language)


def sides(text: str) -> tuple[str, ...]:
    """The sides of a service that a text asks for, in its order: "phí và thời gian" → fee, time_limit."""
    said = f" {' '.join(folded_words(text))} "
    places = {facet: [said.find(f" {one} ") for one in phrases] for facet, phrases in side_words().items()}
    found = {facet: min(at for at in starts if at >= 0) for facet, starts in places.items() if max(starts) >= 0}
    return tuple(sorted(found, key=lambda facet: found[facet]))


def _read(text: str, language: Language) -> list[Word]:
    """The words of a text as they were meant: "bn tien v" → bao nhiêu tiền vậy."""
    return lexicon(language).expand(split(text))


def _telling(words: list[Word], language: Language) -> set[int]:
    """The places of words that are not merely asking or polite, in any language the text may be in."""
    weights = [lexicon(one).weights(words, Faintness()) for one in languages_of(words, language)]
    asking = asking_words(language)
    said = (place for place, word in enumerate(words) if len(word.folded) > 1 and not word.folded.isdigit())
    said = (place for place in said if words[place].folded not in asking)
    return {place for place in said if all(weight[place] == 1.0 for weight in weights)}


def _named_before(words: list[Word], new: set[int]) -> bool:
    """Whether a new word is the kind of a licence, card…: "fishing licence"."""
    return any(place in new and behind.folded in _BEHIND for place, behind in enumerate(words[1:]))


def _named(words: list[Word], place: int, known: _Record, new: bool) -> bool:
    """Whether a name that the record does not have begins here, in Vietnamese."""
    before = words[place - 1].folded if place else ""
    behind = words[place + 1] if place + 1 < len(words) else None
    if before in _KINDS:        # syllables are shared by many words, pairs of them by few
        return not known.says_together(words[place], behind) if behind else new
    return new and before in _DOINGS


class _Record:
    """The words of a service's record, or of a part of it, folded."""

    def __init__(self, said: Iterable[str]) -> None:
        texts = [split(text) for text in said]
        self._words = {form for words in texts for word in words for form in (word.folded, stem(word.folded))}
        self._pairs = {(one.folded, two.folded) for words in texts for one, two in pairwise(words)}

    def says(self, word: Word) -> bool:
        return word.folded in self._words or stem(word.folded) in self._words

    def says_together(self, one: Word, two: Word) -> bool:
        return (one.folded, two.folded) in self._pairs


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        return
    items = cast("dict[str, Any]", value).values() if isinstance(value, dict) else value
    for item in cast("Iterable[Any]", items if isinstance(value, dict | list) else ()):
        yield from _texts(item)


def _cases(service: PublicService) -> Iterator[str]:
    """Its names, and for whom and when its facts hold."""
    names = (service.name, *(one.when or {} for one in (*service.evidence, *service.time_limits)))
    for text in (*names, *(cost.applicant or {} for cost in service.costs), service.who_may_apply or {}):
        yield from text.values()
    for others in service.alternative_names.values():
        yield from others
