"""Who asks for a telephone number gets the office's own or the information line, and when the office is open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.answer import Language
from actions.cases.fake import FakeCases
from knowledge.catalogue import Catalogue
from tests.actions.conftest import MONDAY, PackStore, Talk, make_world
from tests.actions.conversation import PERSON, Conversation, Names, Row, both_spellings, offered
from tests.actions.test_texted import checked, texting

ASKED: list[Row] = both_spellings([
    ("vi", "số điện thoại phường", "office_hours", "Bạn gọi tổng đài 1022."),
    ("vi", "hotline là số mấy", "talk_to_person", "phường Mẫu. Bạn gọi tổng đài 1022."),
    ("vi", "gọi số nào để hỏi", "nlu_fallback", "Bạn gọi tổng đài 1022."),
    ("vi", "cho xin số điện thoại công an phường", "office_hours", "Bạn gọi tổng đài 1022."),
    ("vi", "sđt bảo hiểm xã hội", "where", "Bạn gọi tổng đài 1022."),
    ("en", "phone number of the ward", "office_hours", "direct number for Mau Ward People's Committee."),
    ("en", "what number do I call", "nlu_fallback", "1022"), ("en", "is there a hotline", "talk_to_person", "1022"),
    ("en", "phone number of the land office", "office_hours", "Call the information line 1022."),
])


@pytest.mark.parametrize(("language", "text", "intent", "says"), ASKED)
async def test_a_number_is_told_with_the_office(
    language: Language, text: str, intent: str, says: str, catalogue: Catalogue, names: Names, talk: Talk
) -> None:
    answer = await talk(language).say(text, intent)
    assert answer["outcome"] == "answered"
    assert says in answer["reply"]["text"]
    assert "7:30" in answer["reply"]["text"] or "8:00" in answer["reply"]["text"]
    assert offered(answer) == [PERSON]
    assert "1022" in checked(await texting(catalogue, names, language).say(text, intent))


async def test_an_office_may_have_its_own(catalogue: Catalogue, names: Names) -> None:
    agencies = catalogue.agencies | {"tax-office": replace(catalogue.agencies["tax-office"], phone="0292 3812 345")}
    store = PackStore(replace(catalogue, agencies=agencies))
    citizen = Conversation(make_world(store, FakeCases(lambda: MONDAY, name="demonstration")), "vi", names)
    answer = await citizen.say("số điện thoại thuế cơ sở", "office_hours")
    assert "Thuế cơ sở Mẫu: 0292 3812 345." in answer["reply"]["text"]
    assert "1022" not in answer["reply"]["text"]


async def test_where_there_is_none_it_is_said_so(catalogue: Catalogue) -> None:
    authority = replace(catalogue.authority, hotline=None)
    agencies = {one: replace(agency, phone=None) for one, agency in catalogue.agencies.items()}
    store = PackStore(replace(catalogue, authority=authority, agencies=agencies))
    citizen = Conversation(make_world(store, FakeCases(lambda: MONDAY, name="demonstration")))
    answer = await citizen.say("số điện thoại phường", "office_hours")
    assert answer["outcome"] == "no_answer"
    assert "Tôi không có số điện thoại riêng" in answer["reply"]["text"]


@pytest.mark.parametrize(("text", "intent"), [
    ("đổi số điện thoại trên VNeID", "how_to"), ("số điện thoại của tôi bị sai", "nlu_fallback"),
    ("gặp nhân viên", "talk_to_person"),
    ("cho xin số điện thoại làm quen", "out_of_scope"),
])
async def test_other_numbers_are_not_given_out(text: str, intent: str, talk: Talk) -> None:
    assert "1022" not in (await talk("vi").say(text, intent))["reply"]["text"]
