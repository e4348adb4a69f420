"""What only the conversation before makes clear, whatever it is understood as; looked at before any ability."""

from __future__ import annotations

from actions.about_case import about_case
from actions.about_hours import about_hours
from actions.about_journey import about_journey
from actions.about_problem import about_problem
from actions.bare import bare
from actions.beyond import beyond
from actions.check_case import CheckCase, names_only_a_case
from actions.not_understood import not_at_hand, not_right, unclear
from actions.phone import phone
from actions.picked import picked
from actions.rate import Rate, rates
from actions.said import Said
from actions.turn import Turn
from actions.world import World

LEFT_ALONE = frozenset({
    "emergency", "talk_to_person", "change_language", "start_again", "stop_messages", "delete_my_data",
})


async def follow_up(world: World, turn: Turn) -> Said | None:
    """The answer, or None where the turn stands for itself. A choice that was taken always does."""
    if turn.chosen:
        return None
    if names_only_a_case(turn):
        return await CheckCase(world).answer(turn)
    for follow in (beyond, phone):
        if said := await follow(world, turn):
            return said
    if turn.intent in LEFT_ALONE:
        return None
    for look in (unclear, not_right, not_at_hand):
        if said := look(turn):
            return said
    for follow in (picked, bare, about_case, about_journey, about_problem, about_hours):
        if said := await follow(world, turn):
            return said
    return await Rate(world).answer(turn) if rates(turn) else None
