"""A choice taken in one's own words, where all of them fit one choice and no other."""

from __future__ import annotations

import pytest

from actions.answer import Language
from tests.actions.conftest import Talk
from tests.actions.conversation import Row, both_spellings

BUSINESS = {"vi": "đăng ký kinh doanh", "en": "I want to register a business"}
SHOP, COMPANY = "household-business", "company-registration"


@pytest.mark.parametrize("intent", ["name_service", "nlu_fallback", "out_of_scope", "affirm"])
@pytest.mark.parametrize(("language", "text", "service", "_"), both_spellings([
    ("vi", "hộ cá thể", SHOP, ""), ("vi", "cá thể ạ", SHOP, ""), ("vi", "công ty", COMPANY, ""),
    ("vi", "doanh nghiệp nhé", COMPANY, ""), ("en", "household", SHOP, ""), ("en", "a company please", COMPANY, ""),
    ("en", "the household one", SHOP, ""),
]))
async def test_it_is_answered_as_what_was_asked_first(
    language: Language, text: str, service: str, _: str, intent: str, talk: Talk
) -> None:
    citizen = talk(language)
    asked = await citizen.say(BUSINESS[language], "how_to")
    assert (asked["outcome"], len(asked["reply"]["choices"])) == ("clarified", 2)
    answer = await citizen.say(text, intent)
    assert (answer["outcome"], answer.get("about")) == ("answered", {"service": service, "facet": "how_to"})


ROWS: list[Row] = [
    ("vi", "hộ chiếu", "name_service", "passport"),             # another
    ("vi", "công ty phí bao nhiêu", "fee", COMPANY),            # asks for more than the choice
    ("vi", "xin chào", "nlu_fallback", ""),
]


@pytest.mark.parametrize(("language", "text", "intent", "service"), ROWS)
async def test_what_fits_no_choice_or_several_stands_for_itself(
    language: Language, text: str, intent: str, service: str, talk: Talk
) -> None:
    citizen = talk(language)
    await citizen.say(BUSINESS[language], "how_to")
    answer = await citizen.say(text, intent)
    assert answer.get("about", {}).get("service", "") == service
    assert answer.get("about", {}).get("facet") in (None, "fee", "how_to")
