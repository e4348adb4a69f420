"""Where to go and when it is open: the offices that take a service in, and the other ways to apply."""

from __future__ import annotations

from datetime import datetime

from actions.said import Telling
from actions.telling.hours import hours, state
from actions.telling.short import packed
from actions.telling.view import View
from actions.telling.write import bullets, lines, sentence
from actions.voice import Voice
from knowledge.catalogue import Catalogue
from knowledge.contract import Office, ServiceChannel

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
