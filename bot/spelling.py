"""Words as they are typed in a hurry: fewer diacritics, slips, Telex and VNI keys, no spaces, letters held down."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from itertools import combinations

from text.fold import fold
from text.habits import is_syllable, untelex

BREAK = ","
_TONES = {"\u0300": "\u0300", "\u0301": "\u0301", "\u0303": "\u0309", "\u0309": "\u0309", "\u0323": "\u0323"}
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]+|\n")
_HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}")
_TWICE = re.compile(r"([a-z])\1")
_VOWELS = "aeiou"
_SWAPPED, _SQUEEZED, _LONG = 4, 6, 8  # from how many letters on a word is known with such a slip
_FEW, _LONGEST_RUN = 4, 40  # words of a text, and letters of a word, up to which words are taken apart


@cache
def forms(word: str) -> frozenset[str]:
    """Every form in which `word` counts as typed; "word!" is known with all of its diacritics only."""
    marked = word.endswith("!")
    one = word.removesuffix("!").lower()
    if marked:
        return frozenset({key(one)})
    return frozenset(_slips(one)) if one.isascii() else frozenset(_with_fewer_marks(one))


def key(word: str) -> str:
    """A lower-case word with its tone behind it, "hoà" as "hòa"; ngã as hỏi, which half the country writes alike."""
    marks = unicodedata.normalize("NFD", word)
    tone = "".join(_TONES[mark] for mark in marks if mark in _TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES)) + tone


def _with_fewer_marks(word: str) -> Iterator[str]:
    letters = unicodedata.normalize("NFD", word)
    marks = [at for at, letter in enumerate(letters) if unicodedata.combining(letter) or letter == "đ"]
    for count in range(len(marks) + 1):
        for left_out in combinations(marks, count):
            kept = (("d" if letter == "đ" else "") if at in left_out else letter for at, letter in enumerate(letters))
            yield key("".join(kept))


def _slips(word: str) -> Iterator[str]:
    """Two letters swapped; one of a pair left out; in a long word one letter left out, or another vowel."""
    yield word
    size = len(word)
    if size >= _SWAPPED:
        yield from (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(size - 1))
    if size >= _SQUEEZED:
        yield _TWICE.sub(r"\1", word)
    if size >= _LONG:
        yield from (word[:at] + word[at + 1 :] for at in range(size))
        vowels = [at for at, letter in enumerate(word) if letter in _VOWELS]
        yield from (word[:at] + other + word[at + 1 :] for at in vowels for other in _VOWELS)


class Spelling:
    """Reads a text as words, of which the ones in `known` are recognised in whatever form they are typed."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._meant = lru_cache(8192)(self._read_word)
        self._meant_or_apart = lru_cache(2048)(self._read_few)

    def words(self, text: str) -> list[str]:
        """The words in order, BREAK where punctuation stands and at the end. "dad's" is two words, "can't" is one."""
        plain = unicodedata.normalize("NFC", text).lower().replace("’", "'")
        plain = re.sub(r"'(s|re)\b", r" \1", plain).replace("'", "")
        tokens = _TOKEN.findall(_HELD_DOWN.sub(r"\1", plain))
        read = self._meant if len(tokens) > _FEW else self._meant_or_apart
        return [*(word for token in tokens for word in (read(token) if token[0].isalnum() else (BREAK,))), BREAK]

    def _read_word(self, token: str) -> tuple[str, ...]:
        """The word itself if it is known, or what is known when slips of the keys are taken out, or as it is."""
        typed = key(token)
        if typed in self._known or not token.isascii():
            return (typed,)
        keys_out = (untelex(token), re.sub(r"(?<=[a-z])[1-9]", "", token))
        meant = next((one for one in keys_out if one in self._known and is_syllable(one)), None)
        squeezed = _TWICE.sub(r"\1", token)
        return (meant or (squeezed if squeezed in self._known else typed),)

    def _read_few(self, token: str) -> tuple[str, ...]:
        meant = self._meant(token)
        return meant if meant[0] in self._known else self._apart(fold(token)) or meant

    def _apart(self, token: str) -> tuple[str, ...] | None:
        """Known words and numbers written as one, "goi115", the longest first; None if a rest is left."""
        if len(token) > _LONGEST_RUN:
            return None
        size = len(token)
        behind: dict[int, tuple[str, ...]] = {size: ()}
        for at in range(size - 1, -1, -1):
            pieces = (token[at:end] for end in range(size, at, -1) if end in behind)
            piece = next((one for one in pieces if one.isdigit() or (len(one) > 1 and one in self._known)), None)
            if piece is not None:
                behind[at] = (piece, *behind[at + len(piece)])
        found = behind.get(0)
        return found if found and len(found) > 1 and sum(len(one) == 2 for one in found) < 2 else None
