"""Fits the search's score and chooses its threshold on labelled questions; prints what each choice costs.

    .venv/bin/python -m bench.search_threshold

Each set is judged by a score fitted on the other sets (kin sets left out together), so the figures are for questions
that the fit has not seen. Columns: recall@1 without declining, then at each threshold the share of right first answers
kept (kept), of answerable questions with a right one among five (r@5), decline precision (dp) and decline recall (dr).
"""

from __future__ import annotations

import time
from dataclasses import astuple, dataclass, fields
from math import exp

from bench.search_data import Set, sets
from knowledge.score import Features

THRESHOLDS = [i / 20 for i in range(4, 18)]
NEAR = 0.01                   # the lowest threshold so near the best: a wrong decline leaves a citizen helpless
SHOWN = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55)
KIN = {"quebec with holes": "quebec", "quebec faq": "quebec"}


@dataclass(frozen=True, slots=True)
class Row:
    """One question: its features (None: nothing found), whether the first is right, one of five is, any could be."""

    features: tuple[float, ...] | None
    first: bool
    five: bool
    answerable: bool


Model = list[float]


def main() -> None:
    rows = {made.name: measured(made) for made in sets()}
    fits = {kin(name): fit([rows[other] for other in rows if kin(other) != kin(name)]) for name in rows}
    unseen = {name: fits[kin(name)] for name in rows}
    for name in rows:
        print(f"{name:22s} auc {auc(unseen[name], rows[name]):.3f}  " + "  ".join(shown(unseen[name], rows[name])))
    for what, names in (("services", ["sample pack"]), ("articles", [name for name in rows if name != "sample pack"])):
        judged = {t: sum(balance(unseen[n], rows[n], t) for n in names if n in rows) / len(names) for t in THRESHOLDS}
        print(f"{what}, (kept + declined) / 2: " + "  ".join(f"{t:.2f} {value:.3f}" for t, value in judged.items()))
        print(f"{what}, threshold: {min(t for t in THRESHOLDS if judged[t] >= max(judged.values()) - NEAR):.2f}")
    whole = fit(list(rows.values()))
    names = ["intercept", *(field.name for field in fields(Features))]
    print("coefficients: " + ", ".join(f"{name}={value:.2f}" for name, value in zip(names, whole, strict=True)))


def kin(name: str) -> str:
    return KIN.get(name, name)


def measured(made: Set) -> list[Row]:
    index = made.index()
    rows: list[Row] = []
    start = time.perf_counter()
    for asked in made.asked:
        found = index.candidates(asked.question, asked.language)
        right = [index.entries[candidate.number].id in asked.right for candidate in found[:5]]
        features = astuple(index.features(found)) if found else None
        rows.append(Row(features, right[:1] == [True], any(right), bool(asked.right)))
    each = (time.perf_counter() - start) / len(rows) * 1000
    answerable = [row for row in rows if row.answerable]
    first, five = (sum(getattr(row, key) for row in answerable) / len(answerable) for key in ("first", "five"))
    print(f"{made.name:22s} {len(made.entries):5d} entries, {len(answerable):4d} answerable, "
          f"{len(rows) - len(answerable):4d} not; recall@1 {first:.3f} @5 {five:.3f} before declining; {each:.2f} ms")
    return rows


def fit(groups: list[list[Row]], rounds: int = 150, pace: float = 2.0, ridge: float = 1e-3) -> Model:
    """Logistic regression by gradient descent on standardised features; target: can be answered."""
    weighed = (pair for group in groups for pair in _weighed(group))
    data = [(row.features, row.answerable, weight) for row, weight in weighed if row.features]
    size = len(data[0][0])
    means = [sum(x[i] for x, _, _ in data) / len(data) for i in range(size)]
    spreads = [max(1e-6, (sum((x[i] - means[i]) ** 2 for x, _, _ in data) / len(data)) ** 0.5) for i in range(size)]
    scaled = [([(v - m) / s for v, m, s in zip(x, means, spreads, strict=True)], y, w) for x, y, w in data]
    model, total = [0.0] * (size + 1), sum(w for _, _, w in data)
    for _ in range(rounds):
        slope = [0.0] * (size + 1)
        for x, y, w in scaled:
            miss = w * (probability(model, x) - y)
            slope[0] += miss
            for i, value in enumerate(x):
                slope[i + 1] += miss * value
        drag = [0.0, *(ridge * b for b in model[1:])]
        model = [b - pace * (g / total + d) for b, g, d in zip(model, slope, drag, strict=True)]
    weights = [b / s for b, s in zip(model[1:], spreads, strict=True)]
    return [model[0] - sum(b * m for b, m in zip(weights, means, strict=True)), *weights]


def _weighed(group: list[Row]) -> list[tuple[Row, float]]:
    """Answerable and unanswerable questions weigh the same, whatever a set has more of."""
    sizes = {kind: sum(row.answerable == kind for row in group) for kind in (True, False)}
    return [(row, 0.5 / sizes[row.answerable]) for row in group]


def probability(model: Model, features: list[float] | tuple[float, ...]) -> float:
    return 1 / (1 + exp(-(model[0] + sum(b * v for b, v in zip(model[1:], features, strict=True)))))


def score(model: Model, row: Row) -> float:
    return probability(model, row.features) if row.features else 0.0


def auc(model: Model, rows: list[Row]) -> float:
    """The chance that an answerable question scores above one that is not."""
    yes = [score(model, row) for row in rows if row.answerable]
    no = [score(model, row) for row in rows if not row.answerable]
    return sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / (len(yes) * len(no))


def balance(model: Model, rows: list[Row], threshold: float) -> float:
    kept, _, _, declined = costs(model, rows, threshold)
    return (kept + declined) / 2


def costs(model: Model, rows: list[Row], threshold: float) -> tuple[float, float, float, float]:
    """Right first answers kept, right among five, decline precision, decline recall."""
    answerable = [row for row in rows if row.answerable]
    firsts = [row for row in answerable if row.first]
    declined = [row for row in rows if score(model, row) < threshold]
    kept = sum(score(model, row) >= threshold for row in firsts) / len(firsts)
    five = sum(row.five and score(model, row) >= threshold for row in answerable) / len(answerable)
    right = sum(not row.answerable for row in declined)
    return kept, five, right / max(1, len(declined)), right / max(1, len(rows) - len(answerable))


def shown(model: Model, rows: list[Row]) -> list[str]:
    return ["{:.2f}: kept {:.2f} r@5 {:.2f} dp {:.2f} dr {:.2f}".format(t, *costs(model, rows, t)) for t in SHOWN]


if __name__ == "__main__":
    main()
