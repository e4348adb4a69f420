"""How long people have waited: told once enough did, in a range, and of nobody who did not wait in that queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.waits import waits_of
from tests.bot.conftest import MONDAY, Gateway
from tests.bot.staffed import handed_over, person

CASES: tuple[tuple[str, Sequence[float], dict[str, Any], tuple[int, int] | None], ...] = (
    # what it is, minutes that people waited, values of their hand-offs, what is told
    ("none", [], {}, None),
    ("nine are too few", [5] * 9, {}, None),
    ("ten are enough", [*range(1, 11)], {}, (3, 9)),
    ("all the same", [5] * 10, {}, (5, 6)),
    ("begun minutes count whole", [2.1] * 12, {}, (3, 4)),
    ("at once", [0] * 10, {}, (1, 2)),
    ("one who waited for ever", [4] * 19 + [900], {}, (4, 5)),
    ("a fifth who waited long", [4] * 16 + [90] * 4, {}, (4, 90)),
    ("tests", [5] * 10, {"test": True}, None),
    ("callbacks", [5] * 10, {"wanted": "callback"}, None),
    ("another queue", [5] * 10, {"agency": "tax-office"}, None),
    ("three weeks ago", [5] * 10, {"before": timedelta(days=21)}, None),
    ("thirteen days ago", [5] * 10, {"before": timedelta(days=13)}, (5, 6)),
    ("of many the last fifty", [60] * 60 + [5] * 50, {}, (5, 6)),
)


async def test_what_is_told(gateway: Gateway) -> None:
    lan = await person(gateway, "Lan")
    for label, minutes, values, expected in CASES:
        more = dict(values)
        claimed = MONDAY - more.pop("before", timedelta(hours=5))
        queue = f"queue of {label}"
        agency = more.pop("agency", queue)
        for number, each in enumerate(minutes):
            at = claimed + timedelta(minutes=number)
            opened = {"opened_at": at - timedelta(minutes=each), "claimed_at": at, "person": lan.id}
            await handed_over(gateway, f"{label} {number}", agency, **opened, **more)
        async with gateway.core.store.read() as tx:
            assert await waits_of(tx, queue, MONDAY) == expected, label


async def test_a_citizen_is_told_a_range_and_no_invented_time(gateway: Gateway) -> None:
    lan = await gateway.agent("Lan")
    for waited in (0, 10):
        for number in range(waited):
            at = MONDAY - timedelta(minutes=number)
            opened: dict[str, Any] = {"opened_at": at - timedelta(minutes=4), "claimed_at": at}
            await handed_over(gateway, str(number), owner="closed", state="closed", **opened)
        await lan.get("queue")
        citizen = await gateway.open("vi")
        await citizen.say("gặp nhân viên")
        said = (await citizen.heard())[-1][1]
        assert ("Gần đây mọi người chờ từ 4 đến 5 phút." in said, "phút" in said) == (waited > 0, waited > 0)
