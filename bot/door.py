"""The door: what is done with every text before anything else sees it, and what is recognised without Rasa."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from urllib.parse import parse_qsl

from bot.words import table
from text.fold import fold

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
    words = _words(text)
    if _any_phrase("emergency", words) and not _any_phrase("unless", words):
        return "emergency"
    return "person" if _asks_for_person(words) else None


def taken_choice(text: str, choices: list[dict[str, str]]) -> dict[str, str] | None:
    """The choice that a text takes: by number ("2", "số 2"), by label, with or without diacritics."""
    folded = _plain(text)
    for choice in choices:
        if _plain(choice["label"]) == folded:
            return choice
    words = folded.split()
    numbers = [word for word in words if word.isdigit()]
    rest = {word for word in words if not word.isdigit()}
    if len(numbers) != 1 or not rest <= _folded_set("number"):
        return None
    index = int(numbers[0]) - 1
    return choices[index] if 0 <= index < len(choices) else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", unicodedata.normalize("NFC", text).lower().replace("’", "'"))


def _asks_for_person(words: list[str]) -> bool:
    folded = [fold(word) for word in words]
    return 0 < len(folded) <= 12 and (_is_person(" ".join(folded)) or _is_person(" ".join(_without_polite(folded))))


def _is_person(text: str) -> bool:
    return text in _person_phrases()


def _without_polite(words: list[str]) -> list[str]:
    polite = _folded_set("polite")
    start, end = 0, len(words)
    while start < end and words[start] in polite:
        start += 1
    while end > start and words[end - 1] in polite:
        end -= 1
    return words[start:end]


@cache
def _person_phrases() -> frozenset[str]:
    return frozenset(fold(phrase) for phrases in table("door")["person"].values() for phrase in phrases)


@cache
def _folded_set(key: str) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in table("door")[key])


@cache
def _phrases(key: str) -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    """Each phrase as words, and the same folded: a text that lacks one of those cannot hold the phrase."""
    emergency = table("door")["emergency"]
    phrases = emergency["unless"] if key == "unless" else emergency["vi"] + emergency["en"]
    split = [tuple(phrase.split()) for phrase in phrases]
    return tuple((words, frozenset(fold(word) for word in words if word != "_")) for words in split)


def _any_phrase(key: str, words: list[str]) -> bool:
    there = {fold(word) for word in words}
    likely = [phrase for phrase, folded in _phrases(key) if folded <= there]
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
