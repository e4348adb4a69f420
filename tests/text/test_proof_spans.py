"""Where a proof stands in a text: right behind a reference, or anywhere while it is expected."""

from __future__ import annotations

import pytest

from text.proof_spans import FoundProof, proof_after_reference, proof_in

CASE = "H15.50.05.13-261008-0975"


def _told(text: str, found: list[FoundProof]) -> list[tuple[str, str]]:
    return [(text[proof.start : proof.end], proof.value) for proof in found]


@pytest.mark.parametrize(("behind", "expected"), [
    (" 2345", [("2345", "2345")]),
    (", 2345", [("2345", "2345")]),
    (": 2345 nhé", [("2345", "2345")]),
    (" - 2345", [("2345", "2345")]),
    ("\n2345", [("2345", "2345")]),
    ("-2345", [("2345", "2345")]),
    (" mã 2345", [("2345", "2345")]), (" ma 2345", [("2345", "2345")]),
    (" 4 số cuối 2345", [("2345", "2345")]), (" 4 so cuoi 2345", [("2345", "2345")]),
    (", 4 số cuối căn cước của tôi là: 2345", [("2345", "2345")]),
    (" bốn số cuối cccd 2345", [("2345", "2345")]), (" bon so cuoi cccd 2345", [("2345", "2345")]),
    (", last four digits of my ID are 2345.", [("2345", "2345")]),
    (" ２３４５", [("２３４５", "2345")]),
    (" 2026", [("2026", "2026")]),
    (" 079199012345", [("079199012345", "2345")]),
    (" sđt 0912 345 678", [("0912 345 678", "+84912345678")]), (" sdt 0912345678", [("0912345678", "+84912345678")]),
    (" nộp năm 2026", []), (" nop nam 2026", []),
    (" 23456", []), (" 234", []), (" 2345-2346", []), (" 20/11/2026", []), ("", []), (" đến đâu rồi", []),
    (f" {CASE}", []),
    (f" 2345 và {CASE[:-1]}6 6789", [("2345", "2345"), ("6789", "6789")]),
])
@pytest.mark.parametrize("before", ["", "hồ sơ ", "1234 "])
def test_right_behind_a_reference(before: str, behind: str, expected: list[tuple[str, str]]) -> None:
    text = before + CASE + behind
    assert _told(text, proof_after_reference(text)) == expected


def test_without_a_reference_nothing_stands_behind_one() -> None:
    assert proof_after_reference("4 số cuối 2345") == []


@pytest.mark.parametrize(("text", "expected"), [
    ("2345", [("2345", "2345")]),
    (" 2345. ", [("2345", "2345")]),
    ("số cuối:2345", [("2345", "2345")]), ("so cuoi:2345", [("2345", "2345")]),
    ("2026", [("2026", "2026")]),
    ("2 3 4 5", [("2 3 4 5", "2345")]),
    ("cccd2345", [("2345", "2345")]),
    ("079199012345", [("079199012345", "2345")]),
    ("079 199 012 345", [("079 199 012 345", "2345")]),
    ("cmnd 123456789", [("123456789", "6789")]),
    ("0912.345.678", [("0912.345.678", "+84912345678")]),
    ("+84 912 345 678 hoặc 2345", [("+84 912 345 678", "+84912345678"), ("2345", "2345")]),
    (f"{CASE} 2345", [("2345", "2345")]),
    (CASE, []), ("sinh ngày 20/11/1990", []), ("12345", []), ("4111 1111 1111 1111", []), ("không nhớ", []),
])
def test_while_a_proof_is_expected(text: str, expected: list[tuple[str, str]]) -> None:
    assert _told(text, proof_in(text)) == expected
