"""What the system costs a machine: seconds from a fresh clone, memory of all processes, disk of both environments.

Clones what is committed into an empty folder and runs it there with nothing fetched before: that is the disk too. Then
runs this checkout twice with a home of its own; memory is read after a short conversation in each language. RSS counts
a page that two processes share twice, PSS once. Writes bench/results/footprint.json.
Run: make bench-footprint
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.e2e.citizen import Citizen
from tests.support.live import PARTS, ROOT, Live, environment, started

RESULTS = Path(__file__).parent / "results" / "footprint.json"
ENVIRONMENTS = {"service": ".venv", "rasa": "bot/rasa/.venv"}
ASKED = (
    "làm giấy khai sinh cho con cần giấy tờ gì",
    "bao nhiêu tiền",
    "tôi mới sinh em bé",
    "lam the can cuoc o dau",
    "how do I renew my passport",
    "how long does it take?",
    "what is the status of H15.50.05.13-261008-0975",
    "thanks",
)
MB = 1_000_000


def main() -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        fresh = fresh_clone(Path(folder))
        home = Path(folder) / "home"
        first, _ = start(home)
        second, memory = start(home)
    return fresh | {
        "first_start_s": first,
        "second_start_s": second,
        "memory_mb": memory,
    }


def fresh_clone(folder: Path) -> dict[str, Any]:
    """Seconds of `make run` in a new clone with an empty package cache, of training in it, and what that installs."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)  # noqa: S603, S607
    given = environment(clone / "var", UV_CACHE_DIR=str(folder / "cache"), PIP_NO_CACHE_DIR="1")
    began = time.monotonic()
    with started(given, ("make", "run"), clone) as system:
        system.wait_until(system.ready, 600, "ready")
        took, said = time.monotonic() - began, system.output
    training = re.search(r"Training Rasa's model … done in ([0-9.]+) s", said)
    assert training, said
    sizes = {name: round(disk(clone / place) / MB) for name, place in ENVIRONMENTS.items()}
    return {"fresh_clone_s": round(took, 1), "training_s": float(training[1]), "disk_mb": sizes}


def start(home: Path) -> tuple[float, dict[str, dict[str, float]]]:
    """Seconds of `make run` over this home, from the command to GET /readyz, and the memory of what then runs."""
    began = time.monotonic()
    with started(environment(home), ("make", "run")) as system:
        system.wait_ready()
        took = time.monotonic() - began
        return round(took, 1), measured(system)


def measured(system: Live) -> dict[str, dict[str, float]]:
    """MB by process, after it has worked."""
    citizen = Citizen(system.public_url)
    for text in ASKED:
        citizen.answer_to(citizen.say(text))
    pids = {"runner": int((system.home / "run" / "lock").read_text())} | system.pids()
    return {name: memory(pids[name]) for name in ("runner", *PARTS)}


def memory(pid: int) -> dict[str, float]:
    rolled = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.findall(r"^(Rss|Pss): +(\d+) kB", rolled, re.MULTILINE)
    return {key.lower(): round(int(kb) * 1024 / MB, 1) for key, kb in found}


def disk(folder: Path) -> int:
    """Bytes that the files take on the disk."""
    return sum(file.lstat().st_blocks * 512 for file in folder.rglob("*"))


def table(figures: dict[str, Any]) -> str:
    lines = [f"{'':<12}{'RSS MB':>10}{'PSS MB':>10}"]
    rows = figures["memory_mb"]
    total = {key: sum(row[key] for row in rows.values()) for key in ("rss", "pss")}
    lines += [f"{name:<12}{row['rss']:>10.1f}{row['pss']:>10.1f}" for name, row in {**rows, "all": total}.items()]
    disks = figures["disk_mb"]
    lines += [
        "",
        *(f"{name + ' environment':<22}{size:>6} MB" for name, size in disks.items()),
        f"{'both':<22}{sum(disks.values()):>6} MB",
        "",
        f"fresh clone, make run to ready      {figures['fresh_clone_s']:>6} s",
        f"of it training                      {figures['training_s']:>6} s",
        f"first make run, environments there  {figures['first_start_s']:>6} s",
        f"second make run                     {figures['second_start_s']:>6} s",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    found = main()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n")
    print(table(found))
