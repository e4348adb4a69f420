"""`motcua run`: makes everything ready, starts the three processes, brings back what dies, ends all of it on a signal.

It stays small in memory: whatever needs a library runs in a short-lived process of its own.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from motcua import ports, train
from motcua.console import Progress, complain, tail
from motcua.events import Events, Stopped
from motcua.part import Part
from motcua.paths import RASA_PYTHON, ROOT

if TYPE_CHECKING:
    from motcua.plan import Plan

READY_SECONDS = 180.0
HAS = {"model": "rasa"}  # what /readyz names that is no process of its own, and whose it is
PATIENCE = 5  # times that a process may end before it was ever ready
END_SECONDS = 8.0  # from SIGTERM to SIGKILL: what is being sent, or a token renewed, ends before


class CannotRun(Exception):
    """Something that the system needs is not there; the message says what, and what to do."""


def run() -> int:
    """The exit code: 0 after a signal, 1 if it cannot run, 2 for a wrong setting."""
    os.umask(0o077)  # what the system writes is for its owner alone
    planned = subprocess.run([sys.executable, "-m", "motcua.plan"], stdout=subprocess.PIPE, check=False)
    if planned.returncode:
        return planned.returncode
    plan: Plan = json.loads(planned.stdout)
    home = Path(plan["home"])
    os.environ["MOTCUA_HOME"] = plan["home"]  # of motcua.toml too: training looks there for the names of services
    for name in ("log", "run"):
        (home / name).mkdir(exist_ok=True)
    try:
        with _alone(home):
            _check(plan)
            _run(plan, home)
    except CannotRun as err:
        complain(str(err))
        return 1
    return 0


def _run(plan: Plan, home: Path) -> None:
    events, parts = Events(), _parts(plan, home)
    try:
        _step("Preparing databases and knowledge", "prepare", events, home)
        if train.stale():  # after the names of all services were written: the model learns to look past them
            _step("Training Rasa's model", "train", events, home)
        parts["rasa"].start()
        parts["actions"].start()
        parts["gateway"].start()
        link = _sign_in_link(plan)
        _until_ready(plan, parts, events)
        print(_welcome(plan, link.communicate()[0].strip() if link else ""), flush=True)
        while True:
            _watch(parts, events, 60.0)
    except Stopped:
        pass
    finally:
        _end(parts)


def _parts(plan: Plan, home: Path) -> dict[str, Part]:
    python = sys.executable
    commands = {
        "rasa": ([str(RASA_PYTHON), "-m", "bot.rasa.serve"], ROOT),
        "actions": ([python, "-m", "motcua.actions_process"], ROOT),
        "gateway": ([python, "-m", "motcua.cli", "serve"], Path.cwd()),  # where motcua.toml is
    }
    return {
        name: Part(name, command, plan["environments"][name], home, folder)
        for name, (command, folder) in commands.items()
    }


def _check(plan: Plan) -> None:
    if not RASA_PYTHON.exists():
        raise CannotRun(f"Rasa's environment ({RASA_PYTHON.parents[1]}) is missing: `make run` sets it up and goes on.")
    faults = ports.faults(plan["ports"])
    if faults:
        raise CannotRun("\n".join(faults))


@contextmanager
def _alone(home: Path) -> Generator[None]:
    """Two runs over one home would each bring back what the other ends."""
    with (home / "run" / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRun(
                f"Một Cửa already runs with MOTCUA_HOME={home} (process {lock.read().strip()}): "
                "end that one, or give this one another MOTCUA_HOME."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _step(what: str, command: str, events: Events, home: Path) -> None:
    """One of our own commands with a sign of life; raises CannotRun with the end of its output."""
    log = home / "log" / f"{command}.log"
    progress = Progress(what)
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "motcua.cli", command], stdout=output, stderr=output)  # noqa: S603
    try:
        while process.poll() is None:
            events.wait(0.3)
            progress.tick()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    progress.end("done" if process.returncode == 0 else "failed")
    if process.returncode:
        raise CannotRun(f"{tail(log)}\n{what}: that failed, as said above (all of it is in {log}).")


def _until_ready(plan: Plan, parts: dict[str, Part], events: Events) -> None:
    progress = Progress("Starting Rasa, the actions and the gateway")
    while missing := ports.not_ready(plan["host"], plan["public_port"]):
        _watch(parts, events, 0.2)
        progress.tick(f" (not ready: {', '.join(missing)})")
        given_up = [name for name, part in parts.items() if part.failures >= PATIENCE]
        if given_up or progress.seconds > READY_SECONDS:
            progress.end("failed")
            raise CannotRun("\n".join(_why(parts[HAS.get(name, name)]) for name in given_up or missing))
    progress.end("ready")


def _why(part: Part) -> str:
    return f"{tail(part.log)}\n{part.name} does not get ready; the lines above are the end of {part.log}."


def _watch(parts: dict[str, Part], events: Events, seconds: float) -> None:
    events.wait(min(seconds, *(part.wait() for part in parts.values())))
    for part in parts.values():
        if happened := part.watch():
            complain(f"{time.strftime('%F %T')} {happened}")


def _end(parts: dict[str, Part]) -> None:
    for part in parts.values():
        part.ask_to_end()
    until = time.monotonic() + END_SECONDS
    for part in parts.values():
        part.end(until)


def _sign_in_link(plan: Plan) -> subprocess.Popen[str] | None:
    """Prints where whoever started a demonstration signs in to the desk, once; it is made while the others start."""
    if not plan["demonstration"]:
        return None
    return subprocess.Popen([sys.executable, "-m", "motcua.sign_in_link"], stdout=subprocess.PIPE, text=True)


def _welcome(plan: Plan, sign_in_link: str) -> str:
    address = plan["address"]
    lines = [("Trang chủ · home page", f"{address}/"), ("Trò chuyện · chat", f"{address}/chat")]
    if plan["demonstration"]:
        lines.append(("Hồ sơ mẫu · cases to try", f"{address}/demo"))
    if plan["phone"]:
        lines.append(("Nhắn tin thử · try SMS", plan["phone"]))
    lines.append(("Bàn trực · desk", f"{plan['staff_address']}/desk"))
    if sign_in_link:
        lines.append(("Vào bàn trực · sign in to the desk", sign_in_link))
    lines.append(("Nhật ký · logs", f"{plan['home']}/log"))
    shown = "\n".join(f"  {what:<36}{where}" for what, where in lines)
    return f"\nMột Cửa đã sẵn sàng · Một Cửa is ready\n{shown}\n  Ctrl-C: kết thúc · ends all of it"
