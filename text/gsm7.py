"""How much of an SMS a text takes (3GPP TS 23.038, GSM 7-bit default alphabet): 160 septets are one segment."""

from __future__ import annotations

from text.fold import strip_diacritics

ONE_SEGMENT = 160
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")                      # sent as escape and letter: two septets
_LOOKALIKES = str.maketrans({
    "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "…": "...", "•": "-", "·": "-",
    "→": "->", "₫": "d", "\u00a0": " ", "\u202f": " ", "\t": " ", "×": "x", "≥": ">=", "≤": "<=",
})


def to_gsm7(s: str) -> str:
    """The text without diacritics and typographic signs, case kept; what GSM-7 still lacks becomes "?"."""
    plain = strip_diacritics(s.translate(_LOOKALIKES))
    return "".join(char if char in _BASIC or char in _EXTENDED else "?" for char in plain)


def septets(s: str) -> int | None:
    """Length in septets of a text sent as it is; None if it cannot be sent as GSM-7 (it would go as UCS-2)."""
    if any(char not in _BASIC and char not in _EXTENDED for char in s):
        return None
    return sum(2 if char in _EXTENDED else 1 for char in s)


def fits_one_segment(s: str) -> bool:
    """Whether a text, sent without diacritics, is one segment. Folds by itself: give the text as written."""
    length = septets(to_gsm7(s))
    return length is not None and length <= ONE_SEGMENT
