"""The handsets with apps in a real browser, with the whole system behind them: buttons, lists, templates, links."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.citizen import saying
from tests.browser.handset import AppHandset, Handset
from tests.browser.narrow import NARROW, fits
from tests.browser.test_accessibility import violations

APPS = ("zalo", "whatsapp", "whatsapp-cloud", "messenger", "telegram")
Open = Callable[..., AppHandset]


@pytest.fixture
def visit(live_system: Any, context: Callable[..., BrowserContext]) -> Open:
    """Opens an app's page; `options`: of the browser's context."""

    def opened(app: str, language: str = "vi", **options: Any) -> AppHandset:
        page = context(**options).new_page()
        page.goto(f"{live_system.staff_url}/phone/{app}?lang={language}")
        return AppHandset(page)

    return opened


@pytest.mark.parametrize("app", APPS)
def test_a_newcomers_dialogue(visit: Open, app: str) -> None:
    handset = visit(app)
    expect(handset.ask("làm giấy khai sinh cho con cần giấy tờ gì")).to_contain_text(saying("giấy chứng sinh"))
    if app == "whatsapp":
        expect(handset.choices).to_have_count(0)
        fee = handset.ask("1")
    else:
        expect(handset.choices).to_contain_text(["Lệ phí", "Thời hạn", "Nộp ở đâu"])
        fee = handset.press("Lệ phí")
    expect(fee).to_contain_text(saying("lệ phí đăng ký khai sinh"))
    expect(handset.send("Gửi vị trí")).to_contain_text(saying("vị trí trên bản đồ"))
    expect(handset.texts("out").last.locator(".thing")).to_have_text("Vị trí")


def test_more_choices_than_buttons_are_a_list(visit: Open) -> None:
    handset = visit("whatsapp-cloud")
    handset.ask("đăng ký khai sinh là gì")
    expect(handset.choices).to_have_text(["Chọn"])
    handset.choices.click()
    sheet = handset.section.get_by_role("dialog", name="Chọn")
    expect(sheet.get_by_role("button")).to_have_count(5)  # and one that closes
    handset.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(handset.choices).to_be_focused()
    expect(handset.press("Lệ phí")).to_contain_text(saying("lệ phí"))
    expect(handset.texts("out").last).to_contain_text("Lệ phí")


def test_quick_replies_go_when_one_is_taken(visit: Open) -> None:
    handset = visit("messenger")
    handset.ask("làm giấy khai sinh cho con cần giấy tờ gì")
    handset.box.press("Shift+Tab")
    handset.choices.filter(has_text="Thời hạn").press("Enter")
    expect(handset.texts("out").last).to_contain_text("Thời hạn")
    expect(handset.box).to_be_focused()
    expect(handset.choices.filter(has_text="Thời hạn")).to_have_count(0)


def test_a_button_by_keyboard_keeps_the_focus_and_tells_that_it_was_pressed(visit: Open) -> None:
    handset = visit("telegram")
    handset.ask("làm giấy khai sinh cho con cần giấy tờ gì")
    written, button = handset.texts("out").count(), handset.choices.first.element_handle()
    before = handset.texts("in").count()
    handset.choices.first.press("Enter")
    handset.got(before)
    assert button is not None
    assert button.get_attribute("aria-description") == "đã bấm"
    assert button.evaluate("each => each === document.activeElement")
    expect(handset.texts("out")).to_have_count(written)  # Telegram writes nothing for it


@pytest.mark.parametrize("app", ["whatsapp", "whatsapp-cloud"])
def test_too_late_for_a_reply_a_template_has_a_link(visit: Open, app: str) -> None:
    handset = visit(app)
    handset.page.get_by_label("Câu trả lời kế tiếp bị quá hạn").check()
    answer = handset.ask("mấy giờ mở cửa")
    expect(answer.locator(".template")).to_have_text("Tin mẫu")
    with handset.page.expect_popup() as opened:
        answer.get_by_role("link").click()
    expect(opened.value.locator("main")).to_contain_text(re.compile("mở cửa|7:30", re.IGNORECASE))


def test_zalos_template_goes_to_the_number_that_was_linked(visit: Open) -> None:
    handset = visit("zalo")
    told = handset.ask("liên kết").locator(".said").text_content() or ""
    code = re.search(r"LK \w{6}", told)
    assert code, told
    other = handset.page.context.new_page()
    other.goto(handset.page.url.replace("/zalo", ""))
    Handset(other, 1).ask(code[0])
    handset.page.get_by_label("Câu trả lời kế tiếp bị quá hạn").check()
    expect(handset.ask("mấy giờ mở cửa").locator(".template")).to_be_visible()


def test_a_message_to_try_goes_into_the_box(visit: Open) -> None:
    handset = visit("zalo")
    handset.page.get_by_role("button", name="khai sinh").first.click()
    expect(handset.box).to_be_focused()
    expect(handset.box).to_have_value(re.compile("khai sinh"))
    handset.box.fill("")
    handset.box.press("Enter")
    expect(handset.section.get_by_role("alert")).to_have_text("Bạn chưa viết gì.")


def test_the_tabs_lead_to_every_handset(visit: Open) -> None:
    page = visit("zalo").page
    tabs = page.get_by_role("navigation", name="Chọn máy")
    expect(tabs.get_by_role("link")).to_have_count(1 + len(APPS))
    tabs.get_by_role("link", name="SMS").click()
    Handset(page, 1)
    tabs.get_by_role("link", name="Telegram").click()
    expect(tabs.locator("[aria-current=page]")).to_have_text("Telegram")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("app", APPS)
def test_axe_finds_nothing(visit: Open, faults: list[str], app: str, theme: str) -> None:
    handset = visit(app, "vi" if theme == "light" else "en", color_scheme=theme)
    handset.ask("mấy giờ mở cửa")
    handset.section.locator("[data-beside=photo]").click()
    expect(handset.texts("out").last.locator(".thing")).to_be_visible()
    handset.ask("làm giấy khai sinh cho con cần giấy tờ gì")
    handset.box.fill("")
    handset.box.press("Enter")  # with an error shown
    assert violations(handset.page) == []
    faults.clear()  # axe tries styles that our policy forbids


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("app", APPS)
def test_nothing_is_wider_than_a_small_screen(visit: Open, app: str, language: str) -> None:
    handset = visit(app, language, viewport=NARROW)
    handset.ask("làm giấy khai sinh cho con cần giấy tờ gì")
    fits(handset.page)


def test_it_is_on_the_staff_port_alone(live_system: Any, visit: Open) -> None:
    page: Page = visit("zalo").page
    assert page.request.get(f"{live_system.public_url}/phone/zalo").status == 404
