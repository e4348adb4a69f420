"""Vietnamese or English: by diacritics, the shape of syllables, tell-tale words; None where a text tells neither.

Written for people who type without diacritics, where statistical detectors fail: every Vietnamese word is one syllable
of a closed shape (onset, vowels, one of eight codas), and few English words fit it. tests/bot/test_language.py
measures it on all training examples.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

from bot.words import table
from text.fold import fold

Language = Literal["vi", "en"]

_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:uye|uyu|uya|oai|oay|oeo|uay|uoi|uou|ieu|yeu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
    r"(?:ng|nh|ch|[cmnpt])?"
)
_TELEX = (
    (re.compile(r"^dd"), "d"),
    (re.compile(r"([aeo])\1"), r"\1"),
    (re.compile(r"w"), ""),
    (re.compile(r"(?<=[aeiouy])[sfrxj]"), ""),
)
_RUN = re.compile(f"(?:{_SYLLABLE.pattern}){{2,6}}")  # "khaisinh", but "police" too
_LONGEST_RUN = 24
_ENGLISH_END = re.compile(
    r"[a-z]{2,}(?:[ts]ion|ment|ness|ship|ance|ence|ancy|ency|able|ible|ful|less|ity|ism|ing|ally|ous|ive|ture|ght|hood)s?"
)
_LEAST, _SHARE = 0.8, 0.62  # a single doubtful word decides nothing: an unknown one weighs less than that


def detect(text: str) -> Language | None:
    """The language of `text`, or None for what both share or neither has ("hi", "1", "ok", a case reference)."""
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).lower())
    scores = [_weigh(word) for word in words]
    vi, en = sum(score for score in scores if score > 0), -sum(score for score in scores if score < 0)
    best = max(vi, en)
    if best < _LEAST or best < _SHARE * (vi + en):
        return None
    return "vi" if vi > en else "en"


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(table("languages")[key].split())


def _weigh(word: str) -> float:
    """How much one word says: above 0 for Vietnamese, below for English."""
    folded = fold(word)
    if folded != word:
        return 1.5 if _SYLLABLE.fullmatch(folded) else 1.0
    if word in _words("shared") or len(word) == 1:
        return 0.0
    if word in _words("vi"):
        return 1.0
    if word in _words("asking"):
        return -1.5
    if word in _words("en"):
        return -0.4 if _SYLLABLE.fullmatch(word) else -1.0
    if _SYLLABLE.fullmatch(word) or _SYLLABLE.fullmatch(_without_telex(word)):
        return 0.6
    if _ENGLISH_END.fullmatch(word):
        return -1.0
    return 0.0 if len(word) <= _LONGEST_RUN and _RUN.fullmatch(word) else -0.5


def _without_telex(word: str) -> str:
    for pattern, replacement in _TELEX:
        word = pattern.sub(replacement, word)
    return word
