"""Somebody is in danger: the numbers, the fitting one first; papers that only sound like danger are answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from actions.answer import Choice, choice
from actions.base import Ability
from actions.errors import KnowledgeUnavailable
from actions.events import named_event
from actions.knowledge import Known
from actions.labels import label
from actions.offers import person
from actions.phrases import says
from actions.said import Said, Telling
from actions.service import said_of
from actions.telling.write import bullets, lines
from actions.turn import Turn
from actions.voice import Voice, danger_words
from actions.which import Found, find
from text.fold import fold

NUMBERS = ("113", "114", "115", "111", "112")
KINDS = ("self_harm", "violence")       # what a kind word is said to


class Emergency(Ability):
    called = "action_emergency"

    async def answer(self, turn: Turn) -> Said:
        known = await self._known()
        if known is None:
            return _numbers(turn, ())
        found = find(turn, known)
        going_on = any(says(key, turn.text) for key in ("urgent", *KINDS))
        if not going_on and (turn.entity("service") or says("papers", turn.text)):
            return _about_papers(turn, known, found)
        return _numbers(turn, _offered(turn, known, found))

    async def _known(self) -> Known | None:
        """The numbers are told also while the catalogue cannot be read."""
        try:
            return await self.world.knowledge.current()
        except KnowledgeUnavailable:
            return None


def _about_papers(turn: Turn, known: Known, found: Found) -> Said:
    """What is asked about; whoever is in danger all the same finds the numbers below."""
    free = replace(turn, memory=replace(turn.memory, facet=None, service=None))
    said = said_of(free, known, found if found.services else Found("unknown"))
    line = Voice(turn.language).telling("emergency_line")
    telling = Telling(lines(said.telling.text, line.text), f"{line.brief} {said.telling.brief}", said.telling.sources)
    return replace(said, telling=telling)


def _offered(turn: Turn, known: Known, found: Found) -> tuple[Choice, ...]:
    """What the text may be about beside the danger, where that is sure."""
    if not says("urgent", turn.text) and (event := named_event(turn, known)):
        return (choice(label(turn, event), "life_event", event=event.identifier), person(Voice(turn.language)))
    if not found.services or not (turn.entity("service") or says("papers", turn.text)):
        return ()
    labels = {one: label(turn, known.catalogue.services[one]) for one in found.services}
    named = (choice(name, "name_service", service=one) for one, name in labels.items())
    return (*named, person(Voice(turn.language)))


def _numbers(turn: Turn, choices: tuple[Choice, ...]) -> Said:
    voice = Voice(turn.language)
    kind = next((kind for kind in KINDS if says(kind, turn.text)), None)
    told = [voice(f"number_{number}") for number in _fitting_first(fold(turn.text), kind)]
    kind_word = voice.telling(f"emergency_{kind}") if kind else Telling("", "")
    text = lines(kind_word.text, voice("emergency"), bullets(told), voice("emergency_close"))
    brief = voice("emergency_brief", numbers=", ".join(one.replace(":", "") for one in told))
    return Said("answered", Telling(text, f"{brief} {kind_word.brief}"), turn.memory, turn.language, choices)


def _fitting_first(text: str, kind: str | None) -> Sequence[str]:
    """By the longest word that fits: without its marks "máu chảy" has "chay" in it, as a fire has."""

    def fit(number: str) -> int:
        said = (fold(word) for word in danger_words().get(number, []))
        return max((len(word) for word in said if re.search(rf"\b{re.escape(word)}\b", text)), default=0)

    first = "115" if kind == "self_harm" else None
    return sorted(NUMBERS, key=lambda number: (number != first, -fit(number)))
