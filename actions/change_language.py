"""From one language to the other: the one that is named, else the one not spoken now; the last answer with it."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answer import Language
from actions.base import Ability, last_of
from actions.journeys import journey
from actions.said import Said
from actions.service import tell
from actions.telling.write import lines
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
        changed = Voice(language).telling("language_changed")
        last = await self._last_answer(replace(turn, language=language))
        if last is None:
            return Said("answered", changed, turn.memory, language, again=True)
        memory = replace(last.memory, last_answer=last_of(last))
        telling = replace(last.telling, text=lines(changed.text, last.telling.text))
        return replace(last, telling=telling, memory=memory, again=True)

    async def _last_answer(self, turn: Turn) -> Said | None:
        """What was last said of a service or a life event, in the turn's language."""
        about = turn.memory.last_answer["about"] if turn.memory.last_answer else {}
        known = await self.world.knowledge.current()
        if about.get("service") in known.catalogue.services and "case" not in about:
            return tell(replace(turn, memory=replace(turn.memory, facet=about.get("facet"))), known, about["service"])
        event = known.catalogue.life_events.get(about.get("event", ""))
        return journey(turn, known, event) if event else None


def _wanted(turn: Turn) -> Language:
    named: list[Language] = [language for language, words in _NAMED if words.search(fold(turn.text))]
    if len(named) == 1:
        return named[0]
    return "en" if turn.language == "vi" else "vi"
