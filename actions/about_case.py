"""Short questions after a case was looked up: what is missing, when, where to collect it, how to withdraw it."""

from __future__ import annotations

from dataclasses import replace

from actions.cases.contract import Locked, NoSuchCase
from actions.check_case import CheckCase, ask_for_reference
from actions.desk import front_desk
from actions.knowledge import Known
from actions.offers import person, to_a_person
from actions.open_case import Opened, open_case
from actions.phrases import says
from actions.said import Said, Telling
from actions.telling.case import missing, when
from actions.telling.hours import hours, state
from actions.telling.short import packed
from actions.telling.write import lines, sentence
from actions.turn import Turn
from actions.voice import Voice
from actions.which import SURE, hits_of
from actions.world import World
from knowledge.contract import Office
from text.proof import BadProof

# Intents under which such a question may be understood; with any other, the intent is believed.
OPEN = frozenset({
    "check_case", "documents", "time_limit", "where", "how_to", "name_service", "form", "fee", "nlu_fallback",
    "out_of_scope", "cancel", "repeat", "office_hours", "complain",
})
OF_A_CASE = ("missing", "where")        # asked in words that only a case is asked with
SIDES = (*OF_A_CASE, "when", "why")


async def about_case(world: World, turn: Turn) -> Said | None:
    if turn.entity("case_reference") or turn.entity("proof"):
        return None
    known = await world.knowledge.current()
    if says("case_withdraw", turn.text) and not turn.entity("service"):
        return await _withdraw(world, turn, known)
    reference = turn.memory.case_reference
    if turn.memory.topic != "case" or reference is None or turn.intent not in OPEN:
        return None
    if says("case_other", turn.text):
        memory = replace(turn.memory, case_reference=None, opened=None, topic=None)
        return ask_for_reference(replace(turn, memory=memory))
    side = _side(turn)
    if side is None or _other_service(turn, known):
        return None
    return await _told(world, turn, known, reference, side)


def _side(turn: Turn) -> str | None:
    if turn.intent == "office_hours":
        return None                     # "when" is asked of an office there
    said = next((side for side in SIDES if says(f"case_{side}", turn.text)), None)
    return said or {"time_limit": "when", "where": "where"}.get(turn.intent)


def _other_service(turn: Turn, known: Known) -> bool:
    """Whether the text names a service that is not the case's."""
    named = turn.entities.get("service", ())
    if named or any(says(f"case_{side}", turn.text) for side in OF_A_CASE):
        return bool(named) and turn.memory.service not in named
    hits = [hit.id for hit in hits_of(turn, known) if hit.score >= SURE]
    return bool(hits) and hits[0] != turn.memory.service


async def _told(world: World, turn: Turn, known: Known, reference: str, side: str) -> Said:
    try:
        opened = await open_case(world, turn, reference)
    except (NoSuchCase, BadProof, Locked):
        return await CheckCase(world).answer(turn)
    if side == "why":
        return await CheckCase(world).answer(turn)
    voice = Voice(turn.language)
    if side == "where":
        telling = _desk(turn, known, opened, "case_collect")
    else:
        telling = missing(opened.view) if side == "missing" else when(opened.view)
    said = Said("case_status", telling, opened.memory, turn.language, about=opened.about)
    if opened.view.late:
        return to_a_person(said, "asked")
    asks = side == "missing" and opened.case.level == 0
    return replace(said, choices=(person(voice),), expect="proof" if asks else None)


async def _withdraw(world: World, turn: Turn, known: Known) -> Said:
    """By the applicant, at the desk that took the case in: nobody else may, and we cannot."""
    opened = None
    if turn.memory.topic == "case" and turn.memory.case_reference:
        try:
            opened = await open_case(world, turn, turn.memory.case_reference)
        except (NoSuchCase, BadProof, Locked):
            opened = None
    anywhere = Voice(turn.language).telling("case_withdraw_anywhere")
    telling = _desk(turn, known, opened, "case_withdraw") if opened else anywhere
    regarding = opened.about if opened else {}
    memory = opened.memory if opened else turn.memory
    return to_a_person(Said("answered", telling, memory, turn.language, about=regarding), "asked")


def _desk(turn: Turn, known: Known, opened: Opened, key: str) -> Telling:
    """A sentence with the desk of the case in it, and when that is open."""
    voice = Voice(turn.language)
    office = _office(known, opened)
    if office is None:
        return voice.telling(f"{key}_anywhere")
    name, address = voice.pick(office.name), voice.pick(office.address)
    told = voice(key, place=f"{name}, {address}")
    now = state(voice, office, known.catalogue, turn.now)
    brief = packed([voice(f"{key}_brief", place=place) for place in (f"{name}, {address}", name)])
    return Telling(lines(told, f"{sentence(hours(voice, office.shifts))} {now}"), brief)


def _office(known: Known, opened: Opened) -> Office | None:
    """Where the service is taken in, else the first office of the agency that has the case."""
    service = known.catalogue.services.get(opened.case.service or "")
    every = known.catalogue.offices()
    offices = [every[one] for one in service.offices if one in every] if service else []
    agency = opened.agency or front_desk(known.catalogue)
    return next(iter([*offices, *(agency.offices if agency else ())]), None)
