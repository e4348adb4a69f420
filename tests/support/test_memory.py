"""Folders of a run: gone at its end, or at the start of the next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support import memory

KILLED = """
import os
from tests.support import memory
held = memory.folder()
print(held.__enter__(), flush=True)
os._exit(9)
"""


def test_a_folder_is_gone_at_the_end() -> None:
    with memory.folder() as folder, memory.folder() as other:
        (folder / "a" / "b").mkdir(parents=True)
        assert folder != other
    assert not folder.exists()


def test_what_a_killed_run_left_is_gone_at_the_next() -> None:
    left = Path(subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True).stdout.strip())  # noqa: S603
    assert left.is_dir()
    with memory.folder() as folder:
        assert not left.exists()
        assert folder.exists()
