"""What the machine is, how busy it was, and how much of its processor each of the three processes took."""

from __future__ import annotations

import asyncio
import os
import platform
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


async def processor(system: Live, used: dict[tuple[str, int], float]) -> None:
    """Seconds of processor by part and process, a killed one's as last seen; runs until cancelled."""
    while True:
        for part in system.pids().items():
            try:
                used[part] = _seconds(part[1])
            except FileNotFoundError:
                continue  # just killed
        await asyncio.sleep(LOOKS_EVERY)


def by_part(used: dict[tuple[str, int], float], before: dict[tuple[str, int], float]) -> dict[str, float]:
    """All processes of a part together, less what it had used before."""
    parts = {name for name, _ in used}
    return {name: sum(used[key] - before.get(key, 0.0) for key in used if key[0] == name) for name in sorted(parts)}


def _seconds(pid: int) -> float:
    """User and system time: fields 14 and 15 of proc(5), counted after the name, which may hold blanks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
