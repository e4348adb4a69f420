"""Masking: every ID and card however it is written, and nothing else."""

from __future__ import annotations

import random

import pytest

from text.mask import luhn, mask

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
BOLD = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")


def _grouped(digits: str, sizes: tuple[int, ...], separator: str) -> str:
    groups: list[str] = []
    at = 0
    for size in sizes:
        groups.append(digits[at : at + size])
        at += size
    return separator.join(groups)


def _card(dice: random.Random, length: int) -> str:
    body = dice.choice(["4", "51", "9704", "34"]) + "".join(dice.choices("0123456789", k=length))
    body = body[: length - 1]
    return next(body + check for check in "0123456789" if luhn(body + check))


@pytest.mark.parametrize("sizes", [
    (12,), (3, 3, 3, 3), (4, 4, 4), (3, 1, 2, 6), (3, 3, 6), (6, 6), (2,) * 6, (1,) * 12,
])
@pytest.mark.parametrize("separator", [" ", ".", "-", " - ", "–", "\u00a0"])
@pytest.mark.parametrize("script", [{}, FULL_WIDTH, ARABIC, BOLD])
def test_a_national_id_in_any_writing(sizes: tuple[int, ...], separator: str, script: dict[int, str]) -> None:
    dice = random.Random(str(sizes))  # noqa: S311 - repeatable
    for before, behind in [("", ""), ("cccd ", " nhé"), ("số:", "."), ("so:", ","), ("cccd", "nhe")]:
        digits = f"{dice.randrange(1, 97):03d}" + "".join(dice.choices("0123456789", k=9))
        typed = _grouped(digits, sizes, separator).translate(script)
        masked = mask(before + typed + behind)
        assert masked.text == f"{before}••••{digits[-4:]}{behind}", typed
        assert [found.kind for found in masked.found] == ["national-id"]


@pytest.mark.parametrize("sizes", [(3, 3, 3, 3), (4, 4, 4), (3, 1, 2, 6), (3, 3, 6), (6, 6)])
@pytest.mark.parametrize("separator", ["/", ",", ", ", " / ", "／", "，"])
def test_a_national_id_between_commas_or_slashes(sizes: tuple[int, ...], separator: str) -> None:
    dice = random.Random(str(sizes))  # noqa: S311 - repeatable
    for _ in range(20):
        digits = f"{dice.randrange(1, 97):03d}" + "".join(dice.choices("0123456789", k=9))
        typed = _grouped(digits, sizes, separator)
        assert mask(f"cccd {typed}, 5 người").text == f"cccd ••••{digits[-4:]}, 5 người", typed


@pytest.mark.parametrize("separator", ["/", ",", ", "])
def test_a_card_number_between_commas_or_slashes(separator: str) -> None:
    dice = random.Random(separator)  # noqa: S311 - repeatable
    for _ in range(50):
        digits = _card(dice, 16)
        assert mask(f"thẻ {_grouped(digits, (4, 4, 4, 4), separator)}").text == f"thẻ ••••{digits[-4:]}", digits


@pytest.mark.parametrize("first", range(1, 29))
@pytest.mark.parametrize("between", [" - ", ", ", "-"])
def test_dates_sums_and_lists_are_no_numbers(first: int, between: str) -> None:
    """Twenty-eight of each: one in ten passes Luhn's check by chance."""
    for text in (
        f"{first:02d}/09/2026{between}{first + 2:02d}/10/2026", f"{first:02d}/09/26{between}{first + 2:02d}/10/26",
        f"{first:02d}/09{between}{first + 2:02d}/10/2026", f"0{first % 9 + 1}/2024{between}03/2025",
        f"2026/09/{first:02d}{between}2027/10/{first + 2:02d}", f"{first},500,000,000,0{first:02d} đồng",
        f"{100 + first},456,789,012 đồng", f"mẫu 01, 02, 03, 04, 05, {first:02d}", f"0,{first} 0,7 0,8 1,5 2,5 3,5",
        f"{1990 + first}, {1991 + first}, {1992 + first}, {1993 + first}", f"{first}/2015/NĐ-CP, {first}/2016/NĐ-CP",
    ):
        assert mask(text) == (text, ()), text


@pytest.mark.parametrize("sizes", [(19,), (4, 4, 4, 4, 3), (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (8, 8), (6, 13)])
@pytest.mark.parametrize("separator", [" ", "-", "–"])
def test_a_card_number_in_any_writing(sizes: tuple[int, ...], separator: str) -> None:
    dice = random.Random(str(sizes))  # noqa: S311 - repeatable
    for _ in range(50):
        digits = _card(dice, sum(sizes))
        masked = mask(f"thẻ {_grouped(digits, sizes, separator)} của tôi")
        assert masked.text == f"thẻ ••••{digits[-4:]} của tôi", digits
        assert [found.kind for found in masked.found] == ["card"]


@pytest.mark.parametrize(("text", "expected"), [
    ("cccd 079199012345 2345", "cccd ••••2345 2345"),
    ("079199012345, 001088000123", "••••2345, ••••0123"),
    ("07\u200b9199012345", "••••2345"),
    ("CMND 123456789", "CMND ••••6789"), ("chứng minh nhân dân số 123 456 789", "chứng minh nhân dân số ••••6789"),
    ("chung minh nhan dan so 123 456 789", "chung minh nhan dan so ••••6789"),
    ("cmnd 123/456/789", "cmnd ••••6789"), ("CMND: 123,456,789", "CMND: ••••6789"),
    ("079/301/770/222 và 079,301,769,999", "••••0222 và ••••9999"),
    ("05/2026, 079 301 770 222", "05/2026, ••••0222"), ("079301770222/1", "••••0222/1"),
    ("cccd 0912 3456 7890, 5 người", "cccd ••••7890, 5 người"), ("0912345678, 079/301/770/222", "0912345678, ••••0222"),
    ("hồ sơ H15.50.05.13-261008-0975 cccd 079199012345", "hồ sơ H15.50.05.13-261008-0975 cccd ••••2345"),
])
def test_numbers_among_words(text: str, expected: str) -> None:
    assert mask(text).text == expected


@pytest.mark.parametrize("text", [
    "H15.50.05.13-261008-0975", "000.00.19.H26-230101-0001", "g09.20-20260609-0092637",
    "h15 50 05 13 261008 0975 2345", "123 000.00.19.H26-230101-0001",
    "0912345678", "+84 912 345 678", "0912.345.678 20", "0912345678, 20", "0912345678/0987654321",
    "0912345678 - 0987654321", "84912345678", "+84 (0) 912 345 678",
    "024 3825 1234", "1022", "18001096", "113", "20/11/2026 15:30", "20.11.2026 1530", "123.456.789.012 đồng",
    "12345678901", "4111111111111112", "4111 1111 1111 1112", "số 123456789", "so 123456789", "1.001193", "xin chào",
])
def test_what_is_left_alone(text: str) -> None:
    assert mask(text) == (text, ())


def test_references_are_kept_only_when_asked() -> None:
    assert mask("000.00.19.H26-230101-0001", keep_references=False).text == "000.00.19.H26-230101-0001"
    assert mask("G09.4111-11111111-1111").text == "G09.4111-11111111-1111"
    assert mask("G09.4111-11111111-1111", keep_references=False).text == "G09.••••1111"
