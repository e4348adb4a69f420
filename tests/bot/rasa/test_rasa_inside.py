"""Runs tests/bot/rasa/inside/ in Rasa's own environment: one test here for each file there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.bot.rasa import process

INSIDE = Path(__file__).parent / "inside"


@pytest.mark.parametrize("file", sorted(INSIDE.glob("inside_*.py")), ids=lambda file: file.stem)
def test_inside(file: Path, postgres_url: str) -> None:
    command = [str(process.PYTHON), "-m", "pytest", "-q", "-c", str(INSIDE / "pytest.ini"), str(file)]
    environment = process.clean_environment(TEST_POSTGRES=postgres_url)
    run = subprocess.run(command, cwd=process.ROOT, env=environment, capture_output=True, text=True)  # noqa: S603
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    assert "skipped" not in run.stdout
