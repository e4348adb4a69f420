"""The operator behind Kannel in the tests: an SMPP server that can fail (peer.js), driven from here."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parents[2] / ".tools"
MODULES = TOOLS / "smpp_peer"
NPM = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
NPM_SECONDS = 300
END_SECONDS = 5

# What becomes of a submitted part: the first three are the answer to it, the others its receipt.
Failure = Literal["throttled", "bad_address", "submit_failed", "undelivered", "rejected", "expired", "no_receipt"]


class NoPeer(Exception):
    """Node with npm and the smpp package could not be had, so the tests in front of a real operator did not run."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A whole message as the operator got it; `data_coding` 0 is GSM-7 and 8 is UCS-2, `parts` counts segments."""

    sender: str
    to: str
    text: str
    data_coding: int
    parts: int


class Carrier:
    """One running peer. Every method answers when the peer has done it; raises AssertionError with its reason."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._ids = count()
        self.pid = process.pid
        self._read()            # "listening"

    def deliver(self, sender: str, recipient: str, text: str) -> int:
        """A citizen writes: the number of parts, once Kannel has acknowledged each. GSM-7 where the text allows it."""
        return self._ask("deliver", sender=sender, recipient=recipient, text=text)

    def received(self) -> list[Submitted]:
        """All whole messages taken so far, oldest first; what was answered with an error is not taken."""
        return [Submitted(**one) for one in self._ask("received")]

    def texts(self, to: str) -> list[str]:
        """What one telephone has been sent so far."""
        return [one.text for one in self.received() if one.to == to]

    def refused(self) -> int:
        """How many parts were answered with an error so far."""
        return self._ask("refused")

    def fail(self, how: Failure | int, times: int = 1, after: int = 0) -> None:
        """Of the parts that come next, `after` end well, then `times` end like this, then all end well again.

        A number is a command_status of SMPP that is answered to them (SMPP 3.4, 5.1.3).
        """
        self._ask("fail", how=how, times=times, after=after)

    def go_away(self) -> None:
        """The line breaks, and every bind is refused."""
        self._ask("go_away")

    def come_back(self) -> None:
        self._ask("come_back")

    def bound(self) -> bool:
        return self._ask("bound") > 0

    def _ask(self, name: str, **given: Any) -> Any:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"id": next(self._ids), "do": name} | given) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the peer has ended; its standard error says why"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["is"]


@contextmanager
def running(port: int) -> Generator[Carrier]:
    """A peer on a loopback port; it ends with its standard input, so also when the test run is killed."""
    command = ("node", HERE / "peer.js", str(port))
    environment = {"NODE_PATH": str(find_or_install()), "PATH": str(Path(str(shutil.which("node"))).parent)}
    process: subprocess.Popen[str] = subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    )
    try:
        yield Carrier(process)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(END_SECONDS)


def find_or_install() -> Path:
    """The folder of node's modules, exactly as package-lock.json says; raises NoPeer."""
    TOOLS.mkdir(exist_ok=True)
    lock = (HERE / "package-lock.json").read_text()
    with (TOOLS / "smpp_peer.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)    # two workers of one test run, one npm
        stamp = MODULES / "stamp"
        if not (shutil.which("node") and stamp.exists() and stamp.read_text() == lock):
            _install()
            stamp.write_text(lock)
    return MODULES / "node_modules"


def _install() -> None:
    if not (shutil.which("node") and shutil.which("npm")):
        raise NoPeer(NoPeer.__doc__)
    MODULES.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, MODULES)
    try:
        subprocess.run(NPM, cwd=MODULES, check=True, capture_output=True, text=True, timeout=NPM_SECONDS)  # noqa: S603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
        raise NoPeer(f"{NoPeer.__doc__} npm said: {failed.stderr}") from failed
