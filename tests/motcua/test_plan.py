"""What the runner is told before it starts anything: everything, or one sentence about the setting that is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import live

PLAN, PREPARE = ("motcua.plan",), ("motcua.cli", "prepare")


def told(command: tuple[str, ...], folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = live.environment(folder / "home", **settings)
    return subprocess.run([sys.executable, "-m", *command], env=environment, capture_output=True, text=True)  # noqa: S603


@pytest.mark.parametrize("url", ["", "sqlite:///{}/new/deep/motcua.db", "postgresql://nowhere/motcua"])
def test_a_plan_tells_every_process_what_it_needs(tmp_path: Path, url: str) -> None:
    done = told(PLAN, tmp_path, MOTCUA_DATABASE_URL=url.format(tmp_path))
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["environments"]) == {"rasa", "actions", "gateway"}


def test_the_processes_share_one_clock(tmp_path: Path) -> None:
    done = told(PLAN, tmp_path, MOTCUA_CLOCK="2026-11-26T09:30")
    by = json.loads(done.stdout)["environments"]
    gateway, actions = ((by[one]["MOTCUA_CLOCK"], by[one]["MOTCUA_CLOCK_SINCE"]) for one in ("gateway", "actions"))
    assert gateway == actions
    assert gateway[0] == "2026-11-26T09:30"
    assert float(gateway[1]) > 0


@pytest.mark.parametrize("name", ["MOTCUA_PROOF_KEY", "MOTCUA_KNOWLEDGE_DATABASE_URL", "MOTCUA_CLOCK_SINCE"])
def test_what_only_we_give_is_refused_from_outside(tmp_path: Path, name: str) -> None:
    done = told(PLAN, tmp_path, **{name: "x"})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{name}: ")


@pytest.mark.parametrize("command", [PLAN, PREPARE], ids=["run", "prepare"])
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("MOTCUA_HOME", "/proc/nowhere"),
        ("MOTCUA_HOME", "{}/a-file"),
        ("MOTCUA_HOME", "{}/a-file/below"),
        ("MOTCUA_DATABASE_URL", "sqlite:////proc/nowhere/motcua.db"),
        ("MOTCUA_DATABASE_URL", "sqlite:///{}/a-file/motcua.db"),
        ("MOTCUA_DATABASE_URL", "sqlite:///{}"),
        ("MOTCUA_DATABASE_URL", "sqlite:///"),
    ],
)
def test_a_place_that_cannot_be_used_is_said_in_one_sentence(
    tmp_path: Path, command: tuple[str, ...], setting: str, value: str
) -> None:
    (tmp_path / "a-file").touch()
    done = told(command, tmp_path, **{setting: value.format(tmp_path)})
    assert (done.returncode, done.stdout) == (2, "")
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(f"{setting}: ")
