"""What every test may ask for: both databases, the whole running system, a browser."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Generator[postgres.Postgres]:
    """A real PostgreSQL, one for each worker of the run."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Postgres) -> Generator[str]:
    """postgresql://… of a fresh empty database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """sqlite:///… of a file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'motcua.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Every test that touches the main database runs on both."""
    return request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])
