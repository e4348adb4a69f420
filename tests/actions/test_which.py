"""Which service is meant, measured on tests/knowledge/questions.yml, with and without the gazetteer's names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.answer import Language
from actions.knowledge import Known
from actions.memory import Memory
from actions.turn import Turn
from actions.which import Found, find
from knowledge.catalogue import Catalogue
from tests.actions.conftest import MONDAY, one_index
from tests.actions.conversation import Names, find_names
from text.fold import strip_diacritics

QUESTIONS: dict[str, Any] = yaml.safe_load(Path("tests/knowledge/questions.yml").read_text(encoding="utf-8"))


def asked(part: dict[Language, list[str]]) -> Iterator[tuple[Language, str]]:
    """Every question; a Vietnamese one with and without diacritics."""
    for language, texts in part.items():
        for text in texts:
            for one in dict.fromkeys([text, strip_diacritics(text)]):
                yield language, one


@pytest.fixture(scope="module")
def known(catalogue: Catalogue) -> Known:
    return Known(catalogue, one_index(catalogue), "1")


def found(known: Known, names: Names, language: Language, text: str, remembered: str | None = None) -> Found:
    services = tuple(one["value"] for one in find_names(names, text) if one["entity"] == "service")
    return find(Turn(language, text, "how_to", 0.9, {"service": services}, Memory(remembered), MONDAY, "c-1"), known)


@pytest.mark.parametrize(("with_names", "least"), [(True, 0.97), (False, 0.90)])
def test_the_service_is_found(with_names: bool, least: float, known: Known, names: Names) -> None:
    """Never a wrong one told as if it were sure; the rest is asked back or declined."""
    counted = Counter[str]()
    for service, part in QUESTIONS["services"].items():
        for language, text in asked(part):
            one = found(known, names if with_names else {}, language, text)
            right = service in one.services
            counted["right" if right and one.kind == "one" else "wrong" if one.kind == "one" else "other"] += 1
    assert counted["right"] >= least * counted.total(), counted
    assert counted["wrong"] == 0, counted


@pytest.mark.parametrize("remembered", [None, "birth-registration"])
def test_what_is_no_service_of_ours_is_seldom_taken_for_one(
    remembered: str | None, known: Known, names: Names
) -> None:
    texts = list(asked(QUESTIONS["declined"]))
    taken = [text for language, text in texts if found(known, names, language, text, remembered).kind == "one"]
    assert len(taken) <= 0.05 * len(texts), taken
