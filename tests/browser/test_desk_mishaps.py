"""The desk in real browsers: double clicks, two tabs, the back button, lost sessions, refusals; and no mouse at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.citizen import Citizen
from tests.browser.desk import Caller, Staff, asks_for_a_person
from tests.browser.test_accessibility import LANGUAGES, THEMES, violations

Come = Callable[..., Staff]
Another = Callable[[], Citizen]
PASSWORD, ANOTHER = "một con ngựa xanh", "hai con ngựa xanh"
PLAIN = {"java_script_enabled": False}
HUMAN = 80  # ms between the two clicks: what the first one asked for is on its way
NOT_SENT = "Câu trả lời chưa được gửi"


@pytest.fixture
def lan(staff: Come) -> Staff:
    return staff("Lan")


def sets_a_password(one: Staff) -> None:
    """Whoever came by a link."""
    form = one.visit("/desk/account").page.locator("form").filter(has=one.page.get_by_label("Mật khẩu mới"))
    form.get_by_label("Mật khẩu mới").fill(PASSWORD)
    form.get_by_role("button").click()
    expect(one.page.get_by_text("Đã lưu mật khẩu mới")).to_be_visible()


def signs_in(one: Staff) -> None:
    one.page.get_by_label("Tên").fill(one.name)
    one.page.get_by_label("Mật khẩu").fill(PASSWORD)
    one.page.get_by_role("button", name="Đăng nhập").click()


def ends_it_elsewhere(one: Staff, context: Callable[..., BrowserContext]) -> None:
    """They sign in on another machine, and end there the session of this one."""
    other = replace(one, page=context().new_page()).visit("/desk/account")
    signs_in(other)
    here = other.page.locator("li.row").filter(has_not_text="phiên này")
    here.get_by_role("button", name="Kết thúc").click()
    expect(here).to_have_count(0)


def test_what_is_sent_in_a_session_that_has_ended_is_kept_and_goes_out_after_the_sign_in(
    citizen: Citizen, lan: Staff, context: Callable[..., BrowserContext]
) -> None:
    conversation = asks_for_a_person(citizen)
    sets_a_password(lan)
    lan.visit().take(conversation).writes("Bạn mang theo giấy khai sinh nhé.")
    ends_it_elsewhere(lan, context)
    lan.sends()
    expect(lan.page.get_by_role("alert").filter(has_text="Phiên làm việc đã hết.")).to_be_visible()
    lan.page.get_by_role("link", name="Đăng nhập lại").click()
    signs_in(lan)
    lan.page.wait_for_url(f"**/conversations/{conversation}*")
    expect(lan.lines("staff")).to_have_text(["Bạn mang theo giấy khai sinh nhé."])
    expect(citizen.messages("staff")).to_have_count(1)


def test_the_same_without_javascript(citizen: Citizen, staff: Come, context: Callable[..., BrowserContext]) -> None:
    lan = staff("Lan", browser=PLAIN)
    conversation = asks_for_a_person(citizen)
    sets_a_password(lan)
    lan.visit().take(conversation).writes("Bạn mang theo giấy khai sinh nhé.")
    ends_it_elsewhere(lan, context)
    lan.page.get_by_role("button", name="Gửi", exact=True).click()
    expect(lan.page.get_by_text("Điều bạn viết vẫn còn;")).to_be_visible()
    signs_in(lan)
    expect(lan.page.get_by_label("Điều bạn đã viết")).to_have_value("Bạn mang theo giấy khai sinh nhé.")
    lan.page.get_by_role("button", name="Gửi", exact=True).click()
    expect(lan.lines("staff")).to_have_text(["Bạn mang theo giấy khai sinh nhé."])
    expect(citizen.messages("staff")).to_have_count(1)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_where_what_was_written_waits(
    citizen: Citizen, staff: Come, context: Callable[..., BrowserContext], faults: list[str], language: str, theme: str
) -> None:
    """The sign-in that keeps it and the page behind: without the desk's own scripts, where both are needed."""
    conversation = asks_for_a_person(citizen)
    lan = staff("Lan", language=language, browser={"color_scheme": theme})
    page = lan.page
    page.route("**/desk/static/*.js", lambda route: route.abort())
    lan.visit("/desk/account").page.locator("#new").fill(PASSWORD)
    page.locator("form[action$='/password'] button").click()
    page.wait_for_url("**?done=password")
    lan.at(conversation).page.locator("[data-take]").click()
    page.locator("#text").fill("Bạn mang theo giấy khai sinh nhé.")
    sets_another_password(lan, context)
    page.locator("#reply button[type=submit]").click()
    page.locator("input[name='kept.text']").wait_for(state="attached")
    assert violations(page) == [], "signing in"
    page.locator("#name").fill(lan.name)
    page.locator("#password").fill(ANOTHER)
    page.locator("form.form button").click()
    expect(page.locator("textarea")).to_have_value("Bạn mang theo giấy khai sinh nhé.")
    assert violations(page) == [], "what was kept"
    faults.clear()  # axe tries styles that our policy forbids


def sets_another_password(one: Staff, context: Callable[..., BrowserContext]) -> None:
    """On another machine; that ends every other session."""
    elsewhere, api = context().request, f"{one.url}/desk/api"
    begun = elsewhere.post(f"{api}/sessions", data={"name": one.name, "password": PASSWORD}).json()
    new = {"current": PASSWORD, "new": ANOTHER}
    assert elsewhere.post(f"{api}/me/password", data=new, headers={"X-CSRF-Token": begun["csrf"]}).ok


@pytest.mark.parametrize("scripted", [True, False], ids=["with", "without"])
def test_a_double_click_sends_once(citizen: Citizen, staff: Come, scripted: bool) -> None:
    lan = staff("Lan", browser={"java_script_enabled": scripted})
    conversation = asks_for_a_person(citizen)
    lan.visit().take(conversation)
    lan.writes("Chào bạn.")
    lan.page.get_by_role("button", name="Gửi", exact=True).dblclick(delay=HUMAN)
    expect(lan.lines("staff")).to_have_text(["Chào bạn."])
    expect(lan.page.locator("#refused")).to_be_empty()
    lan.page.get_by_label("Ghi chú mới").fill("Đã gọi.")
    lan.page.get_by_role("button", name="Lưu ghi chú").dblclick(delay=HUMAN)
    expect(lan.told).to_be_visible()
    expect(lan.notes).to_have_text(["Đã gọi."])
    expect(citizen.messages("staff")).to_have_count(1)


def test_a_double_click_takes_one_conversation(another: Another, staff: Come) -> None:
    waiting = [asks_for_a_person(another(), "đăng ký tạm trú") for _ in range(2)]
    lan = staff("Lan", "mau-ward-police")
    lan.page.get_by_role("button", name="Nhận cuộc tiếp theo").dblclick(delay=HUMAN)
    lan.has(waiting[0])
    expect(lan.visit().page.locator("#lists .row.mine")).to_have_count(1)


def test_two_tabs_of_one_person_are_one_person(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    first, second = lan, lan.tab().deaf().visit()
    first.take(conversation)
    second.take(conversation)
    first.replies("Chào bạn.")
    expect(second.hears().at(conversation).lines("staff")).to_have_text(["Chào bạn."])
    second.replies("Bạn cần gì?")
    expect(first.lines("staff")).to_have_text(["Chào bạn.", "Bạn cần gì?"])
    second.writes("Còn việc này nữa")
    first.gives_back()
    second.sends()
    expect(second.page.get_by_text(NOT_SENT)).to_be_visible()
    expect(citizen.messages("staff")).to_have_count(2)


def test_the_back_button_does_nothing_twice(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation).notes_down("Đã gọi.").replies("Chào bạn.").gives_back()
    lan.page.go_back()
    expect(lan.page.get_by_text("Trợ lý tự động đang trả lời.")).to_be_visible()
    expect(lan.box).to_have_count(0)
    lan.page.go_back()
    expect(lan.notes).to_have_text(["Đã gọi."])
    lan.page.go_forward()
    lan.page.reload()
    expect(lan.lines("staff")).to_have_text(["Chào bạn."])
    expect(citizen.messages("system").filter(has_text="chuyển cuộc trò chuyện lại")).to_have_count(1)


def test_nothing_is_sent_to_a_number_that_texted_stop_and_that_is_said_before(caller: Caller, lan: Staff) -> None:
    conversation = caller.asks_for_a_person()
    lan.take(conversation)
    lan.writes(f"{lan.name} chào bạn.")
    try:
        expect(caller.handset.ask("STOP")).to_contain_text("ban se khong nhan tin nao nua")
        lan.sends()
        expect(lan.page.get_by_text(NOT_SENT)).to_be_visible()
        expect(lan.box).to_have_value(f"{lan.name} chào bạn.")
        lan.page.reload()
        expect(lan.page.get_by_text("Người dân đã nhắn STOP, nên không gửi được tin nào")).to_be_visible()
        expect(lan.box).not_to_be_editable()
        expect(lan.box).to_have_value(f"{lan.name} chào bạn.")
    finally:
        caller.handset.text("START")
    caller.gets("ban se lai nhan duoc tin")
    expect(caller.handset.section).not_to_contain_text(f"{lan.name} chao ban.")
    lan.replies(f"{lan.name} chào bạn lại.")  # the page has loaded itself anew, with a box that can be written in
    caller.gets(f"{lan.name} chao ban lai.")


def test_what_was_done_is_said_however_long_the_page_takes_to_come(citizen: Citizen, lan: Staff) -> None:
    """The page behind hears of the change long before the next one arrives, and must not load itself anew for it."""
    lan.take(asks_for_a_person(citizen))
    slow = 2  # s: the stream's word, and the parts fetched for it, are a quarter of one

    def late(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        time.sleep(slow)
        route.fulfill(response=answer)

    lan.page.route("**/desk/conversations/*/return", late, times=1)
    lan.gives_back()


def test_a_reply_to_a_conversation_that_has_ended_is_refused_and_kept(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation)
    old = lan.tab().at(conversation).deaf().at(conversation)
    lan.ends()
    old.writes("Còn một điều.")
    old.sends()
    expect(old.page.get_by_role("alert").filter(has_text=NOT_SENT)).to_be_visible()
    expect(old.box).to_have_value("Còn một điều.")
    lan.at(conversation)
    expect(lan.box).to_have_count(0)
    expect(lan.page.get_by_text("Cuộc này đã kết thúc.")).to_be_visible()
    expect(citizen.messages("staff")).to_have_count(0)


def test_all_of_it_goes_without_a_mouse(citizen: Citizen, staff: Come) -> None:
    lan = staff("Lan", "employment-centre")
    conversation = asks_for_a_person(citizen, "trợ cấp thất nghiệp")
    keys = lan.visit().page.keyboard
    keys.press("n")
    lan.has(conversation)
    keys.press("r")
    expect(lan.box).to_be_focused()
    keys.type("Chao ban")
    keys.press("Enter")
    expect(lan.lines("staff").last).to_have_text("Chao ban")
    give_back = lan.page.locator(".page-head").get_by_role("button", name="Trả về trợ lý")
    for _ in range(20):
        if give_back.evaluate("each => each === document.activeElement"):
            break
        keys.press("Shift+Tab")
    expect(give_back).to_be_focused()
    keys.press("Enter")
    expect(lan.page.get_by_role("dialog").get_by_role("button", name="Trả về trợ lý")).to_be_focused()
    keys.press("Enter")
    expect(lan.told).to_have_text("Đã trả về cho trợ lý tự động.")


def test_the_desk_works_without_javascript(citizen: Citizen, staff: Come) -> None:
    lan = staff("Lan", browser=PLAIN)
    conversation = asks_for_a_person(citizen)
    lan.visit().take(conversation).notes_down("Đã xem.")
    lan.writes("Chào bạn.")
    lan.page.get_by_role("button", name="Gửi", exact=True).click()
    expect(lan.lines("staff")).to_have_text(["Chào bạn."])
    lan.gives_back()
    expect(citizen.messages("staff")).to_contain_text("Chào bạn.")
    expect(citizen.messages("system").last).to_contain_text("chuyển cuộc trò chuyện lại")
