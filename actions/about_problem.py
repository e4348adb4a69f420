"""After something broken was reported: an address that follows is where it is broken, not a service."""

from __future__ import annotations

from actions.offers import to_a_person
from actions.phrases import says
from actions.said import Said
from actions.turn import Turn
from actions.voice import Voice
from actions.which import SURE, hits_of
from actions.world import World

OPEN = frozenset({
    "report_problem", "name_service", "where", "how_to", "nlu_fallback", "out_of_scope", "affirm", "life_event",
    "complain",
})


async def about_problem(world: World, turn: Turn) -> Said | None:
    if turn.memory.topic != "report" or turn.intent not in OPEN or turn.entity("service"):
        return None
    if not (turn.entity("place") or says("place", turn.text)):
        return None
    hits = hits_of(turn, await world.knowledge.current())
    if turn.intent != "report_problem" and hits and hits[0].score >= SURE:
        return None
    telling = Voice(turn.language).telling("problem_place")
    return to_a_person(Said("answered", telling, turn.memory, turn.language), "report_problem")
