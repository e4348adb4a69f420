"""How well the search answers labelled questions, in the figures that `motcua knowledge evaluate` prints."""

from __future__ import annotations

import time
from collections.abc import Sequence

from knowledge.articles import LabelledQuestion
from knowledge.contract import Index

_LOOKED_AT = 10
Figures = dict[str, float | None]


def figures(index: Index, questions: Sequence[LabelledQuestion]) -> Figures:
    """recall@k, mrr over answerable questions (a decline is a miss), how right declining is, milliseconds a query.

    A share of nothing is None: no answerable question, none to decline, none declined.
    """
    start = time.perf_counter()
    found = [[h.id for h in index.search(q.question, language=q.language, limit=_LOOKED_AT)] for q in questions]
    took = time.perf_counter() - start
    places = [_place(hits, q.relevant) for hits, q in zip(found, questions, strict=True) if q.relevant]
    declined = [not q.relevant for hits, q in zip(found, questions, strict=True) if not hits]
    return {
        **{f"recall@{k}": _mean([place <= k for place in places]) for k in (1, 3, 5)},
        "mrr": _mean([1 / place for place in places]),
        "decline_precision": _mean(declined),
        "decline_recall": _mean([not hits for hits, q in zip(found, questions, strict=True) if not q.relevant]),
        "ms_per_query": round(took / len(questions) * 1000, 3) if questions else None,
    }


def _place(hits: list[str], relevant: frozenset[str]) -> float:
    """Where the first right one stands, from 1; infinity where none does."""
    return next((float(place) for place, hit in enumerate(hits, 1) if hit in relevant), float("inf"))


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
