"""When a model is out of date: by content, never by time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from motcua import cli, train

FILES = (
    "config.yml",
    "bot/domain/people.yml",
    "data/nlu/vi/people.yml",
    "bot/rasa/classifier.py",
    "bot/rasa/uv.lock",
    "text/fold.py",
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a model that was just made of it."""
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("version 1")
    for name, file in (("ROOT", ""), ("MODEL", "motcua.tar.gz"), ("MARK", "motcua.made-of")):
        monkeypatch.setattr(train, name, tmp_path / file)
    (tmp_path / "motcua.tar.gz").touch()
    (tmp_path / "motcua.made-of").write_text(train.fingerprint())
    return tmp_path


def test_the_names_of_services_are_looked_for_at_the_home_of_motcua_toml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "motcua.toml").write_text(f'home = "{tmp_path / "elsewhere"}"')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOTCUA_HOME", "")  # so that it is put back
    monkeypatch.delenv("MOTCUA_HOME")
    seen: list[str] = []
    monkeypatch.setattr(train, "main", lambda *, anyway: seen.append(os.environ["MOTCUA_HOME"]) or 0)
    assert cli.main(["train"]) == 0
    assert seen == [str(tmp_path / "elsewhere")]


def test_nothing_has_changed(project: Path) -> None:
    assert not train.stale()


def test_fresh_times_are_no_change(project: Path) -> None:
    for file in FILES:
        os.utime(project / file, (4e9, 4e9))
    assert not train.stale()


@pytest.mark.parametrize("file", FILES)
def test_other_content_is_a_change(project: Path, file: str) -> None:
    (project / file).write_text("version 2")
    assert train.stale()


@pytest.mark.parametrize("file", ["data/stories/more.yml", "bot/domain/new/topic.yml", "bot/rasa/new.py"])
def test_a_new_file_is_a_change(project: Path, file: str) -> None:
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).touch()
    assert train.stale()


@pytest.mark.parametrize("file", ["data/nlu/vi/people.yml", "motcua.tar.gz", "motcua.made-of"])
def test_a_missing_file_is_a_change(project: Path, file: str) -> None:
    (project / file).unlink()
    assert train.stale()


@pytest.mark.parametrize("file", ["README.md", "bot/turn.py", "actions/base.py", "var/motcua.db"])
def test_what_a_model_is_not_made_of_is_none(project: Path, file: str) -> None:
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).write_text("new")
    assert not train.stale()
