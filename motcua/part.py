"""One of the three processes: started, watched, brought back, ended; none of them outlives the runner."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
WAITS = (0.0, 0.25, 0.5, 1.0, 1.5)  # seconds before the first, second … return of a process that keeps dying
STEADY = 10.0  # seconds after which a process counts as one that works
LOG_LIMIT = 5_000_000  # bytes; a longer log becomes <name>.log.1 at the next start of its process


# The door answers at once while the others think: how far a part stands behind it for the processor, as nice(2) counts.
BEHIND = {"rasa": 5, "actions": 5}


class Part:
    """`start()` once; then `watch()` whenever a child has ended or its time has come."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: dict[str, str],
        home: Path,
        folder: Path,
    ) -> None:
        self.name = name
        self.log = home / "log" / f"{name}.log"
        self.failures = 0
        self._pid_file = home / "run" / f"{name}.pid"
        self._command = list(command)
        self._environment = environment
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._since = 0.0
        self._due: float | None = None

    def start(self) -> None:
        _rotate(self.log)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                self._command,
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with(os.getpid(), BEHIND.get(self.name, 0)),
                start_new_session=True,
            )
        self._since, self._due = time.monotonic(), None
        draft = self._pid_file.with_suffix(".partial")
        draft.write_text(f"{self._process.pid}\n")
        draft.replace(self._pid_file)

    def watch(self) -> str | None:
        """Brings the process back when it ended and its wait is over; a sentence if it has just ended."""
        now = time.monotonic()
        if self._due is not None and now >= self._due:
            self.start()
        code = self._process.poll() if self._process is not None else None
        if self._due is not None or code is None:
            return None
        self.failures = 1 if now - self._since > STEADY else self.failures + 1
        self._due = now + WAITS[min(self.failures, len(WAITS)) - 1]
        if self._due == now:
            self.start()
        return f"{self.name} ended ({_how(code)}) and is brought back"

    def wait(self) -> float:
        """Seconds until `watch()` has something to do even if no child ends."""
        return 5.0 if self._due is None else max(0.0, self._due - time.monotonic())

    def ask_to_end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self, until: float) -> None:
        """Waits for the end until a point in monotonic time, then makes it the end."""
        if self._process is not None:
            try:
                self._process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._pid_file.unlink(missing_ok=True)


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


_libc = ctypes.CDLL(None)


def _stand_behind(behind: int) -> None:
    """Linux weighs sessions before it weighs what is in them, each part being one: autogroup(7), sched(7)."""
    os.nice(behind)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(behind))


def _die_with(parent: int, behind: int) -> Callable[[], None]:
    """What a child does before it becomes another program: ask the kernel to kill it when the runner is no more."""

    def prepare() -> None:
        _stand_behind(behind)
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
