"""How many of the held-out questions get the right answer, end to end, with the three real processes.

Each row of tests/dialogue/held_out is asked in a conversation of its own over the web API; what the gateway recorded of
the turn (outcome, intent, what it was about) is compared with the row. A row with a service is right if the answer is
about that service and that facet, or asks with choices of which one is that service. A facet without a service is
rightly asked back.
Writes bench/results/held_out.json. Run: make bench-held-out
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import uuid
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import yaml

from tests.support.live import Live, running

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench/results/held_out.json"
FACETS = {
    "how_to",
    "documents",
    "fee",
    "time_limit",
    "where",
    "who_may_apply",
    "online",
    "form",
    "legal_basis",
    "name_service",
}
DECLINED = {"out_of_scope", "no_answer", "refused"}


def rows() -> list[dict[str, Any]]:
    return [
        row | {"language": language}
        for language in ("vi", "en")
        for row in yaml.safe_load((ROOT / f"tests/dialogue/held_out/{language}.yml").read_text(encoding="utf-8"))
    ]


def some(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def right(row: dict[str, Any], turn: dict[str, Any]) -> bool:
    """Whether the recorded turn answers the row."""
    intents, about = some(row["intent"]), turn["about"]
    if "out_of_scope" in intents:
        return turn["outcome"] in DECLINED or (len(intents) > 1 and turn["intent"] in intents)
    if "service" in row and FACETS & set(intents):
        return _service_right(row, turn)
    if "event" in row and about.get("event"):
        return about["event"] in some(row["event"])
    if turn["intent"] in intents and turn["outcome"] not in ("failed", "out_of_scope"):
        return True
    return "service" not in row and bool(FACETS & set(intents)) and turn["outcome"] == "clarified"


def _service_right(row: dict[str, Any], turn: dict[str, Any]) -> bool:
    services, intents = some(row["service"]), some(row["intent"])
    if turn["outcome"] == "clarified":
        offered = [parse_qs(choice["value"]).get("service", [""])[0] for choice in turn["choices"]]
        return any(service in services for service in offered)
    facet = turn["about"].get("facet")
    return turn["about"].get("service") in services and (facet in intents or "name_service" in intents)


async def ask(system: Live) -> list[dict[str, Any]]:
    limit, asked = asyncio.Semaphore(4), rows()
    async with aiohttp.ClientSession() as session:

        async def one(row: dict[str, Any]) -> dict[str, Any]:
            async with limit:
                return await _ask(session, system.public_url, row)

        return await asyncio.gather(*(one(row) for row in asked))


async def _ask(session: aiohttp.ClientSession, url: str, row: dict[str, Any]) -> dict[str, Any]:
    async with session.post(f"{url}/channels/web/conversations", json={"language": row["language"]}) as response:
        made = await response.json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    async with session.post(
        f"{url}/channels/web/messages", json={"id": str(uuid.uuid4()), "text": row["text"]}, headers=headers
    ) as response:
        seq = (await response.json())["seq"]
    while True:
        async with session.get(f"{url}/channels/web/messages?after={seq}", headers=headers) as response:
            for message in await response.json():
                if message["reply_to"] == seq:
                    return row | {"conversation": made["conversation"], "seq": seq, "reply": message}
        await asyncio.sleep(0.02)


def judged(system: Live, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row with the turn that the gateway recorded, and whether it is right."""
    with sqlite3.connect(system.home / "motcua.db") as database:
        recorded = {
            (conversation, seq): {
                "outcome": outcome,
                "intent": intent,
                "confidence": confidence,
                "about": json.loads(about),
            }
            for conversation, seq, outcome, intent, confidence, about in database.execute(
                "select conversation, seq, outcome, intent, confidence, about from turn"
            )
        }
    done: list[dict[str, Any]] = []
    for row in asked:
        turn = recorded[row["conversation"], row["seq"]] | {"choices": row["reply"]["choices"]}
        done.append(row | {"turn": turn, "right": right(row, turn)})
    return done


def figures(done: list[dict[str, Any]]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for language in ("vi", "en"):
        of = [row for row in done if row["language"] == language]
        inside = [row for row in of if "out_of_scope" not in some(row["intent"])]
        outside = [row for row in of if row["intent"] == "out_of_scope"]
        per: defaultdict[str, list[bool]] = defaultdict(list)
        for row in inside:
            per[some(row["intent"])[0]].append(row["right"])
        shown[language] = {
            "rows": len(of),
            "right": share(inside),
            "out_of_scope_declined": share(outside),
            "answered_in_the_language": round(sum(row["reply"]["language"] == language for row in of) / len(of), 3),
            "outcomes": dict(Counter(row["turn"]["outcome"] for row in of)),
            "by_intent": {intent: round(sum(marks) / len(marks), 2) for intent, marks in sorted(per.items())},
        }
    return shown


def share(of: list[dict[str, Any]]) -> float:
    return round(sum(row["right"] for row in of) / len(of), 3)


if __name__ == "__main__":
    with TemporaryDirectory() as folder, running(Path(folder) / "home") as running_system:
        done = judged(running_system, asyncio.run(ask(running_system)))
    for row in done:
        if not row["right"]:
            turn, wanted = row["turn"], row.get("service", row.get("event", ""))
            print(
                f"{row['language']} {row['text'][:70]!r} wanted {row['intent']}/{wanted} "
                f"got {turn['outcome']} {turn['intent']} {turn['about']}"
            )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures(done), indent=1, ensure_ascii=False) + "\n")
    print(json.dumps(figures(done), indent=1, ensure_ascii=False))
