"""The case that a question names, told before the others: "làm lại căn cước bị mất" is about the lost card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from actions.answer import Language
from actions.telling.view import View
from knowledge.words import lexicon, split, stem
from text.fold import fold

# "Mất bao lâu" asks how long, not about something lost, and "còn hộ chiếu?" goes on, about no child; folded.
_ASKING = re.compile(
    r"\bmat (bao|may|phi|tien|them|toi|lau)\b|\b(bao nhieu|bao lau|het|how much|how long|what about|also|add|with)\b"
    r"|^(the )?con (?!toi|em|minh|be|nho|gai|trai|chung|nha|duoi|tren|\d)"
)
USUAL = 0.3             # share of a service's names from which a word names the service and none of its cases


def nearest_first[T](view: View, cases: Sequence[T], conditions: Sequence[str]) -> tuple[list[T], bool]:
    """The cases, the one first whose condition shares the most words with the question; whether there is one."""
    asked = _words(_ASKING.sub(" ", fold(view.asked))) - _usual(view) - _silent(view.voice.language)
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


@cache
def _silent(language: Language) -> frozenset[str]:
    """Words that only hold others together: "and", "for", "với"; "con" is a child as well, "bị" tells of a loss."""
    common = lexicon(language).common.folded
    silent = {phrase[0] for phrase, kind in common.items() if kind == "silent" and len(phrase) == 1}
    return frozenset(map(stem, silent)) - {"con", "em", "bi"}


def _words(folded: str) -> set[str]:
    return {stem(word.folded) for word in split(folded)}
