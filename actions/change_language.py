"""From one language to the other: the one that is named, else the one not spoken now."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answer import Language
from actions.base import Ability
from actions.said import Said
from actions.turn import Turn
from actions.voice import Voice
from text.fold import fold

_NAMED: tuple[tuple[Language, re.Pattern[str]], ...] = (
    ("en", re.compile(r"\b(tieng anh|english|anh ngu)\b")),
    ("vi", re.compile(r"\b(tieng viet|vietnamese|viet ngu)\b")),
)


class ChangeLanguage(Ability):
    called = "action_change_language"

    async def answer(self, turn: Turn) -> Said:
        language = _wanted(turn)
        return Said("answered", Voice(language).telling("language_changed"), replace(turn.memory), language)


def _wanted(turn: Turn) -> Language:
    named: list[Language] = [language for language, words in _NAMED if words.search(fold(turn.text))]
    if len(named) == 1:
        return named[0]
    return "en" if turn.language == "vi" else "vi"
