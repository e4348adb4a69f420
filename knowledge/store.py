"""The compiled catalogue in SQL: written by `motcua knowledge import` in one transaction, read by the actions.

Documents are JSON rows. Each has an origin ("pack", or the name of a file of articles), and importing an origin again
replaces what it brought before. The version is that of the content: the same catalogue twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
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

SCHEMA = "knowledge"          # in PostgreSQL; in SQLite the file is ours alone
PACK = "pack"
_METADATA = MetaData()
_DOCUMENT = Table(
    "document",
    _METADATA,
    Column("kind", String, primary_key=True),
    Column("identifier", String, primary_key=True),
    Column("origin", String, nullable=False),
    Column("body", JSON, nullable=False),
)
_VERSION = Table("version", _METADATA, Column("version", String, nullable=False))
_KINDS: dict[str, Any] = {**FOLDERS, "authority": Authority, "articles": Article}


class NothingImported(Exception):
    """There is no catalogue yet, or another version of the program wrote it; run `motcua knowledge import`."""


class TakenIdentifier(Exception):
    """An article has the id of one that another file brought."""


def save(url: str, catalogue: Catalogue) -> str:
    """Puts the pack in place of the one that was there, articles left alone; the new version."""
    rows = [_row(kind, identifier, document, PACK) for kind, identifier, document in _documents(catalogue)]
    return _replace(url, PACK, rows)


def save_articles(url: str, origin: str, articles: Iterable[Article]) -> str:
    """Puts these articles in place of what `origin` brought before; the new version."""
    return _replace(url, f"articles:{origin}", [_row("articles", a.id, a, f"articles:{origin}") for a in articles])


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


def _replace(url: str, origin: str, rows: list[dict[str, Any]]) -> str:
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
    taken = {(row.kind, row.identifier): row.origin for row in connection.execute(select(_DOCUMENT))}
    for row in rows:
        if owner := taken.get((row["kind"], row["identifier"])):
            raise TakenIdentifier(f"'{row['identifier']}' was brought by {owner.removeprefix('articles:')}; rename one")


def _documents(catalogue: Catalogue) -> list[tuple[str, str, Any]]:
    documents: list[tuple[str, str, Any]] = [("authority", catalogue.authority.identifier, catalogue.authority)]
    documents += [("services", key, service) for key, service in catalogue.services.items()]
    documents += [("agencies", key, agency) for key, agency in catalogue.agencies.items()]
    documents += [("journeys", key, event) for key, event in catalogue.life_events.items()]
    return documents + [("holidays", str(year), holidays) for year, holidays in catalogue.holidays.items()]


def _row(kind: str, identifier: str, document: Any, origin: str) -> dict[str, Any]:
    return {"kind": kind, "identifier": identifier, "origin": origin, "body": to_json(document)}


def _catalogue(connection: Connection) -> Catalogue | None:
    """The catalogue of all rows, or None without an authority: articles alone are no catalogue."""
    by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
    for row in connection.execute(select(_DOCUMENT).order_by(_DOCUMENT.c.kind, _DOCUMENT.c.identifier)).mappings():
        by_kind[row["kind"]][row["identifier"]] = _built(row)
    if not by_kind["authority"]:
        return None
    return Catalogue(
        authority=next(iter(by_kind["authority"].values())),
        services=by_kind["services"],
        agencies=by_kind["agencies"],
        life_events=by_kind["journeys"],
        holidays={holidays.year: holidays for holidays in by_kind["holidays"].values()},
        articles=by_kind["articles"],
    )


def _built(row: RowMapping) -> Any:
    builder = Builder()
    built = builder.build(_KINDS[row["kind"]], row["body"])
    if builder.problems:
        raise NothingImported(f"{row['kind']} '{row['identifier']}': {builder.problems[0].message}")
    return built
