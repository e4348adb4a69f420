"""Proof, IDs, cards and a phone planted in a conversation are then searched for in everything that the system wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa

from tests.e2e.citizen import Citizen
from tests.support.live import Live

ID, CARD = "079203417655", "4556737586899855"
REFERENCE, WRONG = "H15.50.05.13-261104-0985", "8643"
PHONE, APART = "0900000985", "0900 000 985"  # on file
PLANTED = [
    f"so cccd cua toi la {ID}",
    f"số CCCD: {ID[:3]} {ID[3:6]} {ID[6:9]} {ID[9:]}",
    f"thẻ {CARD} bị trừ tiền",
    f"the {CARD[:4]}-{CARD[4:8]}-{CARD[8:12]}-{CARD[12:]}",
    REFERENCE,
    WRONG,
    f"bon so cuoi la {WRONG}",
    f"{REFERENCE} {WRONG}",
]
RIGHT = [PHONE, f"{REFERENCE} {APART}"]
CANARIES = (ID, CARD, f"{ID[:3]} {ID[3:6]}", f"{CARD[:4]}-{CARD[4:8]}", PHONE[1:], APART[1:])
# Four digits stand by chance in longer numbers, in fractions and in what is sealed or hashed.
ALONE = re.compile(rb"(?<![\w.-])" + WRONG.encode() + rb"(?![\w-])")
SEARCHED = (".log", ".json", ".output", ".db", ".db-wal", ".db-journal")  # a trained model is packed numbers


def test_no_canary_is_in_any_file_or_table(live_systems: Live) -> None:
    citizen = Citizen(live_systems.public_url, "vi")
    refused = [citizen.ask(text)["text"] for text in PLANTED][-1]
    for text in RIGHT:
        assert citizen.ask(text)["text"] != refused
    for after in ("gặp nhân viên", "nhắc lại", "xin chào"):
        citizen.ask(after)
    on_disk, in_tables = dict(files(live_systems)), dict(values(live_systems))
    for kept in ("message", "events"):  # the search finds what the gateway keeps, and what Rasa does
        assert any(place.endswith(f".{kept}") and REFERENCE.encode() in said for place, said in in_tables.items()), kept
    for canary in CANARIES:
        assert [place for place, said in (on_disk | in_tables).items() if canary.encode() in said] == [], canary
    searched = {place: said for place, said in on_disk.items() if place.endswith(SEARCHED)} | in_tables
    assert [place for place, said in searched.items() if ALONE.search(said)] == []


def files(system: Live) -> Iterator[tuple[str, bytes]]:
    """Of its home, as they stand on the disk, and what the runner printed."""
    for file in (*system.home.rglob("*"), system.output_file):
        if file.is_file():
            yield str(file), file.read_bytes()


def values(system: Live) -> Iterator[tuple[str, bytes]]:
    """By database, schema and table: all that it holds, each value on a line of its own."""
    for url in urls(system):
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            inside = sa.inspect(connection)
            for schema in inside.get_schema_names():
                for table in inside.get_table_names(schema):
                    rows = connection.execute(sa.select(sa.text("*")).select_from(sa.table(table, schema=schema)))
                    held = [value for row in rows for value in row if not isinstance(value, int)]
                    lines = (value if isinstance(value, bytes) else str(value).encode() for value in held)
                    yield f"{url} {schema}.{table}", b"\n".join(lines)
        engine.dispose()


def urls(system: Live) -> list[str]:
    """Of the databases in its home, and of its PostgreSQL where it has one."""
    ours = [f"sqlite:///{file}" for file in system.home.rglob("*.db")]
    given = system.environment.get("MOTCUA_DATABASE_URL", "")
    return [*ours, given.replace("postgresql://", "postgresql+psycopg://")] if given else ours
