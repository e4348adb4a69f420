"""The desk in real browsers: who takes a conversation, passes it on, gives it back; one story through two agencies."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.citizen import Citizen, saying
from tests.browser.desk import Caller, Staff, asks_for_a_person

Come = Callable[..., Staff]
Another = Callable[[], Citizen]
TAKEN = "Cuộc này vừa có người khác nhận, hoặc không còn đợi nữa."
GONE = "Nhân viên vừa phải rời đi giữa chừng"


def told(citizen: Citizen, *says: str) -> Locator:
    """The notice to the citizen that says so."""
    notice = citizen.messages("system").filter(has_text=saying(*says))
    expect(notice).to_have_count(1)
    return notice


def test_a_text_is_taken_answered_moved_to_another_agency_given_back_and_rated(caller: Caller, staff: Come) -> None:
    caller.handset.ask("lam the can cuoc o dau")
    lan, minh, tax = staff("Lan"), staff("Minh").deaf(), staff("Thu", "tax-office")
    conversation = caller.asks_for_a_person()
    minh.visit()
    lan.take(conversation)
    minh.row(conversation).get_by_role("button", name="Nhận").click()
    expect(minh.told).to_have_text(TAKEN)
    expect(minh.page.get_by_text(f"{lan.name} đang phụ trách. Bạn chỉ xem được.")).to_be_visible()
    expect(minh.box).to_have_count(0)

    lan.notes_down(f"{lan.name} đã gọi công an phường.").replies("Chào bạn, mời bạn gửi ảnh.")
    caller.gets(f"Nhan vien {lan.name} tra loi ban:\nChao ban, moi ban gui anh.")
    lan.transfers("tax-office")
    caller.gets("Viec nay do Thue co so")
    caller.handset.text("1")

    expect(lan.box).to_have_count(0)
    tax.take(conversation)
    expect(tax.lines("staff").last).to_have_text("Chào bạn, mời bạn gửi ảnh.")
    expect(tax.notes.last).to_have_text(f"{lan.name} đã gọi công an phường.")
    tax.gives_back()
    survey = caller.gets("Nhan vien da giup duoc ban chua?")
    expect(survey).to_contain_text("1 Da giup duoc")
    expect(caller.handset.ask("1")).to_contain_text("Cam on ban da danh gia.")
    episode = tax.at(conversation).page.locator(".episodes li").first
    expect(episode).to_contain_text(f"{tax.name} phụ trách · chấm 5/5")


def test_of_two_who_take_at_once_exactly_one_has_it(citizen: Citizen, staff: Come) -> None:
    conversation = asks_for_a_person(citizen)
    both = [staff(name).deaf() for name in ("Lan", "Minh")]
    for one in both:
        expect(one.visit().row(conversation)).to_be_visible()
    for one in both:
        one.page.evaluate("id => { document.querySelector(`#take-${id}`).click() }", conversation)
    for one in both:
        expect(one.box.or_(one.page.get_by_text(TAKEN))).to_be_visible()
    (winner,) = [one for one in both if one.box.count()]
    told(citizen, f"Nhân viên {winner.name} đã tham gia")


def test_who_asks_for_a_person_is_in_the_open_queue_at_once(citizen: Citizen, staff: Come) -> None:
    lan = staff("Lan", "land-office")
    expect(lan.page.get_by_text("Không có ai đang chờ.")).to_be_visible()
    conversation = asks_for_a_person(citizen, "sang tên sổ đỏ")
    expect(lan.row(conversation)).to_contain_text("Muốn gặp nhân viên")
    expect(lan.page.get_by_role("link", name="Hội thoại").get_by_text("(1 đang chờ)")).to_be_attached()
    citizen.page.get_by_role("button", name="Tiếp tục với trợ lý").click()
    expect(lan.row(conversation)).to_have_count(0)


def test_the_next_one_is_the_oldest(staff: Come, another: Another) -> None:
    waiting = [asks_for_a_person(another(), "trợ cấp thất nghiệp") for _ in range(3)]
    lan = staff("Lan", "employment-centre")
    for conversation in waiting:
        lan.visit().next()
        lan.has(conversation)
    lan.visit().page.keyboard.press("n")
    expect(lan.told).to_have_text("Lúc này không có cuộc nào hợp với bạn.")


def test_a_transfer_waits_until_the_citizen_agrees(citizen: Citizen, staff: Come) -> None:
    lan, tax = staff("Lan"), staff("Thu", "tax-office")
    conversation = asks_for_a_person(citizen)
    lan.take(conversation).transfers("tax-office")
    expect(lan.page.get_by_text("Đang chờ họ trả lời.")).to_be_visible()
    citizen.page.get_by_role("button", name="Đồng ý chuyển").click()
    told(citizen, "được chuyển tới Thuế cơ sở")
    tax.take(conversation).replies("Chào bạn, đây là thuế.")
    expect(citizen.messages("staff")).to_have_count(1)


def test_a_transfer_that_the_citizen_declines_does_not_happen(citizen: Citizen, staff: Come) -> None:
    lan, tax = staff("Lan"), staff("Thu", "tax-office")
    conversation = asks_for_a_person(citizen)
    lan.take(conversation).transfers("tax-office")
    citizen.page.get_by_role("button", name="Không chuyển").click()
    expect(citizen.messages("assistant").last).to_contain_text("ở lại đây")
    expect(lan.page.get_by_text("Đang chờ họ trả lời.")).to_have_count(0)
    lan.replies("Vâng, tôi giúp bạn tiếp.")
    expect(tax.visit().row(conversation)).to_have_count(0)


def test_a_colleague_goes_on_without_the_citizen_asking_again(citizen: Citizen, staff: Come) -> None:
    lan, minh = staff("Lan"), staff("Minh")
    conversation = asks_for_a_person(citizen)
    lan.take(conversation).replies("Bạn cho tôi xem hồ sơ nhé.")
    lan.passes(minh.name)
    told(citizen, "một đồng nghiệp khác")
    expect(minh.page.locator("#lists .row.mine").filter(has=minh.page.locator(f"#open-{conversation}"))).to_be_visible()
    minh.at(conversation).replies("Tôi đã đọc, hồ sơ đủ rồi.")
    expect(citizen.messages("staff")).to_have_count(2)


def test_a_supervisor_gives_to_somebody_what_another_has(citizen: Citizen, staff: Come) -> None:
    lan, minh, head = staff("Lan"), staff("Minh"), staff("Hà", role="supervisor")
    conversation = asks_for_a_person(citizen)
    lan.take(conversation)
    sheet = head.at(conversation).sheet("Thêm")
    sheet.get_by_label("Đồng nghiệp").select_option(minh.name)
    sheet.get_by_role("button", name="Giao").click()
    expect(head.told).to_have_text("Đã giao cho đồng nghiệp.")
    expect(lan.page.get_by_text(f"{minh.name} đang phụ trách. Bạn chỉ xem được.")).to_be_visible()
    minh.at(conversation).replies("Tôi nhận từ đây.")
    expect(citizen.messages("staff")).to_have_count(1)


def test_whose_shift_is_over_their_conversations_go_back_to_the_front(
    citizen: Citizen, another: Another, staff: Come
) -> None:
    lan, minh = staff("Lan", "social-insurance"), staff("Minh", "social-insurance")
    conversation = asks_for_a_person(citizen, "thẻ bảo hiểm y tế")
    lan.take(conversation).replies("Chào bạn.")
    asks_for_a_person(another(), "thẻ bảo hiểm y tế")
    lan.is_now("Nghỉ")
    told(citizen, GONE)
    expect(minh.row(conversation)).to_contain_text("Trở lại hàng chờ 1 lần")
    minh.next()
    minh.has(conversation)
    expect(minh.lines("staff")).to_have_text(["Chào bạn."])


def test_anothers_conversation_is_not_there_and_who_asked_for_it_is_written_down(citizen: Citizen, staff: Come) -> None:
    tax, head = staff("Thu", "tax-office"), staff("Hà", role="supervisor")
    conversation = asks_for_a_person(citizen)
    with tax.page.expect_response(f"**/desk/conversations/{conversation}") as answer:
        tax.at(conversation)
    assert answer.value.status == 404
    expect(tax.page.get_by_role("heading", name="Không có trang này")).to_be_visible()
    expect(tax.page.get_by_text("gặp nhân viên")).to_have_count(0)
    log = head.visit(f"/desk/audit?conversation={conversation}").page.get_by_role("row").filter(has_text=tax.name)
    expect(log).to_contain_text("hỏi xem hội thoại không thuộc phạm vi")


def test_the_audit_log_tells_every_step(citizen: Citizen, staff: Come) -> None:
    lan, head = staff("Lan"), staff("Hà", role="supervisor")
    conversation = asks_for_a_person(citizen)
    lan.take(conversation).notes_down("Đã xem.").replies("Chào bạn.").ends()
    rows = head.visit(f"/desk/audit?conversation={conversation}").page.locator("tbody tr")
    steps = ["kết thúc hội thoại", "trả lời", "ghi chú riêng", "nhận hội thoại"]
    expect(rows.locator("td:nth-child(3)")).to_have_text(steps)
    expect(rows.locator("td:nth-child(2)")).to_have_text([lan.name] * len(steps))
