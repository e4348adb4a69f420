"""When offices are open: now, next, over lunch and on holidays; the agency that is named, else the one spoken of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from actions.answer import Choice, choice
from actions.base import Ability
from actions.desk import front_desk
from actions.knowledge import Known
from actions.labels import label
from actions.said import Said, Telling
from actions.telling.days import Asked, asked_days, yes_or_no
from actions.telling.hours import hours, state
from actions.telling.write import bullets, lines, sentence, short_day
from actions.turn import Turn
from actions.voice import Voice
from knowledge.contract import Office, PublicOrganisation
from text.fold import fold

SOON = timedelta(days=14)               # a holiday nearer than this is told
MOST_OFFICES = 4
MOST_CHOICES = 3


class OfficeHours(Ability):
    called = "action_office_hours"

    async def answer(self, turn: Turn) -> Said:
        known = await self.world.knowledge.current()
        voice = Voice(turn.language)
        agency, offices = which_offices(turn, known)
        if agency is None or not offices:
            return Said("no_answer", voice.telling("no_answer"), turn.memory, turn.language)
        telling = _telling(turn, known, voice, agency, offices)
        memory = replace(turn.memory, topic="hours", asked_agency=agency.identifier)
        return Said("answered", telling, memory, turn.language, _others(turn, known, agency))


def which_offices(turn: Turn, known: Known) -> tuple[PublicOrganisation | None, tuple[Office, ...]]:
    catalogue = known.catalogue
    every = catalogue.offices()
    named = [every[one] for one in turn.entities.get("office", ()) if one in every]
    if named:
        return catalogue.agency_of(named[0].identifier), (named[0],)
    agencies = [catalogue.agencies[one] for one in turn.entities.get("agency", ()) if one in catalogue.agencies]
    agency = agencies[0] if agencies else _named(turn.text, known) or _spoken_of(turn, known)
    return agency, agency.offices[:MOST_OFFICES] if agency else ()


def _named(text: str, known: Known) -> PublicOrganisation | None:
    """The agency whose name, the longest one, stands in the text."""
    said = f" {fold(text)} "
    names = [
        (len(name), agency.identifier)
        for agency in known.catalogue.agencies.values()
        for name in map(fold, [*agency.name.values(), *(n for many in agency.alternative_names.values() for n in many)])
        if f" {name} " in said
    ]
    return known.catalogue.agencies[max(names)[1]] if names else None


def _spoken_of(turn: Turn, known: Known) -> PublicOrganisation | None:
    """The agency whose hours were asked for just now, else that of the service."""
    if turn.memory.topic == "hours" and turn.memory.asked_agency in known.catalogue.agencies:
        return known.catalogue.agencies[turn.memory.asked_agency]
    service = known.catalogue.services.get(turn.memory.service or "")
    return known.catalogue.agencies[service.competent_authority] if service else front_desk(known.catalogue)


def _telling(
    turn: Turn, known: Known, voice: Voice, agency: PublicOrganisation, offices: tuple[Office, ...]
) -> Telling:
    catalogue, now = known.catalogue, turn.now
    asked = _days(turn)
    days = [yes_or_no(voice, one, offices, catalogue, now.date()) for one in asked]
    told = [_line(voice, office, state(voice, office, catalogue, now)) for office in offices]
    head = voice("office_hours", agency=voice.pick(agency.name))
    text = lines(*days, head, bullets(told), _holidays(turn, known, voice))
    if days:
        return Telling(text, f"{voice.pick(agency.name)}: {' '.join(days)}")
    first = offices[0]
    brief = f"{voice.pick(agency.name)}: {state(voice, first, catalogue, now)} {sentence(hours(voice, first.shifts))}"
    return Telling(text, brief)


def _days(turn: Turn) -> list[Asked]:
    """The days asked for; of a choice the one in its value."""
    if not turn.chosen:
        return asked_days(turn.text, turn.now.date())
    on = turn.entity("date")
    return [Asked(date.fromisoformat(on))] if on else []


def _line(voice: Voice, office: Office, now: str) -> str:
    return f"{now} {voice.pick(office.name)}, {voice.pick(office.address)}: {sentence(hours(voice, office.shifts))}"


def _holidays(turn: Turn, known: Known, voice: Voice) -> str:
    """The days off of the next two weeks."""
    today = turn.now.date()
    days = [
        f"{short_day(voice, day)} ({voice.pick(name)})"
        for year in known.catalogue.holidays.values()
        for day, name in sorted(year.days_off.items())
        if today < day <= today + SOON
    ]
    return voice("holidays_soon", days="; ".join(days)) if days else ""


def _others(turn: Turn, known: Known, agency: PublicOrganisation) -> tuple[Choice, ...]:
    others = [one for one in known.catalogue.agencies.values() if one.identifier != agency.identifier and one.offices]
    return tuple(choice(label(turn, one), "office_hours", agency=one.identifier) for one in others[:MOST_CHOICES])
