"""How long a turn takes through all three processes, and whether turn 200 costs more than turn 5.

Starts the whole system in a folder of its own, with its limits off, and asks over the web API as the widget does:
a message is posted, its answer awaited on the event stream. How fast the machine is just then is measured in between:
the milliseconds of a million additions. Writes bench/results/turn.json. Run: make bench-turn
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from tests.support.live import Live, running

QUESTIONS = (
    "làm giấy khai sinh cho con cần giấy tờ gì",
    "bao nhiêu tiền",
    "and how long does it take?",
    "lam the can cuoc o dau",
    "đăng ký tạm trú mất mấy ngày",
    "how much is a passport",
    "tôi mới sinh em bé",
    "giờ làm việc của phường",
    "chứng thực bản sao ở đâu",
    "xin chào",
)
RESULTS = Path(__file__).parent / "results" / "turn.json"


async def main(system: Live) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session:
        await conversation(session, system.public_url, 10)  # warm
        pace = [additions()]
        short: list[list[float]] = []
        for _ in range(10):
            short.append(await conversation(session, system.public_url, 20))
            pace.append(additions())
        long = [await conversation(session, system.public_url, 205) for _ in range(3)]
    times = sorted(time for one in short for time in one)
    early = statistics.median(time for one in long for time in one[2:12])
    late = statistics.median(time for one in long for time in one[194:204])
    return {
        "turns": len(times),
        "p50_ms": quantile(times, 0.5),
        "p95_ms": quantile(times, 0.95),
        "max_ms": round(times[-1] * 1000, 1),
        "million_additions_ms": round(statistics.median(pace) * 1000, 1),
        "turn_5_ms": round(early * 1000, 1),
        "turn_200_ms": round(late * 1000, 1),
        "turn_200_over_turn_5": round(late / early, 2),
    }


def additions() -> float:
    """The seconds of a million additions, as fast as this machine is at this moment."""
    begun, total = time.perf_counter(), 0
    for number in range(1_000_000):
        total += number
    return time.perf_counter() - begun


async def conversation(session: aiohttp.ClientSession, url: str, turns: int) -> list[float]:
    """The seconds of each turn of one conversation; the questions go round, so early and late turns ask the same."""
    async with session.post(f"{url}/channels/web/conversations", json={"language": "vi"}) as response:
        headers = {"Authorization": f"Bearer {(await response.json())['token']}"}
    times: list[float] = []
    async with session.get(
        f"{url}/channels/web/messages",
        headers=headers | {"Accept": "text/event-stream"},
        timeout=aiohttp.ClientTimeout(total=None),
        read_bufsize=2**20,
    ) as stream:
        for number in range(turns):
            begun = time.perf_counter()
            message = {"id": str(uuid.uuid4()), "text": QUESTIONS[number % len(QUESTIONS)]}
            async with session.post(f"{url}/channels/web/messages", json=message, headers=headers) as response:
                seq = (await response.json())["seq"]
            await answer(stream, seq)
            times.append(time.perf_counter() - begun)
    return times


async def answer(stream: aiohttp.ClientResponse, seq: int) -> None:
    async for line in stream.content:
        if line.startswith(b"data: ") and json.loads(line[6:])["reply_to"] == seq:
            return


def quantile(times: list[float], share: float) -> float:
    return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 1)


if __name__ == "__main__":
    with TemporaryDirectory() as folder, running(Path(folder) / "home") as system:
        figures = asyncio.run(main(system))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(figures, indent=1))
