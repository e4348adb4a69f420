"""The search: the services or articles that a question is about, or nothing when it is about none of them.

Lexical. A question's words are found in weighted fields (BM25F), neighbours count more together, and a name asked for
as a whole counts most. The best hit's score is the chance that the question can be answered here (score.py), the score
of the others goes by their rank. The constants were chosen by mean recall over the sets of bench/search_data.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from knowledge.catalogue import Catalogue
from knowledge.contract import Article, Hit
from knowledge.entries import Entry, article_entries, service_entries
from knowledge.postings import Postings, Weights
from knowledge.question import SYNONYM, Question, Unit, read
from knowledge.score import Features, chance
from knowledge.words import Faintness, key_of, languages_of, lexicon, split
from text.habits import repair

WEIGHTS = Weights(
    fields={"name": 4.0, "other": 3.0, "keyword": 2.0, "body": 1.0},
    length={"name": 0.3, "other": 0.0, "keyword": 0.0, "body": 0.6},
    saturation=0.8,
)
_PAIR = 1.0                   # what neighbours found as neighbours add, beside their words alone
_NAME = 0.35                  # what a name that fits the whole question adds
_WRITTEN = 0.25               # how much of a marked word's strength hangs on being found as written
_OTHER_LANGUAGE = 0.85        # an article in another language than was asked in
_SORTED = 100                 # parts put in order to find those: an entry may have several
_MANY = 1000
_COMPARED = 12                # how many of the best are compared name by name


@dataclass(frozen=True, slots=True)
class Tuning:
    """What differs by what is searched. Below the threshold the answer is "I do not know": the lowest threshold whose
    balance of right answers kept and strangers declined is within 0.01 of the best (bench/search_threshold.py)."""

    faintness: Faintness
    threshold: float


SERVICES = Tuning(Faintness(faint=0.25), 0.50)     # papers, fee, place: what is asked of a service, not which it is
ARTICLES = Tuning(Faintness(), 0.45)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry (by number) and how well one of its parts fits; ranks compare within one question only."""

    number: int
    part: int
    rank: float
    coverage: float
    pairs: float
    name: float
    question: Question


Name = tuple[dict[str, float], float]      # its terms with their weight, and the weight of the whole


class Names:
    """The names of one entry, and by term which of them have it: most share nothing with a question."""

    def __init__(self, names: list[Name]) -> None:
        self._names = names
        self._having: dict[str, list[int]] = {}
        for place, (terms, _) in enumerate(names):
            for term in terms:
                self._having.setdefault(term, []).append(place)

    def spoken_of(self, question: Question) -> Iterator[tuple[Name, list[Unit]]]:
        """Each name that shares a term with the question, with the words that may match it, both in their order."""
        touched: dict[int, set[int]] = {}
        for term, units in question.places.items():
            for place in self._having.get(term, ()):
                touched.setdefault(place, set()).update(units)
        for place in sorted(touched):
            yield self._names[place], [question.units[unit] for unit in sorted(touched[place])]


class Index:
    """Finds entries; built once, then only read, so that threads may share it."""

    def __init__(self, entries: Iterable[Entry], tuning: Tuning = ARTICLES) -> None:
        self.entries = list(entries)
        self.tuning = tuning
        parts = [(number, part) for number, entry in enumerate(self.entries) for part in entry.parts()]
        self._owners = [number for number, _ in parts]
        self.postings = Postings([part for _, part in parts], self._owners, WEIGHTS)
        self._names = [Names(self._worth_of_names(entry)) for entry in self.entries]

    @classmethod
    def of_services(cls, catalogue: Catalogue) -> Index:
        """The catalogue's services, findable in both languages."""
        return cls(service_entries(catalogue), SERVICES)

    @classmethod
    def of(cls, catalogue: Catalogue) -> Index:
        """Services and articles together."""
        return cls([*service_entries(catalogue), *article_entries(catalogue.articles.values())], SERVICES)

    @classmethod
    def of_articles(cls, articles: Iterable[Article]) -> Index:
        """Articles in any mix of languages."""
        return cls(article_entries(articles))

    def search(self, question: str, *, language: str | None = None, limit: int = 5) -> list[Hit]:
        """The best hits first; [] means "I do not know". Articles in `language` are preferred, others still found."""
        candidates = self.candidates(question, language)
        if not candidates or (score := chance(self.features(candidates))) < self.tuning.threshold:
            return []
        best = candidates[0].rank
        return [self._hit(found, score * found.rank / best) for found in candidates[:limit]]

    def explain(self, question: str, *, language: str | None = None) -> dict[str, Any]:
        """Why: the words with their weights, the features, the score, and what each of the best was found by."""
        candidates = self.candidates(question, language)
        if not candidates:
            return {"score": 0.0, "threshold": self.tuning.threshold, "words": [], "candidates": []}
        features, read_as = self.features(candidates), candidates[0].question
        return {
            "score": round(chance(features), 3),
            "threshold": self.tuning.threshold,
            "language": read_as.language,
            "features": {name: round(getattr(features, name), 3) for name in features.__slots__},
            "words": [{"word": u.text, "weight": round(u.worth, 2), "terms": sorted(u.keys)} for u in read_as.units],
            "candidates": [self._explained(found) for found in candidates[:5]],
        }

    def candidates(self, question: str, language: str | None) -> list[Candidate]:
        """Everything worth comparing, best first, whatever the score."""
        question = repair(question, self._known)
        best: dict[int, Candidate] = {}
        for reading in languages_of(split(question), language):
            for found in self._read(read(question, reading, self.postings, self.tuning.faintness), language):
                if found.number not in best or best[found.number].rank < found.rank:
                    best[found.number] = found
        return sorted(best.values(), key=lambda found: (-found.rank, found.number))

    def features(self, candidates: Sequence[Candidate]) -> Features:
        """What the score of the first candidate is made of."""
        first = candidates[0]
        question = first.question
        weight = question.worth / self.postings.informs("")
        return Features(
            pairs=min(first.pairs, 1.5),
            name=first.name,
            evidence=math.log(0.1 + weight * first.coverage),
            question=math.log(0.3 + weight),
            matched=sum(u.worth for u in question.units if self._has(first.part, u, as_written=True)) / question.worth,
            vietnamese=float(question.language == "vi"),
        )

    def _known(self, word: str) -> bool:
        return self.postings.slips.known(word) or (word,) in lexicon("vi").common.folded

    def _hit(self, found: Candidate, score: float) -> Hit:
        entry = self.entries[found.number]
        return Hit(entry.id, round(min(score, 1.0), 4), entry.kind, round(found.name, 4))

    def _explained(self, found: Candidate) -> dict[str, Any]:
        words = [unit.text for unit in found.question.units if self._has(found.part, unit)]
        fits = {"rank": found.rank, "coverage": found.coverage, "name": found.name}
        numbers = {name: round(value, 3) for name, value in fits.items()}
        return {"id": self.entries[found.number].id, **numbers, "found": words}

    def _read(self, question: Question, language: str | None) -> list[Candidate]:
        if not question.worth:
            return []
        covered, paired = self._covered(question.units), self._covered(question.pairs)
        rough = {part: value + _PAIR * paired.get(part, 0.0) for part, value in covered.items()}
        best: dict[int, int] = {}
        for part in nlargest(_SORTED, rough, key=lambda part: (rough[part], -part)):
            best.setdefault(self._owners[part], part)
            if len(best) == _COMPARED:
                break
        parts = best.values()
        return [self._candidate(part, question, covered[part], paired.get(part, 0.0), language) for part in parts]

    def _candidate(self, part: int, question: Question, covered: float, paired: float, asked: str | None) -> Candidate:
        number = self._owners[part]
        name, both = self._name(number, question)
        coverage, pairs = covered / question.worth, paired / question.worth
        rank = coverage + _PAIR * pairs + _NAME * both
        own = self.entries[number].language
        if asked and own and own != asked:
            rank *= _OTHER_LANGUAGE
        return Candidate(number, part, rank, coverage, pairs, name, question)

    def _covered(self, units: list[Unit]) -> dict[int, float]:
        """How much of the units' weight each part has."""
        total: dict[int, float] = {}
        for unit in sorted(units, key=lambda unit: -unit.weight):
            worth, strengths = unit.worth, self._strengths(unit)
            if len(total) > _MANY and unit.weight < 1:   # common words then only add to what telling ones have found
                for part in total.keys() & strengths.keys():
                    total[part] += worth * strengths[part]
                continue
            for part, strength in strengths.items():
                total[part] = total.get(part, 0.0) + worth * strength
        return total

    def _strengths(self, unit: Unit) -> dict[int, float]:
        """How strongly each part says the word, by any of its terms or by a synonym."""
        terms = self.postings.terms
        if len(unit.keys) == 1 and not unit.written and not unit.others and 1.0 in unit.keys.values():
            return terms[next(iter(unit.keys))]     # the commonest case: nothing to weigh up, nothing to copy
        strengths: dict[int, float] = {}
        for key, factor in unit.keys.items():
            for part, strength in terms[key].items():
                if strength * factor > strengths.get(part, 0.0):
                    strengths[part] = strength * factor
        if unit.written:
            exact = terms.get(unit.written, {})
            strengths = {p: s * (1 - _WRITTEN) + _WRITTEN * exact.get(p, 0.0) for p, s in strengths.items()}
        for keys in unit.others:
            for part in terms[keys[0]]:
                if all(part in terms[key] for key in keys):
                    mean = SYNONYM * sum(terms[key][part] for key in keys) / len(keys)
                    strengths[part] = max(strengths.get(part, 0.0), mean)
        return strengths

    def _has(self, part: int, unit: Unit, as_written: bool = False) -> bool:
        """Whether a part has the word; `as_written`: with the question's own marks, where it has any."""
        terms = self.postings.terms
        if as_written and unit.written and part not in terms.get(unit.written, {}):
            return False
        alike = any(all(part in terms[key] for key in keys) for keys in unit.others)
        return alike or any(part in terms[key] for key in unit.keys)

    def _name(self, number: int, question: Question) -> tuple[float, float]:
        """Of the best fitting name: the share of it that was asked for, and that balanced with what it explains."""
        best = (0.0, 0.0)
        for (name, total), units in self._names[number].spoken_of(question):
            said: set[str] = set()
            explained = 0.0
            for unit in units:
                keys, factor = unit.found_in(name)
                said |= keys
                explained += unit.worth * factor
            if said:
                recall, precision = sum(name[key] for key in said) / total, explained / question.worth
                best = max(best, (recall, 2 * recall * precision / (recall + precision)), key=lambda fit: fit[1])
        return best

    def _worth_of_names(self, entry: Entry) -> list[Name]:
        """Each of its names as terms with their weight, and the weight of the whole."""
        names: list[dict[str, float]] = []
        for field in entry.names():
            known = lexicon(field.language)
            words = known.expand(split(field.text))
            worth: dict[str, float] = {}
            for word, weight in zip(words, known.weights(words, self.tuning.faintness), strict=True):
                key = key_of(word, field.language)
                worth[key] = max(worth.get(key, 0.0), weight * self.postings.informs(key))
            names.append({key: value for key, value in worth.items() if value})
        return [(name, sum(name.values())) for name in names if name]
