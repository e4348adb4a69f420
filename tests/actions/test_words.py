"""Both languages say the same things with the same values in them."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from actions.telling.short import fits
from actions.voice import Voice, danger_words, rating_words, words
from text.fold import fold, strip_diacritics

VI, EN = words("vi"), words("en")
KEYS = sorted(VI)
# What carriers take as a wish to stop or to start again, whoever is meant; twilio.com, opt-out keywords, and ours.
INVITED = re.compile(
    r"\b(CANCEL|END|QUIT|YES|STOP|STOPALL|UNSUBSCRIBE|REVOKE|OPTOUT|START|UNSTOP|HELP|INFO|DUNG|HUY|TUCHOI|TU CHOI)\b"
)
ANSWERED_SO = re.compile(
    r"\b(reply|text|send|write|answer|say|type|tra loi|nhan|soan|gui|viet) \W?"
    r"(yes|no|co|khong|ok|stop|end|quit|cancel|huy|dung)\b(?! dau)"
)
YES_OR_NO = re.compile(r"bạn có muốn|(?:^|[.!?] )(?:or )?(?:would you|shall i|do you)\b", re.IGNORECASE)
MEANT = ("stop_messages_sms", "stop_messages_app")      # these say which words stop and start


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(VI) == set(EN)


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_have_the_same_blanks(key: str) -> None:
    allowed = {"month_of": {"month", "number", "year"}}.get(key, set())
    assert blanks(VI[key]) == blanks(EN[key]) or (blanks(VI[key]) | blanks(EN[key])) <= allowed


@pytest.mark.parametrize("key", [key for key in KEYS if key.endswith("_brief")])
def test_a_brief_form_belongs_to_a_sentence_and_is_shorter(key: str) -> None:
    for language in (VI, EN):
        assert key.removesuffix("_brief") in language
        assert fits(language[key])


def test_every_sentence_is_used() -> None:
    """A key is written out in the code, or built from a prefix that is."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path("actions").rglob("*.py"))
    prefixes = set(re.findall(r'f"([a-z_]+)\{', code)) | set(re.findall(r"f'([a-z_]+)\{", code))
    unused = [
        key for key in KEYS
        if f'"{key}"' not in code and f"'{key}'" not in code and not any(key.startswith(prefix) for prefix in prefixes)
        and not (key.endswith("_brief") and f'"{key.removesuffix("_brief")}"' in code)
    ]
    assert unused == []


@pytest.mark.parametrize(("name", "inside"), [
    ("Đăng ký khai sinh", "đăng ký khai sinh"),
    ("Birth registration", "birth registration"),
    ("VNeID", "VNeID"),
    ("ID card", "ID card"),
    ("Ủy ban", "ủy ban"),
])
def test_a_name_inside_a_sentence(name: str, inside: str) -> None:
    assert Voice("vi").inside(name) == inside


def test_words_for_ratings_and_dangers_say_one_thing_each() -> None:
    for table in (rating_words(), danger_words()):
        said = [fold(word) for many in table.values() for word in many]
        assert len(said) == len(set(said))


@pytest.mark.parametrize("language", [VI, EN], ids=["vi", "en"])
def test_no_sentence_invites_a_word_that_carriers_act_on(language: dict[str, str]) -> None:
    plain = {key: strip_diacritics(said) for key, said in language.items() if key not in MEANT}
    assert [key for key, said in plain.items() if INVITED.search(said) or ANSWERED_SO.search(said.lower())] == []


@pytest.mark.parametrize("language", [VI, EN], ids=["vi", "en"])
def test_no_text_asks_what_is_answered_with_yes(language: dict[str, str]) -> None:
    texted = {key: language.get(f"{key}_brief", said) for key, said in language.items()}
    assert [key for key, said in texted.items() if YES_OR_NO.search(said)] == []


@pytest.mark.parametrize(("said", "found"), [
    ("For a person, reply YES.", True), ("Trả lời CÓ để gặp nhân viên.", True), ("Soạn “không” nếu sai.", True),
    ("Text “stop” to end.", True), ("Would you like to talk to a person?", True), ("Shall I pass this on?", True),
    ("Bạn có muốn gặp nhân viên không?", True), ("Try again. Or would you like to talk to a person?", True),
    ("Text 0 for a person.", False), ("What would you like to know?", False), ("Soạn 0 gặp nhân viên.", False),
    ("Nhắn không dấu cũng được.", False), ("When it ends, ask again.", False),
])
def test_what_counts_as_an_invitation(said: str, found: bool) -> None:
    plain = strip_diacritics(said)
    matches = (INVITED.search(plain), ANSWERED_SO.search(plain.lower()), YES_OR_NO.search(said))
    assert any(matches) is found


def test_how_to_stop_is_said_with_the_words_themselves() -> None:
    for said in (set(INVITED.findall(language[key])) for language in (VI, EN) for key in MEANT):
        assert {"STOP", "START"} <= said <= {"STOP", "START", "TUCHOI"}
