"""Which format a file is in, and what it brings: read, built and checked, or refused as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.articles import read_articles
from knowledge.contract import Language
from knowledge.formats import cpsv_read, hsds, jsonld, portal
from knowledge.formats.drafts import Drafts, documents
from knowledge.formats.place import BadFile, Place, parse


class Format(NamedTuple):
    """How people know it, how it is recognised, how it is read."""

    name: str
    fits: Callable[[Place], bool]
    read: Callable[[Place, Drafts], None]


FORMATS = {                   # in the order in which they are looked for
    "cpsv-ap": Format("CPSV-AP in JSON-LD", jsonld.fits, cpsv_read.read),
    "portal": Format("the national portal's procedures", portal.fits, portal.read),
    "hsds": Format("Open Referral HSDS 3", hsds.fits, hsds.read),
}
PACK, ARTICLES = "pack", "articles"
NAMES = (PACK, *FORMATS, ARTICLES)
READABLE = (
    "readable are: a folder with a knowledge pack (pack), "
    + ", ".join(f"{one.name} ({key})" for key, one in FORMATS.items())
    + ', each as one JSON file or a folder of them, and articles {"id", "title", "body", "language", "url"} a line'
    " (articles)"
)
_SUFFIXES = (".json", ".jsonld")
_LINE = 1_000_000             # bytes of a first line that are looked at


@dataclass(frozen=True, slots=True)
class Brought:
    """`formats` are the names of those it was in, none for articles; `documents` are by kind and identifier; `left_out`
    says what was not brought."""

    formats: list[str]
    documents: dict[str, dict[str, Any]]
    left_out: list[str]

    def count(self, kind: str) -> int:
        return len(self.documents.get(kind, {}))


def is_pack(path: Path, asked: str | None) -> bool:
    """Whether it is to be read as a pack: a folder, unless there are files of another format in it and none of YAML."""
    if asked:
        return asked == PACK
    if path.is_dir():
        return any(path.rglob("*.yml")) or not _inside(path)
    return not path.exists() and not path.suffix


def read(path: Path, today: date, asked: str | None = None, language: Language | None = None) -> Brought:
    """What a file, or every file of a folder, brings. `asked` is one of NAMES, None to recognise it; `language` is for
    texts that do not say theirs. Raises BadFile, BadLine, OSError; then nothing was brought."""
    if asked == ARTICLES or (asked is None and _are_articles(path)):
        return Brought([], {"articles": {one.id: one for one in read_articles(path)}}, [])
    drafts = Drafts(today, language)
    found = [_read(file, drafts, asked) for file in (_inside(path) if path.is_dir() else [path])]
    brought = documents(str(path), drafts)
    if not brought:
        said = "".join(f"\n  {line}" for line in drafts.left_out)
        raise BadFile(f"{path}: holds no service that could be imported{said}")
    return Brought(list(dict.fromkeys(found)), brought, list(dict.fromkeys(drafts.left_out)))


def _are_articles(path: Path) -> bool:
    """Whether a file has articles, by its name or by its first line."""
    if path.suffix == ".jsonl" or path.is_dir():
        return path.suffix == ".jsonl"
    with path.open("rb") as file:
        line = file.readline(_LINE)
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and {"title", "body"} <= first.keys()


def _read(file: Path, drafts: Drafts, asked: str | None) -> str:
    """The name of the format that it is in."""
    place = parse(file)
    try:
        sample = next(iter(place.each()), place)
        form = FORMATS.get(asked or "") or next((one for one in FORMATS.values() if one.fits(sample)), None)
        if form is None:
            raise BadFile(f"{file}: in no known format; {READABLE}")
        form.read(place, drafts)
    except RecursionError as error:
        raise BadFile(f"{file}: nested too deeply") from error
    return form.name


def _inside(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in _SUFFIXES and file.is_file())
