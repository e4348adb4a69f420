"""Typing habits of Vietnamese, one row each; English is left alone."""

import pytest

from text.habits import is_syllable, marked_words, plain_words, repair, untelex


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("giaays khai sinh", "giay khai sinh"),
        ("ddawng kys tamj trus", "dang ky tam tru"),
        ("thuwowngf trus", "thuong tru"),
        ("nguowif dduwowcj", "nguoi duoc"),
        ("d9ang1 ky1", "dang ky"),
        ("lafm theer cawn cuwowcs owr ddaau", "lam the can cuoc o dau"),
        ("làm thẻ ntn", "lam the nhu the nao"),
        ("lam the ntn", "lam the nhu the nao"),
        ("làm CCCD ntn z", "lam can cuoc nhu the nao vay"),
        ("lam cccd ntn z", "lam can cuoc nhu the nao vay"),
        ("hs k dc r", "ho so khong duoc roi"),
        ("hoà, hòa", "hoa , hoa"),
        ("cần gì?", "can gi ?"),
        ("can gi?", "can gi ?"),
        ("what is this r", "what is this r"),
        ("cars for your boss", "cars for your boss"),
        ("passport", "passport"),
        ("", ""),
    ],
)
def test_plain_words(typed: str, meant: str) -> None:
    assert plain_words(typed) == meant


@pytest.mark.parametrize(
    ("word", "folded"),
    [("giaays", "giay"), ("ddieenj", "dien"), ("huwowngs", "huong"), ("khoong", "khong"), ("lafm", "lam")],
)
def test_untelex(word: str, folded: str) -> None:
    assert untelex(word) == folded


@pytest.mark.parametrize(
    ("word", "valid"),
    [("nghieng", True), ("quoc", True), ("giay", True), ("y", True), ("cars", False), ("k", False), ("bao1", False)],
)
def test_is_syllable(word: str, valid: bool) -> None:
    assert is_syllable(word) is valid


KNOWN = frozenset(["lam", "the", "can", "cuoc", "dau", "thuong", "tru", "gi", "car", "boss", "o"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lafm theer cawn cuwowcs owr ddaau", "lam the can cuoc o dau"),
        ("Thuwowngf trus caanf gif?", "thuong tru can gi?"),
        ("làm thẻ căn cước", "làm thẻ căn cước"),
        ("lam the can cuoc", "lam the can cuoc"),
        ("cars boss", "cars boss"),
        ("what is theer for", "what is theer for"),
        ("hoojp", "hoojp"),
        ("", ""),
    ],
)
def test_repair(typed: str, meant: str) -> None:
    """Only into known words, and never in an English text."""
    assert repair(typed, KNOWN.__contains__) == meant


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("Dừng lại đi", "dưng\u0300 lai\u0323 đi"),
        ("dung lai di", ""),
        ("hòa", "hoa\u0300"),
        ("hoà", "hoa\u0300"),
        ("what now", ""),
    ],
)
def test_marked_words(typed: str, marked: str) -> None:
    assert marked_words(typed) == marked
