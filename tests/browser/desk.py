"""What the staff do at the desk's pages, and what the office around them sets up, in the words of the tests."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from calendars.working_time import ZONE
from tests.browser.citizen import PATIENCE, Citizen
from tests.browser.handset import Handset
from tests.e2e.citizen import call

ON_ITS_WAY = ("waiting", "sending", "sent")
ASKED_TO_MOVE = "Đã hỏi người dân; cuộc này chuyển đi khi họ đồng ý."
ALL_DAY = {"opens": "00:00", "closes": "23:59"}
_numbers = count(1)


def not_at_midnight() -> datetime:
    """Now, a few minutes later where the last minute of the day, in which nothing can be open, is near."""
    while f"{(now := datetime.now(ZONE)):%H:%M}" in ("23:57", "23:58", "23:59", "00:00", "00:01"):
        time.sleep(1)
    return now


def a_break_around_now() -> tuple[str, str]:
    """When a break that has begun a while ago began, and when it ends; both on this day, as a form takes them."""
    now = not_at_midnight()
    first, last = now.replace(hour=0, minute=1), now.replace(hour=23, minute=58)
    begun, ends = max(first, now - timedelta(minutes=30)), min(last, now + timedelta(minutes=30))
    return f"{begun:%H:%M}", f"{ends:%H:%M}"


@dataclass
class Office:
    """The administrator, by the API: hires people, sets hours and queues, and clears up after a test."""

    url: str
    token: str
    name: str

    def do(self, method: str, path: str, **body: Any) -> Any:
        status, answer = self.tried(method, path, **body)
        assert status < 300, (method, path, status, answer)
        return answer

    def tried(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        given = None if method == "GET" else body
        return call(method, f"{self.url}/desk/api/{path}", given, self.token)

    def hire(self, name: str, *agencies: str, role: str = "agent", **more: Any) -> dict[str, Any]:
        """The new person, with the one-time link that lets them in; each name is used once."""
        given = {"name": f"{name} {next(_numbers)}", "role": role, "agencies": list(agencies) or None, **more}
        return self.do("POST", "people", **given)

    def agencies(self) -> list[str]:
        return [one["agency"] for one in self.do("GET", "board")["agencies"]]

    def opens(self, agency: str) -> bool:
        """Whatever time it is; whether today is a public holiday, which is open by hours of its own."""
        week = [{"weekday": day, **ALL_DAY} for day in range(7)]
        coming = self.do("POST", f"schedule/{agency}", shifts=week)["coming"]
        off = [one["day"] for one in coming[:2] if one["because"] in ("holiday", "own")]
        for day in off:
            self.do("POST", f"schedule/{agency}/days", day=day, name="Trực lễ", shifts=[ALL_DAY])
        return coming[0]["day"] in off

    def clears(self) -> None:
        """Nobody waits any more, nobody has anything in hand, and no text is on its way."""
        for one in self.do("GET", "board")["open"]:
            of = f"conversations/{one['conversation']}"
            self.do("POST", f"{of}/reassign", person=self.name)
            self.do("POST", f"{of}/close", outcome="informed")
            deadline = time.monotonic() + PATIENCE / 1000
            while under_way := [text for text in self.do("GET", of)["deliveries"] if text["state"] in ON_ITS_WAY]:
                assert time.monotonic() < deadline, under_way
                time.sleep(0.05)


@dataclass
class Staff:
    """Somebody of the staff with the desk open, in Vietnamese."""

    page: Page
    url: str
    name: str
    id: int
    scripted: bool = True  # without, the pages are forms and nothing more

    def visit(self, path: str = "/desk") -> Staff:
        self.page.goto(self.url + path)
        return self

    def at(self, conversation: str) -> Staff:
        return self.visit(f"/desk/conversations/{conversation}")

    def tab(self) -> Staff:
        """The same person in another tab of the same browser."""
        return replace(self, page=self.page.context.new_page())

    def deaf(self) -> Staff:
        """Pages that are opened from now on do not go on by themselves, as on a bad line."""
        for path in ("**/desk/api/events", "**/desk/api/conversations/*/messages?*", "**/desk/fragments/**"):
            self.page.route(path, lambda route: route.abort())
        return self

    def hears(self) -> Staff:
        self.page.unroute_all()
        return self

    # -- the lists

    def row(self, conversation: str) -> Locator:
        return self.page.get_by_role("listitem").filter(has=self.page.locator(f"#open-{conversation}"))

    def take(self, conversation: str) -> Staff:
        """From the list."""
        self.row(conversation).get_by_role("button", name="Nhận").click()
        return self.has(conversation)

    def next(self) -> None:
        self.page.get_by_role("button", name="Nhận cuộc tiếp theo").click()

    def has(self, conversation: str) -> Staff:
        """The conversation's page is open, and one can reply."""
        self.page.wait_for_url(f"**/conversations/{conversation}*")
        return self.can_reply()

    def can_reply(self) -> Staff:
        """The box is there, and the scripts that see to it, which say what Enter does."""
        expect(self.box).to_be_editable()
        if self.scripted:
            expect(self.page.get_by_text("Enter để gửi")).to_be_visible()
        return self

    @property
    def told(self) -> Locator:
        """What was just done, or refused."""
        return self.page.locator("[data-said]")

    # -- one conversation

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Trả lời người dân")

    def lines(self, author: str) -> Locator:
        return self.page.locator(f"#told .message.{author} .text")

    def writes(self, text: str) -> Staff:
        self.can_reply().box.fill(text)
        return self

    def sends(self) -> None:
        self.box.press("Enter")

    def replies(self, text: str) -> Staff:
        """Sends it, and waits until the server has it."""
        said = self.lines("staff").count()
        self.writes(text).sends()
        expect(self.lines("staff")).to_have_count(said + 1)
        expect(self.lines("staff").last).to_have_text(text)
        expect(self.page.locator("#pending")).to_be_empty()
        return self

    @property
    def notes(self) -> Locator:
        return self.page.locator("#kept-notes .text")

    def notes_down(self, text: str) -> Staff:
        self.page.get_by_label("Ghi chú mới").fill(text)
        self.page.get_by_role("button", name="Lưu ghi chú").click()
        expect(self.notes.last).to_have_text(text)
        return self

    def sheet(self, opener: str) -> Locator:
        """What opens over the page when that button of its head is pressed."""
        self.page.locator(".page-head").get_by_role("button", name=opener).click()
        return self.page.get_by_role("dialog")

    def transfers(self, agency: str, *, agreed: bool = False) -> None:
        """To another agency; `agreed`: the citizen has said so already."""
        sheet = self.sheet("Chuyển")
        sheet.get_by_label("Cơ quan nhận").select_option(agency)
        if agreed:
            sheet.get_by_label("Người dân đã đồng ý").check()
        sheet.get_by_role("button", name="Chuyển tới cơ quan này").click()
        expect(self.told).to_have_text("Đã chuyển đi." if agreed else ASKED_TO_MOVE)

    def passes(self, colleague: str) -> None:
        sheet = self.sheet("Chuyển")
        sheet.get_by_label("Đồng nghiệp").select_option(colleague)
        sheet.get_by_role("button", name="Chuyển cho người này").click()
        expect(self.told).to_have_text("Đã chuyển đi.")

    def gives_back(self) -> None:
        self.sheet("Trả về trợ lý").get_by_role("button", name="Trả về trợ lý").click()
        expect(self.told).to_have_text("Đã trả về cho trợ lý tự động.")

    def ends(self, outcome: str = "Đã giải quyết") -> None:
        sheet = self.sheet("Kết thúc")
        sheet.get_by_label(outcome).check()
        sheet.get_by_role("button", name="Kết thúc", exact=True).click()
        expect(self.told).to_have_text("Đã kết thúc cuộc trò chuyện.")

    def is_now(self, presence: str) -> None:
        """Chooses it in the frame: Sẵn sàng, Đang bận, Tạm vắng, Nghỉ."""
        switch = self.page.locator(".presence")
        switch.locator("summary").click()
        switch.get_by_role("button", name=presence).click()
        expect(switch.locator("[data-presence-name]")).to_have_text(presence)


def enter(context: BrowserContext, office: Office, hired: dict[str, Any]) -> Staff:
    """Their browser, let in by the one-time link, with the desk open."""
    let_in = context.request.post(f"{office.url}/desk/api/sessions", data={"link": hired["link"]})
    assert let_in.status == 201, let_in.text()
    return Staff(context.new_page(), office.url, hired["name"], hired["id"]).visit()


@dataclass
class Caller:
    """Somebody with a handset."""

    handset: Handset
    office: Office

    def asks_for_a_person(self) -> str:
        """The conversation that then waits."""
        before = set(self._waiting())
        self.handset.ask("0")
        (conversation,) = set(self._waiting()) - before
        return conversation

    def _waiting(self) -> list[str]:
        return [one["conversation"] for one in self.office.do("GET", "queue") if one["channel"] == "sms"]

    def gets(self, text: str) -> Locator:
        """The last text says so, once it is there."""
        last = self.handset.texts("in").last
        expect(last).to_contain_text(text)
        return last


def asks_for_a_person(citizen: Citizen, about: str = "") -> str:
    """The conversation that then waits, in the queue of the agency that what was asked before leads to."""
    if about:
        citizen.ask(about)
    citizen.ask("gặp nhân viên")
    return citizen.conversation
