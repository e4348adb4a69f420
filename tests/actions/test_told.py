"""How facts are told: the case that is asked about first, rates beside each other, and nothing made up."""

from __future__ import annotations

import pytest

from actions.answer import Language
from tests.actions.conftest import Talk
from tests.actions.conversation import PERSON, offered
from text.fold import strip_diacritics

ROWS: list[tuple[Language, str, str, str, str]] = [
    ("vi", "hộ chiếu phí bao nhiêu", "fee",
     "- Cấp mới: 200.000 đồng (đến hết 31/12/2026 có thể chỉ thu 100.000 đồng, chưa xác nhận).", "Mức gốc"),
    ("en", "how much is a passport", "fee",
     "- New passport: VND 200,000 (until 31 December 2026 only VND 100,000 may be charged, not confirmed).", "…"),
    ("vi", "làm lại căn cước bị mất bao nhiêu tiền", "fee", "căn cước:\n- Cấp lại thẻ bị mất: 70.000 đồng", "Mức gốc"),
    ("vi", "đổi căn cước mất bao nhiêu tiền", "fee", "căn cước:\n- Đổi thẻ: 50.000 đồng", "Mức gốc"),
    ("en", "how much to replace a lost passport", "fee", "passport:\n- Replacing a lost or damaged one: VND", "…"),
    ("vi", "đăng ký hộ kinh doanh hết bao nhiêu", "fee", "Mức này chưa được xác nhận.", "(chưa xác nhận)"),
    ("vi", "người nước ngoài đăng ký tạm trú", "who_may_apply", "dành cho công dân Việt Nam. Tôi không có", "…"),
    ("en", "can a foreigner register temporary residence", "who_may_apply", "is for Vietnamese citizens. I", "…"),
    ("en", "can foreigners marry here", "who_may_apply", "Marriage to a foreigner is a separate service", "Vietnamese"),
    ("vi", "đi nước ngoài làm hộ chiếu cần gì", "documents", "Giấy tờ cho thủ tục cấp hộ chiếu", "người nước ngoài"),
    ("vi", "chưa làm khai sinh có bị phạt không", "fee", "không có thông tin về mức phạt", "miễn phí"),
    ("vi", "chưa làm khai sinh có bị phạt không", "who_may_apply", "- Đăng ký trong 60 ngày", "miễn phí"),
    ("vi", "không đăng ký tạm trú bị phạt bao nhiêu", "fee", "500.000 đến 1.000.000 đồng", "không có thông tin"),
    ("en", "what is the penalty for late birth registration", "fee", "- Register within 60 days", "free"),
    ("vi", "xây nhà cấp 4 có phải xin phép không", "who_may_apply", "- Được cấp phép rồi mới khởi công.", "…"),
    ("vi", "lưu trú phải báo trước mấy giờ", "time_limit", "Báo trước 23 giờ", "…"),
    ("vi", "làm giấy khai sinh mất bao lâu", "time_limit", "Trong ngày; nhận sau 15 giờ", "1 ngày làm việc"),
    ("vi", "cấp lại thẻ bảo hiểm y tế cần giấy tờ gì", "documents", "(Mẫu số 2)", "(mẫu 2)"),
    ("vi", "giấy phép xây dựng cần giấy tờ gì", "documents", "Xây nhà ở riêng lẻ mới:\n- Đơn đề nghị", ";"),
    ("vi", "xin giấy phép xây dựng", "name_service", "(Cổng Dịch vụ công quốc gia, cách nộp chính)", "))"),
    ("vi", "làm căn cước ở đâu", "where", "Nơi làm: Công an phường Mẫu", "bạn đến"),
    ("vi", "quá hạn 60 ngày khai sinh thì sao", "time_limit",
     "Đăng ký trong 60 ngày từ ngày sinh. Đăng ký quá hạn: Mức", "…"),
    ("vi", "khai sinh trễ hạn có được không", "who_may_apply", "Đăng ký trong 60 ngày từ ngày sinh.", "…"),
    ("en", "birth registration after 60 days", "how_to",
     "Register within 60 days of the birth. Registered late: Set", "…"),
    ("en", "late death registration", "where", "within 15 days", "…"),
    ("vi", "nộp hồ sơ khai sinh sau 15 giờ thì khi nào có", "time_limit", "Đăng ký khai sinh: Trong ngày", "quá hạn"),
    ("vi", "tôi muốn làm khai sinh", "how_to", "1. ", "quá hạn"),
]


@pytest.mark.parametrize(("language", "before", "text"), [
    ("en", "how much does it cost to register permanent residence", "and for a passport?"),
    ("en", "how much is a passport", "and what about permanent residence with a baby?"),
    ("vi", "lệ phí đăng ký thường trú", "còn hộ chiếu thì sao"),
    ("vi", "le phi dang ky thuong tru", "con ho chieu thi sao"),
    ("vi", "lệ phí hộ chiếu", "và đăng ký thường trú với tạm trú nữa"),
])
async def test_words_that_only_go_on_name_no_case(language: Language, before: str, text: str, talk: Talk) -> None:
    citizen = talk(language)
    await citizen.say(before, "fee")
    answer = await citizen.say(text, "name_service")
    assert answer.get("about", {}).get("facet") == "fee"
    assert ("Trường hợp khác" if language == "vi" else "Other cases") not in answer["reply"]["text"]


@pytest.mark.parametrize("spell", [str, strip_diacritics])
@pytest.mark.parametrize(("language", "text", "intent", "says", "not_this"), ROWS)
async def test_a_fact_is_told(
    language: Language, text: str, intent: str, says: str, not_this: str, spell: type[str], talk: Talk
) -> None:
    answer = await talk(language).say(spell(text), intent)
    assert answer["outcome"] == "answered"
    assert says in answer["reply"]["text"]
    assert not_this not in answer["reply"]["text"].split("Other cases")[0]


@pytest.mark.parametrize("spell", [str, strip_diacritics])
async def test_a_penalty_that_is_not_known_is_left_to_a_person(spell: type[str], talk: Talk) -> None:
    answer = await talk("vi").say(spell("hộ chiếu hết hạn có bị phạt không"), "fee")
    assert answer["outcome"] == "no_answer"
    assert offered(answer)[-1] == PERSON
