"""The names that people may say, written for the part of the assistant that recognises them in a message.

{"version": "…", "names": [{"kind", "id", "language", "name"}…]}; the reader looks for them in any spelling of
diacritics. One name may belong to two things. Left out is what would be found in every second message.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from knowledge.catalogue import Catalogue
from knowledge.contract import LifeEvent, PublicOrganisation, PublicService, Text
from knowledge.languages import own
from knowledge.words import is_syllable, lexicon, split

_LONGEST = 8                  # words; a longer name is never said whole


class Name(NamedTuple):
    kind: str
    id: str
    language: str
    name: str


def write(catalogue: Catalogue, path: Path) -> int:
    """Puts the file in place in one step, so that a reader never sees half of it; how many names it has."""
    listed = names(catalogue)
    content = {"version": catalogue.version(), "names": [name._asdict() for name in listed]}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    Path(draft).chmod(0o644)
    Path(draft).replace(path)
    return len(listed)


def names(catalogue: Catalogue) -> list[Name]:
    """Every name worth looking for, once."""
    kept: dict[tuple[str, str, str, tuple[str, ...]], Name] = {}
    services: set[tuple[str, ...]] = set()
    for name in _all(catalogue):
        spoken = tuple(word.folded for word in split(name.name))
        if name.kind == "service":
            services.add(spoken)
        # A paper that is called like a service would make two meanings of the commonest questions.
        if _telling(name) and not (name.kind == "document" and spoken in services):
            kept.setdefault((name.kind, name.id, name.language, spoken), name)
    return list(kept.values())


def _all(catalogue: Catalogue) -> Iterator[Name]:
    """Services first: documents give way to them."""
    for service in catalogue.services.values():
        yield from _named("service", service)
    for event in catalogue.life_events.values():
        yield from _named("event", event)
    for agency in catalogue.agencies.values():
        yield from _named("agency", agency)
        for office in agency.offices:
            yield from _in_each("office", office.identifier, own(office.name, agency.written_in))
    for place in catalogue.authority.places:
        yield from _in_each("place", place.identifier, place.name)
    yield from _documents(catalogue.services.values())


def _named(kind: str, thing: PublicService | LifeEvent | PublicOrganisation) -> Iterator[Name]:
    yield from _in_each(kind, thing.identifier, own(thing.name, thing.written_in))
    for language, texts in thing.alternative_names.items():
        for text in texts:
            yield Name(kind, thing.identifier, language, text)


def _in_each(kind: str, identifier: str, name: Text) -> Iterator[Name]:
    return (Name(kind, identifier, language, text) for language, text in name.items())


def _documents(services: Iterable[PublicService]) -> Iterator[Name]:
    """Papers that are asked for and given, named by what stands before brackets and commas."""
    for service in services:
        papers = [item.name for case in service.evidence for item in case.items]
        for paper in [*papers, *([service.output] if service.output else [])]:
            short = {language: re.split(r"[(,;:]", text)[0].strip() for language, text in paper.items()}
            identifier = "-".join(word.folded for word in split(short["en"]))
            yield from _in_each("document", identifier, own(short, service.written_in))


def _telling(name: Name) -> bool:
    """Whether a name is special enough: not one short word or syllable, not common words alone, no whole sentence."""
    words = split(name.name)
    if not words or len(words) > _LONGEST:
        return False
    if lexicon(name.language).only_common(words):
        return False
    return len(words) > 1 or (len(words[0].folded) > 3 and not is_syllable(words[0].folded))
