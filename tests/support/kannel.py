"""A real Kannel for the tests, in front of an operator that can fail: the system's, or Debian's, unpacked in .tools."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from tests.support.free_ports import free_ports
from tests.support.smpp_peer import carrier
from tests.support.smpp_peer.carrier import Carrier

TOOLS = Path(__file__).resolve().parents[2] / ".tools"
UNPACKED = TOOLS / "kannel"
SYSTEM = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/usr/lib/kannel"))
APT_SECONDS = 600
READY_SECONDS = 30
END_SECONDS = 5
RETRIES = 3         # of a text that the operator puts off; then Kannel gives up
LOG_LEVEL = "2"     # warnings: below it the boxes log what people write, and their numbers
PR_SET_PDEATHSIG = 1

Box = Literal["bearerbox", "smsbox"]
PORTS = ("admin", "boxes", "sendsms", "smpp")
BOXES: tuple[Box, ...] = ("bearerbox", "smsbox")
ALONG_WITH: dict[Box, tuple[Box, ...]] = {"bearerbox": ("smsbox", "bearerbox"), "smsbox": ("smsbox",)}

CONFIGURATION = Path(__file__).with_suffix(".conf")
INBOUND = "{url}/channels/sms-kannel?secret={secret}&from=%p&to=%P&text=%b&cs=%C&coding=%c&id=%I&ts=%T&smsc=%i&udh=%u"


class NoKannel(Exception):
    """Kannel is not here and could not be had, so the tests with a real Kannel did not run."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where both boxes are, and what they need in their environment to find their libraries."""

    bearerbox: Path
    smsbox: Path
    environment: dict[str, str]


@dataclass
class Kannel:
    """One running Kannel. `number` is ours, as citizens see it; the boxes' logs are `folder`/*.log."""

    programs: Programs
    folder: Path
    ports: dict[str, int]
    carrier: Carrier
    username: str = "motcua"
    password: str = "of-the-tests"      # noqa: S105 - it listens on loopback, for one test run
    number: str = "8079"
    processes: dict[Box, subprocess.Popen[bytes]] = field(default_factory=dict[Box, "subprocess.Popen[bytes]"])

    @property
    def sendsms_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms"

    def log(self, box: Box) -> Path:
        return self.folder / f"{box}.log"

    def pids(self) -> list[int]:
        """Of both boxes and of the operator."""
        return [*(process.pid for process in self.processes.values()), self.carrier.pid]

    def kill(self, box: Box) -> None:
        """With SIGKILL. smsbox goes with bearerbox: else it would end by itself, and come back as a child of its own
        ten seconds later."""
        for process in self._with(box):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self, box: Box = "bearerbox") -> None:
        """In good order, smsbox first where both are to go."""
        for process in self._with(box):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
        self.kill(box)

    def restart(self, box: Box) -> None:
        """Answers when both boxes work again, whether the one was up or down."""
        self.stop(box)
        self.start(box)

    def start(self, box: Box = "bearerbox") -> None:
        """bearerbox first: without it smsbox gives up at once. Answers when both work."""
        for one in reversed(ALONG_WITH[box]):
            self._spawn(one)
            self.wait_until(self.status, "up")
        self.wait_until(self.ready, "ready")

    def status(self) -> str:
        """What the bearerbox tells of itself, as text; "" while it does not answer."""
        query = urllib.parse.urlencode({"password": self.password})
        return _get(f"http://127.0.0.1:{self.ports['admin']}/status.txt?{query}")

    def ready(self) -> bool:
        """Bound to the operator, both boxes joined, and sendsms answers."""
        status = self.status()
        return "(online" in status and "smsbox:" in status and _get(self.sendsms_url) != ""

    def wait_until(self, happened: Callable[[], object], what: str, seconds: float = READY_SECONDS) -> None:
        """Raises AssertionError with both logs."""
        until = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < until, f"not {what} after {seconds} s: {self.report()}"
            time.sleep(0.02)

    def report(self) -> str:
        logs = [f"--- {box}\n{self.log(box).read_text(errors='replace')[-3000:]}" for box in BOXES]
        return "\n".join([self.status(), *logs])

    def _with(self, box: Box) -> list[subprocess.Popen[bytes]]:
        return [self.processes[one] for one in ALONG_WITH[box] if one in self.processes]

    def _spawn(self, box: Box) -> None:
        with self.log(box).open("ab") as output:
            self.processes[box] = subprocess.Popen(  # noqa: S603
                [getattr(self.programs, box), "-v", LOG_LEVEL, self.folder / "kannel.conf"],
                env=os.environ | self.programs.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )


@contextmanager
def running(public_url: str, secret: str) -> Generator[Kannel]:
    """A Kannel that brings what citizens write to `public_url`, bound to an operator of its own; all on loopback.

    Where it cannot be had the test is skipped and says so (in CI nothing is skipped: there it fails).
    """
    try:
        programs = find_or_install()
        carrier.find_or_install()
    except (NoKannel, carrier.NoPeer) as missing:
        pytest.skip(str(missing))
    ports: dict[str, int] = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    with tempfile.TemporaryDirectory(prefix="motcua-kannel-") as folder, carrier.running(ports["smpp"]) as operator:
        kannel = Kannel(programs, Path(folder), ports, operator)
        escaped = urllib.parse.quote(secret, safe="").replace("%", "%%")     # %C3 would be Kannel's %C
        _configure(kannel, INBOUND.format(url=public_url, secret=escaped))
        try:
            kannel.start()
            yield kannel
        finally:
            kannel.stop()


def _configure(kannel: Kannel, get_url: str) -> None:
    for name in ("store", "receipts"):
        (kannel.folder / name).mkdir()
    values = {"folder": kannel.folder, "get_url": get_url, "retries": RETRIES} | kannel.ports
    values |= {"username": kannel.username, "password": kannel.password, "number": kannel.number}
    (kannel.folder / "kannel.conf").write_text(CONFIGURATION.read_text().format(**values))


def find_or_install() -> Programs:
    """Kannel's two boxes; raises NoKannel."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "kannel.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)    # two workers of one test run, one apt
        found = _of_the_system() or _unpacked()
        if found is None:
            _unpack()
            found = _unpacked()
    if found is None:
        raise NoKannel(NoKannel.__doc__)
    return found


def _of_the_system() -> Programs | None:
    found = [shutil.which(box, path=SYSTEM) for box in BOXES]
    return Programs(Path(found[0]), Path(found[1]), {}) if found[0] and found[1] else None


def _unpacked() -> Programs | None:
    if not UNPACKED.exists():
        return None
    folder = UNPACKED / "usr" / "sbin"
    libraries = sorted({str(file.parent) for file in UNPACKED.rglob("*.so*")})
    return Programs(folder / "bearerbox", folder / "smsbox", {"LD_LIBRARY_PATH": os.pathsep.join(libraries)})


def _unpack() -> None:
    """Installed by apt, Debian's package would start a bearerbox on every interface. So it and the libraries that are
    missing here are only unpacked: no service, nothing of the system touched, and no root but for fresh lists."""
    if not shutil.which("apt-get"):
        raise NoKannel(NoKannel.__doc__)
    with tempfile.TemporaryDirectory(prefix="kannel-", dir=TOOLS) as folder:
        try:
            if os.geteuid() == 0:
                _run(folder, "apt-get", "-qq", "update")
            plan = _run(folder, "apt-get", "--simulate", "--no-install-recommends", "install", "kannel")
            names = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
            _run(folder, "apt-get", "-qq", "download", *names)
            for package in Path(folder).glob("*.deb"):
                _run(folder, "dpkg-deb", "--extract", str(package), "unpacked")
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
            raise NoKannel(f"{NoKannel.__doc__} apt said: {failed.stderr}") from failed
        shutil.rmtree(UNPACKED, ignore_errors=True)
        Path(folder, "unpacked").rename(UNPACKED)


def _run(folder: str, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=APT_SECONDS)  # noqa: S603
    return done.stdout


def _get(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.read().decode()
    except (urllib.error.URLError, OSError):
        return ""


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
