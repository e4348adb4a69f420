"""The phone page in a real browser, with the whole system behind it: what a newcomer tries, with no account."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.citizen import Desk, saying
from tests.browser.handset import Handset
from tests.browser.narrow import NARROW, fits
from tests.browser.test_accessibility import violations
from text.sms import count

CASE, OWN_CASE = "H15.50.05.13-261008-0975", "G01.50.05-20261118-0061233"
SEGMENT = re.compile(r"^GSM-7 · 1 tin · 500\s₫$")
Open = Callable[..., Page]


@pytest.fixture
def visit(live_system: Any, context: Callable[..., BrowserContext]) -> Open:
    """Opens the page; `options`: of the browser's context."""

    def opened(language: str = "vi", **options: Any) -> Page:
        page = context(**options).new_page()
        page.goto(f"{live_system.staff_url}/phone?lang={language}")
        return page

    return opened


@pytest.fixture
def first(visit: Open) -> Handset:
    return Handset(visit(), 1)


@pytest.fixture
def second(visit: Open) -> Handset:
    return Handset(visit(), 2)


DIALOGUE = [
    # what is texted, what the answer says
    ("lam giay khai sinh cho con can giay to gi", ("giay chung sinh",)),
    ("khai sinh", ("\n1 ", "\n2 ")),
    ("2", ("dang ky khai sinh",)),
    (f"ho so {CASE}", (f"{CASE}: Can bo sung giay to", "4 so cuoi")),
    ("1111", ("Khong mo duoc ho so",)),
    (CASE, (f"{CASE}: Can bo sung giay to", "4 so cuoi")),
    ("2345", (f"{CASE}: Can bo sung giay to", "Ban ve mat cat mong")),
    (OWN_CASE, (f"{OWN_CASE}: Can bo sung giay to", "cho o hop phap")),  # whose case it is, the number proves
]


def test_a_newcomers_dialogue(first: Handset, desk: Desk) -> None:
    for text, says in DIALOGUE:
        answer = first.ask(text)
        for each in says:
            expect(answer.locator(".said")).to_contain_text(saying(each))
        expect(answer.locator(".cost")).to_have_text(SEGMENT)
    _a_person_answers(first, desk)
    _stop_is_silence(first)


def _a_person_answers(handset: Handset, desk: Desk) -> None:
    before = set(desk.waiting())
    expect(handset.ask("0").locator(".said")).to_contain_text("Da chuyen cho nhan vien")
    (conversation,) = set(desk.waiting()) - before
    desk.claim(conversation)
    desk.reply(conversation, "Chào bạn, tôi là Lan, bạn cần gì?")
    expect(handset.texts("in").filter(has_text="Chao ban, toi la Lan, ban can gi?")).to_have_count(1)
    desk.give_back(conversation)
    expect(handset.texts("in").last).to_contain_text("Tro ly tu dong tra loi ban tu day")
    expect(handset.texts("in").last.locator(".tick")).to_have_attribute("data-state", "delivered")


def _stop_is_silence(handset: Handset) -> None:
    """What is texted between STOP and START is answered by nothing, for order is kept."""
    expect(handset.ask("STOP").locator(".said")).to_contain_text("ban se khong nhan tin nao nua")
    handset.text("lam ho chieu can gi")
    handset.text("TROGIUP")
    expect(handset.ask("START").locator(".said")).to_contain_text("ban se lai nhan duoc tin")
    expect(handset.ask("TROGIUP").locator(".said")).to_contain_text("Soan STOP: dung")


def test_the_other_handset_is_somebody_else(second: Handset) -> None:
    first = Handset(second.page, 1)
    before = first.section.locator(".text").count()
    answer = second.ask(OWN_CASE).locator(".said")
    expect(answer).to_contain_text("4 so cuoi")
    expect(answer).not_to_contain_text("cho o hop phap")
    expect(first.section.locator(".text")).to_have_count(before)


def test_a_picture_is_refused_kindly(second: Handset) -> None:
    before = second.texts("in").count()
    second.section.get_by_role("button", name="Gửi ảnh").click()
    expect(second.texts("out").last.locator(".said")).to_have_text("[ảnh]")
    expect(second.texts("out").last.locator(".cost")).to_have_text("MMS")
    expect(second.got(before).locator(".said")).to_contain_text("SMS khong nhan duoc anh")


def test_each_text_tells_its_length_and_the_totals_their_sum(second: Handset) -> None:
    sent = second.text("Xin chào, tôi muốn hỏi về thủ tục làm thẻ căn cước cho con tôi, cháu mười bốn tuổi.")
    expect(sent.locator(".cost")).to_have_text("UCS-2 · 2 tin")
    expect(sent.locator(".said")).to_have_attribute("lang", "vi")
    expect(second.section.locator("[data-total=sent]")).to_have_text(re.compile(r"^\d+ tin nhắn, tính \d+ tin$"))
    expect(second.section.locator("[data-total=price]")).to_have_text(re.compile(r"^[\d.]+\s₫$"))


def test_the_texts_are_still_there_after_a_reload(second: Handset) -> None:
    sent = second.text("mấy giờ mở cửa")
    identifier = sent.get_attribute("data-sid")
    second.page.reload()
    expect(second.section.locator(f"[data-sid='{identifier}'] .said")).to_have_text("mấy giờ mở cửa")


LETTERS = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà" + "\f^{}\\[~]|€"
TEXTS = [
    "", "a", "lam giay khai sinh cho con can giay to gi", "Làm giấy khai sinh", *LETTERS, "ă", "₫", "`", "ç", "👍",
    "x" * 160, "x" * 161, "x" * 306, "x" * 307, "€" * 80, "€" * 81, "x" * 152 + "€" * 5, "x" * 305 + "€",
    "ă" * 70, "ă" * 71, "ă" * 134, "ă" * 135, "👍" * 35, "👍" * 36, "ă" * 66 + "👍" * 3, "ă" + "👍" * 66,
    "👩‍👩‍👧", "🇻🇳" * 18, "e\u0302" * 30, "số\u0000", "a\ud83d", "\udc4d" * 71,
]  # fmt: skip


def test_the_page_counts_as_the_system_does(visit: Open) -> None:
    page = visit()
    counted = "async (text) => (await import('/phone/static/count.js')).count(text)"
    for text in TEXTS:
        units = [ord(unit) for letter in text for unit in _utf16(letter)]
        found = page.evaluate(f"async (units) => ({counted})(String.fromCharCode(...units))", units)
        expected = count(text)
        assert found == {
            "encoding": expected.encoding, "units": expected.units, "segments": expected.segments,
            "left": expected.left,
        }, ascii(text)  # fmt: skip


def _utf16(letter: str) -> str:
    """As JavaScript holds it; half of a pair stays what it is."""
    raw = letter.encode("utf-16-be", "surrogatepass")
    return "".join(chr(int.from_bytes(raw[place : place + 2])) for place in range(0, len(raw), 2))


@pytest.mark.parametrize(("text", "says"), [
    ("", "GSM-7 · 0 tin · còn 160 ký tự"), ("a", "GSM-7 · 1 tin · còn 159 ký tự"),
    ("ă", "UCS-2 · 1 tin · còn 69 ký tự"), ("€", "GSM-7 · 1 tin · còn 158 ký tự"),
    ("x" * 161, "GSM-7 · 2 tin · còn 145 ký tự"),
])  # fmt: skip
def test_the_length_is_told_while_one_writes(first: Handset, text: str, says: str) -> None:
    first.box.fill("trước")
    first.box.fill(text)
    expect(first.section.locator(".count")).to_have_text(says)


def test_a_text_to_try_goes_into_the_handset_in_use(first: Handset) -> None:
    page, second = first.page, Handset(first.page, 2)
    page.get_by_role("button", name="TROGIUP").click()
    expect(first.box).to_have_value("TROGIUP")
    expect(first.box).to_be_focused()
    second.box.focus()
    expect(page.locator("#into")).to_contain_text("Máy 2")
    page.get_by_role("button", name="START").click()
    expect(second.box).to_have_value("START")
    expect(first.box).to_have_value("TROGIUP")


def test_the_keys_write_digits(first: Handset) -> None:
    first.box.fill("so ")
    for key in "2345":
        first.section.locator(f".keypad [data-key='{key}']").click()
    expect(first.box).to_have_value("so 2345")
    expect(first.box).to_be_focused()


def test_by_keyboard_alone(first: Handset) -> None:
    page = first.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tới hai chiếc máy")).to_be_focused()
    page.keyboard.press("Enter")
    for at in (first.section.locator(".log"), first.box):
        page.keyboard.press("Tab")
        expect(at).to_be_focused()
    written = first.texts("out").count()
    page.keyboard.type("xin chao")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("ban")
    page.keyboard.press("Tab")
    expect(first.section.get_by_role("button", name="Gửi ảnh")).to_be_focused()
    page.keyboard.press("Tab")
    expect(first.section.get_by_role("button", name="Gửi", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(first.texts("out")).to_have_count(written + 1)
    expect(first.texts("out").last.locator(".said")).to_have_text("xin chao\nban")
    expect(first.box).to_have_value("")
    expect(first.box).to_be_focused()
    for _ in ("picture", "send", "the other handset"):
        page.keyboard.press("Tab")
    expect(Handset(page, 2).section.locator(".log")).to_be_focused()


def test_nothing_written_is_said(first: Handset) -> None:
    before = first.texts("out").count()
    first.section.get_by_role("button", name="Gửi", exact=True).click()
    expect(first.section.get_by_role("alert")).to_have_text("Bạn chưa viết gì.")
    expect(first.box).to_have_attribute("aria-invalid", "")
    first.box.fill("a")
    expect(first.section.get_by_role("alert")).to_be_empty()
    expect(first.texts("out")).to_have_count(before)


def test_what_was_not_sent_stays_in_the_box(first: Handset) -> None:
    first.page.route("**/phone/api/texts", lambda route: route.abort())
    first.box.fill("xin chao")
    first.box.press("Enter")
    expect(first.section.get_by_role("alert")).to_contain_text("Hệ thống không trả lời")
    expect(first.box).to_have_value("xin chao")


@pytest.mark.parametrize(("language", "says"), [("vi", saying("tới máy")), ("en", saying("delivered"))])
def test_a_tick_can_be_heard(visit: Open, language: str, says: re.Pattern[str]) -> None:
    handset = Handset(visit(language), 2)
    answer = handset.ask("mấy giờ mở cửa")
    expect(answer.get_by_role("img", name=says)).to_be_visible()
    expect(handset.section.get_by_role("log")).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing(visit: Open, faults: list[str], language: str, theme: str) -> None:
    handset = Handset(visit(language, color_scheme=theme), 2)
    handset.ask("mấy giờ mở cửa")
    Handset(handset.page, 1).box.press("Enter")  # with an error shown
    assert violations(handset.page) == []
    faults.clear()  # axe tries styles that our policy forbids


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_wider_than_a_small_screen(visit: Open, language: str) -> None:
    handset = Handset(visit(language, viewport=NARROW), 2)
    handset.ask(CASE)
    fits(handset.page)


def test_it_is_on_the_staff_port_alone(live_system: Any, visit: Open) -> None:
    page = visit()
    assert page.request.get(f"{live_system.public_url}/phone").status == 404
    elsewhere = page.request.get(f"{live_system.staff_url}/phone", headers={"Host": "mau.example"})
    assert elsewhere.status == 404
