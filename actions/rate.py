"""What a citizen thinks of the last answer: 1 (bad) to 5 (good). After a bad one a person looks into it."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answer import choice
from actions.base import Ability
from actions.pass_on import pass_on
from actions.phrases import is_one_of
from actions.said import Said
from actions.turn import Turn
from actions.voice import Voice, rating_words
from text.fold import fold, words

LOW = 2


class Rate(Ability):
    called = "action_rate"

    async def answer(self, turn: Turn) -> Said:
        voice = Voice(turn.language)
        rating = rating_of(turn)
        if rating is None:
            choices = tuple(choice(voice(f"rating_{value}"), "rate", rating=value) for value in ("5", "3", "1"))
            said = Said("clarified", voice.telling("rate_how"), turn.memory, turn.language, choices, expect="choice")
            return replace(said, pending={"kind": "rating"}, again=True)
        if rating <= LOW:
            return replace(await pass_on(self.world, turn, "low_rating", "rated_low"), rating=rating, again=True)
        return Said("answered", voice.telling("rated"), turn.memory, turn.language, rating=rating, again=True)


def rates(turn: Turn) -> bool:
    """Whether a text only rates the last answer, ours or a person's, "rất tệ", or, with none before it, us: one that
    was not understood, or was taken for a complaint, which goes to staff unasked."""
    if turn.intent not in ("nlu_fallback", "out_of_scope", "complain"):
        return False
    least = 5 if turn.memory.last_answer or turn.handovers else LOW
    rated = {" ".join(words(phrase)) for value, many in rating_words().items() if value <= least for phrase in many}
    return is_one_of(turn.text, rated)


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
    found = [(len(word), -value) for value, many in rating_words().items() for word in many if _said(word, text)]
    return -max(found)[1] if found else None


def _said(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(fold(word))}\b", text) is not None
