"""What a text looks like once it is through the door: NFC, nothing invisible, no runs of spaces."""

from __future__ import annotations

import re
import unicodedata

# Shown as nothing although Unicode calls them letters or symbols: Hangul fillers, Khmer vowels, the empty Braille cell.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5\u2800\u034f\u180b\u180c\u180d\u180e\u180f")
_EMOJI_STYLE = "\ufe0f"
_STRIPPED = ("Cc", "Cf", "Cs", "Co")          # control, format (bidi, zero-width, tags), lone surrogates, private use


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _keep(char: str, before: str) -> bool:
    if char == "\n":
        return True
    if _is_selector(char):                    # only "show as emoji" behind a symbol; the rest can smuggle hidden bytes
        return char == _EMOJI_STYLE and unicodedata.category(before or "\n").startswith("S")
    return char not in _BLANK and unicodedata.category(char) not in _STRIPPED


def _strip(s: str) -> str:
    kept: list[str] = []
    for char in s:
        if _keep(char, kept[-1] if kept else ""):
            kept.append(char)
    return "".join(kept)


def clean(s: str) -> str:
    """NFC, line ends as \\n; control, bidi, zero-width, tag and private characters gone; runs of spaces collapsed."""
    s = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", s).replace("\t", " ")
    s = unicodedata.normalize("NFC", _strip(s))
    s = re.sub(r"[^\S\n]+", " ", s)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", s)).strip()


def visible(s: str) -> bool:
    """Whether anything is left to read: a letter, digit, punctuation mark or symbol."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in clean(s))
