"""The board and the settings of queues as pages."""

from __future__ import annotations

from datetime import timedelta

from bot import model, queueing
from tests.bot.conftest import MONDAY, Gateway
from tests.bot.desk.office import near, plain, signed_in, values
from tests.bot.staffed import handed_over, person, update


async def test_the_board_shows_queues_people_and_what_is_pressing(gateway: Gateway) -> None:
    boss, lan = await signed_in(gateway), await person(gateway, "Lan", agencies=("mau-ward",))
    await handed_over(gateway, "waits", opened_at=MONDAY - timedelta(minutes=40), response_due=MONDAY)
    await handed_over(gateway, "owned", person=lan.id, response_due=MONDAY + timedelta(minutes=14))
    page = plain(await boss.read("board"))
    assert "UBND phường Mẫu Đang mở 1 40 phút 0 1 1 trễ hẹn 1 trong hẹn" in page
    assert "Lan Sẵn sàng 2/8" in page
    assert "Lan đang trả lời" in page
    assert page.index("Chưa ai nhận") < page.index("Lan đang trả lời")


async def test_close_open_capacity_and_assign_from_the_board(gateway: Gateway) -> None:
    boss, lan = await signed_in(gateway), await person(gateway, "Lan", agencies=("mau-ward",))
    await handed_over(gateway, "waits")
    for closed, said_, state in (("yes", "closed", "Tạm đóng"), ("no", "reopened", "Đang mở")):
        sent = await boss.send("board/close", agency="mau-ward", closed=closed)
        assert sent == (303, f"/desk/board?done={said_}")
        assert f"UBND phường Mẫu {state}" in plain(await boss.read("board"))
    assert (await boss.send("board/capacity", person="Lan", capacity="3")) == (303, "/desk/board?done=capacity")
    assert "0/3" in plain(await boss.read("board"))
    sent = await boss.send("board/assign", conversation="c-waits", person="Lan")
    assert sent == (303, "/desk/board?done=assigned")
    assert [one["conversation"] for one in await queueing.mine(gateway.core, lan)] == ["c-waits"]


async def test_what_the_board_refuses(gateway: Gateway) -> None:
    boss = await signed_in(gateway)
    await person(gateway, "Tax", agencies=("tax-office",))
    await person(gateway, "Lan")
    await handed_over(gateway, "waits")
    for capacity in ("0", "51", "a", "", "-1", "9" * 20):
        status, page = await boss.send("board/capacity", person="Lan", capacity=capacity)
        assert (status, "Mức tối đa là một số từ 1 đến 50" in plain(page)) == (400, True), capacity
        assert f'value="{capacity}" aria-invalid="true"' in page, capacity
    assert (await boss.send("board/capacity", person="Nobody", capacity="3"))[0] == 404
    for name in ("Tax", "Nobody", ""):
        status, page = await boss.send("board/assign", conversation="c-waits", person=name)
        assert status == 400
        assert "Hãy chọn một người phụ trách cơ quan này" in plain(page)
    assert (await boss.send("board/assign", conversation="c-none", person="Lan"))[0] == 404
    await update(gateway, model.conversation, "id", "c-waits", owner="assistant")
    assert (await boss.send("board/assign", conversation="c-waits", person="Lan"))[0] == 409


async def test_an_analyst_looks_and_changes_nothing(gateway: Gateway) -> None:
    analyst = await signed_in(gateway, "Hà", "analyst")
    await handed_over(gateway, "waits")
    await person(gateway, "Lan")
    page = await analyst.read("board")
    assert "<form" not in page[page.index("<main") : page.index("</main")]
    for path in ("board/close", "board/capacity", "board/assign", "board/queues/mau-ward"):
        assert (await analyst.send(path, agency="mau-ward", person="Lan", capacity="3"))[0] == 403


SETTINGS = {
    "response_minutes": "20",
    "resolution_minutes": "960",
    "callback_minutes": "120",
    "answer_minutes": "5",
    "longest": "9",
}


async def test_settings_of_a_queue(gateway: Gateway) -> None:
    boss = await signed_in(gateway)
    assert (await boss.send("board/queues/tax-office", **SETTINGS, closed="yes")) == (303, "/desk/board?done=saved")
    kept = await queueing.settings_of(gateway.core, boss.who, "tax-office")
    assert kept == {name: int(value) for name, value in SETTINGS.items()} | {"closed": True, "topics": []}
    page = await boss.read("board/queues/tax-office")
    assert {name: values(page)[name] for name in SETTINGS} == SETTINGS
    for name in SETTINGS:
        for typed in ("", "-1", "1.5", "14401", "x"):
            if (name, typed) == ("longest", "14401"):
                typed = "10001"
            status, page = await boss.send("board/queues/tax-office", **SETTINGS | {name: typed})
            assert (status, values(page)[name]) == (400, typed)
            assert "Hãy viết một số từ" in near(page, f"{name}-problem")
    status, page = await boss.send("board/queues/tax-office", **SETTINGS, topics="moon")
    assert (status, "không có trong danh mục" in near(page, "topics-problem")) == (400, True)
    assert await queueing.settings_of(gateway.core, boss.who, "tax-office") == kept
