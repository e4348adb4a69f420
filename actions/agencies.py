"""Whether an agency is asked for itself, "công an tỉnh ở đâu", and not the place of a service."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.knowledge import Known
from actions.said import Said, Telling
from actions.telling.places import office_line
from actions.telling.short import joined
from actions.telling.write import bullets, lines
from actions.turn import Turn
from actions.voice import Voice
from actions.which import EITHER, hits_of
from knowledge.contract import PublicOrganisation
from text.fold import words

# In folded text: something is to be done there, so that the service before is meant where there is one.
_DOING = re.compile(r"\b(nop|lam|dang ky|xin|apply|submit|file|hand)\b")

MOST = 4                # offices told at once


def asks_for_an_agency(turn: Turn, known: Known) -> bool:
    """Whether one agency is named, and nothing that the catalogue or the conversation has beside it."""
    named = [one for one in turn.entities.get("agency", ()) if one in known.catalogue.agencies]
    said = " ".join(words(turn.text))
    if len(named) != 1 or turn.entity("service") or EITHER.search(said):
        return False
    if turn.memory.service and _DOING.search(said):
        return False
    return not hits_of(replace(turn, text=_without(known.catalogue.agencies[named[0]], said)), known)


def at(turn: Turn, known: Known, said: Said) -> Said:
    """The answer about an agency's opening hours as one about its place: the addresses first."""
    agency = known.catalogue.agencies[turn.entities["agency"][0]]
    voice, offices = Voice(turn.language), agency.offices[:MOST]
    if not offices:
        return said
    told = [office_line(voice, office, known.catalogue, turn.now) for office in offices]
    text = lines(voice("office_hours", agency=voice.pick(agency.name)), bullets(told))
    places = [f"{voice.pick(office.name)}, {voice.pick(office.address)}" for office in offices]
    return replace(said, telling=Telling(text, joined(voice, "", places)))


def _without(agency: PublicOrganisation, said: str) -> str:
    """The folded text without the longest of the agency's names."""
    names = [*agency.name.values(), *(name for many in agency.alternative_names.values() for name in many)]
    spoken = sorted((" ".join(words(name)) for name in names), key=len, reverse=True)
    return next((said.replace(name, " ", 1) for name in spoken if name in said), said)
