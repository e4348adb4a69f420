"""Where to go and when it is open: the offices that take a service in, and the other ways to apply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.said import Telling
from actions.telling.hours import hours, state
from actions.telling.short import packed
from actions.telling.view import View
from actions.telling.write import bullets, lines, sentence
from actions.voice import Voice
from knowledge.catalogue import Catalogue
from knowledge.contract import Office, PublicOrganisation, ServiceChannel

MOST = 3                # offices told at once


def where(view: View) -> Telling | None:
    offices = view.offices[:MOST]
    if not offices:
        return None
    told = [office_line(view.voice, office, view.catalogue, view.now) for office in offices]
    head = view.voice("where", name=view.head, agency=view.agency_name)
    return view.telling(lines(head, bullets(told), other_ways(view)), _brief(view, offices[0]))


def office_line(voice: Voice, office: Office, catalogue: Catalogue, at: datetime) -> str:
    now = state(voice, office, catalogue, at)
    place = f"{voice.pick(office.name)}, {voice.pick(office.address)}"
    return f"{place}. {sentence(hours(voice, office.shifts))} {now}"


def ask_at(voice: Voice, agency: PublicOrganisation, offices: Sequence[Office], known: Catalogue, at: datetime) -> str:
    """Whom to ask, where they are and when they are open."""
    told = [office_line(voice, office, known, at) for office in offices]
    return lines(voice("ask_at", agency=voice.pick(agency.name)), bullets(told)) if told else ""


def ask_at_brief(voice: Voice, offices: Sequence[Office]) -> list[list[str]]:
    """The same of the first office in parts, each as the ways to say it, longest first."""
    if not offices:
        return []
    name, address = voice.pick(offices[0].name), voice.pick(offices[0].address)
    ways = [voice("ask_at_brief", place=place) for place in (f"{name}, {address}", name)]
    return [ways, [sentence(hours(voice, offices[0].shifts))]]


def _brief(view: View, office: Office) -> str:
    voice = view.voice
    place = f"{voice.pick(office.name)}, {voice.pick(office.address)}."
    return packed([f"{view.short_name}: {place}", place], [sentence(hours(voice, office.shifts))])


def other_ways(view: View, *, every: bool = False) -> str:
    """"Cũng nộp được: trực tuyến (Cổng …); bưu chính công ích"; `every`: the desk as well."""
    ways = [one for one in view.service.channels if every or one.type != "in-person"]
    if not ways:
        return ""
    key = "ways" if every else "other_ways"
    return view.voice(key, ways="; ".join(_way(view, one) for one in ways))


def _way(view: View, one: ServiceChannel) -> str:
    description = view.voice.pick(one.description).rstrip(".").replace(" (", ", ").replace(")", "")
    way = f"{view.voice(f'way_{one.type}')} ({description})"
    return f"{way} {one.url}" if one.url else way
