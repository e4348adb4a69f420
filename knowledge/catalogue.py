"""The catalogue: one authority's services, agencies, life events and holidays, read from a pack of YAML files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.build import Builder, to_json
from knowledge.contract import Article, Authority, Holidays, LifeEvent, Office, PublicOrganisation, PublicService
from knowledge.tree import Problem, parse

FOLDERS: dict[str, Any] = {
    "services": PublicService,
    "agencies": PublicOrganisation,
    "journeys": LifeEvent,
    "holidays": Holidays,
}
AUTHORITY = "authority.yml"


class BrokenPack(Exception):
    """The knowledge pack has problems; `problems` lists them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the pack as it was built; `built.line(path)` tells where a value stands. `body` None: unreadable."""

    file: str
    folder: str
    body: Any
    built: Builder


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is known. The mappings are by identifier, holidays by year."""

    authority: Authority
    services: dict[str, PublicService]
    agencies: dict[str, PublicOrganisation]
    life_events: dict[str, LifeEvent]
    holidays: dict[int, Holidays]
    articles: dict[str, Article]

    def offices(self) -> dict[str, Office]:
        """Every agency's offices by identifier."""
        return {office.identifier: office for agency in self.agencies.values() for office in agency.offices}

    def agency_of(self, office: str) -> PublicOrganisation | None:
        """The agency that an office belongs to."""
        owners = (a for a in self.agencies.values() if any(o.identifier == office for o in a.offices))
        return next(owners, None)

    def version(self) -> str:
        """The same for the same content, whatever files it came from."""
        text = json.dumps(to_json(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def load(path: Path | str) -> Catalogue:
    """The catalogue in the folder `path`; raises BrokenPack with every problem that the validator finds."""
    from knowledge.check import problems_of  # the validator reads what this module reads

    documents, problems = read(Path(path))
    problems += problems_of(documents)
    if problems:
        raise BrokenPack(problems)
    return _assemble(documents)


def read(root: Path) -> tuple[list[Document], list[Problem]]:
    """Every file of the pack, built, and the problems of single files (unreadable, wrong types, unknown keys)."""
    if not root.is_dir():
        return [], [Problem(str(root), 1, "no such folder; give the folder of a knowledge pack")]
    documents: list[Document] = []
    problems: list[Problem] = []
    for file in sorted(file for file in root.rglob("*") if file.is_file() and file.suffix != ".md"):
        place = file.relative_to(root)
        folder = place.parent.as_posix()
        kind = Authority if place.as_posix() == AUTHORITY else FOLDERS.get(folder)
        if kind is None or file.suffix != ".yml":
            known = ", ".join(f"{name}/*.yml" for name in FOLDERS)
            problems.append(Problem(str(file), 1, f"not part of a pack; expected are {AUTHORITY}, {known}"))
            continue
        document = _read_file(file, "authority" if kind is Authority else folder, kind)
        documents.append(document)
        problems += document.built.problems
    return documents, problems


def _read_file(file: Path, folder: str, kind: Any) -> Document:
    built = Builder(str(file))
    try:
        tree = parse(file.read_text(encoding="utf-8"), built.tell)
    except UnicodeDecodeError:
        built.tell(1, "not UTF-8 text; save it as UTF-8")
        return Document(str(file), folder, None, built)
    if tree is None:
        if not built.problems:
            built.tell(1, "the file is empty; write the document or remove the file")
        return Document(str(file), folder, None, built)
    return Document(str(file), folder, built.build(kind, tree), built)


def _assemble(documents: list[Document]) -> Catalogue:
    by_folder: dict[str, list[Any]] = {name: [] for name in (*FOLDERS, "authority")}
    for document in documents:
        by_folder[document.folder].append(document.body)
    return Catalogue(
        authority=by_folder["authority"][0],
        services={service.identifier: service for service in by_folder["services"]},
        agencies={agency.identifier: agency for agency in by_folder["agencies"]},
        life_events={event.identifier: event for event in by_folder["journeys"]},
        holidays={holidays.year: holidays for holidays in by_folder["holidays"]},
        articles={},
    )
