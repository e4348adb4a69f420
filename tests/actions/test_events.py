"""Which life event a text names: who died is mourned, what is lost is not; nobody is congratulated on being late."""

from __future__ import annotations

import pytest

from actions.answer import Language
from tests.actions.conftest import Talk
from tests.actions.conversation import Row, both_spellings, offered

DEATH, BABY = "death-in-the-family", "having-a-baby"
NAMED: list[Row] = both_spellings([
    ("vi", "chú tôi mất hôm qua", DEATH, ""), ("vi", "bà ngoại em mất rồi phải làm gì", DEATH, ""),
    ("vi", "ông nội vừa qua đời", DEATH, ""),
    ("vi", "bố vợ tôi mới mất", DEATH, ""), ("vi", "anh trai mình mất tuần trước", DEATH, ""),
    ("vi", "nhà tôi có người mất", DEATH, ""),
    ("vi", "mẹ em mất vì bệnh", DEATH, ""), ("vi", "con tôi mới sinh được 3 ngày", BABY, ""),
    ("vi", "vợ tôi sắp đẻ", BABY, ""),
    ("en", "my grandma died", DEATH, ""), ("en", "my grandfather has died, what do I do", DEATH, ""),
    ("en", "my uncle passed away", DEATH, ""),
    ("en", "our son died last week", DEATH, ""), ("en", "I lost my mother", DEATH, ""),
])
LOST: list[Row] = both_spellings([
    ("vi", "con tôi mất căn cước", "", ""), ("vi", "bố tôi mất căn cước phải làm gì", "", ""),
    ("vi", "chú tôi mất ví", "", ""),
    ("vi", "mẹ tôi mất thẻ bảo hiểm y tế", "", ""), ("vi", "bố tôi làm hộ chiếu mất bao lâu", "", ""),
    ("vi", "vợ tôi mất sổ đỏ", "", ""),
    ("en", "my husband lost his passport", "", ""), ("en", "my father is applying for a passport", "", ""),
])


@pytest.mark.parametrize(("language", "text", "event"), [row[:3] for row in NAMED])
@pytest.mark.parametrize("intent", ["life_event", "nlu_fallback"])
async def test_an_event_that_is_named_is_a_journey(
    language: Language, text: str, event: str, intent: str, talk: Talk
) -> None:
    answer = await talk(language).say(text, intent)
    assert (answer["outcome"], answer.get("about")) == ("answered", {"event": event})


@pytest.mark.parametrize(("language", "text"), [row[:2] for row in LOST])
@pytest.mark.parametrize("intent", ["life_event", "nlu_fallback", "how_to"])
async def test_what_is_lost_or_takes_time_is_no_death(language: Language, text: str, intent: str, talk: Talk) -> None:
    answer = await talk(language).say(text, intent)
    assert "event" not in answer.get("about", {})


@pytest.mark.parametrize(("language", "text", "service", "facet"), both_spellings([
    ("vi", "ông tôi mới mất, làm giấy khai tử phải cầm theo những gì", "death-registration", "documents"),
    ("vi", "vợ tôi mới sinh, làm giấy khai sinh hết bao nhiêu tiền", "birth-registration", "fee"),
    ("en", "my aunt died, what documents for the death registration", "death-registration", "documents"),
]))
@pytest.mark.parametrize("intent", ["life_event", "nlu_fallback"])
async def test_a_side_of_a_service_that_is_named_beside_an_event_is_told(
    language: Language, text: str, service: str, facet: str, intent: str, talk: Talk
) -> None:
    answer = await talk(language).say(text, intent)
    assert answer.get("about") == {"service": service, "facet": facet}


@pytest.mark.parametrize(("language", "text"), [
    ("vi", "nộp phạt giao thông mức phạt"), ("en", "bring the decision to pay the fine"),
])
async def test_where_the_fine_is_the_subject_it_is_no_penalty(language: Language, text: str, talk: Talk) -> None:
    answer = await talk(language).say(text, "nlu_fallback", service="traffic-fine")
    assert answer["outcome"] == "clarified"
    assert all("service=traffic-fine" in value for value in offered(answer))


@pytest.mark.parametrize(("language", "text"), [row[:2] for row in both_spellings([
    ("vi", "con tôi 3 tuổi chưa khai sinh có bị phạt không", "", ""),
    ("en", "my child is 3 and has no birth certificate, will I be fined", "", ""),
])])
@pytest.mark.parametrize("intent", ["nlu_fallback", "who_may_apply"])
async def test_nobody_is_congratulated_on_being_late(language: Language, text: str, intent: str, talk: Talk) -> None:
    answer = await talk(language).say(text, intent)
    assert answer.get("about", {}).get("service") == "birth-registration"
    assert "60" in answer["reply"]["text"]


@pytest.mark.parametrize(("language", "asks"), [
    ("vi", "Bạn hỏi về việc nào dưới đây?"), ("en", "Which of these is it about?"),
])
async def test_an_event_that_is_not_clear_is_asked_about_in_words_that_fit_all(
    language: Language, asks: str, talk: Talk
) -> None:
    assert (await talk(language).say("…", "life_event"))["reply"]["text"] == asks
