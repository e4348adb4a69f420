"""The whole system as a citizen and an operator meet it: `motcua run` on free ports with a home of its own."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.free_ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
MOTCUA = ROOT / ".venv" / "bin" / "motcua"
PARTS = ("gateway", "rasa", "actions")
START_SECONDS = 240  # training included, on a machine that does other work
PR_SET_PDEATHSIG = 1


@dataclass
class Live:
    """One running system. `output` is what the runner printed so far."""

    home: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def public_url(self) -> str:
        return f"http://127.0.0.1:{self.environment['MOTCUA_PUBLIC_PORT']}"

    @property
    def staff_url(self) -> str:
        return f"http://127.0.0.1:{self.environment['MOTCUA_STAFF_PORT']}"

    @property
    def output_file(self) -> Path:
        return _output_file(self.home)

    @property
    def output(self) -> str:
        return self.output_file.read_text()

    def port(self, name: str) -> int:
        """Of "public", "staff", "rasa" or "actions"."""
        return int(self.environment[f"MOTCUA_{name.upper()}_PORT"])

    def pids(self) -> dict[str, int]:
        """By part, as the pid files say it; a part that is down has none."""
        files = {name: self.home / "run" / f"{name}.pid" for name in PARTS}
        return {name: int(file.read_text()) for name, file in files.items() if file.exists()}

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """The pid of the part that the signal was sent to."""
        pid = self.pids()[name]
        os.kill(pid, number)
        return pid

    @contextmanager
    def standing_still(self, name: str) -> Generator[None]:
        """A part that hangs; afterwards it goes on, whatever went wrong meanwhile: the others share this system."""
        pid = self.kill(name, signal.SIGSTOP)
        try:
            yield
        finally:
            with suppress(ProcessLookupError):  # killed meanwhile
                os.kill(pid, signal.SIGCONT)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.public_url}/readyz", timeout=5) as answer:  # noqa: S310
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Raises AssertionError with the runner's output and the ends of the logs."""
        self.wait_until(self.ready, seconds, "ready")

    def wait_until(self, happened: Callable[[], bool], seconds: float, what: str) -> None:
        until = time.monotonic() + seconds
        while not happened():
            assert self.process.poll() is None, f"the runner ended: {self.report()}"
            assert time.monotonic() < until, f"not {what} after {seconds} s: {self.report()}"
            time.sleep(0.05)

    def report(self) -> str:
        logs = [f"--- {log.name}\n{log.read_text()[-3000:]}" for log in sorted((self.home / "log").glob("*.log"))]
        return "\n".join([self.output, *logs])

    def motcua(self, *arguments: str) -> str:
        """A command beside the running system; its standard output."""
        done = subprocess.run([MOTCUA, *arguments], env=self.environment, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def token(self, name: str = "Lan", *, agency: str | None = None, role: str = "agent") -> str:
        """A bearer token for the desk's API."""
        return self.motcua("staff", "token", name, "--role", role, *(("--agency", agency) if agency else ()))

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 15) -> int:
        """The runner's exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(seconds)


def environment(home: Path, **settings: str) -> dict[str, str]:
    """Free ports, no limits, and nothing of the settings of whoever runs the tests."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("MOTCUA_")}
    ports = dict(zip(("PUBLIC", "STAFF", "RASA", "ACTIONS"), free_ports(4), strict=True))
    return (
        ours
        | {"MOTCUA_HOME": str(home)}
        | {f"MOTCUA_{name}_PORT": str(port) for name, port in ports.items()}
        | {
            "MOTCUA_LIMIT_CONVERSATIONS_PER_HOUR": "0",
            "MOTCUA_LIMIT_MESSAGES_PER_MINUTE": "0",
            "MOTCUA_EMBED_ORIGINS": f"http://localhost:{free_ports(1)[0]}",  # a site that may embed the widget
        }
        | settings
    )


@contextmanager
def started(
    given: dict[str, str], command: tuple[str, ...] = (str(MOTCUA), "run"), folder: Path = ROOT
) -> Generator[Live]:
    """A system that is starting; ended at the end, and also when the test run itself is killed."""
    home = Path(given["MOTCUA_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    with _output_file(home).open("wb") as output:
        process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603
            command,
            env=given,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=_end_with_parent,
        )
    try:
        yield Live(home, given, process)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def running(home: Path, **settings: str) -> Generator[Live]:
    """A system that is ready."""
    with started(environment(home, **settings)) as live:
        live.wait_ready()
        yield live


def _output_file(home: Path) -> Path:
    return home.with_name(f"{home.name}.output")


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
