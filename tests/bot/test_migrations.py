"""The migrations lead to the tables that bot/model/ names, with every column, index and constraint."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.model import metadata
from bot.store import migrate


def test_the_migrations_make_what_the_model_says(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)  # again: nothing is left to do
    engine = sa.create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
