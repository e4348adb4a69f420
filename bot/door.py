"""The door: what is done with every text before anything else sees it, and what is recognised without Rasa."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from urllib.parse import parse_qsl

from bot.danger import danger
from bot.phrases import Phrases, read_sets, read_templates
from bot.spelling import BREAK, Spelling
from bot.words import table
from text.fold import fold

_NUMBER = re.compile(r"[1-9][0-9]?")
LONGEST_WISH = 14  # words
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another
CODE_LENGTH = 6
_LINK_CODE = re.compile(rf"lk[\s-]*([{CODE_LETTERS}]{{{CODE_LENGTH}}})", re.IGNORECASE)
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
    """A text that tells of danger, or a message that only asks for a person; else None."""
    if danger(text) is not None:
        return "emergency"
    return "person" if _says_only(text, "person") else None


def withdraws(text: str) -> bool:
    """Whether a message, from somebody who waits for a person, only says that they no longer want one."""
    return _says_only(text, "withdraw")


def links(text: str) -> bool:
    """Whether a message only asks for a code that links this channel with another."""
    return _says_only(text, "link")


def link_code(text: str) -> str | None:
    """The code of a message that is nothing else: "LK 7F3K9Q"."""
    found = _LINK_CODE.fullmatch(text.strip())
    return found[1].upper() if found else None


def unlinks(text: str) -> bool:
    return _says_only(text, "unlink")


def taken_choice(text: str, choices: list[dict[str, str]]) -> dict[str, str] | None:
    """The choice that a text takes: by number ("2", "số 2", "the second"), by label, with or without diacritics."""
    folded = _plain(text)
    for choice in choices:
        if _plain(choice["label"]) == folded:
            return choice
    place = _place(folded.split())
    return choices[place - 1] if place and place <= len(choices) else None


def _place(words: list[str]) -> int | None:
    """The one number that the words name, if they say nothing else: "2+2" names two."""
    ordinals = {fold(word): int(place) for place, named in table("door")["ordinals"].items() for word in named}
    places = [int(word) if _NUMBER.fullmatch(word) else ordinals.get(word) for word in words]
    named = [place for place in places if place is not None]
    rest = {word for word, place in zip(words, places, strict=True) if place is None}
    return named[0] if len(named) == 1 and rest <= _beside_a_number() else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


@cache
def _beside_a_number() -> frozenset[str]:
    return frozenset(fold(word) for word in table("door")["number"])


def _says_only(text: str, wish: str) -> bool:
    """Whether the whole message, with or without polite words around, is one of the phrases for `wish`."""
    phrases, spelling = _wishes()
    words = [word for word in spelling.words(text) if word != BREAK]
    if len(words) > LONGEST_WISH:
        return False
    found = phrases.found(words)
    polite = {at for one in found if one.tag == "polite" for at in range(one.start, one.end)}
    wished = (one for one in found if one.tag == wish)
    return any(polite.issuperset({*range(one.start), *range(one.end, len(words))}) for one in wished)


@cache
def _wishes() -> tuple[Phrases, Spelling]:
    said = table("door")
    phrases, sets = Phrases(), read_sets(said["sets"])
    for tag in ("person", "withdraw", "link", "unlink", "polite"):
        phrases.add(tag, read_templates(said[tag], sets))
    return phrases, Spelling(phrases.words)
