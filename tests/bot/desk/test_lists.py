"""The first page of the desk: who waits and why, what was promised them, and the buttons that take one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.lists import AT_ONCE
from tests.bot.conftest import MONDAY, Gateway
from tests.bot.desk.conftest import Come, Sitting, plain
from tests.bot.staffed import handed_over, said

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATER = MONDAY + HOUR

WAITS = [
    # values of the hand-off, what the line says in Vietnamese, in English
    ({"reason": "complaint"}, "Phàn nàn", "Complaint"),
    ({"opened_at": MONDAY - 12 * MINUTE}, "chờ 12 phút", "waiting 12 min"),
    ({"opened_at": MONDAY - 130 * MINUTE}, "chờ 2 giờ 10 phút", "waiting 2 h 10 min"),
    ({"opened_at": MONDAY - 26 * HOUR}, "chờ 1 ngày", "waiting 1 day"),
    ({"response_due": MONDAY + 12 * MINUTE}, "Trong hẹn. Trả lời đầu tiên: còn 12 phút",
     "In time. First reply: 12 min"),
    ({"response_due": MONDAY + 2 * MINUTE}, "Sắp tới hẹn. Trả lời đầu tiên: còn 2 phút",
     "Nearly due. First reply: 2 min"),
    ({"response_due": MONDAY - 5 * MINUTE}, "Đã trễ hẹn. Trả lời đầu tiên: trễ 5 phút",
     "Overdue. First reply: 5 min late"),
    ({"response_due": MONDAY + 5 * HOUR}, "trước 15:00 hôm nay", "by 15:00 today"),
    ({"wanted": "callback", "promised_at": LATER}, "Cần gọi lại · trước 11:00 hôm nay", "Call back · by 11:00 today"),
    ({"wanted": "message", "promised_at": LATER}, "Để lại lời nhắn", "Left a message"),
    ({"requeued": 2}, "Trở lại hàng chờ 2 lần", "Back in the queue, time 2"),
    ({"priority": 1}, "Ưu tiên", "Priority"),
    ({"test": True}, "Thử", "Test"),
    ({"channel": "sms"}, "SMS", "SMS"),
    ({"agency": "tax-office"}, "Thuế cơ sở", "Tax office"),
    ({"language": "en"}, "English", "English"),
]


@pytest.mark.parametrize(("values", "vi", "en"), WAITS)
async def test_a_line_says_what_there_is_to_know(
    gateway: Gateway, come: Come, values: dict[str, Any], vi: str, en: str
) -> None:
    await handed_over(gateway, "one", **values)
    assert vi in plain(await (await come("Lan")).page())
    assert en in plain(await (await come("Ann", language="en")).page())


async def test_who_was_theirs_before_is_marked(gateway: Gateway, lan: Sitting, come: Come) -> None:
    await handed_over(gateway, "one", preferred=lan.who.id)
    assert "Bạn từng phụ trách" in await lan.page()
    assert "Bạn từng phụ trách" not in await (await come("Minh")).page()


async def test_ones_own_say_what_was_said_last_and_what_is_unread(gateway: Gateway, lan: Sitting) -> None:
    mine = await handed_over(gateway, "mine", person=lan.who.id)
    await said(gateway, mine, "còn thiếu gì không", at=MONDAY + MINUTE)
    gateway.clock.forward(minutes=4)
    page = plain(await lan.page())
    assert "Của tôi 1" in page
    assert "1 tin mới" in page
    assert "còn thiếu gì không" in page
    assert "3 phút trước" in page


async def test_another_agencys_queue_is_not_shown(gateway: Gateway, come: Come) -> None:
    await handed_over(gateway, "theirs", "tax-office")
    assert "Hàng chờ 0" in plain(await (await come("Lan", "agent", "mau-ward")).page())
    assert "Hàng chờ 1" in plain(await (await come("Thu", "agent", "tax-office")).page())


async def test_a_long_queue_is_shown_in_pages(gateway: Gateway, lan: Sitting) -> None:
    for n in range(AT_ONCE + 3):
        await handed_over(gateway, f"n{n:03}", rank_at=MONDAY + n * MINUTE)
    first, second = await lan.page(), await lan.page(f"/desk?from={AT_ONCE}")
    assert f"Từ 1 đến {AT_ONCE} trong {AT_ONCE + 3}" in plain(first)
    assert f"Từ {AT_ONCE + 1} đến {AT_ONCE + 3} trong {AT_ONCE + 3}" in plain(second)
    assert 'id="open-c-n000"' in first
    assert 'id="open-c-n000"' not in second
    assert 'id="open-c-n052"' in second


async def test_what_a_citizen_wrote_is_text(gateway: Gateway, lan: Sitting) -> None:
    await handed_over(gateway, "one", summary="<script>alert(1)</script>\n<img src=x onerror=alert(2)>")
    page = await lan.page()
    assert "&lt;img src=x onerror=alert(2)&gt;" in page
    assert "<img src=x" not in page


async def test_the_next_one_is_taken(gateway: Gateway, lan: Sitting) -> None:
    one = await handed_over(gateway, "one")
    taken = await lan.browser.post("/desk/next")
    assert (taken.status, taken.headers["Location"]) == (303, f"/desk/conversations/{one}")
    none = await lan.browser.post("/desk/next")
    assert none.headers["Location"] == "/desk?said=none_waits"
    assert "không có cuộc nào hợp với bạn" in await lan.page("/desk?said=none_waits")


async def test_who_has_their_hands_full_is_told(gateway: Gateway, come: Come) -> None:
    lan = await come("Lan", capacity=2)
    for name in ("one", "two"):
        await handed_over(gateway, name)
    await lan.browser.post("/desk/next")
    full = await lan.browser.post("/desk/next")
    assert full.headers["Location"] == "/desk?said=full"
    assert "Bạn đang giữ đủ số cuộc cho phép" in await lan.page("/desk?said=full")


async def test_of_two_who_take_the_second_is_told_kindly(gateway: Gateway, lan: Sitting, come: Come) -> None:
    minh, one = await come("Minh"), await handed_over(gateway, "one")
    assert await lan.pressed(one, "take") == f"/desk/conversations/{one}"
    assert await lan.pressed(one, "take") == f"/desk/conversations/{one}"  # a double click
    late = await minh.press(one, "take")
    assert late.status == 409
    page = plain(await late.text())
    assert "vừa có người khác nhận" in page
    assert "Lan đang phụ trách. Bạn chỉ xem được." in page


@pytest.mark.parametrize(("role", "path"), [("content editor", "/desk/account"), ("analyst", "/desk/account")])
async def test_who_answers_nobody_is_led_on(come: Come, role: str, path: str) -> None:
    led = await (await come("An", role)).browser.get("/desk")
    assert (led.status, led.headers["Location"]) == (303, path)


@pytest.mark.parametrize(("said", "shown"), [("closed", "Đã kết thúc cuộc trò chuyện."), ("<b>x", ""), ("pages", "")])
async def test_only_sentences_of_ours_are_said(lan: Sitting, said: str, shown: str) -> None:
    page = await lan.page(f"/desk?said={said}")
    assert f'data-said>{shown}</p>' in page


async def test_the_lists_alone_carry_their_version(gateway: Gateway, lan: Sitting) -> None:
    async def version() -> str:
        return (await lan.page("/desk/fragments/lists")).split('data-version="')[1].split('"')[0]

    before = await version()
    assert await version() == before
    await handed_over(gateway, "one")
    gateway.core.wake.grew("desk")
    assert await version() != before


async def test_presence_and_language_are_changed_from_every_page(lan: Sitting) -> None:
    busy = await lan.browser.post("/desk/presence", presence="busy", back="/desk?from=0")
    assert (busy.status, busy.headers["Location"]) == (303, "/desk?from=0")
    assert '<span data-presence-name>Đang bận</span>' in await lan.page()
    english = await lan.browser.post("/desk/language", language="en", back="https://evil.example/")
    assert english.headers["Location"] == "/desk"
    assert '<html lang="en">' in await lan.page()


async def test_the_assistant_is_out_and_back(gateway: Gateway, lan: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.desk.live.ASK_AGAIN", 0)
    out = "Trợ lý tự động đang ngừng."
    assert f"data-out>{out}" not in await lan.page()
    gateway.rasa.fault = 503
    assert f"data-out>{out}" in await lan.page()
    gateway.rasa.fault = None
    assert f"data-out>{out}" not in await lan.page()
