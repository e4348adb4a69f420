"""Whether a text names a service at all: so that one we do not have is not answered with the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, cast

from actions.answer import Language
from actions.voice import asking_words
from knowledge.build import to_json
from knowledge.contract import PublicService
from knowledge.words import Faintness, Word, is_syllable, languages_of, lexicon, split, stem
from text.habits import repair

# Folded words that stand before what is asked for: kinds of papers, and what one does to get one.
_KINDS = frozenset({"tuc", "phep", "the", "chi", "bang"})
_DOINGS = frozenset({"xin", "cap", "ky", "han", "lam", "doi", "ve"})
# … and behind it, in English.
_BEHIND = frozenset({
    "licence", "license", "permit", "certificate", "card", "registration", "visa", "permission", "pension", "allowance",
    "benefit", "grant", "subsidy", "loan", "permits", "licences", "licenses",
})
# Kinds of papers and what is done to get one: what every second service is called by, and none alone.
_OF_EVERY_KIND = (
    "giay", "the", "so", "don", "phieu", "ban", "to", "xac", "nhan", "chung", "cap", "dang", "ky", "xin", "lam", "thu",
    "tuc", "phep", "certificate", "confirmation", "card", "letter", "licence", "license", "permit", "registration",
    "register", "document", "paper", "form", "number", "book", "new", "get", "service", "application",
)
GENERIC = frozenset(form for word in _OF_EVERY_KIND for form in (word, stem(word)))
LONG, SLIP = 5, 0.85      # letters of a word in which a slip is looked for, and how like the meant one it has to be
MOST = 0.75             # of the telling words unknown to the service before: another one is meant


def names_another(text: str, remembered: Vocabulary | None, everything: Vocabulary, language: Language) -> bool:
    """Whether the text, in which the search found nothing, names something other than the service spoken of before; or
    with none before it, something that no service of the catalogue speaks of."""
    words = _read(text, language)
    telling = _telling(words, language)
    known = remembered or Vocabulary(())
    new = {place for place in telling if not known.says(words[place])}
    vietnamese = "vi" in languages_of(words, language)      # "the" is a card in one language, an article in the other
    if any(_named(words, place, known, place in new) for place in telling if vietnamese) or _named_before(words, new):
        return True
    things = {place for place in telling if not _is_generic(words[place])}
    foreign = {place for place in things if not everything.says(words[place])}
    others = new & things if remembered else foreign
    return _registered(words, foreign) or (len(others) >= 2 and len(others) >= MOST * len(things))


def names_nothing_known(text: str, everything: Vocabulary, language: Language) -> bool:
    """Whether no service of the catalogue speaks of anything that the text names: "flibber gibbet"."""
    words = _read(text, language)
    telling = _telling(words, language)
    return bool(telling) and not any(everything.says(words[place]) for place in telling)


def names_a_case(text: str, service: PublicService, language: Language) -> bool:
    """Whether all that the text names is a case of the service, or what it is called: "còn trẻ em thì sao"."""
    words = _read(text, language)
    telling = _telling(words, language)
    known = Vocabulary(_cases(service))
    return bool(telling) and all(known.says(words[place]) for place in telling)


def telling_words(text: str, language: Language) -> frozenset[str]:
    """The folded words of a text that say what it is about."""
    words = _read(text, language)
    return frozenset(words[place].folded for place in _telling(words, language))


@dataclass(frozen=True, slots=True)
class Called:
    """What a service's names and keywords say, folded. `words`: those that tell it from others, English ones as stems
    too; `pairs`: syllables that stand together; `alone`: those that are a name by themselves."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    alone: frozenset[str]


def called(service: PublicService) -> Called:
    names = [
        (words, lexicon(language)) for language, name in service.name.items()
        for text in (name, *service.alternative_names.get(language, ()), *service.keywords.get(language, ()))
        for words in (split(text),)
    ]
    weighed = ((words, known.weights(words, Faintness())) for words, known in names)
    telling = (word for words, weights in weighed for word, much in zip(words, weights, strict=True) if much == 1.0)
    spoken = [words for name, known in names for words in (name, known.expand(name))]
    return Called(
        frozenset(form for word in telling for form in _as_called(word)) - GENERIC,
        frozenset((one.folded, two.folded) for words in spoken for one, two in pairwise(words)),
        frozenset(words[0].folded for words in spoken if len(words) == 1),
    )


def is_called(text: str, by: Called, language: Language) -> bool:
    """Whether a word of the text, or one that means the same, is one that the service is called by: of Vietnamese, a
    syllable together with its neighbour, for one alone is part of many words ("cư", of "định cư" and "cư trú")."""
    words = _read(repair(text, by.words.__contains__), language)
    weights = [lexicon(one).weights(words, Faintness()) for one in languages_of(words, language)]
    weighty = {place for weight in weights for place, much in enumerate(weight) if much == 1.0}
    vietnamese = languages_of(words, language) == ("vi",)
    standing = {place for place in weighty if not vietnamese or _stands(words, place, by)}
    return _says([words[place] for place in standing], by.words) or _means(words, weighty, by.words)


def _stands(words: list[Word], place: int, by: Called) -> bool:
    around = pairwise(word.folded for word in words[max(place - 1, 0) : place + 2])
    return not is_syllable(words[place].folded) or words[place].folded in by.alone or not by.pairs.isdisjoint(around)


def speaks_of(text: str, known: Vocabulary, language: Language) -> bool:
    """Whether several words say what the text is about, and the service's record has them all; Vietnamese ones that
    stand together as they do in it."""
    words = _read(text, language)
    things = sorted(place for place in _telling(words, language) if not _is_generic(words[place]))
    vietnamese = "vi" in languages_of(words, language)
    joined = (one for one, two in pairwise(things) if two == one + 1 and vietnamese)
    return (
        len(things) > 1
        and all(known.says(words[place]) for place in things)
        and all(known.says_together(words[place], words[place + 1]) for place in joined)
    )


def _says(words: list[Word], called: frozenset[str]) -> bool:
    """Also by a word with a slip in it: "pasport"."""
    forms = {form for word in words for form in _forms(word)}
    return bool(forms & called) or any(
        get_close_matches(form, called, 1, SLIP) for form in forms if len(form) >= LONG
    )


def _means(words: list[Word], weighty: set[int], called: frozenset[str]) -> bool:
    """Whether one of these words means the same as what is called."""
    alike = (
        other for one in ("vi", "en") for start, size, others, _ in lexicon(one).synonyms.all(words)
        if weighty & set(range(start, start + size)) for other in others
    )
    return any({word.folded for word in other} <= called for other in alike)


def _is_generic(word: Word) -> bool:
    return not GENERIC.isdisjoint(_forms(word))


def _forms(word: Word) -> tuple[str, str]:
    return word.folded, stem(word.folded)


def _as_called(word: Word) -> tuple[str, ...]:
    """What is done to one is another word than its stem: "I was fired" is not about a fire."""
    return (word.folded,) if word.folded.endswith("ed") else _forms(word)


def vocabulary(services: Iterable[PublicService]) -> Vocabulary:
    """All words of the services' records."""
    return Vocabulary(text for service in services for text in _texts(to_json(service)))


def only_asks(text: str, language: Language) -> bool:
    """Whether no word of the text says what it is about: "bao nhiêu tiền vậy ạ"."""
    return not _telling(_read(text, language), language)


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


def _registered(words: list[Word], foreign: set[int]) -> bool:
    """Whether something that no service speaks of is to be registered, in English: "register my dog"."""
    return any("register" in {word.folded for word in words[max(place - 2, 0) : place]} for place in foreign)


def _named(words: list[Word], place: int, known: Vocabulary, new: bool) -> bool:
    """Whether a name that the record does not have begins here, in Vietnamese."""
    first, before = (words[place - back].folded if place >= back else "" for back in (2, 1))
    behind = words[place + 1] if place + 1 < len(words) else None
    if _is_generic(words[place]):
        if behind is None or _is_generic(behind):
            return False
    elif new and first in _KINDS and before not in _DOINGS and _is_generic(words[place - 1]):
        return True             # "giấy phép bán rượu"
    if before == "han" and first != "gia":
        return False            # "gia hạn", but "thời hạn"
    if before in _KINDS:        # syllables are shared by many words, pairs of them by few
        return not known.says_together(words[place], behind) if behind else new
    return new and before in _DOINGS


class Vocabulary:
    """The words of records, or of parts of them: folded, and with their marks for words that have some."""

    def __init__(self, said: Iterable[str]) -> None:
        texts = [split(text) for text in said]
        self._words = {form for words in texts for word in words for form in _forms(word)}
        self._written = {word.written for words in texts for word in words}
        self._pairs = {(one.folded, two.folded) for words in texts for one, two in pairwise(words)}

    def says(self, word: Word) -> bool:
        """ "Chó", a dog, is another word than "cho", for; "cho" may be either."""
        return word.written in self._written if word.marked else not self._words.isdisjoint(_forms(word))

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
    for text in (*names, *(cost.applicant or {} for cost in service.costs)):
        yield from text.values()
    for others in service.alternative_names.values():
        yield from others
