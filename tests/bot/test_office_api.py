"""The same as JSON: what the pages beside the conversations do, a program does too."""

from __future__ import annotations

from typing import Any

from bot import canned
from tests.bot.conftest import MONDAY, Agent, Gateway
from tests.bot.staffed import handed_over, person, said

ANSWER: dict[str, Any] = {"shortcut": "xong", "title": "Đã xong", "text": {"vi": "Xong.", "en": "Done."}}
LUNCH = [{"weekday": 0, "opens": "07:30", "closes": "09:45"}, {"weekday": 0, "opens": "10:15", "closes": "17:00"}]


async def get(agent: Agent, path: str) -> Any:
    response = await agent.get(path)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_ready_answers(gateway: Gateway) -> None:
    boss, lan = await gateway.agent("Boss", role="supervisor"), await gateway.agent("Lan", "mau-ward")
    made = await boss.post("canned", **ANSWER)
    number = (await made.json())["id"]
    assert made.status == 201
    assert (await boss.post("canned", **ANSWER)).status == 409
    assert [one["id"] for one in await get(lan, "canned?q=xong")] == [number]
    assert (await get(lan, "canned?language=en"))[0]["reply"] == "Done."
    assert (await lan.get("canned?language=fr")).status == 400
    assert (await lan.post(f"canned/{number}", **ANSWER)).status == 403
    assert (await boss.post(f"canned/{number}", **ANSWER | {"title": "Mới"})).status == 200
    refused = await boss.post("canned", **ANSWER | {"shortcut": "a b"})
    assert (refused.status, (await refused.json())["field"]) == (400, "shortcut")
    assert (await boss.post(f"canned/{number}/remove")).status == 200
    for gone in (str(number), "x", "9" * 30):
        assert (await boss.post(f"canned/{gone}/remove")).status == 404
    assert await get(lan, "canned") == []


async def test_search_and_callbacks(gateway: Gateway) -> None:
    lan, stranger = await gateway.agent("Lan"), await gateway.agent("Tax", "tax-office")
    sealed = gateway.core.secrets.sealed("+84912000001")
    await handed_over(gateway, "called", wanted="callback", promised_at=MONDAY, contact=sealed)
    await said(gateway, "c-called", "giấy khai sinh")
    assert [one["conversation"] for one in (await get(lan, "search?q=khai sinh"))["found"]] == ["c-called"]
    assert await get(stranger, "search?q=khai sinh") == {"found": [], "before": None}
    refused = await lan.get("search")
    assert (refused.status, (await refused.json())["field"]) == (400, "q")
    assert (await lan.get("search?q=khai&before=x")).status == 400
    [call] = await get(lan, "callbacks")
    assert (call["conversation"], call["contact"], call["late"]) == ("c-called", "+84912000001", True)
    assert await get(stranger, "callbacks") == []


async def test_board_capacity_and_queues(gateway: Gateway) -> None:
    boss, lan = await gateway.agent("Boss", role="supervisor"), await gateway.agent("Lan")
    await person(gateway, "Mai")
    await handed_over(gateway, "waits")
    shown = await get(boss, "board")
    assert [one["now"]["waiting"] for one in shown["agencies"]] == [1, 0]
    assert [one["conversation"] for one in shown["open"]] == ["c-waits"]
    assert (await boss.post("board/capacity", person="Mai", capacity=2)).status == 200
    assert {one["name"]: one["capacity"] for one in (await get(boss, "board"))["people"]}["Mai"] == 2
    changed = await boss.post("queues/mau-ward", closed=True, response_minutes=5)
    assert (await changed.json()) == await get(boss, "queues/mau-ward")
    assert (await get(boss, "board"))["agencies"][0]["closed"] is True
    for wrong in ({}, {"closed": "yes"}, {"longest": -1}, {"response_minutes": 0}, {"topics": ["moon"]}, {"x": 1}):
        assert (await boss.post("queues/mau-ward", **wrong)).status == 400, wrong
    assert (await boss.post("queues/moon", closed=True)).status == 404
    for path in ("board", "queues/mau-ward"):
        assert (await lan.get(path)).status == 403


async def test_hours(gateway: Gateway) -> None:
    boss, lan = await gateway.agent("Boss", role="supervisor"), await gateway.agent("Lan", "mau-ward")
    shown = await get(lan, "schedule/mau-ward")
    assert (shown["own"], shown["open"], len(shown["coming"])) == (False, True, 14)
    changed = await (await boss.post("schedule/mau-ward", shifts=LUNCH)).json()
    assert (changed["own"], changed["open"], changed["shifts"]) == (True, False, LUNCH)
    assert changed == await get(lan, "schedule/mau-ward")
    day = {"day": "2026-11-24", "name": "Họp", "shifts": [{"opens": "09:00", "closes": "10:00"}]}
    changed = await (await boss.post("schedule/mau-ward/days", **day)).json()
    assert changed["days"] == [day]
    assert changed["coming"][1] == {"day": day["day"], "shifts": day["shifts"], "because": "own"}
    assert (await (await boss.post("schedule/mau-ward/days/2026-11-24/remove")).json())["days"] == []
    assert (await (await boss.post("schedule/mau-ward", shifts=None)).json())["own"] is False
    for wrong in ("2026-11-24", "2026-02-30", "x"):
        assert (await boss.post(f"schedule/mau-ward/days/{wrong}/remove")).status == 404
    for body in (
        {},
        {"shifts": "x"},
        {"shifts": [{**LUNCH[0], "weekday": 7}]},
        {"shifts": [{**LUNCH[0], "opens": "7:30"}]},
    ):
        assert (await boss.post("schedule/mau-ward", **body)).status == 400, body
    assert (await boss.post("schedule/mau-ward/days", **day | {"day": "2026-02-30"})).status == 400
    assert (await lan.post("schedule/mau-ward", shifts=LUNCH)).status == 403
    assert (await lan.get("schedule/tax-office")).status == 404


async def test_the_samples_are_there_for_whoever_uses_the_desk(gateway: Gateway) -> None:
    await canned.put_samples(gateway.core)
    answers = await get(await gateway.agent("Lan"), "canned?q=chao ke lai")
    assert [one["shortcut"] for one in answers] == ["chao"]
