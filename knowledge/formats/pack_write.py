"""A catalogue as a knowledge pack: a folder of YAML files that can be edited, checked and imported again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import yaml

from knowledge.build import to_json
from knowledge.catalogue import AUTHORITY, Catalogue
from knowledge.contract import LANGUAGES
from knowledge.languages import own

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class NotEmpty(Exception):
    """The folder that a pack is to be written to has something in it."""


def write(catalogue: Catalogue, folder: Path) -> int:
    """The number of files. Raises NotEmpty, OSError."""
    if folder.exists() and any(folder.iterdir()):
        raise NotEmpty(f"{folder}: is not empty; give a folder that is new")
    files = dict(_files(catalogue))
    for name, body in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(_written(to_json(body), _languages(body)), allow_unicode=True, sort_keys=False, width=120)
        file.write_text(text, encoding="utf-8")
    return len(files)


def _files(catalogue: Catalogue) -> Iterator[tuple[str, Any]]:
    yield AUTHORITY, catalogue.authority
    folders: dict[str, Mapping[Any, Any]] = {
        "services": catalogue.services,
        "agencies": catalogue.agencies,
        "journeys": catalogue.life_events,
        "holidays": catalogue.holidays,
    }
    for folder, bodies in folders.items():
        for key, body in bodies.items():
            yield f"{folder}/{key}.yml", body


def _languages(body: Any) -> tuple[str, ...]:
    return getattr(body, "written_in", LANGUAGES)


def _written(value: Any, languages: tuple[str, ...]) -> Any:
    """As people write it: no copies for a language that is not there, sources flat, shifts by their days."""
    if isinstance(value, list):
        return [_written(item, languages) for item in cast(list[Any], value)]
    if not isinstance(value, dict):
        return value
    tree = cast(dict[str, Any], value)
    if tree and tree.keys() <= set(LANGUAGES):
        return own(tree, languages) if languages != LANGUAGES else tree
    if "legal" in tree:
        tree = tree["legal"] | {key: item for key, item in tree.items() if key != "legal"}
    if "shifts" in tree:
        tree = tree | {"shifts": list(_shifts(tree["shifts"]))}
    return {key: _written(item, languages) for key, item in tree.items()}


def _shifts(shifts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for (opens, closes), alike in groupby(shifts, key=lambda shift: (shift["opens"], shift["closes"])):
        yield {"days": [_DAYS[shift["weekday"]] for shift in alike], "opens": opens[:5], "closes": closes[:5]}
