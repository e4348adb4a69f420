"""The chat page of a browser without JavaScript."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.citizen import PATIENCE, Citizen, Desk, saying
from tests.browser.narrow import NARROW, fits


@pytest.fixture
def page(live_system: Any, context: Callable[..., BrowserContext]) -> Page:
    page = context(java_script_enabled=False, viewport=NARROW, base_url=live_system.public_url).new_page()
    page.goto("/chat?lang=vi")
    return page


def _say(page: Page, text: str) -> None:
    page.get_by_label("Câu hỏi của bạn").fill(text)
    page.get_by_role("button", name="Gửi", exact=True).click()


def _answers(page: Page, count: int) -> Locator:
    """The answers, looked for again as a citizen would: by the link."""
    until = time.monotonic() + PATIENCE / 1000
    while page.locator(".message.assistant").count() < count and time.monotonic() < until:
        page.get_by_role("link", name=saying("xem câu trả lời mới", "xem tin mới")).click()
        page.wait_for_timeout(100)
    expect(page.locator(".message.assistant")).to_have_count(count)
    return page.locator(".message.assistant")


def test_question_answer_and_follow_up(page: Page) -> None:
    expect(page.locator(".empty")).to_contain_text("không phải người thật")
    _say(page, "làm giấy khai sinh cho con cần giấy tờ gì")
    expect(_answers(page, 1).first).to_contain_text(saying("giấy chứng sinh"))
    expect(page.locator(".message.assistant .body ul > li").first).to_be_visible()
    expect(page.locator(".message.assistant .sources li").first).to_be_visible()
    expect(page.locator(".message.system").first).to_contain_text("không phải người thật")
    _say(page, "and how long does it take?")
    expect(_answers(page, 2).last.locator(".body")).to_have_attribute("lang", "en")
    assert page.locator(".message.citizen").count() == 2


def test_sending_leaves_nothing_to_resend(page: Page) -> None:
    _say(page, "xin chào")
    page.reload()
    expect(page.locator(".message.citizen")).to_have_count(1)


def test_the_same_form_sent_twice_is_one_message(page: Page) -> None:
    _say(page, "xin chào")
    _answers(page, 1)
    page.get_by_label("Câu hỏi của bạn").fill("mấy giờ mở cửa")
    hidden = {name: page.locator(f".composer input[name={name}]") for name in ("form", "id")}
    form: dict[str, str | float | bool] = {name: field.input_value() for name, field in hidden.items()}
    page.get_by_role("button", name="Gửi", exact=True).click()
    again = page.request.post("/chat", form=form | {"text": "mấy giờ mở cửa"})
    assert again.ok
    page.reload()
    expect(page.locator(".message.citizen")).to_have_count(2)


def test_starters_and_choices_are_buttons(page: Page) -> None:
    page.locator(".starters button").first.click()
    _answers(page, 1)
    _say(page, "I am having a baby")
    choice = _answers(page, 2).last.locator("button.choice").first
    label = choice.locator("span").last.inner_text()
    choice.click()
    expect(page.locator(".message.citizen .body").last).to_have_text(label)


def test_a_person_answers_here_too(page: Page, desk: Desk) -> None:
    before = set(desk.waiting())
    page.get_by_role("button", name="Gặp nhân viên").first.click()
    _answers(page, 1)
    (conversation,) = set(desk.waiting()) - before
    desk.claim(conversation)
    desk.reply(conversation, "Chào bạn.")
    page.get_by_role("link", name="Xem tin mới").click()
    expect(page.locator(".message.staff")).to_contain_text("Chào bạn.")


WRONG = [
    ("a" * 2_005, 413, "5 ký tự"),
    ("   ", 400, "chưa có nội dung"),
    ("\u200b", 400, "chưa có nội dung"),
]


@pytest.mark.parametrize(("text", "status", "says"), WRONG, ids=["too long", "empty", "invisible"])
def test_an_error_stands_beside_what_was_typed(page: Page, text: str, status: int, says: str) -> None:
    page.get_by_label("Câu hỏi của bạn").fill(text)
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        page.get_by_role("button", name="Gửi", exact=True).click()
    assert answered.value.status == status
    expect(page.get_by_role("alert")).to_contain_text(says)
    expect(page.get_by_label("Câu hỏi của bạn")).to_have_value(text)
    expect(page.get_by_label("Câu hỏi của bạn")).to_have_attribute("aria-invalid", "true")


FORGED: list[dict[str, str | float | bool]] = [{}, {"form": ""}, {"form": "0" * 64}]


@pytest.mark.parametrize("form", FORGED, ids=["no proof", "empty proof", "wrong proof"])
def test_a_forged_form_is_refused(page: Page, form: dict[str, str | float | bool]) -> None:
    answer = page.request.post("/chat", form=form | {"text": "xin chào", "id": "x"}, max_redirects=0)
    assert answer.status == 403
    assert "xin chào" in answer.text()
    page.reload()
    expect(page.locator(".message")).to_have_count(0)


def test_the_token_is_out_of_reach_of_scripts_and_other_sites(page: Page) -> None:
    _say(page, "xin chào")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}     # type: ignore[typeddict-item]
    for name in ("motcua_chat", "motcua_form"):
        assert cookies[name]["httpOnly"]                                        # type: ignore[typeddict-item]
        assert cookies[name]["sameSite"] == "Lax"                               # type: ignore[typeddict-item]


def test_language_switch(page: Page) -> None:
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="What do you need to know?")).to_be_visible()
    page.goto("/chat")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_updating_by_itself_is_the_citizens_choice(page: Page) -> None:
    _say(page, "xin chào")
    assert "http-equiv" not in page.content()
    page.get_by_role("link", name=re.compile("Tự động cập nhật")).click()
    assert 'http-equiv="refresh"' in page.content()
    page.get_by_role("link", name="Dừng tự động cập nhật").click()
    assert "http-equiv" not in page.content()


@pytest.mark.parametrize("path", ["/", "/chat", "/demo", "/accessibility"])
def test_nothing_is_wider_than_the_screen(page: Page, path: str) -> None:
    page.goto(path)
    fits(page)


def test_a_question_from_the_home_page_waits_in_the_field(page: Page) -> None:
    page.goto("/")
    page.locator(".hero .starters a").first.click()
    expect(page.get_by_label("Câu hỏi của bạn")).not_to_have_value("")


def test_what_was_begun_without_javascript_goes_on_with_it(
        page: Page, live_system: Any, context: Callable[..., BrowserContext]) -> None:
    _say(page, "xin chào")
    _answers(page, 1)
    modern = context()
    modern.add_cookies(page.context.cookies())      # type: ignore[arg-type]
    citizen = Citizen(modern.new_page(), live_system.public_url).visit("/chat")
    expect(citizen.messages("assistant")).to_have_count(1)
    assert citizen.read_aloud().count() == 0        # the page has shown it
