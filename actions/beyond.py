"""A request about something of ours that the catalogue does not have: cancelling, correcting, replacing it, paying by
card. It is said so, with the office to ask; never is the registration told in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.answer import choice
from actions.desk import front_desk
from actions.events import named_event
from actions.knowledge import Known
from actions.labels import label
from actions.naming import telling_words
from actions.offers import to_a_person
from actions.phrases import says
from actions.requests import DETAILS, does, request_of
from actions.said import Said, Telling, about
from actions.service import said_of
from actions.telling.facets import TELL
from actions.telling.places import ask_at, ask_at_brief
from actions.telling.short import BESIDE_A_PERSON, packed
from actions.telling.view import View
from actions.telling.write import lines
from actions.turn import Turn
from actions.voice import Voice
from actions.which import LEAVES, SURE, WHOLE, Found, find, hits_of
from actions.world import World
from knowledge.contract import Office, PublicOrganisation
from text.fold import words

LEFT_ALONE = frozenset({
    "emergency", "talk_to_person", "complain", "report_problem", "change_language", "start_again", "stop_messages",
    "office_hours", "affirm", "deny",
})
CASE = 0.75             # chance from which a case is meant: "hồ sơ cải chính của tôi đến đâu rồi"
MISREAD = frozenset({"rate", "cancel", "delete_my_data", "shorter", "repeat"})      # "thay đổi thông tin căn cước"
MONEY = frozenset({"pay", "refund"})    # asked of what was spoken of, never of what only sounds like it
MOST = 2                # offices told


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn with a request in it; `said`: the words beside the request; `rest`: those that say what it is about."""

    turn: Turn
    known: Known
    kind: str
    said: frozenset[str]
    rest: frozenset[str]


@dataclass(frozen=True, slots=True)
class Desk:
    """Whom to ask."""

    agency: PublicOrganisation
    offices: tuple[Office, ...]


async def beyond(world: World, turn: Turn) -> Said | None:
    """None where there is no such request, or the catalogue answers it."""
    of_a_case = turn.intent == "check_case" and turn.confidence >= CASE
    if turn.intent in LEFT_ALONE or of_a_case or turn.entity("case_reference"):
        return None
    request = request_of(turn.text, turn.language)
    if not request.kinds or (turn.intent == "delete_my_data" and says("my_data", turn.text)):
        return None
    known = await world.knowledge.current()
    said = frozenset(request.rest)
    asked = Asked(turn, known, request.kinds[0], said, telling_words(turn.text, turn.language) & said - DETAILS)
    meant = _meant(asked)
    if not meant:
        return _anywhere(asked) if _needs_no_service(asked) else None
    if does(known.catalogue.services[meant[0]], asked.kind) or _told_anyway(asked, meant):
        free = replace(turn, memory=replace(turn.memory, facet="how_to"))
        return said_of(free, known, find(turn, known)) if turn.intent in MISREAD else None
    if other := _done_by_another(asked, meant[0]):
        facet = turn.intent if turn.intent in TELL else None
        return said_of(replace(turn, memory=replace(turn.memory, facet=facet)), known, Found("one", (other,)))
    return _of_service(asked, meant[0])


def _meant(asked: Asked) -> list[str]:
    """The services that the request may be about: those named and those whose name is said as a whole; else what the
    search is sure of; else the one before, where nothing else is named."""
    turn, services = asked.turn, asked.known.catalogue.services
    named = [one for one in turn.entities.get("service", ()) if one in services]
    asks = turn.intent not in MISREAD or (turn.memory.topic == "service" and says("asks_how", turn.text))
    remembered = [turn.memory.service] if turn.memory.service in services and asks else []
    if asked.kind in MONEY:
        return named or (remembered if says("paying", turn.text) or asked.kind == "refund" else [])
    hits = hits_of(turn, asked.known)
    if named:
        return [*named, *(hit.id for hit in hits if hit.named >= WHOLE)]
    if not asked.rest:
        return remembered
    least = WHOLE if turn.intent == "delete_my_data" else LEAVES
    sure = [hit.id for hit in hits[:1] if hit.named >= WHOLE or (hit.score >= SURE and hit.named >= least)]
    return [one for one in sure if asked.rest & asked.known.called[one].words]


def _needs_no_service(asked: Asked) -> bool:
    """How to pay; and a change of name or of other details, with nothing else named."""
    details = asked.kind == "correct" and not DETAILS.isdisjoint(words(asked.turn.text))
    if asked.turn.intent in MISREAD or (asked.turn.intent == "out_of_scope" and not details):
        return False
    if asked.kind in MONEY:
        return asked.kind == "refund" or says("paying", asked.turn.text)
    return asked.kind == "correct" and not asked.rest


def _told_anyway(asked: Asked, meant: list[str]) -> bool:
    """Whether another service, whose name is said as a whole, does it and would be told."""
    found, services = find(asked.turn, asked.known), asked.known.catalogue.services
    return any(one in found.services and does(services[one], asked.kind) for one in meant[1:])


def _done_by_another(asked: Asked, meant: str) -> str | None:
    """The service that does it in the other's place: on the way through the event that is named, "xóa thường trú cho bố
    đã mất"; for what is lost, of the same agency, and called by all that the other is called by here: the extract of a
    register."""
    services, called = asked.known.catalogue.services, asked.known.called
    event = named_event(asked.turn, asked.known) if asked.kind == "undo" else None
    near = [step.service for step in event.steps] if event else []
    if asked.kind == "replace":
        agency, names = services[meant].competent_authority, asked.said & called[meant].words
        same = [one for one, service in services.items() if one != meant and service.competent_authority == agency]
        near += [one for one in same if names and names <= called[one].words]
    return next((one for one in near if does(services[one], asked.kind)), None)


def _of_service(asked: Asked, service: str) -> Said:
    turn, known, voice = asked.turn, asked.known, Voice(asked.turn.language)
    view = View(known.catalogue.services[service], known.catalogue, voice, turn.now)
    told = voice.telling("beyond", name=view.head, what=voice(f"request_{asked.kind}"))
    telling = _with_desk(asked, told, Desk(view.agency, view.offices[:MOST]))
    own = choice(label(turn, view.service), "fee" if asked.kind in MONEY else "name_service", service=service)
    memory = replace(turn.memory, service=None)
    said = Said("no_answer", telling, memory, turn.language, (own,), about=about(service=service))
    return to_a_person(said, "no_answer")


def _anywhere(asked: Asked) -> Said:
    turn, voice, agency = asked.turn, Voice(asked.turn.language), front_desk(asked.known.catalogue)
    told = voice.telling("beyond_any", what=voice(f"request_{asked.kind}"))
    telling = _with_desk(asked, told, Desk(agency, agency.offices[:1])) if agency else told
    return to_a_person(Said("no_answer", telling, turn.memory, turn.language), "no_answer")


def _with_desk(asked: Asked, told: Telling, desk: Desk) -> Telling:
    voice = Voice(asked.turn.language)
    there = ask_at(voice, desk.agency, desk.offices, asked.known.catalogue, asked.turn.now)
    text = lines(told.text, there, voice("or_a_person"))
    return Telling(text, packed([told.brief], *ask_at_brief(voice, desk.offices), room=BESIDE_A_PERSON))
