"""The dialogue of the main job, typed into a real browser, with a person of the staff at the other end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.citizen import Citizen, Desk, saying

BIRTH = [
    # what is typed, its language, what the answer says, whether it names a source
    ("làm giấy khai sinh cho con cần giấy tờ gì", "vi", saying("giấy chứng sinh"), True),
    ("bao nhiêu tiền", "vi", saying("miễn phí", "không thu", "không mất"), True),
    ("and how long does it take?", "en", saying("same day", "working day"), True),
]
OTHERS = [
    ("lam the can cuoc o dau", "vi", saying("căn cước"), False),
    ("làm thẻ căn cước ở đâu", "vi", saying("căn cước"), False),
    ("ho so H15.50.05.13-261008-0975 den dau roi", "vi", saying("H15.50.05.13-261008-0975"), False),
    ("hồ sơ H15.50.05.13-261008-0975 đến đâu rồi", "vi", saying("H15.50.05.13-261008-0975"), False),
    ("I am having a baby", "en", saying("birth"), False),
]


def _check(citizen: Citizen, text: str, language: str, says: object, has_source: bool) -> None:
    answer = citizen.ask(text)
    expect(answer).to_contain_text(says)                            # type: ignore[arg-type]
    expect(answer.locator(".body")).to_have_attribute("lang", language)
    if has_source:
        expect(answer.locator(".sources li").first).to_be_visible()


def test_follow_up_questions_keep_the_service_and_follow_the_language(citizen: Citizen) -> None:
    for text, language, says, has_source in BIRTH:
        _check(citizen, text, language, says, has_source)


@pytest.mark.parametrize(("text", "language", "says", "has_source"), OTHERS, ids=[row[0] for row in OTHERS])
def test_one_question(citizen: Citizen, text: str, language: str, says: object, has_source: bool) -> None:
    _check(citizen, text, language, says, has_source)


def test_a_journey_is_a_list_of_steps(citizen: Citizen) -> None:
    expect(citizen.ask("I am having a baby").locator(".body ol > li").nth(2)).to_be_visible()


def test_the_first_thing_said_is_that_this_is_an_assistant(citizen: Citizen) -> None:
    expect(citizen.page.locator("motcua-chat .empty")).to_contain_text("không phải người thật")
    citizen.ask("xin chào")
    expect(citizen.messages("system").first).to_contain_text("không phải người thật")


@pytest.mark.parametrize("text", ["cho tôi gặp nhân viên", "cho toi gap nhan vien"])
def test_a_person_takes_over_and_gives_back(citizen: Citizen, desk: Desk, text: str) -> None:
    citizen.ask("mấy giờ mở cửa")
    citizen.ask(text)
    expect(citizen.messages("system").filter(has_text=saying("hàng chờ", "ghi lại"))).to_be_visible()
    conversation = citizen.conversation
    assert conversation in desk.waiting()

    desk.claim(conversation)
    desk.reply(conversation, "Chào bạn, tôi đang xem hồ sơ của bạn.")
    expect(citizen.messages("staff")).to_contain_text("tôi đang xem hồ sơ")
    answers = citizen.messages("assistant").count()
    citizen.say("cảm ơn, làm hộ chiếu cần gì")
    desk.reply(conversation, "Bạn cần tờ khai và ảnh.")
    expect(citizen.messages("staff")).to_have_count(2)
    expect(citizen.messages("assistant")).to_have_count(answers)
    expect(citizen.page.locator("motcua-chat .status")).to_be_empty()

    desk.give_back(conversation)
    expect(citizen.messages("system").last).to_contain_text(saying("chuyển cuộc trò chuyện lại"))
    citizen.ask("làm hộ chiếu cần gì")


def test_the_button_for_a_person_queues_too(citizen: Citizen, desk: Desk) -> None:
    citizen.page.get_by_role("button", name="Gặp nhân viên").click()
    expect(citizen.messages("assistant")).to_have_count(1)
    assert citizen.conversation in desk.waiting()
