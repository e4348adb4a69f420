"""What the machine is, how busy it was, and how much of its processor each of the three processes got."""

from __future__ import annotations

import asyncio
import os
import platform
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.live import Live

LOOKS_EVERY = 0.25  # seconds


def machine() -> dict[str, Any]:
    """`load_before`: processes that wanted a processor in the last minute, before anything was started."""
    return {
        "processors": os.cpu_count(),
        "architecture": platform.machine(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of processor, and seconds in which the main thread was ready and got none: others took it."""

    ran: float = 0.0
    waited: float = 0.0

    def __add__(self, other: Used) -> Used:
        return Used(self.ran + other.ran, self.waited + other.waited)

    def __sub__(self, other: Used) -> Used:
        return Used(self.ran - other.ran, self.waited - other.waited)


Processes = dict[tuple[str, int], Used]  # by part and process


async def processor(system: Live, used: Processes) -> None:
    """Keeps `used` up to date, a killed process as last seen; runs until cancelled."""
    while True:
        for part in system.pids().items():
            with suppress(FileNotFoundError):  # just killed
                used[part] = _used(part[1])
        await asyncio.sleep(LOOKS_EVERY)


def by_part(used: Processes, before: Processes) -> dict[str, Used]:
    """All processes of a part together, less what they had used before."""
    parts: defaultdict[str, Used] = defaultdict(Used)
    for key, now in used.items():
        parts[key[0]] += now - before.get(key, Used())
    return dict(parts)


def _used(pid: int) -> Used:
    """proc(5): stat's 14th and 15th field, counted behind the name, which may hold blanks; schedstat's second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    waited = int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    return Used((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), waited)
