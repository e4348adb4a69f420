"""Folding, cleaning, SMS length and the sealed proof."""

from __future__ import annotations

import ast
import sys
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from cryptography.fernet import Fernet

import text
from text.clean import clean, visible
from text.fold import fold, strip_diacritics, words
from text.gsm7 import fits_one_segment, septets, to_gsm7
from text.proof import BadProof, open_proof, seal


@pytest.mark.parametrize(("text", "expected"), [
    ("ĐĂNG KÝ Khai Sinh", "dang ky khai sinh"), ("hoà hòa thuỷ thủy", "hoa hoa thuy thuy"),
    ("Ưu ở Đường", "uu o duong"),
    ("dang ky", "dang ky"), ("Café 1.001193", "cafe 1.001193"),
])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_fold(form: Literal["NFC", "NFD"], text: str, expected: str) -> None:
    assert fold(unicodedata.normalize(form, text)) == expected


def test_words_and_case_kept() -> None:
    assert words("Làm giấy khai-sinh, 20k?") == ["lam", "giay", "khai", "sinh", "20k"]
    assert strip_diacritics("Giấy Khai Sinh, Đà Nẵng") == "Giay Khai Sinh, Da Nang"


@pytest.mark.parametrize(("text", "expected"), [
    ("  xin   chào  ", "xin chào"),
    ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
    ("a\n\n\n\nb", "a\n\nb"),
    ("pa\u200bss\u200dw\ufefford\u00ad", "password"),
    ("\u202eabc\u2066d\u2069", "abcd"),
    ("hi\U000e0041\U000e007f", "hi"),
    ("a\x00\x07\x1b[31mb", "a[31mb"),
    ("tab\tvà\u00a0nbsp", "tab và nbsp"),
    ("a\ud800b\ue000", "ab"),
    ("❤\ufe0f a\ufe0f b\U000e0100", "❤\ufe0f a b"),
    ("Tie\u0302\u0301ng Vie\u0323\u0302t", "Tiếng Việt"),
    ("a\u200b\u0301", "á"),
])
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected
    assert clean(clean(text)) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("", False), (" \n\t", False), ("\u200b\u2060\u3164\u2800\u115f", False), ("\u202e\ufe0f", False),
    ("\u0301", False),
    ("a", True), ("?", True), ("👍", True), ("đ", True),
])
def test_visible(text: str, expected: bool) -> None:
    assert visible(text) is expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Giay khai sinh", 14), ("€", 2), ("[x]", 5), ("Giấy", None), ("", 0), ("à é ù", 5), ("😀", None),
])
def test_septets(text: str, expected: int | None) -> None:
    assert septets(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Đăng ký “khai sinh” – 8.000₫…", 'Dang ky "khai sinh" - 8.000d...'), ("Dang ky", "Dang ky"), ("Tốt 😀", "Tot"),
])
def test_what_a_text_becomes_in_gsm7(text: str, expected: str) -> None:
    assert to_gsm7(text) == expected
    assert septets(to_gsm7(text)) is not None


@pytest.mark.parametrize(("text", "expected"), [
    ("ấ" * 160, True), ("ấ" * 161, False), ("€" * 80, True), ("€" * 81, False),
])
def test_one_segment(text: str, expected: bool) -> None:
    assert fits_one_segment(text) is expected


NOW = datetime(2026, 11, 10, 8, tzinfo=UTC)


def test_a_sealed_proof_opens_in_its_conversation_for_ten_minutes() -> None:
    key = Fernet.generate_key().decode()
    token = seal(key, "c-1", "2345", now=NOW)
    assert "2345" not in token
    assert open_proof(key, "c-1", token, now=NOW + timedelta(seconds=599)) == "2345"


@pytest.mark.parametrize(("conversation", "later", "same_key", "forge"), [
    ("c-2", 0, True, ""), ("c-1", 601, True, ""), ("c-1", 0, False, ""), ("c-1", 0, True, "x"),
])
def test_no_other_proof_opens(conversation: str, later: int, same_key: bool, forge: str) -> None:
    key, other = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    token = seal(key, "c-1", "2345", now=NOW)
    with pytest.raises(BadProof):
        open_proof(key if same_key else other, conversation, forge + token, now=NOW + timedelta(seconds=later))


def test_rasa_can_import_text() -> None:
    """Standard library only, and nothing newer than Python 3.10's grammar; proof.py is for gateway and actions."""
    folder = Path(text.__file__).parent
    for module in sorted(folder.glob("*.py")):
        tree = ast.parse(module.read_text("utf-8"), feature_version=(3, 10))
        imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        outside = {name.split(".")[0] for name in imported} - set(sys.stdlib_module_names) - {"text"}
        assert outside <= ({"cryptography"} if module.name == "proof.py" else set()), module.name
