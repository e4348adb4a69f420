"""What is sent from the chat and what comes back: in order, once, over reloads, cut networks, failures and tabs."""

from __future__ import annotations

import json

from playwright.sync_api import Page, Route, expect

from tests.browser.citizen import Citizen

QUESTION = "làm giấy khai sinh cho con cần giấy tờ gì"
SENDING = "**/channels/web/messages"        # the stream's address goes on after that


def _in_order_once(citizen: Citizen) -> None:
    seqs = citizen.seqs()
    assert seqs == list(range(1, len(seqs) + 1))


def _next(page: Page, held: list[Route]) -> Route:
    """The one that is held back, once it has been asked for."""
    while not held:
        page.wait_for_timeout(50)
    return held.pop()


def test_what_was_not_sent_outlives_a_reload(citizen: Citizen) -> None:
    citizen.ask("xin chào")
    citizen.input.fill(QUESTION)
    for _ in range(2):
        citizen.reload()
        expect(citizen.input).to_have_value(QUESTION)
    citizen.input.press("Enter")
    expect(citizen.messages("assistant")).to_have_count(2)
    citizen.reload()
    expect(citizen.messages("assistant")).to_have_count(2)
    expect(citizen.input).to_have_value("")


def test_reload_with_a_pending_answer(citizen: Citizen) -> None:
    citizen.ask("xin chào")
    citizen.say(QUESTION)
    citizen.reload()
    expect(citizen.messages("assistant")).to_have_count(2)
    _in_order_once(citizen)


def test_reload_before_the_gateway_answered(citizen: Citizen) -> None:
    """The message was never acknowledged; after the reload it is sent with the same id, and stands there once."""
    citizen.ask("xin chào")
    citizen.page.route("**/channels/web/messages", _lose_the_receipt)
    citizen.say(QUESTION)
    expect(citizen.pending()).to_have_count(0)
    citizen.page.unroute_all()
    citizen.reload()
    expect(citizen.messages("citizen")).to_have_count(2)
    expect(citizen.messages("assistant")).to_have_count(2)
    _in_order_once(citizen)


def _lose_the_receipt(route: Route) -> None:
    if route.request.method != "POST":
        return route.continue_()
    route.fetch()               # the gateway has it …
    route.abort()               # … but the citizen never hears


def test_offline_for_five_seconds(citizen: Citizen) -> None:
    citizen.ask("xin chào")
    citizen.page.context.set_offline(True)
    citizen.say(QUESTION)
    expect(citizen.pending()).to_contain_text("Chờ có mạng")
    expect(citizen.page.locator("motcua-chat .connection")).to_contain_text("Mất kết nối")
    citizen.page.wait_for_timeout(5_000)
    citizen.page.context.set_offline(False)
    expect(citizen.messages("assistant")).to_have_count(2)
    expect(citizen.page.locator("motcua-chat .connection")).to_contain_text("Đã nối lại")
    expect(citizen.pending()).to_have_count(0)
    _in_order_once(citizen)


def test_a_stream_that_never_begins_is_asked_for_again(citizen: Citizen) -> None:
    citizen.ask("xin chào")
    citizen.page.clock.install()
    held: list[Route] = []
    citizen.page.route(f"{SENDING}?*", lambda route: held.append(route), times=1)
    citizen.reload()
    _next(citizen.page, held)
    citizen.page.clock.fast_forward("01:05")
    expect(citizen.messages("assistant")).to_have_count(1)


def test_a_stream_that_is_cut_again_and_again_leaves_the_wait_as_it_is(citizen: Citizen) -> None:
    asked = {"seq": 1, "author": "citizen", "text": QUESTION, "language": "vi", "at": "2026-11-23T03:00:00Z"}
    told = f"data: {json.dumps(asked)}\n\nevent: typing\ndata: false\n\n"
    citizen.page.route(f"{SENDING}?*", lambda route: route.fulfill(content_type="text/event-stream", body=told))
    citizen.say(QUESTION)
    expect(citizen.page.locator("motcua-chat .status")).to_have_text("Đang soạn câu trả lời…")


def test_a_gateway_that_fails_leaves_the_text_and_a_button(citizen: Citizen) -> None:
    citizen.ask("xin chào")
    citizen.page.route("**/channels/web/messages", lambda route: route.fulfill(status=503, json={"title": "down"})
                       if route.request.method == "POST" else route.continue_())
    citizen.say(QUESTION)
    again = citizen.pending().get_by_role("button", name="Gửi lại")
    expect(again).to_be_visible()
    expect(citizen.pending()).to_contain_text(QUESTION)
    citizen.page.unroute_all()
    again.click()
    expect(citizen.messages("assistant")).to_have_count(2)
    _in_order_once(citizen)


def test_a_new_message_has_those_that_failed_before_it_sent_first(citizen: Citizen) -> None:
    citizen.ask("xin chào")
    citizen.page.route(SENDING, _away)
    citizen.say(QUESTION)
    expect(citizen.pending()).to_contain_text("Chưa gửi được")
    citizen.page.unroute_all()
    citizen.say("bao nhiêu tiền")
    expect(citizen.messages("citizen").locator(".body")).to_have_text(["xin chào", QUESTION, "bao nhiêu tiền"])
    expect(citizen.pending()).to_have_count(0)


def test_what_is_being_sent_says_so_and_what_is_not_says_that(citizen: Citizen) -> None:
    citizen.ask("xin chào")
    held: list[Route] = []
    citizen.page.route(SENDING, lambda route: held.append(route))
    citizen.say(QUESTION).say("bao nhiêu tiền")
    expect(citizen.pending().filter(has_text="Đang gửi")).to_have_count(2)
    _away(_next(citizen.page, held))
    expect(citizen.pending().filter(has_text="Chưa gửi được")).to_have_count(2)
    citizen.pending().first.get_by_role("button", name="Gửi lại").click()
    again = _next(citizen.page, held)
    assert citizen.pending().filter(has_text="Đang gửi").count() == 2
    again.continue_()
    _next(citizen.page, held).continue_()
    expect(citizen.messages("citizen")).to_have_count(3)
    _in_order_once(citizen)


def _away(route: Route) -> None:
    """The gateway will be there again, but not within what one waits for."""
    route.fulfill(status=503, json={"title": "down", "seconds": 60})


def test_a_conversation_that_is_gone_starts_afresh(citizen: Citizen) -> None:
    """The token opens nothing any more: what was typed goes into a new conversation."""
    citizen.ask("xin chào")
    gone = citizen.conversation
    citizen.page.evaluate("""() => Object.entries(sessionStorage).forEach(([key, value]) =>
        sessionStorage.setItem(key, JSON.stringify({...JSON.parse(value), token: 'gone'})))""")
    citizen.reload()
    expect(citizen.page.locator("motcua-chat .empty")).to_be_visible()
    citizen.ask(QUESTION)
    assert citizen.conversation != gone
    _in_order_once(citizen)


def test_two_tabs_show_one_conversation(citizen: Citizen) -> None:
    citizen.ask("xin chào")
    other = Citizen(citizen.page.context.new_page(), citizen.url).visit("/chat?lang=vi")
    expect(other.messages("assistant")).to_have_count(1)
    other.ask(QUESTION)
    expect(citizen.messages("assistant")).to_have_count(2)
    citizen.ask("bao nhiêu tiền")
    expect(other.messages("assistant")).to_have_count(3)
    _in_order_once(citizen)
    assert citizen.seqs() == other.seqs()


def test_two_tabs_that_begin_at_once_have_one_conversation(citizen: Citizen) -> None:
    """One has asked for a conversation of its own when it hears of the other's."""
    other = Citizen(citizen.page.context.new_page(), citizen.url).visit("/chat?lang=vi")
    held: list[Route] = []
    other.page.route("**/channels/web/conversations", lambda route: held.append(route))
    other.say(QUESTION)
    opening = _next(other.page, held)
    citizen.ask("xin chào")
    expect(other.messages("assistant")).to_have_count(1)
    opening.continue_()
    expect(citizen.messages("assistant")).to_have_count(2)
    expect(other.messages("assistant")).to_have_count(2)
    assert citizen.seqs() == other.seqs()
    assert citizen.conversation == other.conversation


def test_what_one_tab_has_shown_is_not_new_in_another(citizen: Citizen) -> None:
    citizen.ask("xin chào")
    other = Citizen(citizen.page.context.new_page(), citizen.url).visit("/?lang=vi")
    expect(other.messages("assistant")).to_have_count(1)
    assert other.read_aloud().count() == 0
    launcher = other.page.locator("motcua-chat .launcher")
    expect(launcher).to_have_text("Hỏi trợ lý")
    citizen.ask(QUESTION)
    expect(launcher).to_have_accessible_name("Hỏi trợ lý, 1 tin mới")
    assert other.read_aloud().count() == 1
