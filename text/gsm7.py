"""What an SMS can say in septets (3GPP TS 23.038, GSM 7-bit default alphabet), and how a text is folded to that."""

from __future__ import annotations

import re
import unicodedata

from text.fold import strip_diacritics

ONE_SEGMENT = 160
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")                      # sent as escape and letter: two septets
_SEPTETS = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENDED, 2)

_LOOKALIKES = str.maketrans({
    **dict.fromkeys("‘’‚‛ʼ`′", "'"), **dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‐‒–—―−·•‣⁃◦", "-"),
    **{chr(bullet): "-" for bullet in range(0x25A0, 0x2600)},
    **dict.fromkeys("→⇒➔➜➝➞➡", "->"), **dict.fromkeys("←⇐", "<-"), "↔": "<->", "⁄": "/", "\t": " ",
    "×": "x", "÷": "/", "±": "+/-", "≥": ">=", "≤": "<=", "≠": "<>", "≈": "~", "₫": "d", "°": "o", "μ": "u",
    "©": "(c)", "®": "(r)", **dict.fromkeys("\u2028\u2029\x85\x0b", "\n"),
})  # fmt: skip

# Emoji and symbols that decorate, with what joins and colours them. Geometric shapes (bullets) and arrows say more.
_PICTURE = (
    "[\u2139\u2300-\u23ff\u2600-\u2793\u2795-\u2797\u27b0\u27bf\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001fbff\u200d\u20e3\ufe00-\ufe0f\U000e0020-\U000e007f]"
)
_BETWEEN_WORDS = re.compile(rf"(?<=\w){_PICTURE}+(?=\w)")
_PICTURES = re.compile(rf"^(?:{_PICTURE} ?)+| ?{_PICTURE}", re.MULTILINE)
_UNSEEN = ("Cc", "Cf", "Cs")                              # control, zero-width and bidi; half of a broken emoji


def to_gsm7(s: str) -> str:
    """The text without diacritics and typographic signs, case kept; what GSM-7 still lacks becomes "?".

    Emoji go, and the space in front of them, for a "?" in their place would read as doubt.
    """
    said = unicodedata.normalize("NFKC", _PICTURES.sub("", _BETWEEN_WORDS.sub(" ", s)))
    plain = strip_diacritics(said.translate(_LOOKALIKES))
    return "".join(char if char in _SEPTETS else _instead(char) for char in plain)


def _instead(char: str) -> str:
    return "" if unicodedata.category(char) in _UNSEEN else "?"


def sizes(s: str) -> list[int] | None:
    """The septets of each character; None if the text cannot be sent as GSM-7 (it would go as UCS-2)."""
    found = [_SEPTETS.get(char, 0) for char in s]
    return None if 0 in found else found


def septets(s: str) -> int | None:
    """Length in septets of a text sent as it is; None if it cannot be sent as GSM-7."""
    found = sizes(s)
    return None if found is None else sum(found)


def fits_one_segment(s: str) -> bool:
    """Whether a text, sent without diacritics, is one segment. Folds by itself: give the text as written."""
    length = septets(to_gsm7(s))
    return length is not None and length <= ONE_SEGMENT
