"""Typing habits of Vietnamese, one row each; English is left alone."""

import pytest

from text.habits import is_syllable, plain_words, untelex


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("giaays khai sinh", "giay khai sinh"),
        ("ddawng kys tamj trus", "dang ky tam tru"),
        ("thuwowngf trus", "thuong tru"),
        ("nguowif dduwowcj", "nguoi duoc"),
        ("d9ang1 ky1", "dang ky"),
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
