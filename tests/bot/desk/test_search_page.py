"""Callbacks and the search as pages: a number to call, what was found marked, what is wrong beside the field."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest

from bot.desk.callbacks_page import readable
from tests.bot.conftest import MONDAY, Gateway
from tests.bot.desk.office import filled, near, plain, signed_in, values
from tests.bot.staffed import handed_over, said


async def test_callbacks_by_the_promised_time_with_the_number_to_call(gateway: Gateway) -> None:
    lan = await signed_in(gateway, "Lan", "agent")
    assert "Không có ai đang đợi gọi lại" in plain(await lan.read("callbacks"))
    await filled(gateway)
    await handed_over(gateway, "later", wanted="message", promised_at=MONDAY + timedelta(hours=2), reason="complaint")
    page = await lan.read("callbacks")
    assert page.index("c-called") < page.index("c-later")
    assert '<a class="button small" id="call-c-called" href="tel:+84912000001">' in page
    assert "Gọi 0912 000 001" in plain(page)
    assert "Đã trễ hẹn · Hẹn trước 10:00 hôm nay" in plain(page)
    assert "Hẹn trước 12:00 hôm nay" in plain(page)
    assert plain(page).count("Không để lại số") == 1
    assert (await lan.send("conversations/c-called/take")) == (303, "/desk/conversations/c-called")
    assert "c-called" not in await lan.read("callbacks")


@pytest.mark.parametrize(("number", "shown"), [
    ("+84912000001", "0912 000 001"), ("+842363123456", "0236 312 3456"), ("+1202555", "+1202555"),
])  # fmt: skip
def test_a_number_as_people_read_it(number: str, shown: str) -> None:
    assert readable(number) == shown


async def test_what_was_found_is_marked_and_shown_as_text(gateway: Gateway) -> None:
    lan = await signed_in(gateway, "Lan", "agent")
    await filled(gateway)
    page = await lan.read("search?q=giay+khai")
    assert "làm <mark>giấy</mark> <mark>khai</mark> sinh cho &lt;b&gt;con&lt;/b&gt; cần gì" in page
    assert 'href="/desk/conversations/c-called"' in page
    assert values(page)["q"] == "giay khai"
    assert "Không có hội thoại nào khớp" in plain(await lan.read("search?q=khong+co"))
    assert "Kết quả" not in plain(await lan.read("search?q=+"))


async def test_what_cannot_be_searched_for_is_said_beside_the_field(gateway: Gateway) -> None:
    lan = await signed_in(gateway, "Lan", "agent")
    for typed, expected in (("<", "ít nhất 2 ký tự"), ("a" * 201, "tối đa 200 ký tự")):
        page = await lan.read(f"search?q={quote(typed)}", 400)
        assert 'aria-describedby="q-hint q-problem" aria-invalid="true"' in near(page, "q")
        assert expected in near(page, "q-problem")
        assert values(page)["q"] == typed


async def test_pages_of_results(gateway: Gateway) -> None:
    lan = await signed_in(gateway, "Lan", "agent")
    for number in range(23):
        await said(gateway, await handed_over(gateway, f"{number:02}"), "giấy khai sinh")
    first = await lan.read("search?q=giấy")
    [older] = re.findall(r'href="/desk/(search\?[^"]*before=[^"]*)"', first)
    second = await lan.read(unescape(older))
    shown = [set(re.findall(r"/desk/conversations/(c-\d\d)", page)) for page in (first, second)]
    assert (len(shown[0]), len(shown[1]), shown[0] & shown[1]) == (20, 3, set())
    assert "before=" not in second[second.index("<main") :]
