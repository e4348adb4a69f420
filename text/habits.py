"""How people type Vietnamese in a hurry: abbreviations and leftover Telex or VNI keys, brought to plain folded words.

Source of the abbreviations: ViLexNorm and the names of procedures; vulgar and ambiguous ones (p, q, tp) are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from text.fold import fold

SHORT = {
    # everyday
    "k": "khong", "ko": "khong", "kg": "khong", "hk": "khong", "hok": "khong", "hong": "khong", "hem": "khong",
    "dc": "duoc", "bn": "bao nhieu", "bnh": "bao nhieu", "bnhieu": "bao nhieu", "bh": "bao gio", "j": "gi", "z": "vay",
    "v": "vay", "vs": "voi", "r": "roi", "mk": "minh", "mik": "minh", "ntn": "nhu the nao", "lm": "lam", "trc": "truoc",
    "cg": "cung", "cx": "cung", "ng": "nguoi", "t": "toi", "e": "em", "a": "anh", "c": "chi", "vk": "vo", "ck": "chong",
    # at a public office
    "hs": "ho so", "tg": "thoi gian", "sdt": "so dien thoai", "gd": "gia dinh", "cty": "cong ty", "nv": "nhan vien",
    "gto": "giay to", "gt": "giay to", "dk": "dang ky", "dky": "dang ky", "cccd": "can cuoc", "cmnd": "can cuoc",
    "cmt": "can cuoc", "gplx": "giay phep lai xe", "gks": "giay khai sinh", "ks": "khai sinh", "hktt": "thuong tru",
    "bhyt": "bao hiem y te", "bhxh": "bao hiem xa hoi", "bhtn": "bao hiem that nghiep", "lltp": "ly lich tu phap",
    "dkkd": "dang ky kinh doanh", "dkkh": "dang ky ket hon", "ubnd": "uy ban",
    # English
    "pls": "please", "plz": "please", "thx": "thanks", "ty": "thank you", "u": "you", "ur": "your", "docs": "documents",
    "doc": "document", "info": "information",
}  # fmt: skip

# One of these, none of them a Vietnamese syllable, and the text is English: "k" and "r" are no Vietnamese typing there.
ENGLISH = frozenset({
    "is", "are", "does", "did", "you", "your", "for", "of", "what", "how", "where", "when", "who", "which",
    "could", "would", "should", "will", "and", "or", "with", "this", "have", "has", "had", "need", "want", "please",
    "get", "if", "from",
})  # fmt: skip

_TOKEN = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"\w+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SYLLABLE = re.compile(
    r"(ngh?|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdghklmnrstvx])?"
    r"(uye|uya|oai|oay|oeo|uay|uoi|uou|ieu|yeu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
    r"(ch|ng|nh|[cmnpt])?"
)
_TELEX = ((r"dd", "d"), (r"aa|aw", "a"), (r"ee", "e"), (r"oo|ow", "o"), (r"uw|w", "u"))
_HAT = re.compile(r"w|aa|ee|oo|dd")  # keys that say Telex more surely than a tone at the end: "owr", but not "is"
_TONE = re.compile(r"(?<=[aeiouyw])(ng|nh|ch|[cmnpt])?[sfrxj](?=ng$|nh$|ch$|[cmnpt]?$|[aeiouyw])")


def is_syllable(word: str) -> bool:
    """Whether a folded word could be a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(word) is not None


def plain_words(text: str) -> str:
    """The folded text with habits undone: "ddawng kys thường trú ntn" → "dang ky thuong tru nhu the nao"."""
    tokens = _TOKEN.findall(fold(text))
    if not ENGLISH.isdisjoint(tokens):
        return " ".join(tokens)
    return " ".join(SHORT.get(token) or _repaired(token) for token in tokens)


def _repaired(word: str) -> str:
    """A word that is no syllable, and is one when the keys left in it are taken out; else the word itself."""
    if is_syllable(word):
        return word
    tried = (untelex(word), re.sub(r"(?<=[a-z])[1-9]", "", word))
    shortest = 1 if _HAT.search(word) else 2
    return next((other for other in tried if len(other) >= shortest and is_syllable(other)), word)


def untelex(word: str) -> str:
    """The folded word that the Telex keys stand for: "giaays" → "giay"."""
    word = _TONE.sub(lambda key: key[1] or "", word)
    for keys, letter in _TELEX:
        word = re.sub(keys, letter, word)
    return word


def repair(text: str, known: Callable[[str], bool]) -> str:
    """The text with the Telex keys taken out of words that `known` (asked with folded words) knows only without them.

    A known word is never touched, nor is an English text: "lafm theer cawn cuwowcs" → "lam the can cuoc".
    """
    if not ENGLISH.isdisjoint(_WORD.findall(fold(text))):
        return text
    return _WORD.sub(lambda found: _known_or_same(found[0], known), text)


def _known_or_same(word: str, known: Callable[[str], bool]) -> str:
    folded = fold(word)
    if not folded.isascii() or not folded.isalpha() or known(folded):
        return word
    meant = untelex(folded)
    return meant if meant != folded and is_syllable(meant) and known(meant) else word


def marked_words(text: str) -> str:
    """Only the words that carry diacritics, in lower case, the tone behind the word: "hoà" and "hòa" are the same."""
    return " ".join(_tone_behind(word) for word in _WORD.findall(unicodedata.normalize("NFC", text).lower())
                    if fold(word) != word)


def _tone_behind(word: str) -> str:
    marks = unicodedata.normalize("NFD", word)
    tone = "".join(mark for mark in marks if mark in _TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES)) + tone
