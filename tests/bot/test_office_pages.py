"""Callbacks, search, board, hours, ready answers and guide as pages: plain HTML and forms, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot import canned, hours, model, queueing, sessions
from bot.desk import auth
from bot.desk.callbacks_page import readable
from bot.people import Person
from bot.words import LANGUAGES, table
from calendars.working_time import DaysOff
from tests.bot.conftest import MONDAY, Gateway
from tests.bot.staffed import handed_over, person, said, update
from tests.calendars.test_timetable import HOLIDAYS

LISTED = ("callbacks", "search?q=khai+sinh", "canned", "board", "schedule", "guide")
PAGES = (*LISTED, "canned/new", "canned/1", "board/queues/mau-ward", "fragments/board", "fragments/callbacks")


@dataclass
class Desk:
    """A browser without JavaScript in which somebody is signed in."""

    gateway: Gateway
    who: Person
    headers: dict[str, str]
    csrf: str

    async def read(self, path: str, status: int = 200) -> str:
        response = await self.gateway.staff.get(f"/desk/{path}", headers=self.headers, allow_redirects=False)
        text = await response.text()
        assert response.status == status, text
        return text

    async def send(self, path: str, **fields: Any) -> tuple[int, str]:
        """Status, and where it leads (303) or the page that came back."""
        given = {"csrf": self.csrf, **fields}
        response = await self.gateway.staff.post(
            f"/desk/{path}", data=given, headers=self.headers, allow_redirects=False
        )
        return response.status, response.headers.get("Location") or await response.text()


async def desk(gateway: Gateway, name: str = "Boss", role: str = "supervisor", *agencies: str, **values: Any) -> Desk:
    who = await person(gateway, name, role, agencies or None, **values)
    async with gateway.core.store.write() as tx:
        token = await sessions.start(tx, who.id, "test", gateway.clock(), by_link=False)
    headers = {"Cookie": f"{auth.COOKIE}={token}", "Accept": "text/html"}
    return Desk(gateway, who, headers, auth.new_csrf(gateway.core, token))


def plain(page: str) -> str:
    """What a person reads of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :])).split())


def near(page: str, id_: str) -> str:
    """The element with that id, as it is written."""
    [found] = re.findall(rf'<[^>]*\bid="{re.escape(id_)}"[^>]*>(?:[^<]*)', page)
    return unescape(found)


def values(page: str) -> dict[str, str]:
    """What stands in the fields of a page, by their ids."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        names, worth = re.search(r'\bid="([^"]+)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
        if names:
            found[names[1]] = unescape(worth[1]) if worth else ""
    for names, text in re.findall(r'<textarea[^>]*\bid="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        found[names] = unescape(text)
    return found


async def filled(gateway: Gateway) -> None:
    await canned.put_samples(gateway.core)
    sealed = gateway.core.secrets.sealed("+84912000001")
    conversation = await handed_over(gateway, "called", wanted="callback", promised_at=MONDAY, contact=sealed)
    await said(gateway, conversation, "làm giấy khai sinh cho <b>con</b> cần gì")


# ---- all of them ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_in_both_languages_without_script_or_style_of_its_own(gateway: Gateway, language: str) -> None:
    await filled(gateway)
    boss = await desk(gateway, language=language)
    for path in PAGES:
        page = await boss.read(path)
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|javascript:", page), path
        assert "<b>con</b>" not in page, path
        if not path.startswith("fragments"):
            assert f'<html lang="{language}"' in page, path
            assert len(re.findall("<h1", page)) == 1, path
            assert (plain(page).count("Theo dõi") > 0) <= (language == "vi"), path


WHO: dict[str, set[str]] = {
    "callbacks": {"agent", "supervisor", "administrator"},
    "search": {"agent", "supervisor", "administrator"},
    "canned": {"agent", "supervisor", "administrator", "content editor", "analyst"},
    "canned/new": {"supervisor", "administrator", "content editor"},
    "board": {"supervisor", "administrator", "analyst"},
    "board/queues/mau-ward": {"supervisor", "administrator"},
    "schedule": {"supervisor", "administrator"},
    "guide": {"agent", "supervisor", "administrator", "content editor", "analyst"},
}


async def test_which_role_sees_which_page_and_its_way_there(gateway: Gateway) -> None:
    for role in ("agent", "supervisor", "administrator", "content editor", "analyst"):
        browser = await desk(gateway, role, role)
        guide = await browser.read("guide")
        for path, roles in WHO.items():
            await browser.read(path, 200 if role in roles else 403)
            if "/" not in path:
                assert (f'href="/desk/{path}"' in guide) == (role in roles), (role, path)
        assert ('action="/desk/search"' in guide) == (role in WHO["search"])


async def test_another_agencys_queue_does_not_exist(gateway: Gateway) -> None:
    tax = await desk(gateway, "Tax", "supervisor", "tax-office")
    for path in ("board/queues/mau-ward", "schedule?agency=mau-ward", "schedule?agency=moon"):
        await tax.read(path, 404)
    for path in ("board/queues/mau-ward", "schedule/mau-ward/week", "schedule/mau-ward/office"):
        assert (await tax.send(path, response_minutes="1"))[0] == 404
    assert (await tax.send("board/close", agency="mau-ward", closed="yes"))[0] == 404
    assert "phường Mẫu" not in plain(await tax.read("board"))
    assert "Thuế cơ sở" in plain(await tax.read("schedule"))


# ---- callbacks ------------------------------------------------------------------------------------------------------


async def test_callbacks_by_the_promised_time_with_the_number_to_call(gateway: Gateway) -> None:
    lan = await desk(gateway, "Lan", "agent")
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


# ---- search ---------------------------------------------------------------------------------------------------------


async def test_what_was_found_is_marked_and_shown_as_text(gateway: Gateway) -> None:
    lan = await desk(gateway, "Lan", "agent")
    await filled(gateway)
    page = await lan.read("search?q=giay+khai")
    assert "làm <mark>giấy</mark> <mark>khai</mark> sinh cho &lt;b&gt;con&lt;/b&gt; cần gì" in page
    assert 'href="/desk/conversations/c-called"' in page
    assert values(page)["q"] == "giay khai"
    assert "Không có hội thoại nào khớp" in plain(await lan.read("search?q=khong+co"))
    assert "Kết quả" not in plain(await lan.read("search?q=+"))


async def test_what_cannot_be_searched_for_is_said_beside_the_field(gateway: Gateway) -> None:
    lan = await desk(gateway, "Lan", "agent")
    for typed, expected in (("<", "ít nhất 2 ký tự"), ("a" * 201, "tối đa 200 ký tự")):
        page = await lan.read(f"search?q={quote(typed)}", 400)
        assert 'aria-describedby="q-hint q-problem" aria-invalid="true"' in near(page, "q")
        assert expected in near(page, "q-problem")
        assert values(page)["q"] == typed


async def test_pages_of_results(gateway: Gateway) -> None:
    lan = await desk(gateway, "Lan", "agent")
    for number in range(23):
        await said(gateway, await handed_over(gateway, f"{number:02}"), "giấy khai sinh")
    first = await lan.read("search?q=giấy")
    [older] = re.findall(r'href="/desk/(search\?[^"]*before=[^"]*)"', first)
    second = await lan.read(unescape(older))
    shown = [set(re.findall(r"/desk/conversations/(c-\d\d)", page)) for page in (first, second)]
    assert (len(shown[0]), len(shown[1]), shown[0] & shown[1]) == (20, 3, set())
    assert "before=" not in second[second.index("<main") :]


# ---- ready answers --------------------------------------------------------------------------------------------------

WRITTEN = {
    "agency": "mau-ward",
    "shortcut": "/Xong",
    "title": "Đã xong",
    "vi": "Hồ sơ {reference} đã xong.",
    "en": "Case {reference} is ready.",
}


async def test_write_change_and_remove_an_answer(gateway: Gateway) -> None:
    boss = await desk(gateway)
    assert (await boss.send("canned", **WRITTEN)) == (303, "/desk/canned?done=saved")
    page = await boss.read("canned?done=saved")
    assert "Đã lưu câu mẫu" in plain(page)
    assert 'Hồ sơ <mark lang="vi">Mã hồ sơ</mark> đã xong.' in page
    [number] = re.findall(r'href="/desk/canned/(\d+)"', page)
    form = await boss.read(f"canned/{number}")
    assert values(form) | {"shortcut": "xong", "title": "Đã xong", "vi": WRITTEN["vi"]} == values(form)
    assert (await boss.send(f"canned/{number}", **WRITTEN | {"title": "Mới"}))[0] == 303
    assert "Mới" in plain(await boss.read("canned?q=xong"))
    assert (await boss.send(f"canned/{number}/remove")) == (303, "/desk/canned?done=removed")
    assert "Chưa có câu mẫu nào" in plain(await boss.read("canned"))
    await boss.read(f"canned/{number}", 404)


async def test_a_preview_shows_and_keeps_nothing(gateway: Gateway) -> None:
    boss = await desk(gateway)
    status, page = await boss.send("canned", **WRITTEN | {"title": "", "vi": "{a} <i>"}, preview="yes")
    assert (status, values(page)["vi"]) == (200, "{a} <i>")
    assert '<mark lang="vi">a</mark> &lt;i&gt;' in page
    assert "Chưa có câu mẫu nào" in plain(await boss.read("canned"))


FAULTS = {
    # what is wrong with it, the field, and what is said there
    "no shortcut": ({"shortcut": "hai từ"}, "shortcut", "không có khoảng trắng"),
    "taken": ({"shortcut": "chao"}, "shortcut", "Tên tắt này đã có"),
    "no title": ({"title": " "}, "title", "Tiêu đề dài 1 đến 80"),
    "no English": ({"en": " "}, "en", "Cần cả hai ngôn ngữ"),
    "too long": ({"vi": "a" * 1_503}, "vi", "Dài quá 3 ký tự; tối đa 1500"),
    "braces": ({"vi": "{"}, "vi", "Chỗ cần điền viết là {tên}"),
    "other blanks": ({"en": "{other}"}, "en", "mới chỉ một bên có {other}, {reference}"),
    "another agency": ({"agency": "moon"}, "agency", "cơ quan mà bạn phụ trách"),
}


async def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(gateway: Gateway) -> None:
    await canned.put_samples(gateway.core)
    boss = await desk(gateway)
    for label, (other, field, expected) in FAULTS.items():
        status, page = await boss.send("canned", **WRITTEN | other)
        assert status in (400, 409), label
        assert 'aria-invalid="true"' in near(page, field), label
        assert f"{field}-problem" in near(page, field), label
        assert expected in near(page, f"{field}-problem"), label
        typed = WRITTEN | other
        assert {key: values(page)[key] for key in ("title", "vi", "en")} == {
            key: typed[key] for key in ("title", "vi", "en")
        }


async def test_an_agent_uses_answers_and_an_editor_changes_those_of_their_agency(gateway: Gateway) -> None:
    await canned.put_samples(gateway.core)
    lan, editor = await desk(gateway, "Lan", "agent"), await desk(gateway, "Mai", "content editor", "tax-office")
    assert "/desk/canned/" not in await lan.read("canned")
    mine = re.findall(r'href="/desk/canned/(\d+)"', await editor.read("canned"))
    assert len(mine) == 1
    of_all = next(one["id"] for one in await canned.available(gateway.core, editor.who) if one["agency"] is None)
    await editor.read(f"canned/{of_all}", 403)
    assert (await editor.send(f"canned/{of_all}/remove"))[0] == 403
    form = await editor.read("canned/new")
    assert re.findall(r'<option value="([^"]*)"', form) == ["tax-office"]


# ---- board and queues -----------------------------------------------------------------------------------------------


async def test_the_board_shows_queues_people_and_what_is_pressing(gateway: Gateway) -> None:
    boss, lan = await desk(gateway), await person(gateway, "Lan", agencies=("mau-ward",))
    await handed_over(gateway, "waits", opened_at=MONDAY - timedelta(minutes=40), response_due=MONDAY)
    await handed_over(gateway, "owned", person=lan.id, response_due=MONDAY + timedelta(minutes=14))
    page = plain(await boss.read("board"))
    assert "UBND phường Mẫu Đang mở 1 40 phút 0 1 1 trễ hẹn 1 trong hẹn" in page
    assert "Lan Sẵn sàng 2/8" in page
    assert "Lan đang trả lời" in page
    assert page.index("Chưa ai nhận") < page.index("Lan đang trả lời")


async def test_close_open_capacity_and_assign_from_the_board(gateway: Gateway) -> None:
    boss, lan = await desk(gateway), await person(gateway, "Lan", agencies=("mau-ward",))
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
    boss = await desk(gateway)
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
    analyst = await desk(gateway, "Hà", "analyst")
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
    boss = await desk(gateway)
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


# ---- hours ----------------------------------------------------------------------------------------------------------


def week(**spans: str) -> dict[str, str]:
    """mon="07:30-10:30 12:15-17:00" as the fields of the form."""
    fields = {}
    for name, text in spans.items():
        weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(name)
        for place, span in enumerate(text.split()):
            fields[f"opens-{weekday}-{place}"], _, fields[f"closes-{weekday}-{place}"] = span.partition("-")
    return fields


async def test_a_week_with_a_lunch_break(gateway: Gateway) -> None:
    boss = await desk(gateway)
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
    boss = await desk(gateway)
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
    boss = await desk(gateway)
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
    boss = await desk(gateway)
    day = {"day": "2026-12-24", "name": "Họp", "opens-0": "09:00", "closes-0": "10:00"}
    for label, (other, where, expected) in BROKEN_DAYS.items():
        status, page = await boss.send("schedule/mau-ward/days", **day | other)
        assert (status, expected in near(page, where)) == (400, True), label
        assert {name: values(page)[name] for name in day} == day | other, label


# ---- the guide and the words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_guide_has_all_of_it_in_either_language(gateway: Gateway, language: str) -> None:
    lan = await desk(gateway, "Lan", "agent")
    whole = await lan.read(f"guide?lang={language}")
    main = whole[whole.index("<main") : whole.index("</main")]
    page = plain(main)
    for section in table(f"desk.office.{language}")["guide"]["sections"]:
        assert section["title"] in page
        assert all(" ".join(line.split()) in page for line in section["text"])
    assert main.count('<dl class="keys">') == 1
    for each in table(f"desk.{language}")["shortcuts"]["list"]:
        assert f"{each['key']} {each['does']}" in page


def shape(value: Any) -> Any:
    """The keys of words, and the blanks of each sentence."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return sorted(re.findall(r"(?<!\{)\{(\w+)\}(?!\})", str(value)))


def test_both_languages_say_the_same() -> None:
    vietnamese, english = (shape(table(f"desk.office.{language}")) for language in LANGUAGES)
    assert vietnamese == english


def test_every_problem_of_these_modules_has_its_sentence() -> None:
    modules = [*Path("bot").glob("*.py"), *Path("bot/desk").glob("*.py")]
    ours = [
        file for file in modules if file.stem in {"canned", "finding", "board", "hours", "schedule_page", "queue_page"}
    ]
    used = {word for file in ours for word in re.findall(r'word="(problem_\w+)"', file.read_text(encoding="utf-8"))}
    assert len(used) > 15
    assert used <= set(table("desk.office.vi")["problems"])
