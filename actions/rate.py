"""What a citizen thinks of the last answer: 1 (bad) to 5 (good)."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answer import Choice, choice
from actions.base import Ability
from actions.offers import person, to_a_person
from actions.said import Said
from actions.starters import starters
from actions.turn import Turn
from actions.voice import Voice, rating_words
from text.fold import fold

LOW = 2


class Rate(Ability):
    called = "action_rate"

    async def answer(self, turn: Turn) -> Said:
        voice = Voice(turn.language)
        if turn.text.strip().isdigit() and not (turn.chosen or turn.entity("rating") or _asked(turn)):
            return _what_number(turn, starters(turn, await self.world.knowledge.current()))
        rating = rating_of(turn)
        if rating is None:
            choices = tuple(choice(voice(f"rating_{value}"), "rate", rating=value) for value in ("5", "3", "1"))
            said = Said("clarified", voice.telling("rate_how"), turn.memory, turn.language, choices, expect="choice")
            return replace(said, pending={"kind": "rating"}, again=True)
        thanks = voice.telling("rated_low" if rating <= LOW else "rated")
        said = Said("answered", thanks, turn.memory, turn.language, rating=rating, again=True)
        return to_a_person(said, "low_rating") if rating <= LOW else said


def _asked(turn: Turn) -> bool:
    pending = turn.memory.pending
    return bool(pending and pending["kind"] == "rating")


def _what_number(turn: Turn, choices: tuple[Choice, ...]) -> Said:
    """A number alone is a rating only where one was asked for."""
    voice = Voice(turn.language)
    telling = voice.telling("which_number", number=turn.text.strip()[:4])
    return Said("clarified", telling, turn.memory, turn.language, (*choices, person(voice)), expect="choice")


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
