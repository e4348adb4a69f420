"""The chat with JavaScript: nothing lost, nothing twice, usable by keyboard, on small screens, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.citizen import Citizen, saying

Contexts = Callable[..., BrowserContext]
QUESTION = "làm giấy khai sinh cho con cần giấy tờ gì"
SENDING = "**/channels/web/messages"        # the stream's address goes on after that


@pytest.fixture
def home(live_system: Any, context: Contexts) -> Citizen:
    """Somebody on the home page; the chat is closed."""
    return Citizen(context().new_page(), live_system.public_url).visit("/?lang=vi")


def _in_order_once(citizen: Citizen) -> None:
    seqs = citizen.seqs()
    assert seqs == list(range(1, len(seqs) + 1))


def _next(page: Page, held: list[Route]) -> Route:
    """The one that is held back, once it has been asked for."""
    while not held:
        page.wait_for_timeout(50)
    return held.pop()


def test_starters_are_the_empty_state(citizen: Citizen) -> None:
    starters = citizen.page.locator("motcua-chat .starters button")
    expect(starters).to_have_count(6)
    starters.first.click()
    expect(citizen.messages("assistant")).to_have_count(1)
    expect(starters.first).to_be_hidden()


def test_what_is_typed_before_the_scripts_arrive_is_kept(live_system: Any, context: Contexts) -> None:
    page = context().new_page()
    held: list[Route] = []
    page.route("**/static/chat/element.js", lambda route: held.append(route))
    page.goto(live_system.public_url + "/chat?lang=vi", wait_until="commit")
    page.locator("#input").fill(QUESTION)
    while not held:
        page.wait_for_timeout(50)
    page.route("**/static/chat/element.js", lambda route: route.continue_())
    for route in held:
        route.continue_()
    citizen = Citizen(page, live_system.public_url)
    page.locator("motcua-chat:defined").wait_for(state="attached")
    expect(citizen.input).to_have_value(QUESTION)
    expect(citizen.input).to_be_focused()


def test_what_is_typed_while_the_styles_arrive_is_kept(live_system: Any, context: Contexts) -> None:
    """On a slow machine the chat has its scripts long before its styles: no key is lost between the two fields."""
    page = context().new_page()
    asked: list[Route] = []
    page.route("**/static/chat/chat.css", lambda route: asked.append(route) or (len(asked) == 1 and route.continue_()))
    page.goto(live_system.public_url + "/chat?lang=vi")
    page.locator("motcua-chat:defined").wait_for(state="attached")
    citizen = Citizen(page, live_system.public_url)
    citizen.input.press_sequentially("một")
    citizen.input.press("Shift+Enter")
    citizen.input.press("ArrowUp")
    while len(asked) < 2:
        page.wait_for_timeout(50)
    asked[1].continue_()
    page.locator("motcua-chat:empty").wait_for(state="attached")
    page.keyboard.type("hai ")
    expect(citizen.input).to_have_value("hai một\n")
    expect(citizen.input).to_be_focused()


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


LENGTHS = [
    ("a", 2_001, 1), ("ệ", 2_010, 10), ("e\u0302\u0323", 2_003, 3), ("😀", 2_002, 2),
]


@pytest.mark.parametrize(("letter", "count", "over"), LENGTHS)
def test_too_long_a_text_is_kept_and_counted(citizen: Citizen, letter: str, count: int, over: int) -> None:
    citizen.input.fill(letter * count)
    expect(citizen.page.locator("motcua-chat .count")).to_have_text(f"Thừa {over} ký tự")
    citizen.input.press("Enter")
    expect(citizen.alert).to_contain_text(f"thừa {over} ký tự")
    expect(citizen.input).to_have_value(letter * count)
    expect(citizen.page.locator("motcua-chat .message")).to_have_count(0)


def test_the_counter_shows_near_the_limit_only(citizen: Citizen) -> None:
    counter = citizen.page.locator("motcua-chat .count")
    citizen.input.fill("a" * 1_700)
    expect(counter).to_be_hidden()
    citizen.input.fill("a" * 1_990)
    expect(counter).to_have_text("Còn 10 ký tự")


def test_nothing_typed_is_said_kindly(citizen: Citizen) -> None:
    citizen.say("   ")
    expect(citizen.alert).to_contain_text("chưa viết gì")


def test_what_the_gateway_refuses_comes_back(citizen: Citizen) -> None:
    invisible = "\u200b\u200b"
    citizen.ask("xin chào")
    citizen.say(invisible)
    expect(citizen.alert).not_to_be_empty()
    expect(citizen.input).to_have_value(invisible)


def test_shift_enter_is_a_new_line(citizen: Citizen) -> None:
    citizen.input.press_sequentially("một")
    citizen.input.press("Shift+Enter")
    citizen.input.press_sequentially("hai")
    expect(citizen.input).to_have_value("một\nhai")


def test_language_switch(citizen: Citizen) -> None:
    citizen.page.get_by_role("button", name="English").click()
    expect(citizen.page.get_by_role("button", name="Talk to a person")).to_be_visible()
    expect(citizen.page.locator("html")).to_have_attribute("lang", "en")
    citizen.say("hi")                       # tells no language: answered in the one that was chosen
    expect(citizen.messages("assistant").locator(".body")).to_have_attribute("lang", "en")
    citizen.reload()
    expect(citizen.page.get_by_role("button", name="Tiếng Việt")).to_be_visible()


def test_taking_a_choice_says_its_label_and_closes_the_set(citizen: Citizen) -> None:
    citizen.ask("I am having a baby")
    label = str(citizen.choices().first.get_attribute("data-label"))
    button = citizen.page.locator(f'motcua-chat button.choice[data-label="{label}"]').first
    button.click()
    expect(citizen.messages("citizen").last.locator(".body")).to_have_text(label)
    expect(button).to_be_disabled()
    citizen.reload()
    expect(citizen.page.locator("motcua-chat button.choice.taken")).to_have_attribute("data-label", label)


def test_new_answers_are_read_aloud_once(citizen: Citizen) -> None:
    citizen.page.evaluate("""() => {
        const region = document.querySelector('motcua-chat').shadowRoot.querySelector('[aria-live=polite]');
        window.spoken = [];
        const heard = ({addedNodes}) => addedNodes.forEach((node) => spoken.push(node.textContent));
        new MutationObserver((changes) => changes.forEach(heard)).observe(region, {childList: true});
    }""")
    answer = citizen.ask(QUESTION).locator(".body").inner_text()
    spoken = [each for each in citizen.page.evaluate("spoken") if answer[:20] in each]
    assert len(spoken) == 1
    assert not any(each.endswith(QUESTION) for each in citizen.page.evaluate("spoken"))


def _focused(page: Page) -> str:
    """The label of what has the focus, looked for through shadow roots."""
    return page.evaluate("""() => {
        let at = document.activeElement;
        while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at.className || at.id || at.tagName; }""")


@pytest.mark.parametrize("width", [1280, 390])
def test_keyboard_alone(home: Citizen, width: int) -> None:
    page = home.page
    page.set_viewport_size({"width": width, "height": 800})
    page.locator("motcua-chat .launcher").focus()
    page.keyboard.press("Enter")
    assert _focused(page) == "input"
    page.keyboard.type("lam the can cuoc o dau")
    page.keyboard.press("Enter")
    expect(home.messages("assistant")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("motcua-chat dialog")).to_be_hidden()
    expect(page.locator("motcua-chat .launcher")).to_be_focused()


def test_every_control_is_reached_and_left_by_tab(citizen: Citizen) -> None:
    expect(citizen.page.locator("motcua-chat .starters button")).to_have_count(6)
    citizen.page.locator("motcua-chat a.brand").focus()
    seen = [_focused(citizen.page)]
    for _ in range(20):
        citizen.page.keyboard.press("Tab")
        seen.append(_focused(citizen.page))
    for wanted in ("quiet", "button person", "choice", "input", "button send"):
        assert wanted in seen


@pytest.mark.parametrize("path", ["/", "/chat", "/demo", "/accessibility"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_scrolls_sideways_at_320_px(live_system: Any, context: Contexts, path: str, language: str) -> None:
    page = context(viewport={"width": 320, "height": 640}).new_page()
    Citizen(page, live_system.public_url).visit(f"{path}?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wide = "all => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.className)"
    assert page.locator("motcua-chat :is(.frame, .head, .bar, .composer)").evaluate_all(wide) == []


def test_at_400_percent_zoom_one_can_still_read_and_write(live_system: Any, context: Contexts) -> None:
    page = context(viewport={"width": 320, "height": 256}).new_page()
    citizen = Citizen(page, live_system.public_url).visit("/chat?lang=vi")
    answer = citizen.ask(QUESTION)
    answer.locator(".sources").scroll_into_view_if_needed()
    expect(answer.locator(".sources")).to_be_in_viewport()
    citizen.input.scroll_into_view_if_needed()
    expect(citizen.input).to_be_in_viewport(ratio=0.9)


def test_asking_from_the_home_page_opens_the_chat(home: Citizen) -> None:
    home.page.get_by_label("Bạn cần hỏi việc gì?").fill(QUESTION)
    home.page.get_by_role("button", name="Hỏi ngay").click()
    expect(home.messages("assistant").first).to_contain_text(saying("giấy chứng sinh"))
    home.page.get_by_role("button", name="Đóng cửa sổ trò chuyện").click()
    home.page.goto(home.url + "/chat")
    expect(home.messages("assistant")).to_have_count(1)          # the same conversation, on the whole page
