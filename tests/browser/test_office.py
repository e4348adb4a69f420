"""The desk beside the conversations in a real browser: no WCAG 2.2 AA violation, narrow, live, and believed outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from calendars.working_time import ZONE
from tests.browser import desk
from tests.browser.test_accessibility import LANGUAGES, THEMES, violations
from tests.e2e.citizen import Citizen

AGENCY, ABOUT = "social-insurance", "rút bảo hiểm xã hội một lần"
NAMES = {"vi": "Bảo hiểm xã hội cơ sở Mẫu", "en": "Mau"}
Enter = Callable[..., Page]


class Office(desk.Office):
    """The administrator, by the API, and citizens."""

    def __init__(self, live: Any) -> None:
        super().__init__(live.staff_url, live.token("Quản trị", role="administrator"), "Quản trị")
        self.public_url = live.public_url

    def link(self, language: str, role: str = "supervisor") -> str:
        return str(self.hire("Trưởng ca", role=role, language=language)["link"])

    def waits(self, text: str = "gặp nhân viên") -> Citizen:
        """Somebody who has asked about the agency, and then for a person."""
        citizen = Citizen(self.public_url, "vi")
        citizen.ask(ABOUT)
        citizen.say(text)
        return citizen


@pytest.fixture(scope="module")
def office(live_system: Any) -> Office:
    return Office(live_system)


@pytest.fixture
def enter(office: Office, context: Callable[..., BrowserContext]) -> Enter:
    """The desk in a browser of somebody who is let in by a link; axe brings styles that our policy forbids."""

    def come(language: str = "vi", role: str = "supervisor", **options: Any) -> Page:
        browser = context(bypass_csp=True, **options)
        let_in = browser.request.post(f"{office.url}/desk/api/sessions", data={"link": office.link(language, role)})
        assert let_in.status == 201, let_in.text()
        return browser.new_page()

    return come


@pytest.fixture(scope="module")
def busy(office: Office) -> Citizen:
    """A desk with something on every page."""
    return office.waits()


STATES: dict[str, str] = {
    # what is looked at, its address
    "callbacks": "callbacks",
    "search": "search",
    "results": "search?q=bao+hiem",
    "a short query": "search?q=a",
    "answers": "canned",
    "no answer": "canned?q=zzz",
    "a new answer": "canned/new",
    "an answer": "canned/1",
    "the board": "board",
    "a queue": f"board/queues/{AGENCY}",
    "hours": f"schedule?agency={AGENCY}",
    "the guide": "guide",
    "the audit log": "audit",
    "one's account": "account",
    "people": "people",
    "a person": "people/1",
    "nothing there": "nowhere",
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_violation_on_any_page(busy: Citizen, office: Office, enter: Enter, language: str, theme: str) -> None:
    page = enter(language, "administrator", color_scheme=theme)
    assert busy.conversation
    for label, path in STATES.items():
        page.goto(f"{office.url}/desk/{path}")
        assert violations(page) == [], label
    for label, press in REFUSED.items():
        press(page, office.url)
        page.locator(".problem").first.wait_for()
        assert violations(page) == [], label


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_violation_at_the_entrance(
    office: Office, context: Callable[..., BrowserContext], language: str, theme: str
) -> None:
    page = context(bypass_csp=True, color_scheme=theme, locale=language).new_page()
    link = office.link(language).rpartition("/")[2]
    for label, path in {"a link": f"/{link}", "a spent link": f"/{'x' * 43}", "signing in": ""}.items():
        page.goto(f"{office.url}/desk/sign-in{path}")
        assert violations(page) == [], label
    page.locator("#name").fill("Không ai")
    page.locator("#password").fill("sai")
    page.locator("form.form button").click()
    page.locator("#problem").wait_for()
    assert violations(page) == []


def _wrong_answer(page: Page, url: str) -> None:
    page.goto(f"{url}/desk/canned/new")
    for name, text in {"shortcut": "hai từ", "title": "x", "vi": "{", "en": "x"}.items():
        page.locator(f"#{name}").fill(text)
    page.locator("form.panel button.button:not(.plain)").click()


def _wrong_week(page: Page, url: str) -> None:
    page.goto(f"{url}/desk/schedule?agency={AGENCY}")
    page.locator("#opens-0-0").fill("10:00")
    page.locator("#closes-0-0").fill("09:00")
    page.locator("form[action$='/week'] button").click()


def _wrong_setting(page: Page, url: str) -> None:
    page.goto(f"{url}/desk/board/queues/{AGENCY}")
    page.locator("form.reading").evaluate("(form) => { form.noValidate = true; }")
    page.locator("#response_minutes").fill("0")
    page.locator("form.reading button").click()


REFUSED: dict[str, Callable[[Page, str], None]] = {
    "a wrong answer": _wrong_answer,
    "a wrong week": _wrong_week,
    "a wrong setting": _wrong_setting,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_a_narrow_screen(busy: Citizen, office: Office, enter: Enter, language: str) -> None:
    """320 CSS pixels: only what scrolls by itself, the tables, is wider (WCAG 1.4.10)."""
    page = enter(language, viewport={"width": 320, "height": 700})
    assert busy.conversation
    for label, path in STATES.items():
        page.goto(f"{office.url}/desk/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, label


def test_the_board_and_the_callbacks_go_on_by_themselves(office: Office, enter: Enter) -> None:
    board, callbacks = enter(), enter()
    board.goto(f"{office.url}/desk/board")
    callbacks.goto(f"{office.url}/desk/callbacks")
    citizen = office.waits()
    expect(board.locator(f"#open-{citizen.conversation}")).to_be_visible()
    citizen.say("Gọi lại cho tôi")
    expect(callbacks.locator(f"#open-{citizen.conversation}")).to_be_visible()
    citizen.say("Tiếp tục với trợ lý")
    for page in (board, callbacks):
        expect(page.locator(f"#open-{citizen.conversation}")).to_have_count(0)


def test_a_name_that_is_being_chosen_is_not_lost_to_what_goes_on(
    office: Office, enter: Enter, context: Callable[..., BrowserContext]
) -> None:
    """The name of somebody who is there: from anybody else the conversation would be taken back."""
    name = desk.enter(context(), office, office.hire("Trưởng ca", role="supervisor")).name
    page, citizen = enter(), office.waits()
    page.goto(f"{office.url}/desk/board")
    page.locator(f"#assign-{citizen.conversation}").click()
    chosen = page.locator(f"#person-{citizen.conversation}")
    chosen.select_option(name)
    other = office.waits()
    expect(page.locator(f"#open-{other.conversation}")).to_be_visible()
    expect(chosen).to_have_value(name)
    page.locator("details[open]").get_by_role("button", name="Giao", exact=True).click()
    expect(page.get_by_text("Đã giao cuộc này.")).to_be_visible()
    expect(page.locator("li", has=page.locator(f"#open-{citizen.conversation}"))).to_contain_text(
        f"{name} đang trả lời"
    )


def test_a_lunch_break_set_in_the_browser_is_what_a_citizen_is_told(office: Office, enter: Enter) -> None:
    begins, ends = desk.a_break_around_now()
    today, opening, holiday = datetime.now(ZONE), f"{ends} hôm nay", office.opens(AGENCY)
    page = enter()
    page.goto(f"{office.url}/desk/schedule?agency={AGENCY}")
    expect(page.locator("#stands")).to_have_text("Đang mở, tới 23:59 hôm nay.")
    if holiday:  # when the week does not hold
        page.locator("#day").fill(f"{today:%Y-%m-%d}")
        page.locator("#name").fill("Nghỉ trưa")
    for place, times in enumerate((("00:00", begins), (ends, "23:59"))):
        for name, time in zip(("opens", "closes"), times, strict=True):
            page.locator(f"#{name}-{place}" if holiday else f"#{name}-{today.weekday()}-{place}").fill(time)
    page.get_by_role("button", name="Lưu ngày này" if holiday else "Lưu giờ trong tuần").click()
    expect(page.locator("#stands")).to_have_text(f"Đang đóng. Mở lại lúc {opening}.")

    citizen = office.waits()
    told = citizen.wait(lambda one: one["author"] == "system" and "ngoài giờ làm việc" in one["text"])
    assert f"làm việc lại lúc {opening}" in told["text"]

    page.get_by_role("button", name="Dùng lại giờ làm việc của cơ quan").click()
    expect(page.get_by_text("Đang theo giờ làm việc của cơ quan.")).to_be_visible()


def test_an_answer_written_here_is_at_hand_there(office: Office, enter: Enter) -> None:
    """Without JavaScript: written, looked at, kept, found by its words without diacritics."""
    page = enter(java_script_enabled=False)
    page.goto(f"{office.url}/desk/canned/new")
    given = {
        "shortcut": "Ngoài-giờ",
        "title": "Hẹn ngoài giờ",
        "vi": "Mời anh/chị tới lúc {time}.",
        "en": "Please come at {time}.",
    }
    for name, text in given.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("#preview .bubble").first).to_have_text("Mời anh/chị tới lúc Giờ.")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu câu mẫu.")).to_be_visible()
    page.locator("main #q").fill("hen ngoai gio")
    page.locator("main").get_by_role("button", name="Tìm").click()
    expect(page.locator(".answers h2")).to_have_text(["Hẹn ngoài giờ"])
