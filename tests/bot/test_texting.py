"""One turn as one SMS: what is said, which choices are shown, where it is cut, what it costs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.texting import Said, Text, render
from bot.words import LANGUAGES, say, table
from text.sms import count, fold

LINK = "https://motcua.vn/t/8xKq2"
PERSON = {"label": "Gặp nhân viên", "value": "intent=talk_to_person"}
PAPERS = [
    {"label": "Đăng ký khai sinh", "value": "intent=name_service&service=birth"},
    {"label": "Đăng ký kết hôn", "value": "intent=name_service&service=marriage"},
    {"label": "Đăng ký khai tử", "value": "intent=name_service&service=death"},
]
NUMBERED = "1 Dang ky khai sinh\n2 Dang ky ket hon\n3 Dang ky khai tu"
ZERO = "0 Gap nhan vien"


def line(text: str, choices: Sequence[dict[str, str]] = (), **more: Any) -> Said:
    return replace(Said("assistant", text, "", choices, "vi"), **more)


def sent(*said: Said, folded: bool = True, price: int = 0) -> Text:
    return render(said, folded=folded, link=lambda: LINK, price=price)


def many(number: int, label: str = "Giấy") -> list[dict[str, str]]:
    return [{"label": f"{label} {place}", "value": f"intent=fee&service={place}"} for place in range(1, number + 1)]


@pytest.mark.parametrize(("said", "folded", "expected"), [
    ([], True, ""), ([line("")], True, ""),
    ([line("Lệ phí: 8.000₫.")], True, "Le phi: 8.000d."), ([line("Lệ phí: 8.000₫.")], False, "Lệ phí: 8.000₫."),
    # the short form, where there is one; one line below the other
    ([line("Lệ phí đăng ký khai sinh là …", short="Khai sinh: miễn phí.")], True, "Khai sinh: mien phi."),
    ([line("Xin chào!", author="system"), line("Miễn phí."), line("")], True, "Xin chao!\nMien phi."),
    # bullets are plain, and no line is empty
    ([line("Cần:\n\n* căn cước \n• giấy hẹn\n  – ảnh\n- đơn\n")], True, "Can:\n- can cuoc\n- giay hen\n- anh\n- don"),
    ([line("Bạn cần:\n\n• ảnh")], False, "Bạn cần:\n- ảnh"),
    # what goes as GSM-7 anyway is left as it is written
    ([line("Voilà: le café à 5 €.")], True, "Voilà: le café à 5 €."), ([line("Café sữa")], True, "Cafe sua"),
    ([line("Xin chào!"), line("Voilà.")], True, "Xin chào!\nVoilà."),
    ([line("👍")], True, "👍"), ([line("Tốt 👍 rồi")], True, "Tot roi"), ([line("Tốt 👍 rồi")], False, "Tốt 👍 rồi"),
    # nothing that a provider could not take
    ([line("a\ud83d b\ud83d\ude00 c\udc00")], False, "a b😀 c"), ([line("\ud83d")], False, ""),
    ([line(unicodedata.normalize("NFD", "Giấy tờ"))], False, "Giấy tờ"),
])  # fmt: skip
def test_what_is_said(said: list[Said], folded: bool, expected: str) -> None:
    text = sent(*said, folded=folded)
    assert (text.text, text.choices_shown, text.cut) == (expected, [], False)
    assert text.count == count(expected)


FULL = "x" * 160
LONG = "y" * 161
NEARLY = "x" * (160 - len("\n1 Dang ky khai sinh"))


@pytest.mark.parametrize(("said", "shown", "expected"), [
    # a question shows them all
    (line("Bạn cần giấy nào?", PAPERS, asks=True), 3, f"Ban can giay nao?\n{NUMBERED}"),
    (line("Bạn cần giấy nào?", [*PAPERS, PERSON], asks=True), 3, f"Ban can giay nao?\n{NUMBERED}\n{ZERO}"),
    (line("Bạn cần giấy nào?", [PERSON, *PAPERS], asks=True), 3, f"Ban can giay nao?\n{NUMBERED}\n{ZERO}"),
    (line(FULL, PAPERS, asks=True), 3, f"{FULL}\n{NUMBERED}"),
    (line(LONG, PAPERS, asks=True), 3, f"{LONG}\n{NUMBERED}"),
    # … and the way to a person only where that is no segment more
    (line("x" * 88, [*PAPERS, PERSON], asks=True), 3, f"{'x' * 88}\n{NUMBERED}\n{ZERO}"),
    (line("x" * 89, [*PAPERS, PERSON], asks=True), 3, f"{'x' * 89}\n{NUMBERED}"),
    (line(FULL, [*PAPERS, PERSON], asks=True), 3, f"{FULL}\n{NUMBERED}\n{ZERO}"),
    # an answer shows what the first segment has room for
    (line("Miễn phí.", [*PAPERS, PERSON]), 3, f"Mien phi.\n{NUMBERED}\n{ZERO}"),
    (line(NEARLY, PAPERS), 1, f"{NEARLY}\n1 Dang ky khai sinh"), (line(NEARLY + "x", PAPERS), 0, NEARLY + "x"),
    (line(FULL, [*PAPERS, PERSON]), 0, FULL), (line(LONG, [*PAPERS, PERSON]), 0, LONG),
    (line("x" * 130, [*PAPERS, PERSON]), 1, f"{'x' * 130}\n1 Dang ky khai sinh"),
    (line("x" * 144, [PERSON]), 0, f"{'x' * 144}\n{ZERO}"), (line("x" * 145, [PERSON]), 0, "x" * 145),
    # the words are those of its language; a person is one with whatever the choice carries
    (line("Free.", [PERSON], language="en"), 0, "Free.\n0 Talk to a person"),
    (line("Xin lỗi.", [{"label": "Gặp", "value": "intent=talk_to_person&reason=failure"}]), 0, f"Xin loi.\n{ZERO}"),
    # a number is one digit, a choice one line
    (line("Giấy nào?", many(12), asks=True), 9, "Giay nao?\n" + "\n".join(f"{n} Giay {n}" for n in range(1, 10))),
    (line("Nào?", [{"label": "Một\n “cửa” ", "value": "a=b"}], asks=True), 1, 'Nao?\n1 Mot "cua"'),
])  # fmt: skip
def test_choices(said: Said, shown: int, expected: str) -> None:
    text = sent(said)
    assert (text.text, text.cut) == (expected, False)
    assert text.choices_shown == [choice for choice in said.choices if "talk_to_person" not in choice["value"]][:shown]


def test_the_last_choices_of_a_turn_are_shown_below_all_of_it() -> None:
    said = line("Chào bạn.", many(2)), line("Giấy nào?", PAPERS, asks=True), line("Bạn vẫn đang chờ.", author="system")
    text = sent(*said)
    assert text.text == f"Chao ban.\nGiay nao?\nBan van dang cho.\n{NUMBERED}"
    assert text.choices_shown == PAPERS


SENTENCE = "Ban nop ho so tai Uy ban nhan dan phuong. "
SHORTENED = (SENTENCE * 10).strip()


@pytest.mark.parametrize(("said", "shown", "expected"), [
    (line("a" * 459), 0, None),
    (line(SENTENCE * 11), 0, f"{SHORTENED} ...\n{LINK}"),
    (line(SENTENCE * 50, [*PAPERS, PERSON]), 0, f"{SHORTENED} ...\n{LINK}"),
    # the choices of a question are kept, and the text gives way
    (line(SENTENCE * 11, PAPERS, asks=True), 3, f"{(SENTENCE * 8).strip()} ...\n{NUMBERED}\n{LINK}"),
    (line("a" * 420, PAPERS, asks=True), 3, f"{'a' * 374}...\n{NUMBERED}\n{LINK}"),
    # … but a segment stays to the question
    (line("Giấy nào?", many(9, "d" * 46), asks=True), 6, None),
])  # fmt: skip
def test_three_segments_then_a_link(said: Said, shown: int, expected: str | None) -> None:
    text = sent(said)
    assert text.count == count(text.text)
    assert text.count.segments == 3
    assert text.cut is (LINK in text.text)
    assert text.choices_shown == list(said.choices)[:shown]
    assert expected is None or text.text == expected


def test_with_diacritics_three_segments_are_shorter() -> None:
    text = sent(line("Bạn nộp hồ sơ tại Ủy ban nhân dân phường. " * 6, PAPERS, asks=True), folded=False)
    assert text.text == (
        "Bạn nộp hồ sơ tại Ủy ban nhân dân phường. Bạn nộp hồ sơ tại Ủy ban nhân dân phường. ...\n"
        f"1 Đăng ký khai sinh\n2 Đăng ký kết hôn\n3 Đăng ký khai tử\n{LINK}"
    )
    assert (text.count.encoding, text.count.segments, text.cut) == ("UCS-2", 3, True)


def test_without_a_link_it_is_cut_all_the_same() -> None:
    text = render([line(SENTENCE * 50)], folded=True, link=None, price=0)
    assert (text.cut, text.count.segments) == (True, 3)
    assert text.text.endswith("phuong. ...")


def test_a_link_is_made_once_and_only_where_it_is_needed() -> None:
    made: list[str] = []

    def link() -> str:
        made.append(LINK)
        return LINK

    for text in ("Xin chào.", "x" * 459):
        assert not render([line(text)], folded=True, link=link, price=0).cut
    assert made == []
    assert render([line("x" * 460)], folded=True, link=link, price=0).text.endswith(f"...\n{LINK}")
    assert made == [LINK]


@pytest.mark.parametrize(("text", "folded", "price", "expected"), [
    ("", True, 650, 0), ("đ" * 160, True, 650, 650), ("đ" * 160, False, 650, 1950), ("đ" * 161, True, 650, 1300),
    ("x" * 5000, True, 650, 1950), ("x", True, 0, 0),
])  # fmt: skip
def test_price(text: str, folded: bool, price: int, expected: int) -> None:
    assert sent(line(text), folded=folded, price=price).price_vnd == expected


ODD = [
    "😀" * 5000, "đ" * 20000, "a" * 20000, "\ud83d" * 500, "e\u0302\u0301" * 500, "👨\u200d👩\u200d👧\u200d👦" * 90,
    "\x00" * 500, "€" * 500, "\n" * 500, " . " * 500, "- " * 500, "https://motcua.vn/" + "x" * 2000,
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("folded", [True, False])
@pytest.mark.parametrize("asks", [True, False])
def test_nothing_is_more_than_three_segments(odd: str, folded: bool, asks: bool) -> None:
    for choices in ([], PAPERS, many(20, "đ" * 100), [{"label": odd, "value": "a=b"}]):
        text = sent(line(odd, [*choices, PERSON], asks=asks), folded=folded)
        assert text.count.segments <= 3
        assert text.text.encode().decode() == text.text
        assert text.choices_shown == choices[: len(text.choices_shown)]


CARRIERS = r"\b(cancel|end|quit|yes|stopall|unsubscribe|revoke|optout|unstop|info)\b"     # taken as STOP, START, HELP
INVITES = r"(?:reply|text|write|send|type|answer|soạn|nhắn|viết|trả lời|gõ|gửi)\W+"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_ours_invites_what_carriers_act_on(language: str) -> None:
    sentences = table(language) | table(f"sms.{language}")
    assert [one for one in sentences.values() if re.search(INVITES + CARRIERS, one, re.IGNORECASE)] == []
    assert not re.search(CARRIERS, fold(say(language, "talk_to_person")), re.IGNORECASE)
