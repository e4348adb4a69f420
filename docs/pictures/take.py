"""Takes the pictures of the README from a running system: real questions, real answers. Run: make pictures"""

from __future__ import annotations

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.citizen import Citizen
from tests.e2e.citizen import call
from tests.support.chromium import find_or_install
from tests.support.live import Live, running

HERE = Path(__file__).parent
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


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
        citizen = Citizen(shown, system.public_url).visit("/chat")
        citizen.ask("ho so H15.50.05.13-261008-0975 den dau roi")
        citizen.ask("2345")
        shown.wait_for_timeout(700)
        shown.screenshot(path=HERE / "case.png")
        citizen.ask("cho tôi gặp nhân viên")
        reply_as_staff(system)
        shown.wait_for_timeout(1500)
        shown.wait_for_timeout(700)
        shown.screenshot(path=HERE / "person.png")


def reply_as_staff(system: Live) -> None:
    token, desk = system.token("Lan"), f"{system.staff_url}/desk/api"
    conversation = call("GET", f"{desk}/queue", token=token)[1][-1]["conversation"]
    where = f"{desk}/conversations/{conversation}"
    call("POST", f"{where}/claim", {}, token)
    text = "Chào bạn, tôi là Lan. Bạn nộp bổ sung hai giấy tờ này tại quầy số 2, sáng mai tôi trực ở đó."
    call("POST", f"{where}/messages", {"id": str(uuid.uuid4()), "text": text}, token)


if __name__ == "__main__":
    with TemporaryDirectory() as folder, running(Path(folder) / "home") as live, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_or_install()), args=["--no-sandbox"])
        take(browser, live)
        browser.close()
