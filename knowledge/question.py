"""A question as the search reads it: its words with what each may match and how much each says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from knowledge.postings import Postings
from knowledge.words import Faintness, Word, is_syllable, key_of, lexicon, split, stem

_SLIP = 0.8                   # a word repaired from a slip proves less than one that was written
SYNONYM = 0.45


@dataclass(slots=True)
class Unit:
    """One word of a question: the terms it may match with how much that proves, its weight, and what it says."""

    text: str
    weight: float
    keys: dict[str, float]
    written: str | None = None
    informs: float = 0.0
    others: list[list[str]] = field(default_factory=list[list[str]])     # synonyms, each a list of terms

    @property
    def worth(self) -> float:
        return self.weight * self.informs

    def found_in(self, name: Mapping[str, float]) -> tuple[set[str], float]:
        """The terms of a name that it stands for, and how much that proves."""
        if keys := self.keys.keys() & name.keys():
            return keys, max(self.keys[key] for key in keys)
        other = next((keys for keys in self.others if all(key in name for key in keys)), None) or list[str]()
        return set(other), SYNONYM if other else 0.0


@dataclass(frozen=True)
class Question:
    """What is searched for, read in one language."""

    language: str
    units: list[Unit]
    pairs: list[Unit]

    @cached_property
    def worth(self) -> float:
        """The informative weight of all its words."""
        return sum(unit.worth for unit in self.units)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """By every term that any of its words may match, synonyms included: the places of those words."""
        places: dict[str, list[int]] = {}
        for place, unit in enumerate(self.units):
            for key in {key for keys in (unit.keys, *unit.others) for key in keys}:
                places.setdefault(key, []).append(place)
        return places


def read(text: str, language: str, postings: Postings, faintness: Faintness) -> Question:
    """The question's words in `language`, with slips repaired from what the index knows."""
    known = lexicon(language)
    words = _repaired(known.expand(split(text)), postings)
    words = known.expand(words)
    weights = known.weights(words, faintness)
    units = [_unit(word, weight, language, postings) for word, weight in zip(words, weights, strict=True)]
    for start, size, alternatives, _ in known.synonyms.all(words):
        terms = [[key_of(word, language) for word in phrase] for phrase in alternatives]
        for unit in units[start : start + size]:
            unit.others += [keys for keys in terms if all(key in postings for key in keys)]
    return Question(language, _once(units), _pairs(units, postings))


def _repaired(words: list[Word], postings: Postings) -> list[Word]:
    """Unknown words that are two known ones run together, parted."""
    repaired: list[Word] = []
    for word in words:
        known = postings.slips.known(word.folded) or is_syllable(word.folded) or postings.slips.meant(word.folded)
        parts = None if known else postings.slips.parted(word.folded)
        repaired += [Word(part, part) for part in parts] if parts else [word]
    return repaired


def _unit(word: Word, weight: float, language: str, postings: Postings) -> Unit:
    keys = dict.fromkeys((key for key in _keys(word, language) if key in postings), 1.0)
    if not keys and weight and (meant := postings.slips.meant(word.folded)):
        keys = dict.fromkeys(postings.slips.terms(meant), _SLIP)
    informs = max((postings.informs(key) for key in keys), default=postings.informs(""))
    written = "=" + word.written if word.marked else None
    return Unit(word.written if word.marked else word.folded, weight, keys, written, informs)


def _keys(word: Word, language: str) -> set[str]:
    """A foreign word in a Vietnamese question may stand in an English text, and the other way round."""
    keys = {key_of(word, language), word.folded}
    return keys if is_syllable(word.folded) else keys | {stem(word.folded)}


def _once(units: list[Unit]) -> list[Unit]:
    """A word asked twice counts once, at its greatest weight."""
    best: dict[str, Unit] = {}
    for unit in units:
        if unit.text not in best or best[unit.text].weight < unit.weight:
            best[unit.text] = unit
    return [unit for unit in best.values() if unit.weight > 0]


def _pairs(units: list[Unit], postings: Postings) -> list[Unit]:
    """Neighbouring words, as strong as the weaker of the two."""
    pairs: list[Unit] = []
    for a, b in pairwise(units):
        weight = min(a.weight, b.weight)
        keys = {f"{x} {y}": fx * fy for x, fx in a.keys.items() for y, fy in b.keys.items()}
        keys = {key: factor for key, factor in keys.items() if key in postings}
        if weight and keys:
            informs = max(postings.informs(key) for key in keys)
            pairs.append(Unit(f"{a.text} {b.text}", weight, keys, None, informs))
    return pairs
