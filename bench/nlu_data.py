"""The training examples as plain pairs, and the folds that the NLU benches share. Runs in Rasa's environment."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from sklearn.model_selection import StratifiedKFold

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # bot and text, as `rasa` itself finds them from the root
LANGUAGES = ("vi", "en")


class Example(NamedTuple):
    language: str
    intent: str
    text: str


def examples() -> list[Example]:
    return [example for language in LANGUAGES for example in _of(language)]


def _of(language: str) -> Iterator[Example]:
    for file in sorted((ROOT / "data" / "nlu" / language).glob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in entry["examples"].splitlines():
                yield Example(language, entry["intent"], line.removeprefix("- ").strip())


def folds(found: list[Example], number: int = 5) -> Iterator[tuple[list[Example], list[Example]]]:
    """Training and held-out examples; every intent of every language is in each part in its proportion."""
    strata = np.array([f"{example.language} {example.intent}" for example in found])
    for kept, out in StratifiedKFold(number, shuffle=True, random_state=7).split(strata, strata):
        yield [found[i] for i in kept], [found[i] for i in out]
