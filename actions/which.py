"""Which service a citizen means: names found in the text, the search over the catalogue, and what came before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from actions.knowledge import Known
from actions.naming import names_another
from actions.turn import Turn
from knowledge.contract import Hit

CLOSE = 0.85            # hits within this share of the best one are too near to tell apart
NEAR = 0.6              # the service spoken of before is meant if it is at least this near to the best hit
MOST = 3                # choices in a clarifying question


@dataclass(frozen=True, slots=True)
class Found:
    """`one`; `several`, likeliest first; `unknown`: what is named is not in the catalogue; `none`: nothing is named."""

    kind: Literal["one", "several", "unknown", "none"]
    services: tuple[str, ...] = ()


def find(turn: Turn, known: Known) -> Found:
    named = [one for one in turn.entities.get("service", ()) if one in known.catalogue.services]
    if len(named) == 1:
        return Found("one", (named[0],))
    hits = hits_of(turn.text, known)
    if named:
        return _among(sorted(named, key=_rank(hits)), hits)
    if hits:
        return _nearest(hits, turn.memory.service)
    remembered = known.catalogue.services.get(turn.memory.service or "")
    return Found("unknown" if names_another(turn.text, remembered, turn.language) else "none")


def hits_of(text: str, known: Known) -> list[Hit]:
    """The services that the search finds in the text, best first."""
    return [hit for hit in known.index.search(text) if hit.kind == "service" and hit.id in known.catalogue.services]


def close(hits: list[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.score >= hits[0].score * CLOSE]


def _rank(hits: list[Hit]) -> Callable[[str], int]:
    places = {hit.id: place for place, hit in enumerate(hits)}
    return lambda one: places.get(one, len(places))


def _among(named: list[str], hits: list[Hit]) -> Found:
    """Several names in one text: the one the search prefers clearly, else a question."""
    best = close(hits)
    if len(best) == 1 and best[0].id in named:
        return Found("one", (best[0].id,))
    return Found("several", tuple(named[:MOST]))


def _nearest(hits: list[Hit], remembered: str | None) -> Found:
    best = close(hits)
    if len(best) == 1:
        return Found("one", (best[0].id,))
    if any(hit.id == remembered and hit.score >= hits[0].score * NEAR for hit in hits):
        return Found("one", (remembered or "",))
    return Found("several", tuple(hit.id for hit in best[:MOST]))
