"""Takes the pictures of the README from a running system: real questions, real answers. Run: make pictures"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, FloatRect, Page, expect, sync_playwright

from tests.browser.citizen import PATIENCE, Citizen, Desk
from tests.browser.desk import Office, Staff
from tests.browser.handset import AppHandset, Handset
from tests.support.chromium import find_or_install
from tests.support.live import Live, running

HERE = Path(__file__).parent
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
CASE = "ho so H15.50.05.13-261008-0975"
SCREEN = {"width": 1440, "height": 900}
ASKED = (  # who waits at the desk, and what they said before
    ("vi-VN", ("thuế hộ kinh doanh nộp ở đâu", "gặp cán bộ")),
    ("en-GB", ("How much is a passport?", "I want to talk to a person")),
    ("vi-VN", ("tôi muốn khiếu nại cán bộ phường",)),
    ("vi-VN", ("làm giấy khai sinh cho con cần giấy tờ gì", CASE, "2345", "cho tôi gặp nhân viên")),
)
APPS = ("zalo", "whatsapp", "whatsapp-cloud", "messenger", "telegram")
MARGIN = 20  # pixels around both handsets
# Both screens as tall as all that the fuller one holds, and nothing marked as in use.
ALL_TEXTS = """() => {
    const logs = [...document.querySelectorAll('.log')];
    const tallest = Math.max(...logs.map((log) => log.scrollHeight));
    for (const log of logs) log.style.blockSize = `${tallest}px`;
    for (const handset of document.querySelectorAll('.active')) handset.classList.remove('active');
    document.activeElement.blur();
}"""


@contextmanager
def page(browser: Browser, size: dict[str, int], *, dark: bool = False, language: str = "vi-VN") -> Generator[Page]:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        device_scale_factor=2 if size is PHONE else 1,
        color_scheme="dark" if dark else "light",
        locale=language,
    )
    yield context.new_page()
    context.close()


def take(browser: Browser, system: Live) -> None:
    with page(browser, DESK) as shown:
        shown.goto(system.public_url)
        shown.wait_for_timeout(800)
        shown.screenshot(path=HERE / "home.png")
    with page(browser, PHONE) as shown:
        citizen = Citizen(shown, system.public_url).visit("/chat")
        for text in ("làm giấy khai sinh cho con cần giấy tờ gì", "bao nhiêu tiền"):
            citizen.ask(text)
        shown.wait_for_timeout(700)
        shown.screenshot(path=HERE / "chat-phone.png")
    with page(browser, PHONE, dark=True, language="en-GB") as shown:
        Citizen(shown, system.public_url).visit("/chat?lang=en").ask("I am having a baby")
        shown.wait_for_timeout(700)
        shown.screenshot(path=HERE / "chat-english-dark.png")
    with page(browser, PHONE) as shown:
        take_case_and_person(shown, system)
    with page(browser, DESK) as shown:
        take_handsets(shown, system)
    for app in APPS:
        with page(browser, DESK) as shown:
            take_app(shown, system, app)
    with page(browser, SCREEN) as shown:
        take_desk(shown, browser, system)


def take_case_and_person(shown: Page, system: Live) -> None:
    citizen = Citizen(shown, system.public_url).visit("/chat")
    citizen.ask(CASE)
    citizen.ask("2345")
    shown.wait_for_timeout(700)
    shown.screenshot(path=HERE / "case.png")
    citizen.ask("cho tôi gặp nhân viên")
    reply_as_staff(system, "Chào bạn, tôi là Lan. Bạn nộp hai giấy tờ này tại quầy số 2, sáng mai tôi trực ở đó.")
    shown.wait_for_timeout(2200)
    shown.screenshot(path=HERE / "person.png")


def take_handsets(shown: Page, system: Live) -> None:
    """One asks and wants a person; the other opens a case and wants no more texts."""
    shown.goto(f"{system.staff_url}/phone")
    one, other = Handset(shown, 1), Handset(shown, 2)
    for text in ("lam giay khai sinh cho con can giay to gi", "khai sinh", "2", "0"):
        one.ask(text)
    before = one.texts("in").count()
    reply_as_staff(system, "Chào bạn, tôi là Lan. Bạn cần hỏi gì về khai sinh?")
    one.got(before)
    for text in (CASE, "1111", "2345", "STOP"):
        other.ask(text)
    other.text("lam ho chieu can gi")  # silence
    other.ask("START")
    shown.evaluate(ALL_TEXTS)
    box = shown.locator(".handsets").bounding_box()
    assert box is not None
    around = FloatRect(
        x=box["x"] - MARGIN,
        y=box["y"] - MARGIN,
        width=box["width"] + 2 * MARGIN,
        height=box["height"] + 2 * MARGIN,
    )
    shown.screenshot(path=HERE / "phone.png", full_page=True, clip=around)


def take_app(shown: Page, system: Live, app: str) -> None:
    """The same conversation in each: what papers a birth registration needs, then a choice."""
    shown.goto(f"{system.staff_url}/phone/{app}")
    handset = AppHandset(shown)
    handset.ask("làm giấy khai sinh cho con cần giấy tờ gì")
    if app == "whatsapp":
        handset.ask("1")
    else:
        handset.press("Lệ phí")
    shown.evaluate(ALL_TEXTS)
    handset.section.screenshot(path=HERE / f"handset-{app}.png")


def take_desk(shown: Page, browser: Browser, system: Live) -> None:
    """The queue of a morning, and the conversation that came last, taken over."""
    office = Office(system.staff_url, system.token("Quản trị", role="administrator"), "Quản trị")
    for agency in office.agencies():
        office.opens(agency)
    lan = office.do("POST", "people", name="Nguyễn Thị Lan", role="supervisor", agencies=None)
    staff = Staff(shown, system.staff_url, lan["name"], lan["id"])
    shown.goto(lan["link"])
    shown.get_by_role("button").filter(has_text=lan["name"]).click()
    shown.wait_for_url("**/desk/account")
    for language, said in ASKED:
        with page(browser, PHONE, language=language) as other:
            citizen = Citizen(other, system.public_url).visit(f"/chat?lang={language[:2]}")
            for text in said:
                citizen.ask(text)
            conversation = citizen.conversation
            if said is ASKED[-1][1]:
                staff.visit()
                shown.wait_for_timeout(1500)
                shown.screenshot(path=HERE / "desk-queue.png")
                staff.take(conversation)
                citizen.say("Tôi quên mang giấy chứng sinh thì có nộp được không?")
                shown.wait_for_timeout(3000)
                staff.box.fill("Chào chị, chị cứ nộp, rồi bổ sung giấy chứng sinh trong 5 ngày.")
                shown.wait_for_timeout(500)
                shown.screenshot(path=HERE / "desk-conversation.png")


def reply_as_staff(system: Live, text: str) -> None:
    """To whom came into the queue last."""
    desk = Desk(system.staff_url, system.token("Lan"))
    conversation = desk.waiting()[-1]
    desk.claim(conversation)
    desk.reply(conversation, text)


def main() -> None:
    expect.set_options(timeout=PATIENCE)
    with TemporaryDirectory() as folder, running(Path(folder) / "home") as system, sync_playwright() as playwright:
        program = str(find_or_install())
        with playwright.chromium.launch(executable_path=program, args=["--no-sandbox"]) as browser:
            take(browser, system)


if __name__ == "__main__":
    main()
