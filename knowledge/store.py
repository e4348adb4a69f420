"""The compiled catalogue in SQL: written by `motcua knowledge import` in one transaction, read by the actions.

Documents are JSON rows. Each has an origin ("pack", or the name of the file that brought it), and importing an origin
again replaces what it brought before; merge.py makes one catalogue of all. The version is that of the content: the same
catalogue twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    MetaData,
    RowMapping,
    String,
    Table,
    create_engine,
    delete,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from knowledge.build import Builder, to_json
from knowledge.catalogue import FOLDERS, Catalogue
from knowledge.contract import Article, Authority
from knowledge.merge import Part, merged

SCHEMA = "knowledge"          # in PostgreSQL; in SQLite the file is ours alone
PACK, FILE = "pack", "file:"    # origins; the prefix keeps a file that is called "pack" apart
_SHARED = frozenset({"agencies"})
_METADATA = MetaData()
_DOCUMENT = Table(
    "brought",
    _METADATA,
    Column("kind", String, primary_key=True),
    Column("identifier", String, primary_key=True),
    Column("origin", String, primary_key=True),           # two files may bring the same agency
    Column("body", JSON, nullable=False),
)
_VERSION = Table("version", _METADATA, Column("version", String, nullable=False))
_KINDS: dict[str, Any] = {**FOLDERS, "authority": Authority, "articles": Article}


class NothingImported(Exception):
    """There is no catalogue yet, or another version of the program wrote it; run `motcua knowledge import`."""


class TakenIdentifier(Exception):
    """A service, journey or article has the identifier of one that another file brought."""


class NothingBrought(Exception):
    """No file of that name has brought anything."""


def save(url: str, catalogue: Catalogue) -> str:
    """Puts the pack in place of the one that was there, what files brought left alone; the new version."""
    documents = {
        "authority": {catalogue.authority.identifier: catalogue.authority},
        "services": catalogue.services,
        "agencies": catalogue.agencies,
        "journeys": catalogue.life_events,
        "holidays": {str(year): holidays for year, holidays in catalogue.holidays.items()},
    }
    return _replace(url, PACK, documents)


def save_file(url: str, name: str, documents: Mapping[str, Mapping[str, Any]]) -> str:
    """Puts {kind: {identifier: document}} in place of what the file brought before; the new version.

    Kinds are services, agencies, journeys and articles. Raises TakenIdentifier.
    """
    return _replace(url, f"{FILE}{name}", documents)


def remove_file(url: str, name: str) -> str:
    """Takes away what the file brought; the new version. Raises NothingBrought, which names those that have."""
    if name not in (known := files(url)):
        raise NothingBrought(f"No file '{name}' was imported; imported are: {', '.join(known) or 'none'}.")
    return _replace(url, f"{FILE}{name}", {})


def files(url: str) -> list[str]:
    """The names of the files that have brought something."""
    try:
        with _engine(url).connect() as connection:
            origins = connection.scalars(select(_DOCUMENT.c.origin).where(_DOCUMENT.c.origin != PACK).distinct())
            return sorted(origin.removeprefix(FILE) for origin in origins)
    except SQLAlchemyError:
        return []


def load(url: str) -> Catalogue:
    """The catalogue as it was imported; raises NothingImported."""
    try:
        with _engine(url).connect() as connection:
            catalogue = _catalogue(connection)
    except SQLAlchemyError as error:
        raise NothingImported from error
    if catalogue is None:
        raise NothingImported
    return catalogue


def version(url: str) -> str | None:
    """What changes when the catalogue does; None while there is none. Cheap: one row."""
    try:
        with _engine(url).connect() as connection:
            return connection.scalar(select(_VERSION.c.version))
    except SQLAlchemyError:
        return None


@cache
def _engine(url: str) -> Engine:
    given = make_url(url)
    if not given.drivername.startswith("postgresql"):
        return create_engine(given, connect_args={"timeout": 30})
    engine = create_engine(given.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=2)
    return engine.execution_options(schema_translate_map={None: SCHEMA})


def _replace(url: str, origin: str, documents: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [_row(kind, key, one, origin) for kind, many in documents.items() for key, one in many.items()]
    engine = _engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        _METADATA.create_all(connection)
        connection.execute(delete(_DOCUMENT).where(_DOCUMENT.c.origin == origin))
        _refuse_taken(connection, rows)
        if rows:
            connection.execute(insert(_DOCUMENT), rows)
        catalogue = _catalogue(connection)
        new = catalogue.version() if catalogue else ""
        connection.execute(delete(_VERSION))
        connection.execute(insert(_VERSION).values(version=new))
    return new


def _refuse_taken(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Between files; what is in the pack goes before them all."""
    others = select(_DOCUMENT.c.kind, _DOCUMENT.c.identifier, _DOCUMENT.c.origin).where(_DOCUMENT.c.origin != PACK)
    taken = {(kind, identifier): origin for kind, identifier, origin in connection.execute(others)}
    for row in rows:
        owner = taken.get((row["kind"], row["identifier"]))
        if owner and row["kind"] not in _SHARED and row["origin"] != PACK:
            owner = owner.removeprefix(FILE)
            raise TakenIdentifier(f"'{row['identifier']}' was brought by {owner}; rename one, or remove that file")


def _row(kind: str, identifier: str, document: Any, origin: str) -> dict[str, Any]:
    return {"kind": kind, "identifier": identifier, "origin": origin, "body": to_json(document)}


def _catalogue(connection: Connection) -> Catalogue | None:
    """The catalogue of all rows, or None without an authority: what files brought is none alone."""
    brought: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: {kind: {} for kind in _KINDS})
    for row in connection.execute(select(_DOCUMENT).order_by(_DOCUMENT.c.kind, _DOCUMENT.c.identifier)).mappings():
        brought[row["origin"]][row["kind"]][row["identifier"]] = _built(row)
    pack, in_files = brought.pop(PACK, None), [brought[origin] for origin in sorted(brought)]
    if not pack or not pack["authority"]:
        return None
    whole = merged(Part(one["services"], one["agencies"], one["journeys"]) for one in (pack, *in_files))
    return Catalogue(
        authority=next(iter(pack["authority"].values())),
        services=whole.services,
        agencies=whole.agencies,
        life_events=whole.life_events,
        holidays={holidays.year: holidays for holidays in pack["holidays"].values()},
        articles={key: article for one in in_files for key, article in one["articles"].items()},
    )


def _built(row: RowMapping) -> Any:
    builder = Builder()
    built = builder.build(_KINDS[row["kind"]], row["body"])
    if builder.problems:
        raise NothingImported(f"{row['kind']} '{row['identifier']}': {builder.problems[0].message}")
    return built
