"""Telephone numbers of Vietnam, however typed; short codes never."""

from __future__ import annotations

import pytest

from text.phone import find_phones, normalise


@pytest.mark.parametrize(("typed", "expected"), [
    ("0912345678", "+84912345678"),
    ("84912345678", "+84912345678"),
    ("+84912345678", "+84912345678"),
    ("+84 912 345 678", "+84912345678"),
    ("+84 (0) 912 345 678", "+84912345678"),
    ("(+84) 912.345.678", "+84912345678"),
    ("0084 912-345-678", "+84912345678"),
    ("０９１２ ３４５ ６７８", "+84912345678"),
    ("+840912345678", "+84912345678"),
    ("0356 789 012", "+84356789012"),
    ("0591234567", "+84591234567"),
    ("024 3825 1234", "+842438251234"),
    ("(0236) 3 822 822", "+842363822822"),
    ("+84 28 3829 1234", "+842838291234"),
    ("113", None), ("1022", None), ("18001096", None), ("1900 0368", None), ("0290 1022", None),
    ("0112345678", None), ("0412345678", None), ("09123456789", None), ("091234567", None),
    ("079199012345", None), ("079 199 012 345", None), ("", None), ("số 1", None),
])
def test_one_number(typed: str, expected: str | None) -> None:
    assert normalise(typed) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("gọi 0912345678 hoặc 0987 654 321 nhé", ["0912345678", "0987 654 321"]),
    ("goi 0912345678 hoac 0987 654 321 nhe", ["0912345678", "0987 654 321"]),
    ("0912345678 1", ["0912345678"]),
    ("sđt:0912.345.678.", ["0912.345.678"]),
    ("H15.50.05.13-261008-0912 345 678", []),
])
def test_numbers_in_a_text(text: str, expected: list[str]) -> None:
    assert [text[found.start : found.end] for found in find_phones(text)] == expected
