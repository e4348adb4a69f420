"""The strict validator of a pack: what one file cannot tell by itself, and what a citizen must never be told.

Wrong types, unknown keys, missing languages and empty texts are found while reading (build.py). Here are the rules
about references, sources, dates and times. All problems come at once, as `file:line: what and what to do`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from knowledge.build import Path as At
from knowledge.catalogue import AUTHORITY, Document, read
from knowledge.contract import (
    Authority,
    Cost,
    Holidays,
    LifeEvent,
    Office,
    PublicOrganisation,
    PublicService,
    Source,
    TimeLimit,
)
from knowledge.tree import Problem

Found = Iterator[tuple[At, str]]
_CODE = re.compile(r"[1-9]\.\d{6}")                     # national procedure code, domain: "1.001193"


class Known:
    """Every identifier of the pack, so that a reference can be followed."""

    def __init__(self, documents: list[Document]) -> None:
        bodies = [(d.folder, d.body) for d in documents if d.body is not None]
        self.services = {body.identifier for folder, body in bodies if folder == "services"}
        self.agencies = {body.identifier for folder, body in bodies if folder == "agencies"}
        self.events = {body.identifier for folder, body in bodies if folder == "journeys"}
        agencies = (body for folder, body in bodies if folder == "agencies")
        self.offices = {office.identifier for agency in agencies for office in agency.offices or ()}


def check(root: Path) -> list[Problem]:
    """Every problem of the pack in the folder `root`, in the order of files and lines; [] when it may be imported."""
    documents, problems = read(root)
    return sorted({*problems, *problems_of(documents)}) if documents else problems


def problems_of(documents: list[Document]) -> list[Problem]:
    """What is wrong between the files of a pack, and in each beyond its types."""
    problems = problems_within(documents)
    for document in documents:
        if document.body is not None:
            problems += _file_name(document)
    if documents and not any(document.folder == "authority" for document in documents):
        root = Path(documents[0].file).parents[1]
        problems.append(Problem(str(root / AUTHORITY), 1, "missing; every pack says whose it is"))
    return problems


def problems_within(documents: list[Document]) -> list[Problem]:
    """What is wrong with documents that belong together, wherever they come from."""
    known = Known(documents)
    problems: list[Problem] = []
    for document in documents:
        if document.body is not None:
            for at, message in _RULES[document.folder](document.body, known):
                problems.append(Problem(document.file, document.built.line(at), message))
    return problems + _duplicates(documents)


def _service(service: PublicService, known: Known) -> Found:
    yield from _written_in(service)
    if service.code and not _CODE.fullmatch(service.code):
        yield ("code",), f"'{service.code}' is no national procedure code; it looks like 1.001193"
    yield from _dangling(("competent_authority",), [service.competent_authority], known.agencies, "agency")
    yield from _dangling(("offices",), service.offices, known.offices, "office")
    yield from _dangling(("life_events",), service.life_events, known.events, "life event")
    yield from _dangling(("requires",), service.requires, known.services - {service.identifier}, "other service")
    yield from _forms(service)
    yield from _period(service, ())
    if service.online_level == "partial" and not service.partial_reason:
        yield ("online_level",), "online only in part, but 'partial_reason' does not say why; add it"
    facts = service.steps or service.evidence or service.requirements or service.time_limits
    if facts and not service.source:
        yield (), "facts without a source; add 'source' with act, article and read"
    yield from _source(service.source, ("source",))
    for i, cost in enumerate(service.costs):
        yield from _cost(cost, ("costs", i))
    for i, limit in enumerate(service.time_limits):
        yield from _time_limit(limit, ("time_limits", i))


def _written_in(thing: PublicService | PublicOrganisation | LifeEvent) -> Found:
    if not thing.written_in:
        yield ("written_in",), "names no language; write vi or en, or leave it out where both are there"


def _forms(service: PublicService) -> Found:
    codes = [form.code for form in service.forms]
    for i, code in enumerate(codes):
        if code in codes[:i]:
            yield ("forms", i), f"form '{code}' is listed twice; keep one"
    for i, case in enumerate(service.evidence):
        for j, item in enumerate(case.items or ()):
            if item.form:
                yield from _dangling(("evidence", i, "items", j, "form"), [item.form], set(codes), "form")


def _cost(cost: Cost, at: At) -> Found:
    if cost.source is None and not cost.unconfirmed:
        yield at, "a fee needs a source; add 'source', or 'unconfirmed: true' so that citizens are told"
    if cost.amount is None and not cost.note:
        yield at, "a fee without an amount needs a 'note' that says who sets it"
    if cost.amount is not None and cost.amount < 0:
        yield (*at, "amount"), "a fee cannot be negative"
    yield from _source(cost.source, (*at, "source"))
    yield from _period(cost, at)


def _time_limit(limit: TimeLimit, at: At) -> Found:
    if limit.amount is None and not limit.note:
        yield at, "a time limit without an amount needs a 'note'"
    if limit.amount is not None and limit.amount <= 0:
        yield (*at, "amount"), "a time limit is at least 1; use the unit working-hour or a note for less"
    yield from _source(limit.source, (*at, "source"))


def _source(source: Source | None, at: At) -> Found:
    if source and (source.verified_by is None) != (source.verified_on is None):
        yield at, "'verified_by' and 'verified_on' belong together; give both or neither"


def _agency(agency: PublicOrganisation, known: Known) -> Found:
    yield from _written_in(agency)
    for i, office in enumerate(agency.offices or ()):
        yield from _shifts(office, ("offices", i, "shifts"))


def _shifts(office: Office, at: At) -> Found:
    shifts = [shift for shift in office.shifts or () if shift.opens and shift.closes]
    for shift in shifts:
        if shift.opens >= shift.closes:
            yield at, f"office '{office.identifier}' closes at {shift.closes:%H:%M} before it opens; mend the times"
    for a, b in pairwise(sorted(shifts, key=lambda s: (s.weekday, s.opens))):
        if a.weekday == b.weekday and b.opens < a.closes:
            day = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[a.weekday]
            yield at, f"shifts of office '{office.identifier}' overlap on {day} at {b.opens:%H:%M}; mend the times"


def _journey(event: LifeEvent, known: Known) -> Found:
    yield from _written_in(event)
    if not event.steps:
        yield (), "a journey without steps; add at least one"
    for i, step in enumerate(event.steps or ()):
        yield from _dangling(("steps", i, "service"), [step.service], known.services, "service")


def _holidays(holidays: Holidays, known: Known) -> Found:
    for day in holidays.days_off or {}:
        if day.year != holidays.year:
            yield ("days_off", day.isoformat()), f"{day} is not in {holidays.year}; move it to that year's file"
    for i, day in enumerate(holidays.swapped_workdays):
        if day.weekday() < 5:
            yield ("swapped_workdays", i), f"{day} is an ordinary weekday; a swapped workday is a Saturday or Sunday"
        if day.year != holidays.year:
            yield ("swapped_workdays", i), f"{day} is not in {holidays.year}; move it to that year's file"
        if day in (holidays.days_off or {}):
            yield ("swapped_workdays", i), f"{day} is a day off and a workday; keep one"
    if not holidays.source:
        yield (), "holidays need a 'source': the decision that sets them"


def _authority(authority: Authority, known: Known) -> Found:
    if authority.demonstration and not authority.demonstration_note:
        yield ("demonstration",), "a demonstration must say so; add 'demonstration_note'"
    for i, starter in enumerate(authority.starters):
        if starter.value is None:
            continue
        asked, at = dict(parse_qsl(starter.value)), ("starters", i, "value")
        if "intent" not in asked:
            yield at, f"'{starter.value}' is no choice; write intent=documents&service=birth-registration"
        yield from _dangling(at, [asked.get("service")], known.services, "service")
        yield from _dangling(at, [asked.get("event")], known.events, "life event")


def _dangling(at: At, names: Any, known: set[str], what: str) -> Found:
    for name in names or ():
        if name is not None and name not in known:
            yield at, f"no {what} '{name}' in this pack; correct the name or add it"


def _period(thing: PublicService | Cost, at: At) -> Found:
    start: date | None = thing.effective_from
    if start and thing.effective_to and thing.effective_to < start:
        yield (*at, "effective_to"), f"ends on {thing.effective_to}, before it begins on {start}; correct a date"


def _file_name(document: Document) -> list[Problem]:
    if document.folder == "authority":
        return []
    key = "year" if document.folder == "holidays" else "identifier"
    name = str(getattr(document.body, key))
    if name == Path(document.file).stem:
        return []
    message = f"{key} '{name}' in a file of another name; make them the same"
    return [Problem(document.file, document.built.line((key,)), message)]


def _duplicates(documents: list[Document]) -> list[Problem]:
    """The same identifier, procedure code, office, or case prefix given to two."""
    seen: dict[tuple[str, str], str] = {}
    problems: list[Problem] = []
    for document in documents:
        for kind, value, at in _unique(document):
            if (kind, value) in seen:
                message = f"{kind} '{value}' is already in {Path(seen[kind, value]).name}; each must be used once"
                problems.append(Problem(document.file, document.built.line(at), message))
            seen[kind, value] = document.file
    return problems


def _unique(document: Document) -> list[tuple[str, str, At]]:
    body, folder = document.body, document.folder
    if body is None or folder in ("authority", "holidays"):
        return []
    values: list[tuple[str, str | None, At]] = [(f"{folder} identifier", body.identifier, ("identifier",))]
    if folder == "services":
        values.append(("code", body.code, ("code",)))
    if folder == "agencies":
        offices = enumerate(body.offices)
        values += [("office", office.identifier, ("offices", i, "identifier")) for i, office in offices]
        values += [("case prefix", prefix, ("case_prefixes", i)) for i, prefix in enumerate(body.case_prefixes)]
    return [(kind, value, at) for kind, value, at in values if value is not None]


_RULES: dict[str, Callable[[Any, Known], Found]] = {
    "services": _service,
    "agencies": _agency,
    "journeys": _journey,
    "holidays": _holidays,
    "authority": _authority,
}


def main(arguments: list[str]) -> int:
    """Prints every problem of the pack given; 1 if there is any."""
    problems = check(Path(arguments[0] if arguments else "knowledge/pack"))
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
