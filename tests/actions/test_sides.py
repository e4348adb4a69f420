"""Two questions in one: both sides are told, one below the other; by SMS if they fit, else the second is a choice."""

from __future__ import annotations

import pytest

from actions.answer import Language
from actions.sides import asked_sides, sides
from knowledge.catalogue import Catalogue
from tests.actions.conftest import Talk
from tests.actions.conversation import Names, Row, both_spellings, offered
from tests.actions.test_texted import checked, texting


@pytest.mark.parametrize(("text", "asked", "spoken_of"), [
    ("làm hộ chiếu hết bao nhiêu tiền và mất bao lâu", "fee time_limit", "fee time_limit"),
    ("phí và thời gian đăng ký tạm trú", "fee time_limit", "fee time_limit"),
    ("hộ chiếu: giấy tờ, lệ phí, thời hạn", "documents fee time_limit", "documents fee time_limit"),
    ("cần giấy tờ gì và nộp ở đâu", "documents where", "documents where"),
    ("nộp giấy tờ khai sinh ở đâu", "where", "documents where"), ("tờ khai lấy ở đâu", "where", "form where"),
    ("nộp online mất bao lâu", "time_limit", "online time_limit"),
    ("gia hạn tạm trú bao lâu", "time_limit", "time_limit"),
    ("gia đình tôi làm hộ khẩu", "", ""), ("còn phí thì sao", "", "fee"), ("lệ phí bao nhiêu", "fee", "fee"),
    ("how much and how long for a passport", "fee time_limit", "fee time_limit"),
    ("where do I submit the documents", "where", "where documents"),
    ("documents and fee", "documents fee", "documents fee"),
])
def test_what_is_asked_for(text: str, asked: str, spoken_of: str) -> None:
    assert asked_sides(text) == tuple(asked.split())
    assert sides(text) == tuple(spoken_of.split())


BOTH: list[Row] = both_spellings([
    ("vi", "làm căn cước ở đâu, mất mấy ngày", "time_limit", "7 ngày làm việc|Nơi làm: Công an phường Mẫu"),
    ("vi", "phí và thời gian đăng ký tạm trú", "fee", "15.000 đồng|3 ngày làm việc"),
    ("vi", "đăng ký kết hôn cần giấy tờ gì và nộp ở đâu", "documents", "Tờ khai đăng ký kết hôn|Số 1 đường Mẫu"),
    ("vi", "hộ chiếu lệ phí bao nhiêu, bao lâu", "nlu_fallback", "200.000 đồng|8 ngày làm việc"),
    ("vi", "đăng ký tạm trú bao nhiêu tiền, mấy ngày", "how_to", "15.000 đồng|3 ngày làm việc"),
    ("en", "how much and how long for a passport", "fee", "VND 200,000|8 working days"),
    ("en", "what documents do I need for marriage and where do I go", "where", "Mau Street|Marriage registration form"),
])


@pytest.mark.parametrize(("language", "text", "intent", "says"), BOTH)
async def test_both_sides_are_told(language: Language, text: str, intent: str, says: str, talk: Talk) -> None:
    answer = await talk(language).say(text, intent)
    first, second = says.split("|")
    assert answer["outcome"] == "answered"
    assert 0 <= answer["reply"]["text"].find(first) < answer["reply"]["text"].find(second)
    told = tuple(f"intent={side}&" for side in asked_sides(text))
    assert not any(value.startswith(told) for value in offered(answer))


@pytest.mark.parametrize(("language", "text", "intent", "both"), [
    ("vi", "đăng ký tạm trú bao nhiêu tiền, mất mấy ngày", "fee", True),
    ("en", "fee and time limit for temporary residence", "fee", True),
    ("vi", "hộ chiếu phí và thời gian", "fee", False),
    ("en", "how much is a passport and how long does it take", "fee", False),
])
async def test_by_sms_both_if_they_fit(
    language: Language, text: str, intent: str, both: bool, catalogue: Catalogue, names: Names
) -> None:
    answer = await texting(catalogue, names, language).say(text, intent)
    short = checked(answer)
    assert (("Thoi han" if language == "vi" else "How long") in short) is both
    assert offered(answer)[0].startswith("intent=time_limit&service=") is not both


async def test_a_side_that_the_catalogue_does_not_have_is_said_so(talk: Talk) -> None:
    answer = await talk("vi").say("phục hồi điểm bằng lái ở đâu, phí bao nhiêu", "where")
    assert "Nơi làm" in answer["reply"]["text"]
    assert "Tôi chưa có thông tin “Lệ phí”" in answer["reply"]["text"]


async def test_both_sides_of_the_service_before(talk: Talk) -> None:
    citizen = talk("vi")
    await citizen.say("…", "where", service="temporary-residence")
    answer = await citizen.say("phí và thời gian?", "nlu_fallback", likely=("fee",), confidence=0.4)
    assert "15.000 đồng" in answer["reply"]["text"]
    assert "3 ngày làm việc" in answer["reply"]["text"]
