"""Folding: the one function that makes Vietnamese with and without diacritics the same."""

from __future__ import annotations

import re
import unicodedata

_BARRED = {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"}      # letters of their own, not d with a mark
_WORD = re.compile(r"[^\W_]+")


class _Bare(dict[int, str | None]):
    """What stands for each letter of a text in NFD: nothing for a mark. Of the alphabets each is looked up once."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        bare = None if unicodedata.category(letter) == "Mn" else _BARRED.get(letter, letter)
        if code < 0x3000:
            self[code] = bare
        return bare


_BARE = _Bare()


def strip_diacritics(s: str) -> str:
    """The same text without diacritics, case kept: "Giấy Khai Sinh" → "Giay Khai Sinh"."""
    if s.isascii():
        return s
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", s).translate(_BARE))


def fold(s: str) -> str:
    """For comparing: NFC, lower case, no diacritics. "ĐĂNG KÝ" → "dang ky"."""
    return strip_diacritics(unicodedata.normalize("NFC", s).lower())


def words(s: str) -> list[str]:
    """The folded words and numbers of a text, in order."""
    return _WORD.findall(fold(s))
