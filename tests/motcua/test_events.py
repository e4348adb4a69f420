"""What the runner waits for: below make, by itself, and what wakes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

WAITS = """
from motcua.events import Events, Stopped
events = Events()
print("waiting", flush=True)
try:
    while True:
        events.wait(600.0)
except Stopped:
    print("stopped", flush=True)
"""
BEREFT = """
import subprocess
from motcua.events import Events
events = Events()
print("waiting", flush=True)
subprocess.Popen(["true"])
events.wait(600.0)
print("woken", flush=True)
"""
HANGS = 30  # seconds after which a program counts as one that was never told


@pytest.fixture
def program(tmp_path: Path) -> Path:
    file = tmp_path / "waits.py"
    file.write_text(WAITS)
    return file


def started(*command: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603
    assert process.stdout
    assert process.stdout.readline() == "waiting\n"
    return process


def told(process: subprocess.Popen[str], number: signal.Signals) -> str:
    process.send_signal(number)
    try:
        return process.communicate(timeout=HANGS)[0]
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_wait(program: Path, number: signal.Signals) -> None:
    assert told(started(sys.executable, str(program)), number) == "stopped\n"


def test_the_end_of_a_child_ends_the_wait() -> None:
    process = started(sys.executable, "-c", BEREFT)
    try:
        assert process.communicate(timeout=HANGS)[0] == "woken\n"
    finally:
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_make_alone_ends_the_wait(program: Path, tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "Makefile").write_text(f"run:\n\t@exec {sys.executable} {program}\n")
    assert "stopped" in told(started("make", "-s", "-f", str(tmp_path / "Makefile")), number)
