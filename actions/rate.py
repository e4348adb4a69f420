"""What a citizen thinks of the last answer: 1 (bad) to 5 (good)."""

from __future__ import annotations

import re

from actions.answer import choice
from actions.base import Ability
from actions.offers import to_a_person
from actions.said import Said
from actions.turn import Turn
from actions.voice import Voice, rating_words
from text.fold import fold

LOW = 2


class Rate(Ability):
    called = "action_rate"

    async def answer(self, turn: Turn) -> Said:
        voice = Voice(turn.language)
        rating = rating_of(turn)
        if rating is None:
            choices = tuple(choice(voice(f"rating_{value}"), "rate", rating=value) for value in ("5", "3", "1"))
            return Said("clarified", voice.telling("rate_how"), turn.memory, turn.language, choices, expect="choice")
        thanks = voice.telling("rated_low" if rating <= LOW else "rated")
        said = Said("answered", thanks, turn.memory, turn.language, rating=rating, again=True)
        return to_a_person(said, "low_rating") if rating <= LOW else said


def rating_of(turn: Turn) -> int | None:
    """From a choice, a figure ("4 sao", "4/5", "10/10"), or words, the longest one: "không tốt" before "tốt"."""
    said = turn.entity("rating")
    if said in {"1", "2", "3", "4", "5"}:
        return int(said)
    text = fold(turn.text)
    scale = re.search(r"\b(\d{1,2})\s*/\s*(5|10)\b", text)
    if scale:
        return min(5, max(1, round(int(scale[1]) * 5 / int(scale[2]))))
    figure = re.search(r"(?<!\d)([1-5])(?!\d)", text)
    if figure:
        return int(figure[1])
    found = [(len(word), -value) for value, words in rating_words().items() for word in words if _said(word, text)]
    return -max(found)[1] if found else None


def _said(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(fold(word))}\b", text) is not None
