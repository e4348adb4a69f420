"""What is asked to be done to something one has already: to cancel it, correct it, replace it…; and how to pay."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import yaml

from actions.answer import Language
from actions.voice import WORDS
from knowledge.contract import PublicService
from knowledge.words import Phrases, Word, lexicon, split

NOTHING = "nothing"                     # only sounds like a request
# In a text that names nothing else: details of a person, and whose they are; folded.
DETAILS = frozenset({
    "ten", "ho", "dem", "lot", "chu", "ngay", "thang", "nam", "sinh", "gioi", "tinh", "thong", "tin", "que", "quan",
    "dan", "toc", "con", "be", "chau", "giay", "to", "name", "names", "surname", "date", "birth", "gender", "sex",
    "details", "detail", "information", "first", "last", "family", "middle", "child", "son", "daughter",
})


class Request(NamedTuple):
    """`kinds` in the order of the text; `rest`: the folded words beside them, written out: "bhxh" is four."""

    kinds: tuple[str, ...]
    rest: tuple[str, ...]


def request_of(text: str, language: Language) -> Request:
    """As it is written first, for "hong" may be short for "không" or mean "hỏng"; else with what is shortened in it."""
    expand, words = lexicon(language).expand, split(text)
    found = list(_found(words))
    if not found:
        words = expand(words)
        found = list(_found(words))
    inside = {place for start, size, _ in found for place in range(start, start + size)}
    kinds = dict.fromkeys(kind for _, _, kind in found if kind != NOTHING)
    rest = expand([word for place, word in enumerate(words) if place not in inside])
    return Request(tuple(kinds), tuple(word.folded for word in rest))


def does(service: PublicService, kind: str) -> bool:
    """Whether the service's record tells of this kind of request: in its names, what it is, and its cases."""
    return any(found == kind for text in _told(service) for _, _, found, _ in _telling(kind).all(split(text)))


def _found(words: list[Word]) -> Iterator[tuple[int, int, str]]:
    for start, size, kind, _ in _said().all(words):
        yield start, size, kind


def _told(service: PublicService) -> Iterator[str]:
    cases = (one.when or {} for one in (*service.evidence, *service.time_limits))
    for texts in (service.name, service.description, *cases, *(cost.applicant or {} for cost in service.costs)):
        yield from texts.values()
    for names in (*service.alternative_names.values(), *service.keywords.values()):
        yield from names


@cache
def _said() -> Phrases:
    return Phrases.of((phrase, kind) for kind in _requests() for phrase in _phrases(kind, "said"))


@cache
def _telling(kind: str) -> Phrases:
    parts = ((kind, "said"), (kind, "told"), (NOTHING, "said"))
    return Phrases.of((phrase, one) for one, part in parts for phrase in _phrases(one, part))


def _phrases(kind: str, part: str) -> Iterator[str]:
    yield from map(str, _requests()[kind].get(part, ()))


@cache
def _requests() -> dict[str, Any]:
    with (WORDS / "requests.yml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)
