"""Which service a citizen means: names found in the text, the search over the catalogue, and what came before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from actions.knowledge import Known
from actions.naming import is_called, names_a_case, names_another, only_asks, speaks_of
from actions.turn import Turn
from knowledge.contract import Hit
from knowledge.strangers import calls, includes, stranger
from text.fold import fold, words

# Shares and chances below were chosen on tests/knowledge/questions.yml, each Vietnamese question in both spellings.
CLOSE = 0.85            # hits within this share of the best one are too near to tell apart
COVERS = 0.8            # chance from which a hit that is not named by itself may be meant by what is named
APART = 0.75            # … if what is named stays under this share of it
SURE = 0.65             # chance from which a hit needs no question and changes the subject by itself
FAR = 0.5               # share of the best one that is still offered where even the best is unsure
MOST = 3                # choices in a clarifying question
CALLED = 0.3            # share of a name asked for, under which a hit was found by other text only and counts nothing
LEAVES = 0.5            # … from which a hit changes the subject
WHOLE = 0.9             # … from which the name is said as a whole
ONLY_NAMES = ("name_service", "nlu_fallback")
EITHER = re.compile(r"\b(hay|hoac|or)\b")     # in folded text: two are named because both are asked about
_AND = re.compile(r"\b(va|and)\b")
_BOTH = re.compile(rf"{_AND.pattern}|&|,")


@dataclass(frozen=True, slots=True)
class Found:
    """`one`; `several`, or one to ask about; `unknown`: what is named is not in the catalogue; `none`: nothing is."""

    kind: Literal["one", "several", "unknown", "none"]
    services: tuple[str, ...] = ()
    sure: bool = True           # named, or the search is sure
    also: tuple[str, ...] = ()  # named beside it: the other half of the question


def find(turn: Turn, known: Known) -> Found:
    named = [one for one in turn.entities.get("service", ()) if one in known.catalogue.services]
    if len(named) == 1 and turn.chosen:
        return Found("one", (named[0],))
    named += _papers_beside(turn, known, named)
    if not turn.chosen and _is_strange(turn, known, named):
        return Found("unknown")
    hits = hits_of(turn, known)
    if named:
        return _among(turn, named, hits, known)
    return _searched(turn, known, hits)


def _papers_beside(turn: Turn, known: Known, named: list[str]) -> list[str]:
    """Of a text that only names: the papers named together with a service, which are had by a service of that name:
    "mất thẻ căn cước và hộ chiếu"."""
    if not named or turn.intent not in ONLY_NAMES or not _AND.search(fold(turn.text)):
        return []
    papers = turn.entities.get("document", ())
    return [one for one in papers if one in known.catalogue.services and one not in named]


def _is_strange(turn: Turn, known: Known, named: list[str]) -> bool:
    """Whether something is named that we do not have, and nothing that we have beside it."""
    found = stranger(turn.text, known.catalogue)
    return found is not None and not any(calls(known.catalogue.services[one], found.rest) for one in named)


def _searched(turn: Turn, known: Known, hits: list[Hit]) -> Found:
    """Nothing is named: what the search finds, unless the service before is meant. A name alone is never about that."""
    remembered = known.catalogue.services.get(turn.memory.service or "")
    other = bool(hits) and hits[0].id != turn.memory.service and hits[0].score >= SURE and hits[0].named >= WHOLE
    if remembered and not other and names_a_case(turn.text, remembered, turn.language):
        return Found("none")
    alone = turn.intent == "name_service" and not only_asks(turn.text, turn.language)
    spoken = known.spoken(remembered.identifier) if remembered else None
    another = names_another(turn.text, spoken, known.words, turn.language) or (alone and remembered is not None)
    leaves = bool(hits) and hits[0].score >= SURE and hits[0].named >= LEAVES
    if hits and (leaves or another or remembered is None):
        return _nearest(hits, turn.memory.service)
    return Found("unknown" if another else "none")


def hits_of(turn: Turn, known: Known) -> list[Hit]:
    """The services that the search finds in the text, best first; none for a text that only asks. What only speaks of
    it counts where nothing is called so; what is far from the best is left out."""
    if only_asks(turn.text, turn.language):
        return []
    services = known.catalogue.services
    hits = [hit for hit in known.index.search(turn.text) if hit.id in services]
    near = [hit for hit in hits if hit.named >= CALLED and hit.score >= FAR * hits[0].score]
    called = [hit for hit in near if is_called(turn.text, known.called[hit.id], turn.language)]
    return called or [hit for hit in near if speaks_of(turn.text, known.spoken(hit.id), turn.language)]


def _among(turn: Turn, named: list[str], hits: list[Hit], known: Known) -> Found:
    """Names in the text: the service that stands out, named or made of what is named; else the one; else a question."""
    scores = {hit.id: hit.score for hit in hits}
    best = hits[0] if hits and not EITHER.search(fold(turn.text)) else None
    others = [one for one in named if best and one != best.id]
    if len(named) > 1 and _BOTH.search(fold(turn.text)) and not _is_made_of(best, named, turn, known):
        return Found("one", (named[0],), also=tuple(named[1:MOST]))
    if best and best.score >= COVERS and all(scores.get(one, 0.0) < APART * best.score for one in others):
        return Found("one", (best.id,))
    likeliest = sorted(named, key=lambda one: -scores.get(one, 0.0))
    if best is None and hits:
        likeliest += [hit.id for hit in hits if hit.id not in named and hit.score >= FAR * hits[0].score]
    return Found("one" if len(likeliest) == 1 else "several", tuple(likeliest[:MOST]))


def _is_made_of(best: Hit | None, named: list[str], turn: Turn, known: Known) -> bool:
    """Whether what is named is one service: not named itself, or named by what another's name is part of."""
    if best is None or best.id not in named:
        return best is not None and best.score >= COVERS
    services, text = known.catalogue.services, " ".join(words(turn.text))
    return any(includes(services[best.id], services[one], text) for one in named if one != best.id)


def _nearest(hits: list[Hit], remembered: str | None) -> Found:
    """A sure hit, or a question between what comes close; between unsure ones, more comes close."""
    sure = hits[0].score >= SURE
    close = [hit.id for hit in hits if hit.score >= hits[0].score * (CLOSE if sure else FAR)]
    if remembered in close:
        return Found("one", (remembered,))
    return Found("one" if sure and len(close) == 1 else "several", tuple(close[:MOST]), sure)
