"""From text to terms: what is indexed of a document and what counts in a question, in Vietnamese and English.

Vietnamese is taken by syllable, folded, with the written form beside it (tone placed anywhere: hoà = hòa); English by
Snowball stem. Both share one space of terms, so that "gia hạn passport" finds what either language calls a passport.
The word lists are data: abbreviations.yml, common_words.yml, synonyms.yml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import snowballstemmer
import yaml

from text.fold import fold

_HERE = Path(__file__).parent
_WORD = re.compile(r"[^\W_]+")
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
# A Vietnamese syllable without marks; what is not one is English, an abbreviation, or a slip.
_SYLLABLE = re.compile(
    r"(ngh?|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdghklmnrstvx])?"
    r"(uye|uya|oai|oay|oeo|uay|uoi|uou|ieu|yeu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
    r"(ch|ng|nh|[cmnpt])?"
)


class Word(NamedTuple):
    """A word folded, and as written with its tone mark put aside."""

    folded: str
    written: str

    @property
    def marked(self) -> bool:
        """Whether it carries a diacritic, so that its written form says more than the folded one."""
        return self.folded != self.written


def split(text: str) -> list[Word]:
    """The words of a text, in order."""
    return [_word(word) for word in _WORD.findall(unicodedata.normalize("NFC", text).lower().replace("’", "'"))]


@cache
def _word(word: str) -> Word:
    marks = unicodedata.normalize("NFD", word)
    tone = "".join(c for c in marks if ord(c) in _TONES)
    return Word(fold(word), unicodedata.normalize("NFC", marks.translate(_TONES)) + tone)


def is_syllable(word: str) -> bool:
    """Whether a folded word could be a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(word) is not None


@cache
def stem(word: str) -> str:
    """The English Snowball stem of a folded word."""
    return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    stemmer: Any = snowballstemmer
    return stemmer.stemmer("english")


@dataclass(frozen=True, slots=True)
class Faintness:
    """What common words weigh where a telling one weighs 1 (bench/search_threshold.py)."""

    faint: float = 0.5
    silent: float = 0.0
    silent_when_folded: float = 0.2             # "cho" without marks may be "cho" (for) or "chợ" (market)

    def of(self, kind: str, only_folded: bool) -> float:
        if kind == "silent":
            return self.silent_when_folded if only_folded else self.silent
        return self.faint


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases of one language, each with what is known of it, found longest first."""

    written: dict[tuple[str, ...], Any]
    folded: dict[tuple[str, ...], Any]
    longest: int
    first: frozenset[str] = field(init=False)       # the words that one may begin with

    def __post_init__(self) -> None:
        first = frozenset(words[0] for words in (*self.written, *self.folded) if words)
        object.__setattr__(self, "first", first)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, Any]]) -> Phrases:
        written: dict[tuple[str, ...], Any] = {}
        folded: dict[tuple[str, ...], Any] = {}
        for phrase, value in pairs:
            words = split(phrase)
            written[tuple(w.written for w in words)] = value
            folded.setdefault(tuple(w.folded for w in words), value)
        return cls(written, folded, max(map(len, written), default=0))

    def at(self, words: list[Word], start: int) -> tuple[int, Any, bool] | None:
        """The longest phrase that begins at `start`: how many words, its value, whether only its folded form fits."""
        if words[start].written not in self.first:
            return None
        for size in range(min(self.longest, len(words) - start), 0, -1):
            part = words[start : start + size]
            written = tuple(w.written for w in part)
            if written in self.written:
                return size, self.written[written], False
            if not any(w.marked for w in part) and written in self.folded:
                return size, self.folded[written], True
        return None

    def all(self, words: list[Word]) -> Iterator[tuple[int, int, Any, bool]]:
        """Every phrase in a text, left to right without overlap: start, size, value, only folded."""
        start = 0
        while start < len(words):
            found = self.at(words, start)
            if found:
                yield start, *found
            start += found[0] if found else 1


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of a language's words."""

    abbreviations: Phrases
    common: Phrases
    synonyms: Phrases

    def expand(self, words: list[Word]) -> list[Word]:
        """The words with every abbreviation written out."""
        expanded: list[Word] = []
        done = 0
        for start, size, meant, _ in self.abbreviations.all(words):
            expanded += words[done:start] + meant
            done = start + size
        return expanded + words[done:]

    def weights(self, words: list[Word], faintness: Faintness) -> list[float]:
        """How much each word says: 1, or less for common ones."""
        weights = [1.0] * len(words)
        for start, size, kind, only_folded in self.common.all(words):
            weights[start : start + size] = [faintness.of(kind, only_folded)] * size
        return weights

    def only_common(self, words: list[Word]) -> bool:
        """Whether there is no telling word among them."""
        return not any(self.weights(words, Faintness(faint=0.0, silent_when_folded=0.0)))


@cache
def lexicon(language: str) -> Lexicon:
    """The word lists of "vi" or "en"."""
    common = _data("common_words")[language]
    groups = _data("synonyms")[language]
    others = ((phrase, [split(other) for other in group if other != phrase]) for group in groups for phrase in group)
    return Lexicon(
        Phrases.of((short, split(meant)) for short, meant in _data("abbreviations")[language].items()),
        Phrases.of((phrase, kind) for kind in ("silent", "faint") for row in common[kind] for phrase in row),
        Phrases.of(others),
    )


@cache
def _data(name: str) -> Any:
    return yaml.load((_HERE / f"{name}.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 texts only


def languages_of(words: list[Word], given: str | None) -> tuple[str, ...]:
    """In which languages a question is to be read. Marks tell Vietnamese; without them both may be meant."""
    if any(word.marked for word in words):
        return ("vi",)
    syllables = sum(is_syllable(word.folded) for word in words)
    if given == "en" and syllables < len(words):
        return ("en",)
    if given == "vi" and syllables * 2 > len(words):
        return ("vi",)
    return ("vi", "en") if syllables * 2 > len(words) else ("en", "vi")


def key_of(word: Word, language: str) -> str:
    """The term that a word is indexed under."""
    return stem(word.folded) if language == "en" else word.folded
