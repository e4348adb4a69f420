"""From how well the best candidate fits to the chance that the question can be answered here at all.

Features that mean the same in a small index and in a large one, and a logistic regression over them, fitted on the
sets of bench/search_data.py by bench/search_threshold.py.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of the best candidate. "Weight" is informative weight: rare words count more, faint ones less."""

    pairs: float              # weight of neighbouring words found as neighbours, of the question's weight
    name: float               # share of the best fitting name's weight that was asked for
    evidence: float           # log of the weight found, by fields, in words that only one entry has
    question: float           # log of the question's weight, in words that only one entry has
    matched: float            # share of the question's weight found at all, as written
    vietnamese: float         # 1 when read as Vietnamese: a syllable says less than a word


# Printed by bench/search_threshold.py, every set counting the same; in the order of Features.
INTERCEPT = -0.59
COEFFICIENTS = Features(pairs=3.86, name=1.62, evidence=2.37, question=-1.06, matched=2.46, vietnamese=-1.24)


def chance(features: Features) -> float:
    """Between 0 and 1: that the question can be answered, where half of all questions can."""
    total = sum(a * b for a, b in zip(astuple(COEFFICIENTS), astuple(features), strict=True))
    return 1 / (1 + math.exp(-(INTERCEPT + total)))
