"""A small trained model, a toy action server and a running Rasa; tests in inside/ run in Rasa's own environment."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.bot.rasa import process
from tests.bot.rasa.process import PYTHON, ROOT, Rasa

collect_ignore = ["inside"]  # another environment: test_rasa_inside.py runs it
HERE = Path(__file__).parent
NAMES = {"version": "1", "names": [
    {"kind": "service", "id": "passport", "language": "vi", "name": "hộ chiếu"},
    {"kind": "service", "id": "passport", "language": "en", "name": "passport"},
]}  # fmt: skip


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained by bare `rasa train` from the project's configuration, domain and rules, with the small examples."""
    folder = tmp_path_factory.mktemp("model")
    command = [
        str(PYTHON.with_name("rasa")),
        "train",
        "--data",
        "data/rules",
        str(HERE / "nlu.yml"),
        "--out",
        str(folder),
    ]
    trained = subprocess.run(command, cwd=ROOT, env=process.clean_environment(), capture_output=True, text=True)  # noqa: S603
    assert trained.returncode == 0, trained.stdout[-3000:] + trained.stderr[-3000:]
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="session")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Generator[int]:
    with process.action_server(tmp_path_factory.mktemp("actions")) as port:
        yield port


@pytest.fixture(scope="session")
def serving(model: Path, actions: int, tmp_path_factory: pytest.TempPathFactory) -> Generator[Rasa]:
    home = tmp_path_factory.mktemp("home")
    (home / "gazetteer.json").write_text(json.dumps(NAMES), encoding="utf-8")
    with process.rasa(model, actions, home) as running:
        yield running


@pytest.fixture
def rasa(serving: Rasa) -> Rasa:
    """One Rasa for all tests, a conversation for each."""
    serving.new_conversation()
    return serving
