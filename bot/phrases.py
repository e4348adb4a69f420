"""Phrases as data: templates of words, compiled once, and found in a text in one pass over it.

    (a|b c)   one of these         [a]   a, or nothing          <name>   one of a set of templates
    _         up to three words    #     a number               word!    only with all of its diacritics
    .         the end of a clause

Templates are divided by commas and line ends. A word stands for itself with fewer diacritics, too, and for its usual
slips (bot/spelling.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.spelling import BREAK, forms

type Templates = tuple[tuple["str | Templates", ...], ...]
_PIECE = re.compile(r"[()\[\]|,\n]|<\w+>|[^\s()\[\]|<>,]+")
_OR = ("|", ",", "\n")
_CLOSING = {"(": ")", "[": "]"}
_GAP, _NUMBER, _END, _ANY = "_", "#", ".", ""
_WIDEST_GAP = 3


def read_templates(text: str, sets: Mapping[str, Templates]) -> Templates:
    """The alternatives of a text, each a row of words and alternatives.

    KeyError for a set that is not there; ValueError for a bracket without its other half."""
    return _read(iter(_PIECE.findall(text.strip())), sets, "")


def read_sets(texts: Mapping[str, str]) -> dict[str, Templates]:
    """The sets by name; one may use those above it."""
    sets: dict[str, Templates] = {}
    for name, text in texts.items():
        sets[name] = read_templates(text, sets)
    return sets


def _read(pieces: Iterator[str], sets: Mapping[str, Templates], closing: str) -> Templates:
    """Reads to the bracket that closes."""
    rows: list[list[str | Templates]] = [[]]
    for piece in pieces:
        if piece == closing:
            break
        if piece in _OR:
            rows.append([])
        elif piece in _CLOSING:
            inner = _read(pieces, sets, _CLOSING[piece])
            rows[-1].append((*inner, ()) if piece == "[" else inner)
        elif piece in _CLOSING.values():
            raise ValueError(f"{piece} closes nothing")
        else:
            rows[-1].append(sets[piece[1:-1]] if piece[0] == "<" else piece)
    else:
        if closing:
            raise ValueError(f"{closing} is missing")
    return tuple(tuple(row) for row in rows if row)


class Found(NamedTuple):
    """A phrase with this tag stands at words[start:end]."""

    tag: str
    start: int
    end: int


@dataclass(eq=False, slots=True)
class _Place:
    """A place in the templates: where each next word leads, where any word leads, and what begins here as well."""

    next: dict[str, list[_Place]] = field(default_factory=dict[str, "list[_Place]"])
    any: list[_Place] = field(default_factory=list["_Place"])
    also: list[_Place] = field(default_factory=list["_Place"])
    tags: list[str] = field(default_factory=list[str])
    ways: dict[str, _Places] | None = None  # the same, worked out when first needed: _ANY for a word that is not there

    def after(self, word: str) -> _Places:
        """The places to which a word leads, and all that begins there."""
        if self.ways is None:
            self.ways = {_ANY: _here(self.any)} | {one: _here([*to, *self.any]) for one, to in self.next.items()}
        to = self.ways.get(word, self.ways[_ANY])
        return to + self.ways.get(_NUMBER, ()) if word.isdigit() else to


type _Places = tuple[_Place, ...]


def _here(places: Sequence[_Place]) -> _Places:
    return tuple(dict.fromkeys(one for place in places for one in (place, *_here(place.also))))


class Phrases:
    """Templates by tag. `crossing`: a phrase may go on behind a comma or a full stop."""

    def __init__(self, *, crossing: bool = False) -> None:
        self._start = _Place()
        self._crossing = crossing
        self._made: dict[tuple[_Place, str | Templates], _Place] = {}
        self._begun: dict[str, _Places] = {}
        self.words: set[str] = set()

    def add(self, tag: str, templates: Templates) -> None:
        for row in templates:
            end = self._row(self._start, row)
            if tag not in end.tags:
                end.tags.append(tag)

    def found(self, words: Sequence[str]) -> set[Found]:
        """Every phrase at every place; `words` come from Spelling.words."""
        hits: set[Found] = set()
        going: set[tuple[_Place, int]] = set()
        for at, word in enumerate(words):
            if word == BREAK:
                ended = ((place, start) for before, start in going for place in before.after(_END))
                hits.update(Found(tag, start, at) for place, start in ended for tag in place.tags)
                going = going if self._crossing else set()
                continue
            going = {(place, start) for before, start in going for place in before.after(word)}
            going.update((place, at) for place in self._begun_by(word))
            hits.update(Found(tag, start, at + 1) for place, start in going for tag in place.tags)
        return hits

    def _begun_by(self, word: str) -> _Places:
        known = word if word in self.words or not word.isdigit() else _NUMBER
        if known not in self.words:
            return ()
        if known not in self._begun:
            self._begun[known] = tuple(place for begin in _here([self._start]) for place in begin.after(word))
        return self._begun[known]

    def _row(self, here: _Place, row: Sequence[str | Templates]) -> _Place:
        for piece in row:
            made = self._made.get((here, piece))
            if made is None:  # the same beginning shares its places
                made = self._made[here, piece] = self._piece(here, piece)
            here = made
        return here

    def _piece(self, here: _Place, piece: str | Templates) -> _Place:
        if piece == _GAP:
            return self._gap(here)
        end = _Place()
        if isinstance(piece, str):
            typed = forms(piece)
            self.words |= typed
            for one in typed:
                here.next.setdefault(one, []).append(end)
        else:
            for row in piece:
                self._row(here, row).also.append(end)
        return end

    def _gap(self, here: _Place) -> _Place:
        end = _Place()
        for _ in range(_WIDEST_GAP):
            here.also.append(end)
            behind = _Place()
            here.any.append(behind)
            here = behind
        here.also.append(end)
        return end
