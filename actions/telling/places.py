"""Where to go and when it is open: the offices that take a service in, and the other ways to apply."""

from __future__ import annotations

from actions.said import Telling
from actions.telling.hours import hours, state
from actions.telling.short import fits
from actions.telling.view import View
from actions.telling.write import bullets, lines, sentence
from knowledge.contract import Office, ServiceChannel

MOST = 3                # offices told at once


def where(view: View) -> Telling | None:
    offices = view.offices[:MOST]
    if not offices:
        return None
    told = [office_line(view, office) for office in offices]
    head = view.voice("where", name=view.head, agency=view.agency_name)
    return view.telling(lines(head, bullets(told), other_ways(view)), _brief(view, offices[0]))


def office_line(view: View, office: Office) -> str:
    voice = view.voice
    now = state(voice, office, view.catalogue, view.now)
    place = f"{voice.pick(office.name)}, {voice.pick(office.address)}"
    return f"{place}. {sentence(hours(voice, office.shifts))} {now}"


def _brief(view: View, office: Office) -> str:
    voice = view.voice
    place = f"{view.short_name}: {voice.pick(office.name)}, {voice.pick(office.address)}"
    longer = f"{place}. {sentence(hours(voice, office.shifts))}"
    return longer if fits(longer) else place


def other_ways(view: View, *, every: bool = False) -> str:
    """"Cũng nộp được: trực tuyến (Cổng …); bưu chính công ích"; `every`: the desk as well."""
    ways = [one for one in view.service.channels if every or one.type != "in-person"]
    if not ways:
        return ""
    key = "ways" if every else "other_ways"
    return view.voice(key, ways="; ".join(_way(view, one) for one in ways))


def _way(view: View, one: ServiceChannel) -> str:
    way = f"{view.voice(f'way_{one.type}')} ({view.voice.pick(one.description).rstrip('.')})"
    return f"{way} {one.url}" if one.url else way
