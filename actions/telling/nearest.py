"""The case that a question names, told before the others: "làm lại căn cước bị mất" is about the lost card."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.telling.view import View
from knowledge.words import split, stem
from text.fold import fold

# "Mất bao lâu" asks how long, not about something lost; folded.
_ASKING = re.compile(
    r"\bmat (bao|may|phi|tien|them|toi|lau)\b|\b(bao nhieu|bao lau|het|how much|how long|a|the|for|to|of)\b"
)
USUAL = 0.3             # share of a service's names from which a word names the service and none of its cases


def nearest_first[T](view: View, cases: Sequence[T], conditions: Sequence[str]) -> tuple[list[T], bool]:
    """The cases, the one first whose condition shares the most words with the question; whether there is one."""
    asked = _words(_ASKING.sub(" ", fold(view.asked))) - _usual(view)
    shared = [len(_words(fold(condition)) & asked) for condition in conditions]
    most = max(shared, default=0)
    if len(cases) < 2 or not most or shared.count(most) > 1:
        return list(cases), False
    first = shared.index(most)
    return [cases[first], *cases[:first], *cases[first + 1 :]], True


def _usual(view: View) -> set[str]:
    """The words that most of the service's names have."""
    language = view.voice.language
    names = [_words(fold(name)) for name in (view.name, *view.service.alternative_names.get(language, ()))]
    return {word for name in names for word in name if sum(word in one for one in names) >= USUAL * len(names)}


def _words(folded: str) -> set[str]:
    return {stem(word.folded) for word in split(folded)}
