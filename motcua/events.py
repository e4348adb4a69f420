"""Waiting for what concerns the runner: the end of a child, or a signal that ends everything."""

from __future__ import annotations

import os
import select
import signal
from pathlib import Path
from types import FrameType

STOP = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
LOOK_AT_MAKE = 0.5  # seconds: nothing else tells that make was interrupted


class Stopped(Exception):
    """A signal asked for the end."""


class Events:
    """`wait()` sleeps until a child ends or the time is over at most, and raises Stopped when the end was asked for."""

    def __init__(self) -> None:
        self._reader, writer = os.pipe()
        for end in (self._reader, writer):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in (*STOP, signal.SIGCHLD):
            signal.signal(number, _only_wake)
        self._make = os.getppid() if _name(os.getppid()) in ("make", "gmake") else None
        self._stopped = False

    def wait(self, seconds: float) -> None:
        """Returns early when a child ended; below make at the latest after LOOK_AT_MAKE seconds."""
        seconds = min(seconds, LOOK_AT_MAKE) if self._make else seconds
        if select.select([self._reader], [], [], seconds)[0]:
            self._stopped = self._stopped or bool(STOP & set(os.read(self._reader, 512)))
        if self._stopped or self._make_is_ending():
            raise Stopped

    def _make_is_ending(self) -> bool:
        """`make run` interrupted by a signal to make alone: make tells nobody, blocks the signal and waits for us."""
        if self._make is None:
            return False
        blocked = _status(self._make).get("SigBlk", "0")
        return os.getppid() != self._make or bool(int(blocked, 16) & 1 << (signal.SIGINT - 1))


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    """The number is in the pipe; nothing is done inside a handler."""


def _name(pid: int) -> str:
    return _status(pid).get("Name", "")


def _status(pid: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}
