"""The databases that the other tests stand on."""

from __future__ import annotations

import psycopg
import sqlalchemy as sa

from bot.model import metadata
from tests.support.postgres import Postgres


def test_a_fresh_database_is_empty_and_its_own(postgres_server: Postgres, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE only_here (id int)")
    with postgres_server.database() as other, psycopg.connect(other) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_both_databases_answer(database_url: str) -> None:
    engine = sa.create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1
    engine.dispose()


def test_a_copy_is_in_the_shape_of_the_first_and_its_own(
    postgres_server: Postgres, migrated_postgres: str, migrated_postgres_url: str
) -> None:
    counting = "SELECT count(*) FROM conversation"
    with psycopg.connect(migrated_postgres_url) as connection:
        connection.execute("DROP TABLE conversation CASCADE")
    with postgres_server.database(like=migrated_postgres) as other, psycopg.connect(other) as connection:
        assert connection.execute(counting).fetchone() == (0,)


def test_every_main_database_is_in_its_newest_shape(migrated_url: str) -> None:
    engine = sa.create_engine(migrated_url.replace("postgresql://", "postgresql+psycopg://"))
    assert {table.name for table in metadata.sorted_tables} < set(sa.inspect(engine).get_table_names())
    engine.dispose()
