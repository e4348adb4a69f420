"""What is asked: TF-IDF of words and letters, with and without diacritics, and a linear SVM with a temperature.

No Rasa in here, so that bench/ and tests can train it without starting Rasa. Kept as numbers and word lists: nothing is
unpickled when a model is loaded.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from text.fold import fold

Ranking = list[tuple[str, float]]
TEMPERATURES = np.geomspace(0.02, 1.0, 40)
WORDS: dict[str, Any] = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\w+"}
LETTERS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5)}


def raw(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


@dataclass(frozen=True)
class View:
    """One way of looking at a text: which form of it, cut into which pieces."""

    name: str
    form: Callable[[str], str]
    pieces: dict[str, Any]

    def vectorizer(self, **more: Any) -> TfidfVectorizer:
        return TfidfVectorizer(lowercase=False, sublinear_tf=True, dtype=np.float32, **self.pieces, **more)


VIEWS = (
    View("raw-words", raw, WORDS),
    View("raw-letters", raw, LETTERS),
    View("folded-words", fold, WORDS),
    View("folded-letters", fold, LETTERS),
)


@dataclass(frozen=True)
class IntentModel:
    """A trained model. `rank` gives every intent with its confidence, likeliest first."""

    intents: list[str]
    vectorizers: list[TfidfVectorizer]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float

    def rank(self, text: str) -> Ranking:
        shares = softmax(self.scores([text]) / self.temperature)[0]
        return [(self.intents[i], float(shares[i])) for i in np.argsort(-shares, kind="stable")]

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        return features(self.vectorizers, texts) @ self.weights.T + self.bias

    def save(self, folder: Path) -> None:
        (folder / "words.json").write_text(json.dumps(self._words(), ensure_ascii=False), encoding="utf-8")
        np.savez(
            folder / "numbers.npz",
            weights=self.weights,
            bias=self.bias,
            **{view.name: vectorizer.idf_ for view, vectorizer in zip(VIEWS, self.vectorizers, strict=True)},
        )

    def _words(self) -> dict[str, Any]:
        pieces = [sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__) for vectorizer in self.vectorizers]
        return {"intents": self.intents, "temperature": self.temperature, "pieces": pieces}


def train(texts: Sequence[str], intents: Sequence[str], *, c: float = 1.0, folds: int = 4) -> IntentModel:
    """Fit on the examples; the temperature is the one that makes held-out examples likeliest."""
    vectorizers = [view.vectorizer() for view in VIEWS]
    matrix = hstack([v.fit_transform([view.form(t) for t in texts]) for v, view in zip(vectorizers, VIEWS, strict=True)])
    matrix, labels = csr_matrix(matrix), np.array(intents)
    machine = _fit(matrix, labels, c)
    return IntentModel(
        intents=[str(name) for name in machine.classes_],
        vectorizers=vectorizers,
        weights=machine.coef_.astype(np.float32),
        bias=machine.intercept_.astype(np.float32),
        temperature=_temperature(matrix, labels, c, folds),
    )


def load(folder: Path) -> IntentModel:
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    with np.load(folder / "numbers.npz", allow_pickle=False) as numbers:
        vectorizers = []
        for view, pieces in zip(VIEWS, words["pieces"], strict=True):
            vectorizer = view.vectorizer(vocabulary={piece: i for i, piece in enumerate(pieces)})
            vectorizer.idf_ = numbers[view.name]
            vectorizers.append(vectorizer)
        return IntentModel(words["intents"], vectorizers, numbers["weights"], numbers["bias"], words["temperature"])


def features(vectorizers: Sequence[TfidfVectorizer], texts: Sequence[str]) -> csr_matrix:
    return csr_matrix(hstack([v.transform([w.form(t) for t in texts]) for v, w in zip(vectorizers, VIEWS, strict=True)]))


def softmax(scores: np.ndarray) -> np.ndarray:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def _fit(matrix: csr_matrix, labels: np.ndarray, c: float) -> LinearSVC:
    return LinearSVC(C=c, class_weight="balanced", random_state=1).fit(matrix, labels)


def _temperature(matrix: csr_matrix, labels: np.ndarray, c: float, folds: int) -> float:
    scores, truth = [], []
    for kept, out in StratifiedKFold(folds, shuffle=True, random_state=1).split(matrix, labels):
        machine = _fit(matrix[kept], labels[kept], c)
        scores.append(machine.decision_function(matrix[out]))
        truth.append(np.searchsorted(machine.classes_, labels[out]))
    held_out, right = np.vstack(scores), np.concatenate(truth)
    return float(min(TEMPERATURES, key=lambda t: _surprise(held_out / t, right)))


def _surprise(scores: np.ndarray, right: np.ndarray) -> float:
    return float(-np.log(softmax(scores)[np.arange(len(right)), right] + 1e-12).mean())
