"""The desk in real browsers: what staff write and whom it reaches; what helps them to write it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.citizen import Citizen
from tests.browser.desk import Caller, Office, Staff, asks_for_a_person

Come = Callable[..., Staff]
SECRET = "Người này hay quên giấy tờ, nhắc kỹ."  # noqa: S105  (what a citizen must not see)
MARKUP = "<img src=x onerror=\"document.body.dataset.owned='yes'\"><b>đậm</b> {{ 7*7 }} [link](javascript:alert(1))"
BIDI = "tên tệp: \u202egpj.exe\u202c và \u2066xong\u2069"


@pytest.fixture
def lan(staff: Come) -> Staff:
    return staff("Lan")


def test_a_note_never_reaches_the_citizen_of_the_web(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation).notes_down(SECRET).replies("Chào bạn.").notes_down(f"{SECRET} Lần hai.").gives_back()
    citizen.ask("lệ phí hộ chiếu")
    citizen.reload()
    expect(citizen.messages("staff")).to_have_count(1)
    assert SECRET not in citizen.page.content()


def test_a_note_never_reaches_the_citizen_of_a_text(caller: Caller, lan: Staff) -> None:
    conversation = caller.asks_for_a_person()
    lan.take(conversation).notes_down(f"{lan.name}: khong gui.").replies(f"Chào bạn, {lan.name} đây.")
    caller.gets(f"Chao ban, {lan.name} day.")
    expect(caller.handset.section).not_to_contain_text("khong gui")


def test_the_citizen_sees_that_a_reply_is_written_and_nothing_of_a_note(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation)
    status = citizen.page.locator("motcua-chat .status")
    with lan.page.expect_response(lambda answer: "noting" in (answer.request.post_data or "")) as noting:
        lan.page.get_by_label("Ghi chú mới").press_sequentially("Hỏi lại")
    assert noting.value.json() == {"doing": "noting"}
    citizen.say("bạn ơi")
    expect(lan.lines("citizen").last).to_have_text("bạn ơi")
    expect(status).to_be_empty()
    lan.writes("Chào")
    expect(status).to_have_text("Nhân viên đang viết…")
    lan.replies("Chào bạn.")
    expect(citizen.messages("staff")).to_have_count(1)
    expect(status).to_be_empty()


def test_a_colleague_who_reads_the_same_conversation_is_shown(citizen: Citizen, lan: Staff, staff: Come) -> None:
    minh = staff("Minh")
    conversation = asks_for_a_person(citizen)
    lan.take(conversation)
    others = lan.page.locator(".others")
    expect(others).to_be_empty()
    minh.at(conversation)
    expect(others).to_have_text(f"{minh.name} cũng đang xem cuộc này.")
    minh.page.get_by_label("Ghi chú mới").press_sequentially("Tôi biết")
    expect(others).to_have_text(f"{minh.name} đang viết ghi chú.")
    minh.visit()
    expect(others).to_be_empty()


def test_a_canned_answer_is_found_by_its_shortcut_and_not_sent_before_its_blanks_are_filled(
    citizen: Citizen, lan: Staff, office: Office
) -> None:
    text = {"vi": "Mời bạn tới quầy {quầy} lúc {giờ}.", "en": "Please come to counter {quầy} at {giờ}."}
    office.do("POST", "canned", shortcut=f"quay-{lan.id}", title=f"Hẹn tới quầy {lan.id}", text=text)
    conversation = asks_for_a_person(citizen)
    lan.take(conversation)
    lan.box.press("/")
    find = lan.page.get_by_role("searchbox", name="Tìm câu mẫu hoặc thủ tục")
    expect(find).to_be_focused()
    find.fill(f"hen quay {lan.id}")
    find.press("Enter")
    expect(lan.box).to_have_value(text["vi"])
    lan.sends()
    expect(lan.page.get_by_role("alert").filter(has_text="Còn chỗ chưa điền: quầy, giờ.")).to_be_visible()
    lan.page.keyboard.insert_text("số 3")  # the first blank is selected
    lan.page.get_by_role("button", name="giờ", exact=True).click()
    lan.page.keyboard.insert_text("9:00")
    lan.sends()
    expect(citizen.messages("staff")).to_contain_text("Mời bạn tới quầy số 3 lúc 9:00.")


def test_what_the_assistant_would_have_said_is_for_the_owner_alone_and_can_be_used(
    citizen: Citizen, lan: Staff, staff: Come
) -> None:
    head = staff("Hà", role="supervisor")
    conversation = asks_for_a_person(citizen)
    lan.take(conversation)
    citizen.say("lệ phí hộ chiếu bao nhiêu")
    box = lan.page.get_by_text("Trợ lý sẽ trả lời thế này")
    expect(box).to_be_visible()
    expect(lan.lines("citizen").last).to_be_in_viewport(ratio=1)  # the box takes room, and the end stays in sight
    box.click()
    lan.page.get_by_role("button", name="Dùng", exact=True).click()
    expect(lan.box).to_have_value(re.compile(r"200\.000"))
    expect(head.at(conversation).page.locator("#drafted")).to_be_empty()
    lan.sends()
    expect(citizen.messages("staff")).to_contain_text("200.000")
    expect(citizen.messages("assistant").filter(has_text="200.000")).to_have_count(0)
    expect(lan.page.locator("#drafted")).to_be_empty()
    rows = head.visit(f"/desk/audit?conversation={conversation}&action=use_draft").page.locator("tbody tr")
    expect(rows).to_have_count(1)


def test_markup_of_a_citizen_is_text_and_turns_nothing_around(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    citizen.ask(MARKUP)
    lan.visit()
    expect(lan.row(conversation)).to_be_visible()
    lan.take(conversation)
    expect(lan.lines("citizen").last).to_have_text(MARKUP)
    citizen.say(BIDI)
    last = lan.lines("citizen").last
    expect(last).to_contain_text("tên tệp")
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(last.inner_text())
    expect(last).to_have_attribute("dir", "auto")
    for one in (lan.page, lan.visit().page, citizen.page):
        expect(one.locator("body")).not_to_have_attribute("data-owned", "yes")
        expect(one.locator("img[src=x]")).to_have_count(0)


def test_segments_and_cost_of_a_text_are_shown_while_it_is_written_and_true(caller: Caller, lan: Staff) -> None:
    conversation = caller.asks_for_a_person()
    lan.take(conversation)
    counted = lan.page.locator("#count")
    lan.writes("Mời bạn tới lúc 9 giờ.")
    expect(counted).to_contain_text("1 tin · GSM-7 · 500")
    expect(counted).to_contain_text("Gửi không dấu.")
    lan.writes("Mời bạn tới lúc 9 giờ. " * 8)
    expect(counted).to_contain_text("2 tin · GSM-7 · 1.000")
    lan.writes("Mời bạn tới lúc 9 giờ. " * 40)
    expect(counted).to_contain_text("Dài hơn 3 tin: người dân nhận phần đầu và một liên kết tới toàn văn.")
    text = f"{lan.name} mời bạn tới lúc 9 giờ, nhớ mang giấy tờ. " * 4
    lan.writes(text.strip())
    shown = counted.inner_text().split(" · ")
    lan.sends()
    expect(lan.page.locator("#told .delivery").last).to_contain_text(f"{shown[0]} · {shown[2]}")
    expect(caller.gets(f"{lan.name} moi ban toi luc 9 gio").locator(".cost")).to_contain_text(shown[0])
