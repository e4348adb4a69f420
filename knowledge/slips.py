"""What an unknown word may have been meant to be: Telex or VNI left in, words run together, one letter wrong.

Only asked for words that the index does not know, and answers only with words that it knows. One letter wrong is found
by deleting each letter once on both sides (symmetric deletion), so that no list of words is walked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from knowledge.words import is_syllable
from text.habits import untelex

_SHORTEST = 5                 # below it one letter wrong is another word more often than a slip


class Slips:
    """The known words, by their joined pairs and by what is left of them when a letter is missing."""

    def __init__(self) -> None:
        self._terms: dict[str, set[str]] = defaultdict(set)
        self._seen: Counter[str] = Counter()
        self._shorter: dict[str, set[str]] = defaultdict(set)

    def learn(self, surfaces: Iterable[tuple[str, str]]) -> None:
        """Takes in words (folded) with the terms they are indexed under; once for each field of a document."""
        for word, term in surfaces:
            if word not in self._terms and len(word) >= _SHORTEST - 1:
                for shorter in _deletions(word):
                    self._shorter[shorter].add(word)
            self._terms[word].add(term)
            self._seen[word] += 1

    def known(self, word: str) -> bool:
        return word in self._terms

    def terms(self, word: str) -> set[str]:
        """The terms that a folded word may be indexed under."""
        return self._terms.get(word, set())

    def meant(self, word: str) -> str | None:
        """The known word that an unknown one (folded) was likely meant to be."""
        for repaired in (untelex(word), re.sub(r"[0-9]", "", word)):
            if repaired != word and repaired in self._terms and is_syllable(repaired):
                return repaired
        if is_syllable(word) or len(word) < _SHORTEST or word.isdigit():
            return None
        near = [other for other in self._near(word) if other[0] == word[0]]
        return max(near, key=lambda other: (self._seen[other], other), default=None)

    def _near(self, word: str) -> set[str]:
        """Known words one letter away: one more, one less, one other, or two swapped."""
        near = set(self._shorter.get(word, ()))
        for shorter in _deletions(word):
            if shorter in self._terms:
                near.add(shorter)
            near |= {other for other in self._shorter.get(shorter, ()) if len(other) == len(word)}
        return {other for other in near if not other.isdigit()}

    def parted(self, word: str) -> tuple[str, str] | None:
        """An unknown word as two known ones run together ("khaisinh")."""
        if len(word) < _SHORTEST:
            return None
        cuts = ((word[:i], word[i:]) for i in range(2, len(word) - 1))
        parts = [cut for cut in cuts if all(part in self._terms and is_syllable(part) for part in cut)]
        return max(parts, key=lambda cut: min(self._seen[cut[0]], self._seen[cut[1]]), default=None)


def _deletions(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}
