"""motcua/setup.sh with stand-ins for uv and for Python: what it finds, what it leaves alone, what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = (
    "sh",
    "cat",
    "cksum",
    "date",
    "dirname",
    "find",
    "flock",
    "ls",
    "mkdir",
    "mv",
    "rm",
    "sleep",
    "sort",
    "tail",
    "touch",
    "uname",
)
SHIM = "#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n"
# Knows its version alone: setup.sh asks an interpreter whether it is the one it wants.
PYTHON = "#!/bin/sh\ncase \"$2\" in *\"'{version}'\"* | '') exit 0 ;; *) exit 1 ;; esac\n"
UV = """#!/bin/sh
echo "$*" >> "{calls}"
case "$1" in
    --version) echo "uv 0.13.9 (x86_64)" ;;
    sync) if [ -e "{broken}" ]; then echo "no room on the disk"; exit 1; fi
        mkdir -p "$3/.venv/bin"; cp "{python}" "$3/.venv/bin/python" ;;
    *) exit 2 ;;
esac
"""


@dataclass
class Clone:
    """A fresh clone on a machine that has only what the test gave it."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / "clone"

    def program(self, path: str, text: str) -> Path:
        program = self.root / path
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(text)
        program.chmod(0o755)
        return program

    def has_python(self, version: str, path: str | None = None) -> None:
        self.program(path or f"bin/python{version}", PYTHON.format(version=version))

    def has_uv(self) -> None:
        always = self.program("always", "#!/bin/sh\nexit 0\n")
        self.program("bin/uv", UV.format(calls=self.root / "calls", broken=self.root / "broken", python=always))

    def syncs(self) -> list[str]:
        """What uv was asked to install, since the last time that this was asked: the folder and the interpreter."""
        calls = self.root / "calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        words = [line.split() for line in lines if line.startswith("sync")]
        calls.unlink(missing_ok=True)
        return [f"{each[2]} {Path(each[each.index('--python') + 1]).relative_to(self.root)}" for each in words]

    def set_up(self, *options: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.root / "bin"), "HOME": str(self.root / "home")}
        return subprocess.run(  # noqa: S603
            ["/bin/sh", "motcua/setup.sh", *options],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    for file in ("motcua/setup.sh", "pyproject.toml", "uv.lock", "bot/rasa/pyproject.toml", "bot/rasa/uv.lock"):
        target = tmp_path / "clone" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, target)
    (tmp_path / "clone/bot/rasa/no_tensorflow").mkdir()
    (tmp_path / "bin").mkdir()
    for tool in (*TOOLS, "cp"):
        os.symlink(str(shutil.which(tool)), tmp_path / "bin" / tool)
    return Clone(tmp_path)


@pytest.fixture
def ready(clone: Clone) -> Clone:
    clone.has_uv()
    clone.has_python("3.12")
    clone.has_python("3.10")
    return clone


def test_both_environments_each_with_its_python(ready: Clone) -> None:
    done = ready.set_up()
    assert done.returncode == 0, done.stderr
    assert ready.syncs() == [". bin/python3.12", "bot/rasa bin/python3.10"]
    assert "Installing Rasa's environment (574 MB) … done in" in done.stdout


def test_nothing_is_done_twice(ready: Clone) -> None:
    ready.set_up()
    ready.syncs()
    again = ready.set_up()
    assert (again.returncode, again.stdout, ready.syncs()) == (0, "", [])


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("uv.lock", [". bin/python3.12"]),
        ("pyproject.toml", [". bin/python3.12"]),
        ("bot/rasa/uv.lock", ["bot/rasa bin/python3.10"]),
    ],
)
def test_only_what_has_changed_is_done_again(ready: Clone, file: str, expected: list[str]) -> None:
    ready.set_up()
    ready.syncs()
    with (ready.folder / file).open("a") as changed:
        changed.write("\n# another line\n")
    ready.set_up()
    assert ready.syncs() == expected


def test_an_environment_whose_python_is_gone_is_made_again(ready: Clone) -> None:
    ready.set_up()
    ready.syncs()
    (ready.folder / ".venv/bin/python").unlink()
    ready.set_up()
    assert ready.syncs() == [". bin/python3.12"]


def test_tests_need_more_and_running_then_needs_nothing(ready: Clone) -> None:
    ready.set_up()
    ready.syncs()
    ready.set_up("--tests")
    assert ready.syncs() == [". bin/python3.12"]
    ready.set_up()
    assert ready.syncs() == []


def test_pyenvs_shims_are_passed_over_for_the_interpreters_themselves(ready: Clone) -> None:
    for version in ("3.10", "3.12"):
        ready.program(f"bin/python{version}", SHIM)
    ready.program("bin/python3", SHIM)
    ready.has_python("3.10", "home/.pyenv/versions/3.10.13/bin/python3.10")
    ready.has_python("3.12", "home/.pyenv/versions/3.12.1/bin/python3.12")
    assert ready.set_up().returncode == 0
    assert ready.syncs() == [
        ". home/.pyenv/versions/3.12.1/bin/python3.12",
        "bot/rasa home/.pyenv/versions/3.10.13/bin/python3.10",
    ]


def test_a_newer_python_does_for_the_gateway(ready: Clone) -> None:
    ready.program("bin/python3.12", SHIM)
    ready.has_python("3.13")
    ready.set_up()
    assert ready.syncs()[0] == ". bin/python3.13"


@pytest.mark.parametrize(("missing", "why"), [("3.10", "Rasa 3.6 needs it"), ("3.12", "the gateway needs it")])
def test_a_missing_python_says_which_and_how_to_get_it(ready: Clone, missing: str, why: str) -> None:
    ready.program(f"bin/python{missing}", SHIM)
    said = ready.set_up()
    assert said.returncode == 1
    for expected in (f"Python {missing} is missing", why, f"uv python install {missing}", "pyenv install"):
        assert expected in said.stderr


@pytest.mark.parametrize(("system", "machine"), [("Darwin", "arm64"), ("Linux", "aarch64")])
def test_another_platform_says_so(ready: Clone, system: str, machine: str) -> None:
    (ready.root / "bin/uname").unlink()
    ready.program("bin/uname", f'#!/bin/sh\nif [ "$1" = -s ]; then echo {system}; else echo {machine}; fi\n')
    said = ready.set_up()
    assert said.returncode == 1
    assert f"is for Linux on x86_64, and this is {system} on {machine}" in said.stderr
    assert ready.syncs() == [". bin/python3.12"]


def test_without_uv_and_without_pip_it_says_where_to_get_uv(clone: Clone) -> None:
    said = clone.set_up()
    assert said.returncode == 1
    assert "uv is missing" in said.stderr
    assert "https://docs.astral.sh/uv/" in said.stderr


def test_uv_is_fetched_by_any_python_that_has_pip(ready: Clone) -> None:
    uv = ready.root / "bin/uv"
    uv.rename(ready.root / "uv")
    # python -m pip install … --target FOLDER 'uv>=0.8'
    pip = '[ "$2" = pip ] || exit 1\n[ "$3" = install ] || exit 0\nmkdir -p "$8/bin"\n'
    pip = f'#!/bin/sh\n{pip}cp "{ready.root}/uv" "$8/bin/uv"\n'
    ready.program("bin/python3", pip)
    done = ready.set_up()
    assert done.returncode == 0, done.stderr
    assert "Fetching uv into .tools … done" in done.stdout
    assert (ready.folder / ".tools/uv/bin/uv").exists()


def test_a_failed_installation_says_why_and_is_tried_again(ready: Clone) -> None:
    (ready.root / "broken").touch()
    said = ready.set_up()
    assert said.returncode == 1
    assert "no room on the disk" in said.stderr
    (ready.root / "broken").unlink()
    ready.syncs()
    assert ready.set_up().returncode == 0
    assert len(ready.syncs()) == 2
