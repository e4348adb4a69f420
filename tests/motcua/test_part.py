"""One supervised process: its pid file, its return after a death, its log, its end."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from motcua import part as supervised
from motcua.part import Part

SLEEPS = "import time; print('started', flush=True); time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


@pytest.fixture
def make(tmp_path: Path) -> Generator[Callable[[str], Part]]:
    made: list[Part] = []
    for name in ("log", "run"):
        (tmp_path / name).mkdir()

    def new(program: str) -> Part:
        part = Part("rasa", [sys.executable, "-c", program], dict(os.environ), tmp_path, tmp_path)
        made.append(part)
        return part

    yield new
    for part in made:
        part.end(0)


def pid(home: Path) -> int:
    return int((home / "run" / "rasa.pid").read_text())


def until(happened: Callable[[], object]) -> None:
    limit = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_a_living_process_is_left_alone(make: Callable[[str], Part], tmp_path: Path) -> None:
    part = make(SLEEPS)
    part.start()
    first = pid(tmp_path)
    assert part.watch() is None
    assert pid(tmp_path) == first


def test_a_killed_process_returns_at_once_and_is_spoken_of_once(make: Callable[[str], Part], tmp_path: Path) -> None:
    part = make(SLEEPS)
    part.start()
    first = pid(tmp_path)
    os.kill(first, signal.SIGKILL)
    said: list[str | None] = []
    until(lambda: said.append(part.watch()) or pid(tmp_path) != first)
    assert [one for one in said if one] == ["rasa ended (signal SIGKILL) and is brought back"]


def test_a_process_that_keeps_dying_waits_longer_each_time(make: Callable[[str], Part]) -> None:
    part = make("raise SystemExit(3)")
    part.start()
    waits: list[float] = []
    while len(waits) < 3:
        if (said := part.watch()) is not None:
            assert said == "rasa ended (exit code 3) and is brought back"
            waits.append(part.wait())
        time.sleep(0.005)
    assert part.failures == 3
    assert waits[1] == pytest.approx(supervised.WAITS[1], abs=0.05)
    assert waits[2] == pytest.approx(supervised.WAITS[2], abs=0.05)


def test_it_never_waits_longer_than_two_seconds() -> None:
    assert max(supervised.WAITS) < 2.0


@pytest.mark.parametrize(("label", "program"), [("willing", SLEEPS), ("deaf to SIGTERM", DEAF)])
def test_the_end_is_the_end(make: Callable[[str], Part], tmp_path: Path, label: str, program: str) -> None:
    part = make(program)
    part.start()
    until(lambda: part.log.read_text())
    process = pid(tmp_path)
    part.ask_to_end()
    part.end(time.monotonic() + 0.5)
    assert not Path(f"/proc/{process}").exists(), label
    assert not (tmp_path / "run" / "rasa.pid").exists()


@pytest.mark.parametrize(("size", "turned"), [(supervised.LOG_LIMIT, False), (supervised.LOG_LIMIT + 1, True)])
def test_a_long_log_is_put_aside(make: Callable[[str], Part], tmp_path: Path, size: int, turned: bool) -> None:
    part = make(SLEEPS)
    part.log.write_bytes(b"x" * size)
    part.start()
    assert (tmp_path / "log" / "rasa.log.1").exists() == turned
