"""A journey across agencies: what to do, in order, when a child is born, somebody moves, marries, starts a business…"""

from __future__ import annotations

from dataclasses import replace

from actions.answer import choice
from actions.base import Ability
from actions.events import loses_something, named_event, which_event
from actions.journeys import journey
from actions.knowledge import Known
from actions.labels import label
from actions.offers import NO_ANSWER, fresh, to_a_person, to_choose
from actions.said import Said
from actions.service import said_of
from actions.sides import likeliest_side
from actions.turn import Turn
from actions.voice import Voice
from actions.which import find


class Journey(Ability):
    called = "action_life_event"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        event, named = named_event(turn, known, loosely=True), turn.entity("service") is not None
        side = likeliest_side(turn) if named and not turn.chosen else None
        if side or (event is None and (named or loses_something(turn.text))):
            return said_of(replace(turn, memory=replace(turn.memory, facet=side)), known, find(turn, known))
        event = event or which_event(turn, known)
        return journey(turn, known, event) if event else _ask_which(turn, known)


def _ask_which(turn: Turn, known: Known) -> Said:
    voice = Voice(turn.language)
    if turn.memory.clarified:
        said = Said("no_answer", fresh(turn, *NO_ANSWER), turn.memory, turn.language)
        return to_a_person(said, "clarification_failed")
    events = known.catalogue.life_events.values()
    choices = tuple(choice(label(turn, event), "life_event", event=event.identifier) for event in events)
    return to_choose(Said("clarified", voice.telling("which_event"), turn.memory, turn.language, choices))
