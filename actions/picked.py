"""A choice taken in words of one's own: "công ty", asked whether a household business or a company is to be founded."""

from __future__ import annotations

from urllib.parse import parse_qs

from actions.answer import Choice
from actions.knowledge import Known
from actions.naming import GENERIC, telling_words
from actions.routes import take
from actions.said import Said
from actions.sides import asked_sides
from actions.turn import Turn
from actions.world import World
from knowledge.words import split, stem

OPEN = frozenset({"name_service", "how_to", "nlu_fallback", "out_of_scope", "affirm"})


async def picked(world: World, turn: Turn) -> Said | None:
    """The answer to the one choice of our open question between services that all words of the text fit."""
    pending = turn.memory.pending
    if not pending or pending["kind"] != "choice" or turn.intent not in OPEN or asked_sides(turn.text):
        return None
    known = await world.knowledge.current()
    said = telling_words(turn.text, turn.language) - GENERIC
    fitting = [one for one in pending.get("choices", ()) if said and said <= _words(one, known)]
    return await take(world, turn, fitting[0]["value"]) if len(fitting) == 1 else None


def _words(offered: Choice, known: Known) -> frozenset[str]:
    """The words of a choice's label and of what people call its service; none of one that is about no service."""
    service = next(iter(parse_qs(offered["value"]).get("service", ())), "")
    if service not in known.catalogue.services:
        return frozenset()
    label = {form for word in split(offered["label"]) for form in (word.folded, stem(word.folded))}
    return known.called[service].words | label
