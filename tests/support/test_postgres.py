"""The databases that the other tests stand on."""

from __future__ import annotations

import psycopg
import sqlalchemy as sa

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
