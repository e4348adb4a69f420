"""The hours of a queue as a page: the week with its breaks, single days, holidays."""

from __future__ import annotations

from datetime import timedelta

from bot import hours
from calendars.working_time import DaysOff
from tests.bot.conftest import MONDAY, Gateway
from tests.bot.desk.office import near, plain, signed_in, values
from tests.calendars.test_timetable import HOLIDAYS


def week(**spans: str) -> dict[str, str]:
    """mon="07:30-10:30 12:15-17:00" as the fields of the form."""
    fields = {}
    for name, text in spans.items():
        weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(name)
        for place, span in enumerate(text.split()):
            fields[f"opens-{weekday}-{place}"], _, fields[f"closes-{weekday}-{place}"] = span.partition("-")
    return fields


async def test_a_week_with_a_lunch_break(gateway: Gateway) -> None:
    boss = await signed_in(gateway)
    assert "Đang mở, tới 11:30 hôm nay." in plain(await boss.read("schedule"))
    sent = await boss.send("schedule/mau-ward/week", **week(mon="07:30-09:45 10:15-17:00", sat="08:00-11:00"))
    assert sent == (303, "/desk/schedule?agency=mau-ward&done=week")
    page = await boss.read("schedule?agency=mau-ward&done=week")
    assert "Đang đóng. Mở lại lúc 10:15 hôm nay." in plain(page)
    assert "Thứ Hai 23/11/2026 07:30–09:45, 10:15–17:00 Thứ Ba 24/11/2026 đóng" in plain(page)
    shown = values(page)
    assert [shown[f"{name}-0-{n}"] for n in range(3) for name in ("opens", "closes")] == [
        "07:30", "09:45", "10:15", "17:00", "", "",
    ]  # fmt: skip
    assert (await boss.send("schedule/mau-ward/office")) == (303, "/desk/schedule?agency=mau-ward&done=office")
    assert (await hours.week(gateway.core, boss.who, "mau-ward"))["own"] is False


BROKEN_WEEKS = {
    # typed on a Tuesday, what is said there
    "half a span": ("07:30-", "cả giờ mở và giờ đóng"),
    "no time": ("seven-eleven", "Giờ viết như 07:30"),
    "closes before": ("11:30-07:30", "Giờ đóng phải sau giờ mở"),
    "overlap": ("07:30-11:30 11:00-12:00", "trùng nhau"),
}


async def test_what_is_wrong_with_a_week_is_said_at_its_day(gateway: Gateway) -> None:
    boss = await signed_in(gateway)
    for label, (typed, expected) in BROKEN_WEEKS.items():
        given = week(mon="08:00-09:00", tue=typed)
        status, page = await boss.send("schedule/mau-ward/week", **given)
        assert (status, expected in near(page, "week-1-problem")) == (400, True), label
        assert "week-0-problem" not in page, label
        assert 'aria-invalid="true"' in near(page, "opens-1-0"), label
        assert {name: values(page)[name] for name in given} == given, label
    assert (await hours.week(gateway.core, boss.who, "mau-ward"))["own"] is False


async def test_single_days_and_holidays(gateway: Gateway) -> None:
    object.__setattr__(gateway.core.site, "holidays", HOLIDAYS)
    gateway.clock.now = MONDAY - timedelta(days=278)  # 18 February, in Tết
    boss = await signed_in(gateway)
    page = plain(await boss.read("schedule"))
    assert "Đang đóng. Mở lại lúc 07:30 thứ Hai 23/2." in page
    assert "Thứ Tư 18/2/2026 ngày lễ đóng" in page
    assert "Thứ Bảy 22/8/2026: làm bù" in page
    assert "16/2/2026" not in page
    day = {"day": "2026-02-19", "name": "Trực Tết", "opens-0": "09:00", "closes-0": "10:00"}
    assert (await boss.send("schedule/mau-ward/days", **day)) == (303, "/desk/schedule?agency=mau-ward&done=day")
    page = plain(await boss.read("schedule"))
    assert "Thứ Năm 19/2/2026 giờ riêng 09:00–10:00" in page
    assert "Mở lại lúc 09:00 thứ Năm 19/2." in page
    sent = await boss.send("schedule/mau-ward/days/2026-02-19/remove")
    assert sent == (303, "/desk/schedule?agency=mau-ward&done=removed")
    for wrong in ("2026-02-19", "2026-02-30", "1"):
        assert (await boss.send(f"schedule/mau-ward/days/{wrong}/remove"))[0] == 404
    object.__setattr__(gateway.core.site, "holidays", DaysOff())


BROKEN_DAYS = {
    "no day": ({"day": ""}, "day-problem", "Hãy chọn một ngày"),
    "no such day": ({"day": "2026-02-30"}, "day-problem", "Hãy chọn một ngày"),
    "no reason": ({"name": " "}, "name-problem", "Lý do dài 1 đến 80"),
    "half a span": ({"closes-0": ""}, "hours-problem", "cả giờ mở và giờ đóng"),
}


async def test_what_is_wrong_with_a_day(gateway: Gateway) -> None:
    boss = await signed_in(gateway)
    day = {"day": "2026-12-24", "name": "Họp", "opens-0": "09:00", "closes-0": "10:00"}
    for label, (other, where, expected) in BROKEN_DAYS.items():
        status, page = await boss.send("schedule/mau-ward/days", **day | other)
        assert (status, expected in near(page, where)) == (400, True), label
        assert {name: values(page)[name] for name in day} == day | other, label
