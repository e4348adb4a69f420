"""An inverted index with weighted fields (BM25F): which document says which term, and how strongly.

BM25F: Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from knowledge.slips import Slips
from knowledge.words import Faintness, Word, key_of, lexicon, split

# Among one or two owners every term that is there would count as common. Fewer than this many count as this many: over
# random parts of the sets of bench/search_data.py right answers rise from 0.64 to 0.81 with one owner, from 0.74 to
# 0.82 with three, and declining stays right in 0.93 to 0.99; from five on nothing is gained.
_LEAST = 8


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a document, its language, and which field it belongs to."""

    name: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Weights:
    """What a field's words count, how far its length is normalised, and BM25's saturation."""

    fields: Mapping[str, float]
    length: Mapping[str, float]
    saturation: float


class Postings:
    """Terms → documents (by number) → how strongly the document says the term, between 0 and 1.

    `owners[n]` is what document n is a part of; how rare a term is goes by owners, not by parts.
    """

    def __init__(self, documents: Iterable[list[Field]], owners: list[int], weights: Weights) -> None:
        counted = [_count(fields) for fields in documents]
        self.size = len(set(owners))
        self.terms: dict[str, dict[int, float]] = defaultdict(dict)
        self.slips = Slips()
        averages = _average_lengths(counted)
        for number, by_field in enumerate(counted):
            for term, strength in _strengths(by_field, averages, weights).items():
                self.terms[term][number] = strength / (strength + weights.saturation)
            for fields in by_field.values():
                self.slips.learn(fields.surfaces)
        self.terms.default_factory = None
        self._common = {term: len({owners[n] for n in documents}) for term, documents in self.terms.items()}

    def informs(self, term: str) -> float:
        """How much it says that a document has the term (its inverse document frequency); most for an unknown term."""
        known, size = self._common.get(term, 0), max(self.size, _LEAST)
        return math.log(1 + (size - known + 0.5) / (known + 0.5))

    def __contains__(self, term: str) -> bool:
        return term in self._common


@dataclass(slots=True)
class _Counted:
    terms: Counter[str]
    surfaces: set[tuple[str, str]]              # a folded word and the term it is indexed under
    length: int


def _count(fields: list[Field]) -> dict[str, _Counted]:
    by_field: dict[str, _Counted] = {}
    for field in fields:
        counted = by_field.setdefault(field.name, _Counted(Counter(), set(), 0))
        known = lexicon(field.language)
        words = known.expand(split(field.text))
        keys = [key_of(word, field.language) for word in words]
        counted.terms.update(_terms(words, keys, known.weights(words, Faintness())))
        counted.surfaces.update((word.folded, key) for word, key in zip(words, keys, strict=True))
        counted.length += len(words)
    return by_field


def _terms(words: list[Word], keys: list[str], weights: list[float]) -> list[str]:
    """The terms of a text: its keys, the marked words as written (with "="), and pairs of neighbours that both say
    something: half of a long text's pairs are never asked for."""
    written = ["=" + word.written for word in words if word.marked]
    telling = zip(pairwise(keys), pairwise(weights), strict=True)
    return keys + written + [f"{a} {b}" for (a, b), both in telling if all(both)]


def _average_lengths(counted: list[dict[str, _Counted]]) -> dict[str, float]:
    lengths: dict[str, list[int]] = defaultdict(list)
    for by_field in counted:
        for name, field in by_field.items():
            lengths[name].append(field.length)
    return {name: sum(values) / len(values) or 1.0 for name, values in lengths.items()}


def _strengths(by_field: dict[str, _Counted], averages: dict[str, float], weights: Weights) -> dict[str, float]:
    strengths: dict[str, float] = defaultdict(float)
    for name, field in by_field.items():
        share = weights.length[name]
        norm = weights.fields[name] / (1 - share + share * field.length / averages[name])
        for term, count in field.terms.items():
            strengths[term] += count * norm
    return strengths
