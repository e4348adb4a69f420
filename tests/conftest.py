"""What every test may ask for: both databases, the whole running system, a browser."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from bot.store import migrate
from tests.support import carrier, chromium, live, memory, postgres

DATABASES = ("sqlite", "postgresql")
# A run in the background of a shell ignores Ctrl-C, and so would everything that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


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
def sqlite_url() -> Generator[str]:
    """sqlite:///… of a file that does not exist yet."""
    with memory.folder() as folder:
        yield f"sqlite:///{folder / 'motcua.db'}"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Every test that touches the main database runs on both."""
    return request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: postgres.Postgres) -> Generator[str]:
    """The name of a database in its newest shape, for copies: migrating takes several times as long."""
    with postgres_server.database() as url:
        migrate(url)
        yield url.rpartition("/")[2]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    file = tmp_path_factory.mktemp("migrated") / "motcua.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def migrated_postgres_url(postgres_server: postgres.Postgres, migrated_postgres: str) -> Generator[str]:
    with postgres_server.database(like=migrated_postgres) as url:
        yield url


@pytest.fixture
def migrated_sqlite_url(sqlite_url: str, migrated_sqlite: Path) -> str:
    shutil.copyfile(migrated_sqlite, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture(params=DATABASES)
def migrated_url(request: pytest.FixtureRequest) -> str:
    """The main database of a test of its own, in its newest shape, of each kind."""
    kinds = {"sqlite": "migrated_sqlite_url", "postgresql": "migrated_postgres_url"}
    return request.getfixturevalue(kinds[request.param])


@pytest.fixture(scope="session")
def live_system(tmp_path_factory: pytest.TempPathFactory) -> Generator[live.Live]:
    """The whole system, running on SQLite; shared by the tests of a run, each in conversations of its own."""
    with live.running(tmp_path_factory.mktemp("live") / "home") as system:
        yield system


@pytest.fixture(scope="session")
def live_system_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: postgres.Postgres,
) -> Generator[live.Live]:
    """The same on PostgreSQL."""
    home = tmp_path_factory.mktemp("live-postgresql") / "home"
    with postgres_server.database() as url, live.running(home, MOTCUA_DATABASE_URL=url) as system:
        yield system


@pytest.fixture(scope="session", params=DATABASES)
def live_systems(request: pytest.FixtureRequest) -> live.Live:
    """Each test twice: the whole system on SQLite, then on PostgreSQL."""
    return request.getfixturevalue({"sqlite": "live_system", "postgresql": "live_system_on_postgresql"}[request.param])


@pytest.fixture(scope="session")
def texting_system(tmp_path_factory: pytest.TempPathFactory) -> Generator[carrier.Texting]:
    """The whole system on SQLite with a provider in front; shared by the tests of a run, each with own numbers."""
    home = tmp_path_factory.mktemp("texting") / "home"
    with carrier.texting(live.environment(home)) as texting:
        yield texting


@pytest.fixture(scope="session")
def texting_system_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: postgres.Postgres,
) -> Generator[carrier.Texting]:
    """The same on PostgreSQL."""
    home = tmp_path_factory.mktemp("texting-postgresql") / "home"
    with (
        postgres_server.database() as url,
        carrier.texting(live.environment(home, MOTCUA_DATABASE_URL=url)) as texting,
    ):
        yield texting


@pytest.fixture(scope="session", params=DATABASES)
def texting_systems(request: pytest.FixtureRequest) -> carrier.Texting:
    """Each test twice: with the provider in front of SQLite, then of PostgreSQL."""
    names = {"sqlite": "texting_system", "postgresql": "texting_system_on_postgresql"}
    return request.getfixturevalue(names[request.param])


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """A Chromium; missing and impossible to install is a failure, never a skip."""
    return chromium.find_or_install()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of one running system go to one worker, so that a run starts each system once."""
    for item in items:
        if system := _system(item):
            item.add_marker(pytest.mark.xdist_group(system))


def _system(item: pytest.Item) -> str | None:
    names: list[str] = getattr(item, "fixturenames", [])
    parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    for one in ("kannel", "trained"):  # a telephone exchange, a model: each made once
        if one in names:
            return one
    if {"texting_system", "texting_system_on_postgresql", "texting_systems"} & set(names):
        return "texting"  # both databases: one test kills both systems, and then waits once
    if "live_system_on_postgresql" in names or parameters.get("live_systems") == "postgresql":
        return "live-postgresql"
    return "live" if {"live_system", "live_systems"} & set(names) else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped: what cannot run there is a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, and in CI nothing is: {report.longrepr}"
    return report
