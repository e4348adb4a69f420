"""The two pages of all day, as a browser has them: for every eye, ear and hand, and counting as the system does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.texting import MOST_SEGMENTS, Said, render
from tests.browser.citizen import Citizen
from tests.browser.desk import Staff, asks_for_a_person
from tests.browser.narrow import NARROW, fits
from tests.browser.test_accessibility import violations
from tests.browser.test_phone import TEXTS
from text.gsm7 import to_gsm7

Come = Callable[..., Staff]
THEMES = ("light", "dark")
LANGUAGES = ("vi", "en")
SHEETS = ("transfer", "give-back", "close", "more", "insert")


@pytest.fixture
def lan(staff: Come, citizen: Citizen) -> tuple[Staff, str]:
    """With a conversation in hand and one that waits, both in the language of the office."""
    one = staff("Lan")
    conversation = asks_for_a_person(citizen, "làm giấy khai sinh cho con cần giấy tờ gì")
    return one.at(conversation), conversation


def taken(staff: Staff) -> Staff:
    staff.page.locator("[data-take]").click()
    expect(staff.page.locator("#text")).to_be_editable()
    return ready(staff)


def ready(staff: Staff) -> Staff:
    """The scripts of the page have begun."""
    expect(staff.page.locator("body")).to_have_attribute("data-ready", "yes")
    return staff


def opened(page: Page, sheet: str) -> None:
    page.locator(f"[popovertarget={sheet}]").click()
    expect(page.locator(f"#{sheet}")).to_be_visible()


# ---- for every eye, ear and hand ------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(
    staff: Come, citizen: Citizen, faults: list[str], language: str, theme: str
) -> None:
    """The lists, a conversation that waits, one's own with what can go wrong in its box, and every sheet over it."""
    conversation = asks_for_a_person(citizen, "làm giấy khai sinh cho con cần giấy tờ gì")
    lan = staff("Lan", language=language, browser={"color_scheme": theme})
    page = ready(lan).page
    expect(page.locator(f"#open-{conversation}")).to_be_visible()
    assert violations(page) == [], "the lists"
    opened(page, "alerts")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert violations(page) == [], "the keys"
    lan.at(conversation)
    assert violations(page) == [], "it waits"
    taken(lan)
    page.locator("#note").fill("a")
    page.locator("#note-form button").click()
    expect(lan.notes).to_have_text(["a"])
    ready(lan)
    page.locator("#text").fill("Hồ sơ {reference}")
    page.locator("#text").press("Enter")
    expect(page.locator("#refused")).to_contain_text("reference")
    assert violations(page) == [], "one's own"
    for sheet in SHEETS:
        opened(page, sheet)
        assert violations(page) == [], sheet
        page.keyboard.press("Escape")
    faults.clear()  # axe tries styles that our policy forbids


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wider_than_a_small_screen(staff: Come, citizen: Citizen, language: str) -> None:
    conversation = asks_for_a_person(citizen, "làm giấy khai sinh cho con cần giấy tờ gì")
    lan = staff("Lan", language=language, browser={"viewport": NARROW})
    fits(lan.page)
    lan.page.locator(".opens-menu").click()
    fits(lan.page)
    fits(taken(lan.at(conversation)).page)
    for sheet in SHEETS:
        opened(lan.page, sheet)
        fits(lan.page)
        lan.page.keyboard.press("Escape")


def test_wider_letters_cut_nothing_off(lan: tuple[Staff, str]) -> None:
    """WCAG 1.4.12."""
    page = taken(lan[0]).page
    page.evaluate("""() => { const sheet = new CSSStyleSheet();
        const spacing = 'line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important';
        sheet.replaceSync(`* { ${spacing} }`);
        document.adoptedStyleSheets = [sheet]; }""")
    assert page.evaluate("""() => [...document.querySelectorAll('body *:not(.unseen, .switch li span, .system .from)')]
        .filter((each) => getComputedStyle(each).overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1)
        .map((each) => each.outerHTML.slice(0, 120))""") == []


def test_what_is_said_is_read_aloud_once_and_in_its_language(lan: tuple[Staff, str], citizen: Citizen) -> None:
    page = taken(lan[0]).page
    expect(page.locator("#told")).to_have_attribute("aria-live", "off")
    citizen.say("tôi cần gấp")
    aloud = page.locator(".middle > [aria-live=polite]")
    expect(aloud).to_have_text("Người dân: tôi cần gấp")
    expect(aloud.locator("p")).to_have_attribute("lang", "vi")
    expect(page.locator("#told .message.citizen").last).to_contain_text("tôi cần gấp")
    lan[0].replies("Vâng.")
    expect(aloud).not_to_contain_text("Vâng.")  # one knows what one wrote


def test_keys_move_and_open_and_leave_alone_who_writes(lan: tuple[Staff, str]) -> None:
    staff, conversation = lan
    page = ready(staff.visit()).page
    row = page.locator(f"#open-{conversation}")
    expect(row).to_be_visible()
    for _ in range(page.locator("[data-row]").count()):
        page.keyboard.press("j")
        if row.evaluate("each => each === document.activeElement"):
            break
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{conversation}")
    taken(staff)
    page.keyboard.press("r")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("jkng?")
    expect(page.locator("#text")).to_have_value("jkng?")
    page.locator("#text").fill("")
    page.locator("h1").click()
    page.keyboard.press("Control+g")
    page.keyboard.press("g")
    page.wait_for_url("**/desk")


def test_keys_can_be_turned_off(lan: tuple[Staff, str]) -> None:
    page = ready(lan[0].visit()).page
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Phím tắt")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Dùng phím tắt").uncheck()
    dialog.get_by_role("button", name="Đóng").click()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.reload()
    ready(lan[0])
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Phím tắt").click()
    expect(dialog.get_by_label("Dùng phím tắt")).not_to_be_checked()


def test_a_list_that_goes_on_keeps_the_focus(lan: tuple[Staff, str], another: Callable[[], Citizen]) -> None:
    staff, conversation = lan
    page = ready(staff.visit()).page
    take = page.locator(f"#take-{conversation}")
    take.focus()
    newer = asks_for_a_person(another())
    expect(page.locator(f"#open-{newer}")).to_be_visible()
    expect(take).to_be_focused()


def test_nothing_makes_a_noise_unless_it_is_wanted(lan: tuple[Staff, str]) -> None:
    page = ready(lan[0].visit()).page
    opened(page, "alerts")
    for box in page.locator("[data-alert]").all():
        expect(box).not_to_be_checked()
    page.get_by_label("Âm thanh").check()
    page.reload()
    expect(page.get_by_label("Âm thanh")).to_be_checked()


# ---- nothing is lost ------------------------------------------------------------------------------------------------


def test_what_was_written_is_there_after_a_reload(lan: tuple[Staff, str]) -> None:
    staff = taken(lan[0])
    staff.page.locator("#text").fill("Tôi đang xem")
    staff.page.locator("#note").fill("gọi lại mai")
    staff.page.reload()
    ready(staff)
    expect(staff.page.locator("#text")).to_have_value("Tôi đang xem")
    expect(staff.page.locator("#note")).to_have_value("gọi lại mai")
    staff.replies("Tôi đang xem")
    staff.page.reload()
    ready(staff)
    expect(staff.page.locator("#text")).to_have_value("")
    expect(staff.lines("staff")).to_have_count(1)


def test_without_a_network_a_reply_waits_and_goes_once(lan: tuple[Staff, str]) -> None:
    staff = taken(lan[0])
    page = staff.page
    answered: list[str] = []

    def lost(route: object) -> None:
        """The server has it, and the answer does not come back."""
        answered.append(route.fetch().text())  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/desk/api/conversations/*/messages", lost, times=1)
    page.locator("#text").fill("Chào bạn.")
    page.locator("#text").press("Enter")
    expect(page.locator("#pending")).to_be_empty()
    expect(staff.lines("staff")).to_have_text(["Chào bạn."])
    assert len(answered) == 1


def test_all_tabs_share_one_stream(lan: tuple[Staff, str]) -> None:
    staff, _ = lan
    tabs = [staff, *(staff.tab() for _ in range(7))]  # more than the connections that a browser has for a server
    asked: list[str] = []
    staff.page.context.on("request", lambda request: asked.append(request.url) if "api/events" in request.url else None)
    for tab in tabs[1:]:
        tab.visit()
    for tab in tabs:
        tab.page.locator(".presence summary").click()
        expect(tab.page.locator(".presence form")).to_be_visible()
    assert asked == []
    tabs[-1].page.get_by_role("button", name="Đang bận").click()
    expect(tabs[-1].page.locator("[data-presence-name]")).to_have_text("Đang bận")


# ---- counted as the system counts -----------------------------------------------------------------------------------

MORE_TEXTS = [
    "Giấy khai sinh – 8.000₫ → quầy “số 3” ‘tầng 2’ …", "• một\n\n- hai\n ▪ ba", "😀 Chào 👍🏽 bạn ☎️ 113", "½ ℃ № ㎏ ﬁ",
    "Ð đ ð Đ Ơ ư ệ", "a\u2028b\u0085c", "→", "■ ô", "x😀y", "\u200b\u200f", "tiếng Việt " * 40,
    "ă" * 2_000, "中文", "ß€[]",
]  # fmt: skip
BEFORE = ["", "Nhan vien Lan tra loi ban:", "Nhân viên Lan trả lời bạn:"]


def test_a_text_is_folded_as_the_system_folds_it(lan: tuple[Staff, str]) -> None:
    page = lan[0].page
    for text in [*TEXTS, *MORE_TEXTS]:
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            continue
        folded = page.evaluate("async (text) => (await import('/desk/static/fold.js')).fold(text)", text)
        assert folded == to_gsm7(text), ascii(text)


@pytest.mark.parametrize("folded", [True, False])
@pytest.mark.parametrize("before", BEFORE)
def test_a_reply_costs_what_the_system_says(lan: tuple[Staff, str], before: str, folded: bool) -> None:
    cost = "async ([text, before, rules]) => (await import('/desk/static/sms.js')).cost(text, before, rules)"
    rules = {"folded": folded, "price": 500, "most": MOST_SEGMENTS}
    for text in MORE_TEXTS:
        found = lan[0].page.evaluate(cost, [text, before, rules])
        lines = [Said("system", one, "", [], "vi") for one in (before, text) if one]
        text_sent = render(lines, folded=folded, link=None, price=500)
        count = text_sent.count
        assert found["cut"] == text_sent.cut, ascii(text)
        if not text_sent.cut:
            told = (found["encoding"], found["price"], found["segments"], found["left"])
            assert told == (count.encoding, text_sent.price_vnd, count.segments, count.left), ascii(text)
