"""What the runner has to know, as JSON from a short-lived process: the libraries it takes are large."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TypedDict

from bot import secrets
from bot.settings import INNER, PREFIX, Settings, WrongSetting, load
from motcua import train
from motcua.paths import MODEL
from motcua.ports import Port


class Plan(TypedDict):
    """environments: by process, all that it is given and nothing else of ours."""

    home: str
    host: str
    public_port: int
    address: str
    staff_address: str
    phone: str
    demonstration: bool
    ports: list[Port]
    environments: dict[str, dict[str, str]]


def plan() -> Plan:
    """Raises WrongSetting. Makes home and its secrets."""
    _check_inner()
    settings = load()
    home = settings.home.absolute()
    settings = settings.model_copy(update={"home": home})
    check_places(settings)
    keys = secrets.load_or_make(home).environment()
    return Plan(
        home=str(home),
        host=settings.host,
        public_port=settings.public_port,
        address=settings.address,
        staff_address=settings.desk_address,
        phone=settings.phone,
        demonstration=settings.mode == "demonstration",
        ports=_ports(settings),
        environments=_environments(settings, keys),
    )


def _check_inner() -> None:
    """Raises WrongSetting for what we ourselves give to the processes: from outside it would silently do nothing."""
    given = sorted(PREFIX + name for name in INNER if PREFIX + name in os.environ)
    if given:
        raise WrongSetting(f"{', '.join(given)}: not for people to set; motcua.example.toml lists every key")


def check_places(settings: Settings) -> None:
    """Raises WrongSetting for a home or a SQLite file that cannot be written; makes their folders."""
    _check_folder("MOTCUA_HOME", settings.home.absolute())
    if settings.main_database.startswith("sqlite:///"):
        file = Path(settings.main_database.removeprefix("sqlite:///"))
        if file.is_dir():
            raise WrongSetting(f"MOTCUA_DATABASE_URL: {file} is a folder; name a file, sqlite:////folder/motcua.db")
        _check_folder("MOTCUA_DATABASE_URL", file.parent)


def _check_folder(setting: str, folder: Path) -> None:
    """Raises WrongSetting where nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as err:
        raise WrongSetting(f"{setting}: nothing can be written in {folder} ({err.strerror}); name another") from err


def _ports(settings: Settings) -> list[Port]:
    return [
        Port(setting="MOTCUA_PUBLIC_PORT", host=settings.host, port=settings.public_port),
        Port(setting="MOTCUA_STAFF_PORT", host=settings.host, port=settings.staff_port),
        Port(setting="MOTCUA_RASA_PORT", host="127.0.0.1", port=settings.rasa_port),
        Port(setting="MOTCUA_ACTIONS_PORT", host="127.0.0.1", port=settings.actions_port),
    ]


def _environments(settings: Settings, keys: dict[str, str]) -> dict[str, dict[str, str]]:
    """Rasa, the oldest of the three, gets no key that opens a proof and no setting of the door."""
    ours = {key: value for key, value in os.environ.items() if key.startswith("MOTCUA_")}
    common = {key: value for key, value in os.environ.items() if key not in ours and key != "PYTHONPATH"}
    common |= {"PYTHONUNBUFFERED": "1", "MOTCUA_HOME": str(settings.home)}
    common["MOTCUA_ACTIONS_PORT"] = str(settings.actions_port)
    common["MOTCUA_ACTIONS_SECRET"] = keys["MOTCUA_ACTIONS_SECRET"]
    stores = {f"MOTCUA_{name.upper()}_DATABASE_URL": settings.beside(name) for name in ("cases", "knowledge")}
    shared = {"MOTCUA_CLOCK_SINCE": str(time.time())}  # one clock, whenever a process begins
    inner = {"MOTCUA_MODE": settings.mode, "MOTCUA_CLOCK": settings.clock, "MOTCUA_PROOF_KEY": keys["MOTCUA_PROOF_KEY"]}
    rasa = {
        "MOTCUA_RASA_SECRET": keys["MOTCUA_RASA_SECRET"],
        "MOTCUA_RASA_PORT": str(settings.rasa_port),
        "MOTCUA_RASA_DATABASE_URL": settings.beside("rasa"),
        "MOTCUA_RASA_MODEL": str(MODEL),
    }
    return {
        "rasa": train.environment(common) | rasa,
        "actions": common | stores | shared | inner,
        "gateway": common
        | ours
        | stores
        | shared
        | keys
        | {"MOTCUA_HOME": str(settings.home), "MOTCUA_ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}"},
    }


def main() -> int:
    try:
        print(json.dumps(plan()))
    except WrongSetting as err:
        print(err, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
