"""The desk's pages go on by themselves: nothing that changes is missed, and nothing is taken from under one's hands."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Dialog, Route, expect

from tests.browser.citizen import PATIENCE, Citizen
from tests.browser.desk import Office, Staff, asks_for_a_person
from tests.browser.test_desk_mishaps import ends_it_elsewhere, sets_a_password, signs_in

Come = Callable[..., Staff]
Another = Callable[[], Citizen]
AGENCY, ABOUT = "employment-centre", "trợ cấp thất nghiệp"


@pytest.fixture
def lan(staff: Come) -> Staff:
    return staff("Lan")


def test_what_changes_while_the_page_is_fetching_is_shown_too(citizen: Citizen, lan: Staff, staff: Come) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation)
    head = staff("Hà", role="supervisor").at(conversation)
    expect(lan.page.locator(".others")).to_contain_text(head.name)  # what is fetched for that is over
    under_way: list[tuple[Route, APIResponse]] = []
    lan.page.route("**/desk/fragments/**", lambda route: under_way.append((route, route.fetch())), times=1)
    with lan.page.expect_request("**/desk/fragments/**"):
        head.notes_down("Một.")
    head.notes_down("Hai.")
    deadline = time.monotonic() + PATIENCE / 1000
    while not under_way:
        assert time.monotonic() < deadline
        lan.page.wait_for_timeout(50)
    head.notes_down("Ba.")
    lan.page.wait_for_timeout(1_000)  # so that the stream has told lan's page too
    for route, answer in under_way:
        route.fulfill(response=answer)
    expect(lan.notes).to_have_text(["Một.", "Hai.", "Ba."])


def test_what_comes_while_one_marks_a_line_is_shown_when_one_no_longer_does(
    staff: Come, citizen: Citizen, another: Another
) -> None:
    lan = staff("Lan", AGENCY)
    first = lan.row(asks_for_a_person(citizen, ABOUT))
    expect(first).to_be_visible()
    first.locator(".summary").evaluate("(line) => getSelection().selectAllChildren(line)")
    with lan.page.expect_response("**/desk/fragments/lists*"):
        second = asks_for_a_person(another(), ABOUT)
    lan.page.wait_for_timeout(1_000)  # so that the answer has been read
    assert lan.page.evaluate("String(getSelection())"), "what one marks stays marked"
    lan.page.evaluate("getSelection().removeAllRanges()")
    expect(lan.row(second)).to_be_visible()


def test_what_one_has_opened_stays_open_though_the_lines_above_it_go(
    office: Office, staff: Come, citizen: Citizen, another: Another
) -> None:
    head = staff("Hà", AGENCY, role="supervisor")
    gone, here = asks_for_a_person(citizen, ABOUT), asks_for_a_person(another(), ABOUT)
    head.visit("/desk/board").page.locator(f"#assign-{here}").click()
    office.do("POST", f"conversations/{gone}/reassign", person=office.name)
    office.do("POST", f"conversations/{gone}/close", outcome="informed")
    expect(head.page.locator(f"#open-{gone}")).to_have_count(0)
    expect(head.page.locator("details.assign[open] summary")).to_have_id(f"assign-{here}")


def test_one_sees_that_another_of_ones_own_conversations_waits_for_a_reply(
    lan: Staff, citizen: Citizen, another: Another
) -> None:
    quiet = asks_for_a_person(citizen)
    lan.take(quiet)
    other = another()
    here = asks_for_a_person(other)
    lan.visit().take(here)
    citizen.say("Anh chị còn đó không?")
    expect(lan.page.locator(f"#to-{quiet}")).to_contain_text("1 tin mới")


def test_a_tab_that_was_signed_out_leaves_the_desks_events_to_the_next(
    citizen: Citizen, lan: Staff, context: Callable[..., BrowserContext]
) -> None:
    sets_a_password(lan)
    left = lan.visit()
    ends_it_elsewhere(lan, context)
    left.page.locator(".presence summary").click()
    left.page.locator(".presence").get_by_role("button", name="Sẵn sàng").click()
    expect(left.page.get_by_text("Phiên làm việc đã hết.")).to_be_visible()
    back = lan.tab().visit()
    signs_in(back)
    expect(back.page.locator("#lists")).to_be_visible()
    expect(back.row(asks_for_a_person(citizen))).to_be_visible()


def test_a_reply_that_failed_goes_before_the_one_that_is_written_next(citizen: Citizen, lan: Staff) -> None:
    lan.take(asks_for_a_person(citizen))
    lan.page.route("**/desk/api/conversations/*/messages", lambda route: route.abort(), times=4)
    lan.writes("Một.").sends()
    expect(lan.page.locator("#pending")).to_contain_text("Chưa gửi được")
    lan.writes("Hai.").sends()
    expect(lan.lines("staff")).to_have_text(["Một.", "Hai."])
    expect(citizen.messages("staff")).to_contain_text(["Một.", "Hai."])


def test_a_reply_that_failed_long_ago_goes_out_when_one_wants_it_to(citizen: Citizen, lan: Staff) -> None:
    lan.take(asks_for_a_person(citizen))
    lan.page.route("**/desk/api/conversations/*/messages", lambda route: route.abort(), times=4)
    lan.writes("Một.").sends()
    old = lan.page.locator("#pending")
    expect(old).to_contain_text("Chưa gửi được")
    lan.page.evaluate("""() => { for (const [key, kept] of Object.entries(sessionStorage))
        sessionStorage.setItem(key, kept.replace(/"at":(\\d+)/, (_, at) => `"at":${at - 3_600_000}`)); }""")
    lan.page.reload()
    lan.writes("Hai.").sends()
    expect(lan.lines("staff")).to_have_text(["Hai."])
    expect(old).to_contain_text("Chưa gửi được")
    old.get_by_role("button", name="Gửi lại").click()
    expect(lan.lines("staff")).to_have_text(["Hai.", "Một."])
    expect(citizen.messages("staff")).to_contain_text(["Hai.", "Một."])


def test_one_is_asked_before_a_reply_is_left_that_has_not_arrived(citizen: Citizen, lan: Staff) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation)
    held: list[Route] = []
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    lan.page.on("dialog", stay)
    lan.page.route("**/desk/api/conversations/*/messages", lambda route: held.append(route), times=1)
    lan.writes("Chào bạn.").sends()
    lan.page.locator(".switch .back").click()
    lan.page.wait_for_timeout(500)  # so that the page would have gone
    assert asked == ["beforeunload"]
    for route in held:
        route.continue_()
    expect(lan.lines("staff")).to_have_text(["Chào bạn."])
    lan.page.locator(".switch .back").click()
    expect(lan.page.locator("#lists")).to_be_visible()


def test_what_one_goes_on_typing_while_the_page_loads_itself_anew_is_no_key(
    citizen: Citizen, office: Office, lan: Staff
) -> None:
    conversation = asks_for_a_person(citizen)
    lan.take(conversation)
    lan.page.add_init_script("""addEventListener("DOMContentLoaded", () => document.body.dispatchEvent(
        new KeyboardEvent("keydown", { key: "g", bubbles: true })))""")
    office.do("POST", f"conversations/{conversation}/reassign", person=office.name)
    expect(lan.page.get_by_text(f"{office.name} đang phụ trách")).to_be_visible()
    lan.page.wait_for_timeout(500)  # so that the page would have gone
    assert lan.page.url.endswith(conversation)
