"""After opening hours: "còn chủ nhật?" and "and the police?" ask for them again, of another day or agency."""

from __future__ import annotations

from actions.office_hours import OfficeHours
from actions.said import Said
from actions.telling.days import asked_days
from actions.turn import Turn
from actions.world import World

OPEN = frozenset({"name_service", "nlu_fallback", "time_limit", "where", "online", "out_of_scope", "rate"})


async def about_hours(world: World, turn: Turn) -> Said | None:
    if turn.memory.topic != "hours" or turn.intent not in OPEN or turn.entity("service"):
        return None
    if turn.intent == "rate" and turn.memory.pending:
        return None
    other = turn.intent != "where" and (turn.entity("agency") or turn.entity("office"))
    if other or asked_days(turn.text, turn.now.date()):
        return await OfficeHours(world).answer(turn)
    return None
