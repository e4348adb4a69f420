"""The telephone number of an office: its own where the catalogue has it, else the authority's information line."""

from __future__ import annotations

from dataclasses import replace

from actions.offers import person
from actions.office_hours import which_offices
from actions.phrases import says
from actions.said import Said, Telling
from actions.telling.places import office_line
from actions.telling.short import packed
from actions.telling.write import bullets, lines
from actions.turn import Turn
from actions.voice import Voice
from actions.world import World

OPEN = frozenset({"office_hours", "where", "name_service", "how_to", "online", "nlu_fallback", "talk_to_person"})

ABOUT_OFFICES = ("office_hours", "where", "name_service")


def _asks(turn: Turn) -> bool:
    if says("own_phone", turn.text):
        return False
    return says("phone_asked", turn.text) or (turn.intent in ABOUT_OFFICES and says("phone_named", turn.text))


async def phone(world: World, turn: Turn) -> Said | None:
    expected = turn.memory.last_answer["expect"] if turn.memory.last_answer else None
    if turn.intent not in OPEN or not _asks(turn) or expected in ("text", "proof"):
        return None
    known = await world.knowledge.current()
    agency, offices = which_offices(turn, known)
    authority, voice = known.catalogue.authority, Voice(turn.language)
    if agency is None:
        return None
    name = voice.pick(agency.name)
    own = next((office.phone for office in offices if office.phone), agency.phone)
    line = authority.hotline if own in (None, authority.hotline) else None
    key = "phone_own" if own else "phone_none"
    told = [voice(key, agency=name, number=own)]
    told += [voice("phone_line", number=line)] if line and not own else []
    note = voice.pick(authority.hotline_note) if line and authority.hotline_note else ""
    there = bullets([office_line(voice, office, known.catalogue, turn.now) for office in offices])
    telling = Telling(lines(" ".join(told), note, there), packed(*([one] for one in told)))
    memory = replace(turn.memory, topic="hours", asked_agency=agency.identifier)
    outcome = "answered" if own or line else "no_answer"
    return Said(outcome, telling, memory, turn.language, (person(voice),))
