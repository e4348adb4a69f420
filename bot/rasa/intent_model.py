"""What is asked: TF-IDF of words and letters, and a linear SVM with a temperature.

Two forms of each text: as it is, and with every name of a service replaced by one placeholder, so that what is asked
is recognised also of a service that no training example names. Both are folded and freed of typing habits first, so
that a text with and without diacritics is the same to the model; beside them stand, with less weight, the words that
carry marks, for whoever types "dừng" (stop) does not mean "đúng" (right). No Rasa in here: bench/ trains it directly.
Kept as numbers and word lists: nothing is unpickled when a model is loaded.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC
from text.habits import marked_words, plain_words

from bot.rasa.names import Name

Ranking = list[tuple[str, float]]
PLACEHOLDER = " xxservice "
FAMILIAR = 0.65  # share of a text's letters in known words from which its confidence is whole (bench/nlu_threshold.py)
TEMPERATURES = np.geomspace(0.02, 2.0, 60)
WORDS: dict[str, Any] = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\w+"}
LETTERS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (1, 4)}


class Said(NamedTuple):
    """A text as the model reads it."""

    words: str
    unnamed: str  # with the placeholder for each service
    marked: str = ""  # those words that carry diacritics, with them


def said(text: str, names: Iterable[Name] = ()) -> Said:
    """`names` are those found in the text; only services count."""
    unnamed, last = "", 0
    for name in names:
        if name.kind == "service" and name.start >= last:
            unnamed += text[last : name.start] + PLACEHOLDER
            last = name.end
    return Said(plain_words(text), plain_words(unnamed + text[last:]), marked_words(text))


class View(NamedTuple):
    """Which form of the text, cut into which pieces."""

    form: int
    pieces: dict[str, Any]
    weight: float = 1.0

    def vectorizer(self, **more: Any) -> TfidfVectorizer:
        return TfidfVectorizer(lowercase=False, sublinear_tf=True, dtype=np.float32, **self.pieces, **more)


MARKED: dict[str, Any] = {"analyzer": "word", "token_pattern": r"[^ ]+"}
_WORD = re.compile(WORDS["token_pattern"])
VIEWS = (View(1, WORDS), View(1, LETTERS), View(0, WORDS), View(0, LETTERS), View(2, MARKED, 0.35))


class _Reader(NamedTuple):
    """One view of a text: how it is cut; of each piece its place and how telling it is; where its weights begin."""

    view: View
    cut: Callable[[str], list[str]]
    places: Mapping[str, int]
    idf: np.ndarray
    first: int


@dataclass(frozen=True)
class IntentModel:
    """A trained model. `named`: its examples held the placeholder; without it services keep their names."""

    intents: list[str]
    vectorizers: list[TfidfVectorizer]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float
    named: bool

    def rank(self, one: Said) -> Ranking:
        """Every intent with its confidence, likeliest first."""
        shares = self.confidences([one])[0]
        return [(self.intents[i], float(shares[i])) for i in np.argsort(-shares, kind="stable")]

    def confidences(self, texts: Sequence[Said]) -> np.ndarray:
        read = texts if self.named else [Said(one.words, one.words, one.marked) for one in texts]
        scores = np.stack([self._scores(one) for one in read])
        return _shares(scores / self.temperature) * self._familiar(read)[:, None]

    def _scores(self, one: Said) -> np.ndarray:
        """Of each intent: what `_features` of one text would score, from the rows of its own pieces alone.

        The vectorizers are made for collections: for one short text their checks and matrices cost twenty times this.
        """
        scores = self.bias.copy()
        for reader in self._readers:
            pieces = Counter(
                place for piece in reader.cut(one[reader.view.form]) if (place := reader.places.get(piece)) is not None
            )
            if pieces:
                places = np.fromiter(pieces, np.intp, len(pieces))
                counts = np.fromiter(pieces.values(), np.float32, len(pieces))
                values = (1 + np.log(counts)) * reader.idf[places]
                scores += (reader.view.weight / np.linalg.norm(values)) * (values @ self._rows[reader.first + places])
        return scores

    @cached_property
    def _readers(self) -> list[_Reader]:
        sizes = [len(vectorizer.vocabulary_) for vectorizer in self.vectorizers]
        return [
            _Reader(view, vectorizer.build_analyzer(), vectorizer.vocabulary_, vectorizer.idf_, first)
            for view, vectorizer, first in zip(VIEWS, self.vectorizers, accumulate(sizes, initial=0), strict=False)
        ]

    @cached_property
    def _rows(self) -> np.ndarray:
        """By piece, so that those of one text lie in few places of the memory."""
        return np.ascontiguousarray(self.weights.T)

    def _familiar(self, texts: Sequence[Said]) -> np.ndarray:
        """How far each text may be trusted, up to 1: of unknown words the scores say nothing but the intents' sizes."""
        known = self.vectorizers[0].vocabulary_
        shares = [_share([(len(word), word in known) for word in _WORD.findall(one.unnamed)]) for one in texts]
        return np.clip(np.array(shares) / FAMILIAR, 0.01, 1.0)  # never 0: the order of the intents stays

    def save(self, folder: Path) -> None:
        pieces = [sorted(v.vocabulary_, key=v.vocabulary_.__getitem__) for v in self.vectorizers]
        words = {"intents": self.intents, "temperature": self.temperature, "named": self.named, "pieces": pieces}
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        idf = {f"idf{place}": vectorizer.idf_ for place, vectorizer in enumerate(self.vectorizers)}
        np.savez(folder / "numbers.npz", weights=self.weights, bias=self.bias, **idf)


def _share(words: Sequence[tuple[int, bool]]) -> float:
    """Of words given as length and whether it is known: the share of the letters that is."""
    return sum(length for length, known in words if known) / max(sum(length for length, _ in words), 1)


def load(folder: Path) -> IntentModel:
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    vectorizers = []
    with np.load(folder / "numbers.npz", allow_pickle=False) as numbers:
        for place, (view, pieces) in enumerate(zip(VIEWS, words["pieces"], strict=True)):
            vectorizers.append(view.vectorizer(vocabulary={piece: i for i, piece in enumerate(pieces)}))
            vectorizers[-1].idf_ = numbers[f"idf{place}"]
        weights, bias = np.asfortranarray(numbers["weights"]), numbers["bias"]
    return IntentModel(words["intents"], vectorizers, weights, bias, words["temperature"], words["named"])


def train(texts: Sequence[Said], intents: Sequence[str], *, c: float = 1.0) -> IntentModel:
    """Fit on the examples; the temperature is the one that makes examples held out of a first fit likeliest."""
    vectorizers = [view.vectorizer() for view in VIEWS]
    matrix, labels = _features(vectorizers, texts, new=True), np.array(intents)
    machine = _fit(matrix, labels, c)
    return IntentModel(
        intents=[str(name) for name in machine.classes_],
        vectorizers=vectorizers,
        weights=np.asfortranarray(machine.coef_, dtype=np.float32),
        bias=machine.intercept_.astype(np.float32),
        temperature=_temperature(matrix, labels, c),
        named=any(PLACEHOLDER.strip() in one.unnamed for one in texts),
    )


def _features(vectorizers: Sequence[TfidfVectorizer], texts: Sequence[Said], *, new: bool = False) -> csr_matrix:
    """`new`: the vectorizers learn their pieces from these texts."""
    parts = []
    for vectorizer, view in zip(vectorizers, VIEWS, strict=True):
        read = vectorizer.fit_transform if new else vectorizer.transform
        parts.append(read([one[view.form] for one in texts]) * view.weight)
    return csr_matrix(hstack(parts))


def _fit(matrix: csr_matrix, labels: np.ndarray, c: float) -> LinearSVC:
    return LinearSVC(C=c, random_state=1).fit(matrix, labels)


def _temperature(matrix: csr_matrix, labels: np.ndarray, c: float) -> float:
    rows = np.arange(len(labels))
    kept, out = train_test_split(rows, test_size=0.2, stratify=labels, random_state=1)
    machine = _fit(matrix[kept], labels[kept], c)
    scores, right = machine.decision_function(matrix[out]), np.searchsorted(machine.classes_, labels[out])
    return float(min(TEMPERATURES, key=lambda t: _surprise(scores / t, right)))


def _surprise(scores: np.ndarray, right: np.ndarray) -> float:
    return float(-np.log(_shares(scores)[np.arange(len(right)), right] + 1e-12).mean())


def _shares(scores: np.ndarray) -> np.ndarray:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)
