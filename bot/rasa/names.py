"""The gazetteer file: names of services, agencies, offices, places and documents, found in any spelling of diacritics.

{MOTCUA_HOME}/gazetteer.json is written by `motcua knowledge import`: {"version", "names": [{"kind", "id", "language",
"name"}]}. It is read again when it changes and is never part of the model; where there is none, no name is known.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from text.fold import fold
from text.habits import is_syllable, repair
from text.plain import Plain, plain

from bot.rasa.paths import home

log = logging.getLogger(__name__)

Stamp = tuple[int, int, int]
_SHORT = 3  # letters under which only a Vietnamese syllable is cut off: a contractor is no "contract or"
_LONG = re.compile(r"(?<![\w@.])[^\W\d_]{5,40}(?![\w@.]*@)(?!\w)")  # what may be words run together; no address


class Name(NamedTuple):
    """One thing that a run of letters names, and where: `kind` is the entity, `id` its value."""

    start: int
    end: int
    kind: str
    id: str


@dataclass
class Names:
    """The names of one file, ready to be looked for."""

    path: Path
    _nlp: spacy.Language = field(default_factory=lambda: spacy.blank("xx"))
    _matcher: PhraseMatcher | None = None
    _meanings: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    _words: frozenset[str] = frozenset()
    _pairs: frozenset[tuple[str, str]] = frozenset()
    _stamp: Stamp | None = None
    _version: str | None = None
    _last: tuple[str, list[Name]] = ("", [])

    def find(self, text: str) -> list[Name]:
        """All names in a text, Telex keys left in it or not; where two overlap the longer one counts.

        One spelling of two things gives both.
        """
        self._refresh()
        if self._matcher is None:
            return []
        if text != self._last[0]:  # two components look for the names of one text, one after the other
            self._last = text, self._found(text)
        return self._last[1]

    def _found(self, text: str) -> list[Name]:
        view = plain(text)
        doc = self._nlp.make_doc(view.folded())
        found = self._longest(self._repaired(doc))
        return [name for key, start, end in found for name in self._meant(key, view, doc[start:end])]

    def parted(self, text: str) -> str:
        """The text with words that were run together parted as they stand in a name: "khaisinh" → "khai sinh"."""
        self._refresh()
        return _LONG.sub(lambda found: self._apart(found[0]), text)

    def _apart(self, word: str) -> str:
        folded = fold(word)
        if len(folded) != len(word) or folded in self._words or is_syllable(folded):
            return word
        parts, at = self._parts(folded, None), 0
        for part in (parts or [])[:-1]:
            at += len(part) + 1
            word = f"{word[: at - 1]} {word[at - 1 :]}"
        return word

    def _parts(self, rest: str, before: str | None) -> list[str] | None:
        """Words that follow one another in names and make up `rest` behind the word `before`; None if none do."""
        for end in range(len(rest), 0, -1):
            word = rest[:end]
            fits = word in self._words if before is None else (before, word) in self._pairs
            if fits and (end >= _SHORT or is_syllable(word)):
                behind = self._parts(rest[end:], word) if end < len(rest) else []
                if behind is not None:
                    return [word, *behind]
        return None

    def version(self) -> str | None:
        """The version that the file gives itself; None where there is no file."""
        self._refresh()
        return self._version

    def _repaired(self, doc: Doc) -> Doc:
        """The same tokens with the words that names are made of freed of Telex keys."""
        repaired = self._nlp.make_doc(repair(doc.text, self._words.__contains__))
        return repaired if len(repaired) == len(doc) else doc

    def _longest(self, doc: Doc) -> list[tuple[int, int, int]]:
        taken: set[int] = set()
        kept: list[tuple[int, int, int]] = []
        assert self._matcher is not None
        for key, start, end in sorted(self._matcher(doc), key=lambda m: (m[1] - m[2], m[1])):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                kept.append((key, start, end))
        return sorted(kept, key=lambda m: m[1])

    def _meant(self, key: int, view: Plain, span: Span) -> Iterable[Name]:
        first, last = view.span(span.start_char, span.end_char)
        return (Name(first, last, kind, identifier) for kind, identifier in sorted(self._meanings[key]))

    def _refresh(self) -> None:
        stamp = _stamp(self.path)
        if stamp != self._stamp:
            self._stamp, self._last = stamp, ("", [])
            self._read() if stamp else self._forget()

    def _forget(self) -> None:
        self._matcher, self._meanings, self._version = None, {}, None
        self._words, self._pairs = frozenset(), frozenset()

    def _read(self) -> None:
        """A file that cannot be read leaves the names as they were: the next version mends it."""
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            spellings: dict[str, set[tuple[str, str]]] = {}
            for name in content["names"]:
                spelling = " ".join(plain(name["name"]).folded().split())
                spellings.setdefault(spelling, set()).add((name["kind"], name["id"]))
        except (OSError, ValueError, KeyError, TypeError) as unreadable:
            log.error("The gazetteer %s is unreadable, the names stay as they were: %r", self.path, unreadable)
            return
        self._version = str(content.get("version"))
        self._learn(spellings)

    def _learn(self, spellings: dict[str, set[tuple[str, str]]]) -> None:
        matcher = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        meanings: dict[int, set[tuple[str, str]]] = {}
        for spelling, meant in spellings.items():
            if spelling:
                matcher.add(spelling, [self._nlp.make_doc(spelling)])
                meanings[self._nlp.vocab.strings[spelling]] = meant
        self._matcher, self._meanings = matcher, meanings
        words = [spelling.split() for spelling in spellings]
        self._words = frozenset(word for one in words for word in one)
        self._pairs = frozenset(pair for one in words for pair in pairwise(one))


@cache
def _of(path: Path) -> Names:
    return Names(path)


def known() -> Names:
    """The names of the running system: one copy for all components of the process."""
    return _of(home() / "gazetteer.json")


def _stamp(path: Path) -> Stamp | None:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
