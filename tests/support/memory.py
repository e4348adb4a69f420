"""Folders that a test run throws away: in memory where the machine has room, so that no test waits for a disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  (names are made by mkdtemp)
ROOM = 1 << 30  # bytes
PREFIX = "motcua-tests-"


@contextmanager
def folder() -> Generator[Path]:
    """A new folder, gone at the end; what a run that was killed has left is gone at the next one."""
    place = _place()
    _clear(place)
    made = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _place() -> Path:
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else Path(tempfile.gettempdir())


def _clear(place: Path) -> None:
    for left in place.glob(f"{PREFIX}*-*"):
        if not Path(f"/proc/{left.name.removeprefix(PREFIX).partition('-')[0]}").exists():
            shutil.rmtree(left, ignore_errors=True)
