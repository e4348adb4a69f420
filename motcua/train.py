"""`motcua train`: Rasa's model, only when what it is made of has changed since it was made."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from motcua.paths import MODEL, MODELS, RASA_PYTHON, ROOT

# Everything that a model is made of or by. By content: a fresh clone has fresh times, and a checkout has old ones.
SOURCES = ("config.yml", "bot/domain/**/*.yml", "data/**/*.yml", "bot/rasa/*.py", "bot/rasa/uv.lock", "text/**/*.py")
NAME = MODEL.name.removesuffix(".tar.gz")
MARK = MODELS / f"{NAME}.made-of"


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("train", help="train Rasa's model if its data is newer than it")
    command.add_argument("--anyway", action="store_true", help="also if nothing has changed")
    command.set_defaults(run=_command)


def _command(arguments: argparse.Namespace) -> int:
    from bot.settings import load

    os.environ["MOTCUA_HOME"] = str(load().home.absolute())  # of motcua.toml too: the names of services are there
    return main(anyway=arguments.anyway)


def stale() -> bool:
    """True if there is no model of exactly these sources."""
    return not MODEL.exists() or not MARK.exists() or MARK.read_text() != fingerprint()


def fingerprint() -> str:
    """SHA-256 over names and contents of all sources, in hex."""
    digest = hashlib.sha256()
    for file in _sources():
        content = file.read_bytes()
        digest.update(f"{file.relative_to(ROOT)}\0{len(content)}\0".encode())
        digest.update(content)
    digest.update(b"names" if _gazetteer().exists() else b"no names")
    return digest.hexdigest()


def _gazetteer() -> Path:
    """The names of services, which training puts a placeholder for; new names need no new model, but none at all do."""
    return ROOT / os.environ.get("MOTCUA_HOME", "var") / "gazetteer.json"


def _sources() -> Iterator[Path]:
    for pattern in SOURCES:
        yield from sorted(file for file in ROOT.glob(pattern) if file.is_file())


def main(*, anyway: bool = False) -> int:
    """Trains under a lock and puts the new model in the old one's place when it is whole; Rasa's exit code."""
    with _alone():
        if not anyway and not stale():
            print("The model is as new as its data.")
            return 0
        made_of, draft = fingerprint(), MODELS / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        command = [RASA_PYTHON, "-m", "rasa", "train", "--skip-validation", "--out", draft, "--fixed-model-name", NAME]
        code = subprocess.run(command, cwd=ROOT, env=environment(os.environ)).returncode  # noqa: S603
        if code or not (draft / MODEL.name).exists():
            print("Rasa could not train: its own words are above.", file=sys.stderr)
            return code or 1
        MARK.unlink(missing_ok=True)
        (draft / MODEL.name).replace(MODEL)
        MARK.write_text(made_of)
        shutil.rmtree(draft)
    return 0


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """For any of Rasa's own commands: quiet, and no telemetry."""
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "PYTHONPATH": str(ROOT),
    }
    return {**given, **quiet}


@contextmanager
def _alone() -> Generator[None]:
    MODELS.mkdir(exist_ok=True)
    with (MODELS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
