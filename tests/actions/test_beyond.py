"""A request about something of ours that the catalogue does not have: said so, with the office, never guessed."""

from __future__ import annotations

import pytest

from actions.answer import Answer, Language
from actions.requests import does, request_of
from knowledge.catalogue import Catalogue
from tests.actions.conftest import Talk
from tests.actions.conversation import PERSON, Conversation, Names, Row, both_spellings, offered
from tests.actions.test_texted import checked, texting

BIRTH, HOME, MARRIAGE = "birth-registration", "permanent-residence", "marriage-registration"
SHOP, COMPANY, LAND = "household-business", "company-registration", "land-certificate-first-issue"

# What is asked, however it is understood; the service that it is about; what is said of the request.
DECLINED: list[Row] = both_spellings([
    ("vi", "xóa thường trú", HOME, "hủy, xóa"), ("vi", "xóa đăng ký thường trú cần giấy tờ gì", HOME, "hủy, xóa"),
    ("vi", "cách xóa tên khỏi sổ hộ khẩu", HOME, "hủy, xóa"),
    ("vi", "hủy đăng ký tạm trú", "temporary-residence", "hủy, xóa"),
    ("vi", "tách hộ khẩu", HOME, "tách hộ"), ("vi", "hủy đăng ký kết hôn", MARRIAGE, "hủy, xóa"),
    ("vi", "tạm ngừng hộ kinh doanh", SHOP, "tạm ngừng"), ("vi", "giải thể công ty", COMPANY, "tạm ngừng"),
    ("vi", "sửa tên trong giấy khai sinh", BIRTH, "sửa, cải chính"),
    ("vi", "khai sinh ghi sai tên mẹ", BIRTH, "sửa, cải chính"),
    ("vi", "cải chính ngày sinh trên giấy khai sinh", BIRTH, "sửa, cải chính"),
    ("vi", "giấy đăng ký kết hôn bị sai năm sinh", MARRIAGE, "sửa, cải chính"),
    ("vi", "đính chính sổ đỏ", LAND, "sửa, cải chính"),
    ("vi", "thay đổi nội dung đăng ký hộ kinh doanh", SHOP, "thay đổi"),
    ("vi", "thêm ngành nghề hộ kinh doanh", SHOP, "thay đổi"),
    ("vi", "mất sổ đỏ làm lại ở đâu", LAND, "cấp lại"),
    ("vi", "mất sổ bảo hiểm xã hội", "social-insurance-lump-sum", "cấp lại"),
    ("vi", "mất sổ bhxh", "social-insurance-lump-sum", "cấp lại"),
    ("vi", "mất giấy phép kinh doanh", SHOP, "cấp lại"),
    ("vi", "gia hạn phiếu lý lịch tư pháp", "judicial-record", "gia hạn"),
    ("en", "how do I cancel my permanent residence", HOME, "cancelling"),
    ("en", "remove my name from the household book", HOME, "cancelling"),
    ("en", "cancel my marriage registration", MARRIAGE, "cancelling"),
    ("en", "close my household business", SHOP, "cancelling"),
    ("en", "correct a mistake on my birth certificate", BIRTH, "correcting"),
    ("en", "wrong name on my birth certificate", BIRTH, "correcting"),
    ("en", "change the address of my household business", SHOP, "changing"), ("en", "lost red book", LAND, "replacing"),
    ("en", "I lost my social insurance book", "social-insurance-lump-sum", "replacing"),
    ("en", "renew my judicial record", "judicial-record", "renewing"),
])


@pytest.mark.parametrize(("language", "text", "service", "says"), DECLINED)
@pytest.mark.parametrize("intent", ["how_to", "out_of_scope"])
async def test_a_request_that_the_record_does_not_have_is_not_answered_as_the_registration(
    language: Language, text: str, service: str, says: str, intent: str, catalogue: Catalogue, talk: Talk
) -> None:
    answer = await talk(language).say(text, intent)
    first, *rest = answer["reply"]["text"].splitlines()
    assert (answer["outcome"], answer.get("about")) == ("no_answer", {"service": service})
    assert says in first
    agency = catalogue.agencies[catalogue.services[service].competent_authority]
    assert agency.name[language] in rest[0]
    assert ("7:30" in rest[1]) or ("8:00" in rest[1])
    assert offered(answer) == [f"intent=name_service&service={service}", PERSON]


@pytest.mark.parametrize(("language", "text", "service", "says"), DECLINED)
async def test_it_is_one_text_by_sms(
    language: Language, text: str, service: str, says: str, catalogue: Catalogue, names: Names
) -> None:
    answer = await texting(catalogue, names, language).say(text, "how_to")
    assert says in answer["reply"]["short"]
    assert "0" in checked(answer)
    assert offered(answer) == [f"intent=name_service&service={service}"]


@pytest.mark.parametrize(("language", "text", "intent", "service"), both_spellings([
    ("vi", "đổi căn cước", "how_to", "identity-card"), ("vi", "mất hộ chiếu làm lại thế nào", "how_to", "passport"),
    ("vi", "sửa tên trên thẻ bảo hiểm y tế", "name_service", "health-insurance-card"),
    ("vi", "đổi hộ chiếu", "how_to", "passport"), ("vi", "đăng ký hộ kinh doanh cá thể", "how_to", SHOP),
    ("vi", "gia hạn tạm trú", "how_to", "temporary-residence"), ("vi", "xin phép sửa nhà", "how_to", "building-permit"),
    ("vi", "mất giấy khai sinh", "how_to", "civil-status-extract"), ("vi", "đổi tên sổ đỏ", "how_to", "land-transfer"),
    ("vi", "xóa hộ khẩu cho bố đã mất", "how_to", "death-package"),
    ("vi", "xóa thường trú cho người mất", "how_to", "death-package"),
    ("vi", "khai sinh phải đợi bao lâu", "time_limit", BIRTH),
    ("vi", "mất giấy đăng ký kết hôn", "how_to", "civil-status-extract"),
    ("vi", "mất việc làm hưởng trợ cấp thất nghiệp", "how_to", "unemployment-benefit"),
    ("vi", "đổi thông tin trên căn cước", "rate", "identity-card"), ("vi", "mở quán trà sữa", "how_to", SHOP),
    ("en", "change the name on my ID card", "how_to", "identity-card"),
    ("en", "renew my passport", "how_to", "passport"),
    ("en", "I lost my marriage certificate", "how_to", "civil-status-extract"),
    ("en", "I lost my job, unemployment benefit", "how_to", "unemployment-benefit"),
    ("en", "remove my late father from the household book", "how_to", "death-package"),
    ("en", "correct the name on my health card", "how_to", "health-insurance-card"),
]))
async def test_what_the_record_has_is_told(
    language: Language, text: str, intent: str, service: str, talk: Talk
) -> None:
    answer = await talk(language).say(text, intent)
    assert (answer["outcome"], answer.get("about", {}).get("service")) == ("answered", service)


@pytest.mark.parametrize(("language", "text", "intent"), [row[:3] for row in both_spellings([
    ("vi", "đổi tên", "name_service", ""), ("vi", "thủ tục đổi tên cho con", "how_to", ""),
    ("vi", "cải chính ngày sinh", "documents", ""), ("en", "change my name", "nlu_fallback", ""),
    ("en", "change my surname", "how_to", ""), ("vi", "trả bằng thẻ được không", "online", ""),
    ("vi", "nộp lệ phí chuyển khoản được không", "fee", ""), ("vi", "hoàn tiền lệ phí", "fee", ""),
    ("en", "can I pay by card", "fee", ""), ("en", "do you accept cash", "nlu_fallback", ""),
    ("en", "I want a refund", "fee", ""),
])])
async def test_what_names_no_service_is_left_to_the_front_desk(
    language: Language, text: str, intent: str, talk: Talk
) -> None:
    answer = await talk(language).say(text, intent)
    assert answer["outcome"] == "no_answer"
    assert ("phường Mẫu" if language == "vi" else "Mau Ward") in answer["reply"]["text"].splitlines()[1]
    assert offered(answer) == [PERSON]


@pytest.mark.parametrize(("language", "first", "text", "intent"), [
    ("vi", "lệ phí hộ chiếu", "trả bằng thẻ được không", "online"),
    ("vi", "lệ phí hộ chiếu", "tra tien mat duoc khong", "fee"),
    ("vi", "lệ phí hộ chiếu", "hoàn lại tiền được không", "nlu_fallback"),
    ("en", "how much is a passport", "can I pay by credit card", "fee"),
])
async def test_how_to_pay_is_asked_of_what_was_spoken_of(
    language: Language, first: str, text: str, intent: str, talk: Talk
) -> None:
    citizen = talk(language)
    await citizen.say(first, "fee")
    answer = await citizen.say(text, intent)
    assert (answer["outcome"], answer.get("about")) == ("no_answer", {"service": "passport"})
    assert offered(answer) == ["intent=fee&service=passport", PERSON]


@pytest.mark.parametrize(("language", "text"), [
    ("vi", "thẻ tín dụng bị khóa"), ("vi", "the tin dung bi khoa"), ("vi", "bị mất ngủ"), ("vi", "sửa xe ở đâu"),
    ("en", "refund my order"),
    ("en", "my credit card was stolen"),
])
async def test_what_is_not_ours_at_all_stays_so(language: Language, text: str, talk: Talk) -> None:
    assert (await talk(language).say(text, "out_of_scope"))["outcome"] == "out_of_scope"


@pytest.mark.parametrize(("language", "text", "confidence", "outcome"), [
    ("en", "amend my marriage certificate", 0.63, "no_answer"), ("vi", "cải chính giấy khai sinh", 0.7, "no_answer"),
    ("vi", "hồ sơ cải chính khai sinh của tôi đến đâu rồi", 0.95, "clarified"),
])
async def test_what_was_hardly_taken_for_a_case_is_a_request(
    language: Language, text: str, confidence: float, outcome: str, talk: Talk
) -> None:
    assert (await talk(language).say(text, "check_case", confidence=confidence))["outcome"] == outcome


@pytest.mark.parametrize(("language", "text", "outcome"), [
    ("en", "change my date of birth", "no_answer"), ("vi", "đổi họ cho con", "no_answer"),
    ("vi", "sai ngày sinh", "no_answer"), ("en", "I made a mistake", "out_of_scope"),
])
async def test_details_of_a_person_are_ours_to_send_on(
    language: Language, text: str, outcome: str, talk: Talk
) -> None:
    assert (await talk(language).say(text, "out_of_scope"))["outcome"] == outcome


@pytest.mark.parametrize(("text", "intent"), [
    ("hủy", "cancel"), ("huy", "cancel"), ("cancel", "cancel"), ("xóa dữ liệu của tôi", "delete_my_data"),
    ("xoa so cccd toi vua gui", "delete_my_data"), ("delete my data", "delete_my_data"),
    ("xóa thông tin", "delete_my_data"),
])
async def test_leaving_and_deleting_are_what_they_were(text: str, intent: str, talk: Talk) -> None:
    answer = await talk("vi").say(text, intent)
    assert answer["outcome"] == "answered"
    assert "about" not in answer


@pytest.mark.parametrize(("first", "text", "intent"), [
    ("đăng ký tạm trú", "muốn hủy thì sao", "cancel"),
    ("đăng ký khai sinh", "nếu sai tên thì sửa thế nào", "out_of_scope"),
    ("dang ky khai sinh", "neu sai ten thi sua the nao", "nlu_fallback"),
])
async def test_alone_it_is_about_the_service_before(first: str, text: str, intent: str, talk: Talk) -> None:
    citizen = talk("vi")
    before = await citizen.say(first, "name_service")
    answer = await citizen.say(text, intent)
    assert (answer["outcome"], answer.get("about")) == ("no_answer", before.get("about"))


async def asked_of(citizen: Conversation) -> Answer:
    return await citizen.say("hủy đăng ký tạm trú", "cancel")


async def test_yes_leads_to_the_agency_and_no_later_question_is_about_the_registration(talk: Talk) -> None:
    citizen = talk("vi")
    await asked_of(citizen)
    handoff = (await citizen.say("vâng", "affirm")).get("handoff")
    assert handoff
    topic = "temporary-residence"
    assert (handoff["reason"], handoff["topic"], handoff["agency"]) == ("no_answer", topic, "mau-ward-police")
    other = talk("vi")
    await asked_of(other)
    assert (await other.say("phí bao nhiêu", "fee"))["outcome"] == "clarified"


@pytest.mark.parametrize(("text", "kinds", "rest"), [
    ("xoá thường trú", ("undo",), ("thuong", "tru")), ("xóa thường trú", ("undo",), ("thuong", "tru")),
    ("huy tam tru", ("undo",), ("tam", "tru")), ("sửa nhà", (), ()), ("mua trà sữa", (), ("mua",)), ("phải đợi", (),
    ("phai", "doi")),
    ("mất sổ bhxh", ("replace",), ("bao", "hiem", "xa", "hoi")), ("mất gks", ("replace",), ("khai", "sinh")),
    ("the bhyt bi hong", ("replace",), ("the", "bao", "hiem", "y", "te")), ("bỏ đk tạm trú", ("undo",), ("tam", "tru")),
    ("I lost my job", (), ("i",)), ("cash out social insurance", (), ("social", "insurance")),
    ("co giay to gi hong", (), ("co", "giay", "to", "gi", "khong")),
    ("đổi tên con", ("correct",), ("con",)), ("chấm dứt hợp đồng", (), ()), ("mất bao lâu", (), ()),
])
def test_what_is_read_as_a_request(text: str, kinds: tuple[str, ...], rest: tuple[str, ...]) -> None:
    assert request_of(text, "vi") == (kinds, rest)


@pytest.mark.parametrize(("service", "kinds"), [
    ("identity-card", {"correct", "change", "replace", "renew"}), ("passport", {"change", "replace", "renew"}),
    (BIRTH, set[str]()),
    (MARRIAGE, set[str]()), ("death-package", {"undo"}), ("civil-status-extract", {"replace"}),
    ("traffic-fine", {"pay"}),
    ("temporary-residence", {"renew"}), (SHOP, set[str]()),
])
def test_what_a_record_tells_of(service: str, kinds: set[str], catalogue: Catalogue) -> None:
    every = ("undo", "correct", "change", "replace", "renew", "split", "refund", "pay")
    assert {kind for kind in every if does(catalogue.services[service], kind)} == kinds
