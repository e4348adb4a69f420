"""The desk in real browsers: what a citizen is promised who asks for a person, and how the staff keep it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Locator, expect

from calendars.working_time import ZONE
from tests.browser.citizen import Citizen
from tests.browser.desk import Caller, Staff, a_break_around_now, asks_for_a_person

Come = Callable[..., Staff]
PHONE = "0912 345 678"
SCHOOL, COMPANY, LAND = "tuyển sinh lớp 1 cần gì", "thành lập công ty", "sang tên sổ đỏ"


def choice(citizen: Citizen, label: str) -> Locator:
    return citizen.messages("system").last.get_by_role("button", name=label)


def test_in_the_lunch_break_the_citizen_is_told_when_the_desk_opens_again(citizen: Citizen, staff: Come) -> None:
    head = staff("Hà", "education-department", role="supervisor").visit("/desk/schedule?agency=education-department")
    begins, ends = a_break_around_now()
    form = head.page.locator("form").filter(has=head.page.get_by_role("button", name="Lưu ngày này"))
    form.get_by_label("Ngày", exact=True).fill(f"{datetime.now(ZONE):%Y-%m-%d}")
    form.get_by_label("Lý do").fill("Nghỉ trưa dài")
    for n, opens, closes in ((1, "00:00", begins), (2, ends, "23:59")):
        form.get_by_label(f"Khoảng {n}, mở").fill(opens)
        form.get_by_label(f"Khoảng {n}, đóng").fill(closes)
    form.get_by_role("button", name="Lưu ngày này").click()
    opening = f"{ends} hôm nay"
    expect(head.page.get_by_text(f"Đang đóng. Mở lại lúc {opening}.")).to_be_visible()

    asks_for_a_person(citizen, SCHOOL)
    told = citizen.messages("system").last
    expect(told).to_contain_text("Hiện đang ngoài giờ làm việc.")
    expect(told).to_contain_text(f"làm việc lại lúc {opening}")
    expect(choice(citizen, "Để lại lời nhắn")).to_be_visible()
    expect(choice(citizen, "Tôi chờ")).to_have_count(0)

    head.page.get_by_role("button", name="Bỏ giờ riêng ngày").click()
    expect(head.page.get_by_text("Đang mở, tới 23:59 hôm nay.")).to_be_visible()
    citizen.ask("gặp nhân viên")
    expect(citizen.messages("system").last).to_contain_text("vị trí số 1")


def test_a_queue_that_was_closed_takes_callbacks_alone(citizen: Citizen, staff: Come) -> None:
    head = staff("Hà", "finance-department", role="supervisor").visit("/desk/board")
    head.page.get_by_role("button", name="Tạm đóng hàng chờ").click()
    expect(head.page.get_by_text("Đã tạm đóng hàng chờ.")).to_be_visible()
    conversation = asks_for_a_person(citizen, COMPANY)
    expect(citizen.messages("system").last).to_contain_text("đang tạm đóng")
    expect(choice(citizen, "Tôi chờ")).to_have_count(0)
    expect(head.visit("/desk/callbacks").row(conversation)).to_contain_text("Cần gọi lại")

    head.visit("/desk/board").page.get_by_role("button", name="Mở lại hàng chờ").click()
    expect(head.page.get_by_text("Đã mở lại hàng chờ.")).to_be_visible()


def test_who_wants_to_be_called_leaves_a_number_that_only_staff_see(citizen: Citizen, staff: Come) -> None:
    lan = staff("Lan", "land-office").visit("/desk/callbacks")
    conversation = asks_for_a_person(citizen, LAND)
    choice(citizen, "Gọi lại cho tôi").click()
    expect(citizen.messages("assistant").last).to_contain_text("Bạn cho tôi số điện thoại")
    citizen.ask(f"số của tôi là {PHONE}")
    expect(citizen.messages("assistant").last).to_contain_text("liên hệ lại chậm nhất")
    row = lan.row(conversation)
    expect(row).to_contain_text("Hẹn trước")
    expect(row.get_by_role("link", name=f"Gọi {PHONE}")).to_have_attribute("href", "tel:+84912345678")
    lan.take(conversation)
    expect(lan.page.locator(".contact").get_by_role("link")).to_have_attribute("href", "tel:+84912345678")


def test_who_texts_is_called_on_the_number_they_text_from(caller: Caller, staff: Come) -> None:
    lan = staff("Lan")
    conversation = caller.asks_for_a_person()
    expect(caller.handset.ask("goi lai cho toi")).to_contain_text("Nhan vien se goi lai cham nhat")
    row = lan.visit("/desk/callbacks").row(conversation)
    expect(row.get_by_role("link", name="Gọi 0912 000 002")).to_be_visible()


def test_a_message_is_left_and_answered_where_it_was_left(citizen: Citizen, staff: Come) -> None:
    lan = staff("Lan", "land-office")
    conversation = asks_for_a_person(citizen, LAND)
    choice(citizen, "Để lại lời nhắn").click()
    expect(citizen.messages("assistant").last).to_contain_text("Bạn viết lời nhắn trong một tin")
    citizen.ask("Cho tôi đổi hẹn sang chiều thứ Năm.")
    expect(citizen.messages("assistant").last).to_contain_text("Đã giữ lời nhắn")
    row = lan.visit("/desk/callbacks").row(conversation)
    expect(row).to_contain_text("Để lại lời nhắn")
    expect(row).to_contain_text("Cho tôi đổi hẹn sang chiều thứ Năm.")
    lan.take(conversation).replies("Đã đổi hẹn cho bạn.")
    expect(citizen.messages("staff")).to_contain_text("Đã đổi hẹn")


@pytest.mark.parametrize("text", ["cho tôi gặp người thật", "cho toi gap nguoi that"])
def test_who_waits_on_is_answered_by_the_assistant_meanwhile(citizen: Citizen, staff: Come, text: str) -> None:
    lan = staff("Lan")
    citizen.ask(text)
    choice(citizen, "Tôi chờ").click()
    expect(citizen.messages("assistant").last).to_contain_text("giữ chỗ")
    expect(citizen.ask("lệ phí hộ chiếu")).to_contain_text("200.000")
    lan.take(citizen.conversation)
    expect(lan.lines("citizen").last).to_have_text("lệ phí hộ chiếu")
