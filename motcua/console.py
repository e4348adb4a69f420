"""What a person sees while the system is made ready: a line for each thing that takes time, also without a terminal."""

from __future__ import annotations

import sys
import time
from pathlib import Path


class Progress:
    """`Training Rasa's model … 7 s`, rewritten in place on a terminal, two plain parts of a line elsewhere."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._began = time.monotonic()
        self._live = sys.stdout.isatty()
        self._show("" if self._live else f"{what} … ")

    def tick(self, note: str = "") -> None:
        """Call it a few times a second; only a terminal shows it."""
        if self._live:
            self._show(f"\r\033[K{self._what} … {self.seconds:.0f} s{note}")

    def end(self, how: str) -> None:
        """`done` becomes `done in 7 s`."""
        start = f"\r\033[K{self._what} … " if self._live else ""
        self._show(f"{start}{how} in {self.seconds:.1f} s\n")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def _show(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def complain(*lines: str) -> None:
    """Sentences for whoever started the command."""
    print(*lines, sep="\n", file=sys.stderr, flush=True)


def tail(log: Path, lines: int = 25) -> str:
    """The end of a log file, for a message that says why something did not start."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 64 * 1024))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
