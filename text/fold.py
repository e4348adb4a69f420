"""Folding: the one function that makes Vietnamese with and without diacritics the same."""

from __future__ import annotations

import re
import unicodedata

_BARRED = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})   # letters of their own, not d with a mark
_WORD = re.compile(r"[^\W_]+")


def strip_diacritics(s: str) -> str:
    """The same text without diacritics, case kept: "Giấy Khai Sinh" → "Giay Khai Sinh"."""
    marks_off = "".join(c for c in unicodedata.normalize("NFD", s) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", marks_off).translate(_BARRED)


def fold(s: str) -> str:
    """For comparing: NFC, lower case, no diacritics. "ĐĂNG KÝ" → "dang ky"."""
    return strip_diacritics(unicodedata.normalize("NFC", s).lower())


def words(s: str) -> list[str]:
    """The folded words and numbers of a text, in order."""
    return _WORD.findall(fold(s))
