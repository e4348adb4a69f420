"""One conversation as a page without JavaScript: what it tells, and what its buttons do, once."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from bot import attention, canned, drafts, model
from bot.desk import replies
from tests.bot.conftest import MONDAY, Citizen, Gateway
from tests.bot.desk.conftest import Come, Sitting, plain
from tests.bot.fake_rasa import answer
from tests.bot.staffed import handed_over, logged, said


async def taken(gateway: Gateway, lan: Sitting, *lines: str) -> Citizen:
    """A citizen on the web who said these lines and now is with `lan`."""
    citizen = await gateway.open("vi")
    for line in lines:
        await citizen.say(line)
        await gateway.answer_all()
    await citizen.say("gặp nhân viên")
    await lan.pressed(citizen.conversation, "take")
    return citizen


async def texts_of_staff(citizen: Citizen) -> list[str]:
    return [text for author, text in await citizen.heard() if author == "staff"]


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def written(page: str) -> str:
    """What stands in the reply box."""
    found = re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found.group(1)


# ---- what it tells --------------------------------------------------------------------------------------------------


async def test_it_tells_what_was_said_and_what_became_of_it(gateway: Gateway, lan: Sitting) -> None:
    gateway.rasa.script["lệ phí"] = [
        answer("8.000 đồng.", choices=[{"label": "Thời hạn", "value": "intent=time_limit"}])
        | {"about": {"service": "birth"}}
    ]
    gateway.rasa.script["lệ phí"][0]["reply"]["sources"] = [
        {"title": "Luật Hộ tịch", "url": "https://law.example/1", "verified": "đọc 11/2026"},
        {"title": "Không phải địa chỉ", "url": "javascript:alert(1)", "verified": ""},
    ]
    citizen = await taken(gateway, lan, "lệ phí")
    page = await lan.at(citizen.conversation)
    words = plain(page)
    assert "8.000 đồng. Đã trả lời, chắc 90 % Đã đưa lựa chọn: Thời hạn Nguồn (2) Luật Hộ tịch đọc 11/2026" in words
    assert 'href="https://law.example/1"' in page
    assert "javascript:" not in page
    assert "Nhân viên Lan đã tham gia" in words


async def test_it_tells_how_far_each_text_came_and_what_it_cost(gateway: Gateway, lan: Sitting) -> None:
    phone = gateway.phone()
    await phone.text("gap nhan vien")
    await gateway.post_all()
    (queued,) = [row["conversation"] for row in await (await lan.browser.get("/desk/api/queue")).json()]
    await lan.pressed(queued, "take")
    await lan.pressed(queued, "reply", text="Chào bạn, mời bạn tới quầy số 3.", id="1")
    assert re.search(r"Chờ gửi · 1 tin · 500 ₫", plain(await lan.at(queued)))
    await gateway.post_all()
    await gateway.receipts()
    page = await lan.at(queued)
    assert re.search(r"Đã tới máy · 1 tin · 500 ₫", plain(page))
    assert '"folded": true, "most": 3, "price": 500' in unescape(page)
    assert "Nhan vien Lan tra loi ban:" in phone.got()[-1]


FACTS: list[tuple[dict[str, Any], str]] = [
    ({"proof_level": 1}, "Xác minh Đã xác minh với hồ sơ"),
    ({}, "Xác minh Chưa xác minh"),
    ({"cases": ["H15.50.05.13-261008-0975"]}, "Hồ sơ đã tra H15.50.05.13-261008-0975"),
    ({"channel": "sms"}, "Nhận tin Đang nhận"),
    ({"blocked": "chửi bới"}, "Đang chặn: chửi bới"),
    ({"offered_to": "tax-office"}, "Đã hỏi người dân có đồng ý chuyển tới Thuế cơ sở không."),
    ({"topic": "tax-code"}, "Thủ tục tax-code"),
    ({"test": True}, "Thử"),
]


@pytest.mark.parametrize(("values", "says"), FACTS)
async def test_it_tells_what_is_known(gateway: Gateway, lan: Sitting, values: dict[str, Any], says: str) -> None:
    one = await handed_over(gateway, "one", person=lan.who.id, **values)
    assert says in plain(await lan.at(one))


async def test_it_tells_whom_to_call_and_until_when(gateway: Gateway, lan: Sitting) -> None:
    contact = gateway.core.secrets.sealed("0912 345 678")
    one = await handed_over(gateway, "one", wanted="callback", contact=contact, promised_at=MONDAY)
    page = await lan.at(one)
    assert '<a href="tel:0912345678">0912 345 678</a>' in page
    assert "Cần gọi lại · trước 10:00 hôm nay" in plain(page)


async def test_it_tells_of_earlier_times(gateway: Gateway, lan: Sitting) -> None:
    citizen = await taken(gateway, lan)
    await lan.pressed(citizen.conversation, "close", outcome="informed")
    await citizen.say("gặp nhân viên")
    assert "23/11/2026 · Đã hướng dẫn Muốn gặp nhân viên · Lan phụ trách" in plain(await lan.at(citizen.conversation))


async def test_it_tells_who_else_is_there(gateway: Gateway, lan: Sitting, come: Come) -> None:
    one, minh = await handed_over(gateway, "one", person=lan.who.id), await come("Minh")
    for doing, says in (("reading", "cũng đang xem"), ("replying", "đang viết trả lời"), ("noting", "đang viết ghi")):
        await attention.attend(gateway.core, minh.who, one, doing)  # type: ignore[arg-type]
        assert f"Minh {says}" in plain(await lan.at(one))
    gateway.clock.forward(seconds=60)
    assert "đang viết ghi" not in plain(await lan.at(one))


@pytest.mark.parametrize(("owner", "says"), [
    ("queue", "Cuộc này đang đợi trong hàng chờ."), ("assistant", "Trợ lý tự động đang trả lời."),
    ("closed", "Cuộc này đã kết thúc."), ("staff", "Minh đang phụ trách. Bạn chỉ xem được."),
])  # fmt: skip
async def test_what_is_not_ones_own_is_only_read(
    gateway: Gateway, lan: Sitting, come: Come, owner: str, says: str
) -> None:
    minh = await come("Minh")
    one = await handed_over(gateway, "one", person=minh.who.id if owner == "staff" else None, owner=owner)
    page = await lan.at(one)
    assert says in plain(page)
    assert 'id="reply"' not in page
    assert ("/take" in page) == (owner == "queue")


async def test_another_agencys_is_not_there(gateway: Gateway, come: Come) -> None:
    one = await handed_over(gateway, "one", "tax-office")
    minh = await come("Minh", "agent", "mau-ward")
    for path in (f"/desk/conversations/{one}", f"/desk/fragments/conversations/{one}", "/desk/conversations/c-none"):
        refused = await minh.browser.get(path, Accept="text/html")
        assert refused.status == 404
        assert "Không có trang này" in await refused.text()
    assert ("Minh", "denied") in [(who, action) for who, action, _ in await logged(gateway)]
    for button in ("take", "note", "reply", "block", "test"):
        assert (await minh.press(one, button, text="a", note="a", reason="a")).status == 404


async def test_what_was_written_is_shown_as_text(gateway: Gateway, lan: Sitting) -> None:
    one = await handed_over(gateway, "one", person=lan.who.id, summary="</p><script>1</script>")
    await said(gateway, one, "<img src=x onerror=alert(1)>\u202e đảo")
    page = await lan.at(one)
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert '<div class="text" lang="vi" dir="auto">' in page
    assert "<script>1" not in page


async def test_of_a_long_conversation_the_last_lines_come_first(gateway: Gateway, lan: Sitting) -> None:
    one = await handed_over(gateway, "one", person=lan.who.id)
    for n in range(105):
        await said(gateway, one, f"dòng {n}.")
    page, whole = await lan.at(one), await lan.page(f"/desk/conversations/{one}?all")
    assert "Xem các tin trước đó (5)" in page
    assert ("dòng 4." in page, "dòng 5." in page, "dòng 4." in whole) == (False, True, True)
    part = await lan.page(f"/desk/fragments/conversations/{one}?after=103")
    assert ("dòng 102." in part, "dòng 103." in part) == (False, True)


# ---- the reply ------------------------------------------------------------------------------------------------------


async def test_a_page_sent_twice_is_one_reply(gateway: Gateway, lan: Sitting) -> None:
    citizen = await taken(gateway, lan)
    page = value(await lan.at(citizen.conversation), "id")
    for text in ("Chào bạn.", "Chào bạn.", "Chào anh."):  # the third after going back, written anew
        assert await lan.pressed(citizen.conversation, "reply", id=page, text=text)
    assert await texts_of_staff(citizen) == ["Chào bạn.", "Chào anh."]


REFUSED = [
    ("   ", 400, "Bạn chưa viết gì."),
    ("a" * 2_003, 413, "Thừa 3 ký tự; tối đa 2000."),
    ("Hồ sơ {reference} xong ngày {date}.", 400, "Còn chỗ chưa điền: reference, date."),
]


@pytest.mark.parametrize(("text", "status", "says"), REFUSED)
async def test_what_is_not_sent_stays_in_the_box(
    gateway: Gateway, lan: Sitting, text: str, status: int, says: str
) -> None:
    citizen = await taken(gateway, lan)
    refused = await lan.press(citizen.conversation, "reply", id="1", text=text)
    page = await refused.text()
    assert refused.status == status
    assert says in plain(page)
    assert written(page) == text
    assert await texts_of_staff(citizen) == []


async def test_a_reply_to_what_went_to_somebody_else_is_kept_and_not_sent(
    gateway: Gateway, lan: Sitting, come: Come
) -> None:
    citizen, minh = await taken(gateway, lan), await come("Minh")
    await lan.pressed(citizen.conversation, "pass", person="Minh")
    refused = await lan.press(citizen.conversation, "reply", id="1", text="Chào bạn.")
    page = await refused.text()
    assert refused.status == 409
    assert "Câu trả lời chưa được gửi" in plain(page)
    assert "Chào bạn.</textarea>" in page
    assert 'id="reply"' in await minh.at(citizen.conversation)
    assert await texts_of_staff(citizen) == []


async def test_to_whom_texted_stop_nothing_can_be_written(gateway: Gateway, lan: Sitting) -> None:
    phone = gateway.phone()
    await phone.text("gap nhan vien")
    await gateway.post_all()
    (queued,) = [row["conversation"] for row in await (await lan.browser.get("/desk/api/queue")).json()]
    await lan.pressed(queued, "take")
    await phone.text("STOP")
    await gateway.post_all()
    page = await lan.at(queued)
    assert "Người dân đã nhắn STOP, nên không gửi được tin nào" in plain(page)
    assert 'id="reply"' not in page
    refused = await lan.press(queued, "reply", id="1", text="Chào bạn.")
    assert refused.status == 409
    assert "Người dân đã nhắn STOP." in plain(await refused.text())


async def test_what_is_inserted_stands_behind_what_was_written(gateway: Gateway, lan: Sitting) -> None:
    citizen = await taken(gateway, lan)
    texts = {"vi": "Tôi là {agent}, hẹn bạn {date}.", "en": "I am {agent}; {date}."}
    ready = {"shortcut": "hen", "title": "Hẹn", "text": texts, "updated_at": MONDAY}
    async with gateway.core.store.write() as tx:
        made = await tx.execute(sa.insert(model.canned).values(**ready).returning(model.canned.c.id))
        number = made.scalar_one()
    shown = await lan.press(citizen.conversation, "reply", id="1", text="Chào bạn.", insert=f"canned:{number}")
    page = await shown.text()
    assert (shown.status, written(page)) == (200, "Chào bạn.\nTôi là Lan, hẹn bạn {date}.")
    assert "hãy xem lại trước khi gửi" in plain(page)
    assert (await lan.press(citizen.conversation, "reply", text="", insert="canned:999")).status == 404
    assert canned.blanks(written(page)) == ["date"]


async def test_a_draft_that_is_used_is_counted_and_named_with_the_reply(gateway: Gateway, lan: Sitting) -> None:
    citizen = await taken(gateway, lan)
    seq = await citizen.say("lệ phí bao nhiêu")
    page = await lan.at(citizen.conversation)
    assert "Trợ lý sẽ trả lời thế này" not in page
    await gateway.answer_all()
    assert "echo lệ phí bao nhiêu" in await lan.at(citizen.conversation)
    shown = await (await lan.press(citizen.conversation, "reply", id="1", text="", insert=f"draft:{seq}")).text()
    assert (written(shown), value(shown, "draft")) == ("echo lệ phí bao nhiêu", str(seq))
    (kept,) = await drafts.drafts(gateway.core, lan.who, citizen.conversation)
    assert kept["used"]
    await lan.pressed(citizen.conversation, "reply", id="1", text="8.000 đồng.", draft=str(seq))
    assert ("Lan", "reply", {"seq": seq + 1, "draft": seq}) in await logged(gateway)
    assert "Trợ lý sẽ trả lời thế này" not in await lan.at(citizen.conversation)


async def test_only_the_owner_sees_the_draft(gateway: Gateway, lan: Sitting, come: Come) -> None:
    citizen = await taken(gateway, lan)
    await citizen.say("lệ phí")
    await gateway.answer_all()
    assert "echo lệ phí" in await lan.at(citizen.conversation)
    assert "echo lệ phí" not in await (await come("Minh")).at(citizen.conversation)


# ---- the other buttons ----------------------------------------------------------------------------------------------


async def test_a_note_never_reaches_the_citizen(gateway: Gateway, lan: Sitting) -> None:
    citizen = await taken(gateway, lan)
    place = await lan.pressed(citizen.conversation, "note", note="Ông này hay gọi.")
    assert "Đã lưu ghi chú. Người dân không thấy ghi chú này." in await lan.page(place.partition("#")[0])
    assert "Ông này hay gọi." in await lan.at(citizen.conversation)
    assert "Ông này hay gọi." not in str(await citizen.read())
    empty = await lan.press(citizen.conversation, "note", note=" ")
    assert (empty.status, "Bạn chưa viết gì." in await empty.text()) == (400, True)


SENT = [  # which page, the note; the notes kept then
    ("p-1", "Đã gọi.", ["Đã gọi."]),
    ("p-1", "Đã gọi.", ["Đã gọi."]),
    ("p-1", "Đã gọi lại.", ["Đã gọi.", "Đã gọi lại."]),
    ("p-2", "Đã gọi.", ["Đã gọi.", "Đã gọi lại.", "Đã gọi."]),
]


async def test_a_note_that_a_page_sends_twice_is_kept_once(gateway: Gateway, lan: Sitting) -> None:
    citizen = await taken(gateway, lan)
    for page, text, kept in SENT:
        await lan.pressed(citizen.conversation, "note", id=page, note=text)
        notes = await replies.notes(gateway.core, lan.who, citizen.conversation)
        assert [one["text"] for one in notes] == kept


# button, fields, where one is led ({c}: the conversation), owner afterwards
STEPS: list[tuple[str, dict[str, str], str, str]] = [
    ("transfer", {"agency": "tax-office", "consent": "given"}, "/desk?said=transferred", "queue"),
    ("transfer", {"agency": "tax-office", "consent": "ask"}, "/desk/conversations/{c}?said=asked_to_move", "staff"),
    ("pass", {"person": "Minh"}, "/desk?said=transferred", "staff"),
    ("return", {}, "/desk?said=returned", "assistant"),
    ("close", {"outcome": "solved"}, "/desk?said=closed", "closed"),
    ("close", {"outcome": "solved", "next": "yes"}, "/desk?said=none_waits", "closed"),
    ("block", {"reason": "chửi bới"}, "/desk/conversations/{c}?said=blocked", "staff"),
    ("block", {"unblock": "yes"}, "/desk/conversations/{c}?said=unblocked", "staff"),
    ("test", {"test": "yes"}, "/desk/conversations/{c}?said=test", "staff"),
    ("test", {"test": "no"}, "/desk/conversations/{c}?said=not_test", "staff"),
]


@pytest.mark.parametrize(("button", "fields", "place", "owner"), STEPS)
async def test_a_button_does_it_and_leads_on(
    gateway: Gateway, lan: Sitting, come: Come, button: str, fields: dict[str, str], place: str, owner: str
) -> None:
    await come("Minh")
    one = await handed_over(gateway, "one", person=lan.who.id)
    assert await lan.pressed(one, button, **fields) == place.replace("{c}", one)
    async with gateway.core.store.read() as tx:
        row = (await tx.execute(sa.select(model.conversation).where(model.conversation.c.id == one))).one()
    assert row.owner == owner
    await lan.page(place.replace("{c}", one))


# button, fields, why not, status
NOT_SO: list[tuple[str, dict[str, str], str, int]] = [
    ("transfer", {"agency": "nowhere"}, "Không có cơ quan này.", 400),
    ("pass", {"person": "Nobody"}, "Không có đồng nghiệp này", 400),
    ("close", {}, "Hãy chọn kết quả.", 400),
    ("close", {"outcome": "<script>"}, "Hãy chọn kết quả.", 400),
    ("block", {"reason": "x" * 81}, "Hãy ghi lý do, tối đa 80 ký tự.", 400),
    ("block", {"reason": " "}, "Bạn chưa viết gì.", 400),
    ("reassign", {"person": "Minh"}, "Vai trò của bạn không làm được việc này.", 403),
]


@pytest.mark.parametrize(("button", "fields", "why", "status"), NOT_SO)
async def test_what_cannot_be_is_said_on_the_page(
    gateway: Gateway, lan: Sitting, button: str, fields: dict[str, str], why: str, status: int
) -> None:
    one = await handed_over(gateway, "one", person=lan.who.id)
    refused = await lan.press(one, button, **fields)
    assert (refused.status, why in plain(await refused.text())) == (status, True)


@pytest.mark.parametrize("button", ["transfer", "pass", "return", "close"])
async def test_pressed_twice_it_is_done_once(gateway: Gateway, lan: Sitting, come: Come, button: str) -> None:
    await come("Minh")
    one = await handed_over(gateway, "one", person=lan.who.id)
    fields = {"agency": "tax-office", "consent": "given", "person": "Minh", "outcome": "solved"}
    await lan.pressed(one, button, **fields)
    before = len(await logged(gateway))
    again = await lan.press(one, button, **fields)
    assert (again.status, "Cuộc này không còn do bạn phụ trách" in plain(await again.text())) == (409, True)
    assert len(await logged(gateway)) == before


async def test_a_supervisor_gives_it_to_somebody(gateway: Gateway, lan: Sitting, come: Come) -> None:
    hoa, one = await come("Hoa", "supervisor"), await handed_over(gateway, "one")
    assert "Giao cuộc này" in await hoa.at(one)
    assert "Giao cuộc này" not in await lan.at(one)
    await hoa.pressed(one, "reassign", person="Lan")
    assert 'id="reply"' in await lan.at(one)


async def test_a_form_without_its_token_does_nothing(gateway: Gateway, lan: Sitting) -> None:
    one = await handed_over(gateway, "one")
    lan.browser.csrf = "forged"
    for button in ("take", "note", "reply", "transfer", "return", "close", "block", "test"):
        assert (await lan.press(one, button, text="a", note="a")).status == 403
    assert await logged(gateway) == []
