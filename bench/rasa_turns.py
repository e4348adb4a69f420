"""What a turn costs inside Rasa with one remote action: turns a second, and turn 200 of a conversation against turn 5.

    .venv/bin/python bench/rasa_turns.py MODEL

Rasa and the toy action server of tests/bot/rasa run as real processes, on SQLite; nothing else should be running.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.bot.rasa import process  # noqa: E402  (bench/ runs from a checkout)

TEXT = "lệ phí làm hộ chiếu bao nhiêu tiền vậy"


def main(model: str) -> None:
    with tempfile.TemporaryDirectory() as folder, process.action_server(Path(folder)) as actions:
        began = time.perf_counter()
        with process.rasa(Path(model).absolute(), actions, Path(folder)) as rasa:
            print(f"start {time.perf_counter() - began:.1f} s")
            rasa.answer("xin chào")
            print(f"resident {resident(rasa.process.pid):.0f} MB")
            one_conversation(rasa)
            many_conversations(rasa)
            print(f"resident {resident(rasa.process.pid):.0f} MB")


def one_conversation(rasa: process.Rasa) -> None:
    times: dict[int, list[float]] = {}
    for _ in range(5):
        rasa.new_conversation()
        for number in range(1, 206):
            began = time.perf_counter()
            rasa.answer(TEXT, intent="fee", entities={"service": "passport"})
            times.setdefault(number, []).append(1000 * (time.perf_counter() - began))
    for first, last in ((3, 7), (96, 104), (196, 204)):
        around = [one for number in range(first, last + 1) for one in times[number]]
        print(f"turns {first}-{last}: median {statistics.median(around):.1f} ms")


def many_conversations(rasa: process.Rasa, turns: int = 400) -> None:
    def one(number: int) -> None:
        assert rasa.turn(TEXT, conversation=f"many-{number % 40}", intent=None)[0] == 200

    began = time.perf_counter()
    with ThreadPoolExecutor(8) as senders:
        list(senders.map(one, range(turns)))
    print(f"{turns / (time.perf_counter() - began):.0f} turns a second, understood and with one remote action")


def resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


if __name__ == "__main__":
    main(sys.argv[1])
