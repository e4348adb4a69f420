"""The desk in real browsers: how a conversation ends, what the assistant does then, and how one finds it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.citizen import Citizen, saying
from tests.browser.desk import Staff, asks_for_a_person

Come = Callable[..., Staff]
CASE = "H15.50.05.13-261008-0975"
OUT = "Trợ lý tự động đang ngừng. Người dân vẫn gặp được nhân viên, và không tin nào bị mất."
SURVEY = "Nhân viên đã giúp được bạn chưa?"


@pytest.fixture
def lan(staff: Come) -> Staff:
    return staff("Lan")


def test_the_assistant_is_silent_from_the_claim_on_and_answers_again_after_the_return(
    citizen: Citizen, lan: Staff
) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation)
    answers = citizen.messages("assistant").count()
    citizen.say("lệ phí hộ chiếu bao nhiêu")
    expect(lan.page.locator("#drafted .text")).to_contain_text("200.000")  # so the assistant has had its turn
    expect(citizen.messages("assistant")).to_have_count(answers)
    lan.replies("Để tôi xem.").gives_back()
    expect(citizen.messages("system").last).to_contain_text("chuyển cuộc trò chuyện lại cho trợ lý tự động")
    expect(citizen.ask("lệ phí hộ chiếu bao nhiêu")).to_contain_text("200.000")


def test_the_citizen_opens_it_again_by_writing_and_whoever_had_it_sees_that(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation).replies("Chào bạn.").ends()
    expect(lan.at(conversation).page.get_by_text("Cuộc này đã kết thúc.")).to_be_visible()
    expect(citizen.ask("lệ phí hộ chiếu")).to_contain_text("200.000")
    expect(lan.page.get_by_text("Trợ lý tự động đang trả lời.")).to_be_visible()
    citizen.ask("gặp nhân viên")
    row = lan.visit().row(conversation)
    expect(row).to_contain_text("Bạn từng phụ trách")
    lan.take(conversation)
    expect(lan.page.locator(".episodes li")).to_have_count(1)
    expect(lan.page.locator(".episodes")).to_contain_text("Đã giải quyết")


def test_the_survey_is_asked_once_and_its_first_answer_stands(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation).replies("Chào bạn.").ends()
    asked = citizen.messages("system").filter(has_text=SURVEY)
    expect(asked).to_have_count(1)
    citizen.page.get_by_role("button", name="Giúp được một phần").click()
    expect(citizen.messages("assistant").last).to_contain_text("Cảm ơn bạn đã cho biết")
    citizen.reload()
    citizen.ask("cảm ơn")
    expect(asked).to_have_count(1)
    expect(lan.at(conversation).page.locator(".episodes")).to_contain_text("chấm 3/5")


def test_a_blocked_correspondent_is_told_once_and_taken_up_again(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    sheet = lan.take(conversation).sheet("Thêm")
    sheet.get_by_label("Lý do").fill("Chửi mắng nhân viên")
    sheet.get_by_role("button", name="Chặn").click()
    expect(lan.page.locator("#status")).to_contain_text("Đang chặn: Chửi mắng nhân viên")
    lan.ends("Tin rác")
    for _ in range(2):
        citizen.say("lệ phí hộ chiếu")
    blocked = citizen.messages("system").filter(has_text="đã bị nhân viên chặn")
    expect(citizen.messages("citizen")).to_have_count(3)
    expect(blocked).to_have_count(1)
    expect(citizen.messages("system").filter(has_text=SURVEY)).to_have_count(0)
    expect(citizen.ask("cháy nhà, cứu với")).to_contain_text("114")
    lan.at(conversation).sheet("Thêm").get_by_role("button", name="Bỏ chặn").click()
    expect(lan.told).to_have_text("Đã bỏ chặn.")
    expect(citizen.ask("lệ phí hộ chiếu")).to_contain_text("200.000")


def test_a_test_is_marked_and_not_surveyed(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation).sheet("Thêm").get_by_role("button", name="Đánh dấu là cuộc thử").click()
    expect(lan.told).to_have_text("Đã đánh dấu là cuộc thử.")
    expect(lan.page.locator("#status .chip")).to_have_text("Thử")
    lan.ends()
    expect(citizen.messages("system").last).to_contain_text("đã kết thúc")
    expect(citizen.messages("system").filter(has_text=SURVEY)).to_have_count(0)


@pytest.mark.parametrize("wanted", [CASE, CASE.lower().replace("-", " "), "ho so den dau roi"])
def test_a_past_conversation_is_found_by_case_and_by_words_and_by_nobody_elses_staff(
    citizen: Citizen, lan: Staff, staff: Come, wanted: str
) -> None:
    citizen.ask(f"hồ sơ {CASE} đến đâu rồi")
    conversation = asks_for_a_person(citizen)
    lan.take(conversation).ends()
    for one, found in ((lan, 1), (staff("Thu", "tax-office"), 0)):
        one.visit().page.get_by_role("searchbox", name="Tìm hội thoại").fill(wanted)
        one.page.keyboard.press("Enter")
        expect(one.page.get_by_role("heading", name="Kết quả cho")).to_be_visible()
        expect(one.page.locator(f"a[href='/desk/conversations/{conversation}']")).to_have_count(found)


def test_while_the_assistant_is_out_people_are_there_and_nobody_is_lost(
    citizen: Citizen, lan: Staff, live_system: Any
) -> None:
    with live_system.standing_still("rasa"):
        lan.visit()
        expect(lan.page.get_by_text(OUT)).to_be_visible()
        citizen.say("lệ phí hộ chiếu bao nhiêu")
        conversation = asks_for_a_person(citizen)
        lan.take(conversation).replies("Trợ lý đang nghỉ, tôi giúp bạn: 200.000 đồng.")
        expect(citizen.messages("staff")).to_have_count(1)
        lan.gives_back()
        citizen.say("làm hộ chiếu mất bao lâu")
        live_system.kill("rasa")
    live_system.wait_ready()
    expect(citizen.messages("assistant").last).to_contain_text(saying("ngày"))
    expect(lan.page.get_by_text(OUT)).to_have_count(0)
