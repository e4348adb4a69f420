"""The door: what is done with every text before anything else sees it, and what is recognised without Rasa."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from typing import Any, Literal
from urllib.parse import parse_qsl

from bot.words import table
from text.fold import fold

_NUMBER = re.compile(r"[1-9][0-9]?")
Recognised = Literal["emergency", "person"]


@dataclass(frozen=True, slots=True)
class Understood:
    """What the gateway already knows of a message: a taken choice, or entities such as a proof token."""

    intent: str | None = None
    entities: dict[str, str] = field(default_factory=dict[str, str])

    def as_json(self) -> dict[str, Any]:
        return {"intent": self.intent, "entities": self.entities}


def understood(value: str) -> Understood:
    """What a choice means: its value is a query string, "intent=fee&service=passport"."""
    pairs = dict(parse_qsl(value))
    return Understood(pairs.pop("intent", None), pairs)


def recognise(text: str) -> Recognised | None:
    """Emergency words anywhere, or a message that only asks for a person; else None."""
    if danger(text) is not None:
        return "emergency"
    return "person" if _is_one_of(text, "person") else None


def danger(text: str) -> str | None:
    """The kind of emergency that a text tells of ("fire", "medical", …), else None."""
    words = _words(text)
    there = {fold(word) for word in words}
    if _any_phrase(_phrases("unless"), words, there):
        return None
    kinds = table("door")["emergency"]
    return next((kind for kind in kinds if _any_phrase(_phrases(kind), words, there)), None)


def withdraws(text: str) -> bool:
    """Whether a message, from somebody who waits for a person, only says that they no longer want one."""
    return _is_one_of(text, "withdraw")


def taken_choice(text: str, choices: list[dict[str, str]]) -> dict[str, str] | None:
    """The choice that a text takes: by number ("2", "số 2", "the second"), by label, with or without diacritics."""
    folded = _plain(text)
    for choice in choices:
        if _plain(choice["label"]) == folded:
            return choice
    place = _place(folded.split())
    return choices[place - 1] if place and place <= len(choices) else None


def _place(words: list[str]) -> int | None:
    """The one number that the words name, if they say nothing else."""
    ordinals = {fold(word): int(place) for place, named in table("door")["ordinals"].items() for word in named}
    named = {word: int(word) for word in words if _NUMBER.fullmatch(word)} | {
        word: ordinals[word] for word in words if word in ordinals
    }
    places, rest = set(named.values()), set(words) - set(named)
    return places.pop() if len(places) == 1 and rest <= _folded_set("number") else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", unicodedata.normalize("NFC", text).lower().replace("’", "'"))


def _is_one_of(text: str, key: str) -> bool:
    """Whether the whole message, with or without polite words around, is one of the phrases under `key`."""
    words = [fold(word) for word in _words(text)]
    polite, phrases = _folded_set("polite"), _folded_phrases(key)
    if not 0 < len(words) <= 12:
        return False
    starts = len(list(takewhile(polite.__contains__, words)))
    ends = len(list(takewhile(polite.__contains__, reversed(words))))
    stretches = (words[start : len(words) - end] for start in range(starts + 1) for end in range(ends + 1))
    return any(" ".join(stretch) in phrases for stretch in stretches if stretch)


@cache
def _folded_phrases(key: str) -> frozenset[str]:
    return frozenset(fold(phrase) for phrases in table("door")[key].values() for phrase in phrases)


@cache
def _folded_set(key: str) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in table("door")[key])


@cache
def _phrases(key: str) -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    """Each phrase as words, and the same folded: a text that lacks one of those cannot hold the phrase."""
    kinds = table("door")["emergency"]
    phrases = table("door")["unless"] if key == "unless" else kinds[key]["vi"] + kinds[key]["en"]
    split = [tuple(str(phrase).split()) for phrase in phrases]
    return tuple((words, frozenset(fold(word) for word in words if word != "_")) for words in split)


def _any_phrase(phrases: Iterable[tuple[tuple[str, ...], frozenset[str]]], words: list[str], there: set[str]) -> bool:
    likely = [phrase for phrase, folded in phrases if folded <= there]
    return any(_stands_at(phrase, words, start) for phrase in likely for start in range(len(words)))


def _stands_at(phrase: tuple[str, ...], words: list[str], at: int) -> bool:
    if not phrase:
        return True
    if phrase[0] == "_":
        return any(_stands_at(phrase[1:], words, at + gap) for gap in range(4))
    return at < len(words) and _same(words[at], phrase[0]) and _stands_at(phrase[1:], words, at + 1)


@cache
def _marks(word: str) -> tuple[str, ...]:
    return tuple(sorted(unicodedata.normalize("NFD", word)))


def _same(typed: str, meant: str) -> bool:
    """Typed with the same diacritics (old or new tone placement), or with none at all."""
    return typed == meant or typed == fold(meant) or (_marks(typed) == _marks(meant) and fold(typed) == fold(meant))
