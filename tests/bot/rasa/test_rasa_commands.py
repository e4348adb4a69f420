"""Rasa's own commands, bare, from the root, in a shell without any setting of ours: as in any Rasa project."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge import catalogue, gazetteer
from tests.bot.rasa import process
from tests.support.free_ports import free_ports
from tests.support.live import Live
from text.fold import strip_diacritics

RASA = str(process.PYTHON.with_name("rasa"))
HERE = Path(__file__).parent
DIALOGUES = process.ROOT / "tests" / "dialogue"


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [RASA, *arguments], cwd=process.ROOT, env=process.clean_environment(**settings), capture_output=True, text=True
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


@pytest.fixture(params=["a fresh clone", "beside a system"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the names of services are, or are not yet: what is understood must not hang on it."""
    if request.param == "beside a system":
        gazetteer.write(catalogue.load(str(process.ROOT / "knowledge" / "pack")), tmp_path / "gazetteer.json")
    return tmp_path


def test_the_dialogues_of_both_languages_pass(trained: Path, home: Path) -> None:
    """Bare `rasa test`, only with fewer examples: it finds every dialogue of ours, and none of Rasa's own samples."""
    options = ["--model", str(trained), "--out", str(home), "--no-plot", "--fail-on-prediction-errors"]
    tested = run("test", *options, "--nlu", str(HERE / "nlu.yml"), MOTCUA_HOME=str(home))
    assert tested.returncode == 0, tested.stdout[-3000:] + tested.stderr[-3000:]
    assert "all good" in (home / "failed_test_stories.yml").read_text()
    counted = json.loads((home / "story_report.json").read_text())["conversation_accuracy"]
    assert (counted["correct"], counted["total"]) == (len(stories()), len(stories()))


def stories() -> list[tuple[str, dict[str, Any]]]:
    """Language and story of every dialogue in tests/dialogue."""
    return [
        (file.parent.name, story)
        for file in sorted(DIALOGUES.glob("*/test_*.yml"))
        for story in yaml.safe_load(file.read_text())["stories"]
    ]


def test_the_dialogues_reach_every_intent_in_both_languages() -> None:
    intents = {i for file in (process.ROOT / "bot" / "domain").glob("*.yml") for i in intents_of(file)}
    for language in ("vi", "en"):
        steps = [step for spoken, story in stories() if spoken == language for step in story["steps"]]
        assert {step["intent"] for step in steps if "intent" in step} >= intents, language


def intents_of(domain: Path) -> list[str]:
    return yaml.safe_load(domain.read_text()).get("intents", [])


def test_every_vietnamese_dialogue_is_there_without_diacritics() -> None:
    said = [[step.get("user") for step in story["steps"]] for language, story in stories() if language == "vi"]
    for accented, plain in zip(said[0::2], said[1::2], strict=True):
        assert plain != accented
        assert plain == [text and strip_diacritics(text) for text in accented]


def test_the_examples_can_be_evaluated(trained: Path, tmp_path: Path) -> None:
    options = ["--model", str(trained), "--out", str(tmp_path), "--no-plot", "--nlu", str(HERE / "nlu.yml")]
    tested = run("test", "nlu", *options)
    assert tested.returncode == 0, tested.stdout[-3000:] + tested.stderr[-3000:]
    assert (tmp_path / "intent_report.json").exists()


def test_the_shell_talks(model: Path, tmp_path: Path) -> None:
    """At a real terminal, with the state of a fresh clone's var/ elsewhere."""
    with shell(model, MOTCUA_HOME=str(tmp_path)) as terminal:
        assert "trợ lý tự động" in ask(terminal, "xin chao", "trợ lý tự động")


def test_the_shell_answers_beside_a_running_system(model: Path, live_system: Live) -> None:
    port = str(live_system.port("actions"))
    with shell(model, MOTCUA_HOME=str(live_system.home), MOTCUA_ACTIONS_PORT=port) as terminal:
        assert "outcome" in ask(terminal, "lam can cuoc can giay to gi", "outcome")


def test_without_a_system_the_shell_says_so_in_one_sentence(model: Path, tmp_path: Path) -> None:
    port = str(free_ports(1)[0])
    with shell(model, MOTCUA_HOME=str(tmp_path), MOTCUA_ACTIONS_PORT=port) as terminal:
        seen = ask(terminal, "lam can cuoc can giay to gi", "make run.*Your input ->")
    assert seen.count("No action server answers") == 1
    assert "Traceback" not in seen


@contextmanager
def shell(model: Path, **settings: str) -> Generator[int]:
    """`rasa shell`, at its first question; its terminal."""
    ours, theirs = pty.openpty()
    talking = subprocess.Popen(  # noqa: S603
        [RASA, "shell", "--model", str(model), "--port", str(free_ports(1)[0])],
        cwd=process.ROOT, env=process.clean_environment(TERM="xterm", **settings),
        stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    try:
        read_until(ours, "Your input ->")
        yield ours
    finally:
        talking.kill()
        talking.wait()


def ask(terminal: int, text: str, until: str) -> str:
    """What the terminal shows from the question on, up to the pattern `until`."""
    os.write(terminal, f"{text}\r".encode())
    return read_until(terminal, until)


def read_until(terminal: int, pattern: str, seconds: float = 120) -> str:
    seen, deadline = b"", time.monotonic() + seconds
    while not re.search(pattern, text := seen.decode(errors="replace"), re.DOTALL):
        assert time.monotonic() < deadline, text[-3000:]
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 65536)
            if seen.endswith(b"\x1b[6n"):
                os.write(terminal, b"\x1b[1;1R")  # prompt_toolkit asks where the cursor is
    return text
