"""What a guesser could learn from time: a wrong proof beside an unknown reference, and the worst texts at the door.

Prints the ratio of the two medians (1.0: nothing to learn), and the slowest hostile text of 2,000 characters for each
function that every text goes through. Run: make bench-guessing
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from actions.cases.contract import NoSuchCase, Proof
from actions.cases.demonstration import fill
from actions.cases.sql import SqlCases
from bot.door import recognise
from bot.proof import conceal
from text.clean import clean
from text.mask import mask
from text.reference import find_references

KEY = "bench"
PIECES = ("0", "0 ", "00.", "H15.", "H15 00 ", "O0-", "H 1 5 ", "0912 345 678 ", "0791 ", "cmnd 1", "nhà ", "a\u0301")
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "clean": clean,
    "mask": mask,
    "find_references": find_references,
    "conceal": lambda text: conceal(text, expected=True),
    "recognise": recognise,
}


async def ratio(url: str) -> float:
    """Median time of a wrong proof over that of an unknown reference."""
    now = [datetime.now(UTC)]
    fill(url, KEY, now[0].date())
    system = SqlCases(url, KEY, lambda: now[0])
    taken: dict[str, list[float]] = {"H15.50.05.13-261008-0975": [], "H15.50.05.13-261008-9999": []}
    for number in range(100):
        now[0] += timedelta(hours=3)  # no lock comes in between
        for reference, times in taken.items():
            begun = time.perf_counter()
            try:
                await system.find(reference, Proof("0000", conversation=f"c-{number}", address="a"))
            except NoSuchCase:
                times.append(time.perf_counter() - begun)
    wrong, unknown = (statistics.median(times) for times in taken.values())
    return wrong / unknown


def slowest(function: Callable[[str], object]) -> tuple[float, str]:
    """Milliseconds, and of which piece the text was made."""
    times: list[tuple[float, str]] = []
    for piece in PIECES:
        text = (piece * 2000)[:2000]
        begun = time.perf_counter()
        function(text)
        times.append(((time.perf_counter() - begun) * 1000, piece))
    return max(times)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        print(f"wrong proof / unknown reference: {asyncio.run(ratio(f'sqlite:///{Path(folder) / "cases.db"}')):.2f}")
    for name, function in FUNCTIONS.items():
        milliseconds, piece = slowest(function)
        print(f"{name}: at most {milliseconds:.0f} ms for 2,000 characters ({piece!r})")
