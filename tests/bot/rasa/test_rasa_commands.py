"""Rasa's own commands, bare, from the root, in a shell without any setting of ours: as in any Rasa project."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from pathlib import Path

import pytest

from tests.bot.rasa import process

RASA = str(process.PYTHON.with_name("rasa"))
HERE = Path(__file__).parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [RASA, *arguments], cwd=process.ROOT, env=process.clean_environment(), capture_output=True, text=True
    )


def test_the_data_is_valid() -> None:
    validated = run("data", "validate", "--fail-on-warnings")
    assert validated.returncode == 0, validated.stdout[-3000:] + validated.stderr[-3000:]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own model: `rasa train`, only put elsewhere."""
    folder = tmp_path_factory.mktemp("trained")
    done = run("train", "--out", str(folder))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return next(folder.glob("*.tar.gz"))


def test_the_stories_of_both_languages_pass(trained: Path, tmp_path: Path) -> None:
    options = ["--model", str(trained), "--out", str(tmp_path), "--no-plot", "--fail-on-prediction-errors"]
    tested = run("test", "core", *options)
    assert tested.returncode == 0, tested.stdout[-3000:] + tested.stderr[-3000:]
    assert "all good" in (tmp_path / "failed_test_stories.yml").read_text()


def test_the_examples_can_be_evaluated(trained: Path, tmp_path: Path) -> None:
    options = ["--model", str(trained), "--out", str(tmp_path), "--no-plot", "--nlu", str(HERE / "nlu.yml")]
    tested = run("test", "nlu", *options)
    assert tested.returncode == 0, tested.stdout[-3000:] + tested.stderr[-3000:]
    assert (tmp_path / "intent_report.json").exists()


def test_the_shell_talks(model: Path, tmp_path: Path) -> None:
    """At a real terminal, with the state of a fresh clone's var/ elsewhere."""
    ours, theirs = pty.openpty()
    environment = process.clean_environment(MOTCUA_HOME=str(tmp_path), TERM="xterm")
    shell = subprocess.Popen(  # noqa: S603
        [RASA, "shell", "--model", str(model), "--port", str(process.free_port())],
        cwd=process.ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    try:
        read_until(ours, "Your input ->")
        os.write(ours, b"xin chao\r")
        assert "trợ lý tự động" in read_until(ours, "trợ lý tự động")
    finally:
        shell.kill()
        shell.wait()


def read_until(terminal: int, words: str, seconds: float = 60) -> str:
    seen, deadline = b"", time.monotonic() + seconds
    while words not in seen.decode(errors="replace") and time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 65536)
            if seen.endswith(b"\x1b[6n"):
                os.write(terminal, b"\x1b[1;1R")  # prompt_toolkit asks where the cursor is
    assert words in seen.decode(errors="replace"), seen.decode(errors="replace")[-3000:]
    return seen.decode(errors="replace")
