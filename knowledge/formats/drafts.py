"""What a foreign file says, in the shape of a pack's documents, before it is built and checked as those are.

A reader adds drafts and names what it had to leave out. Here is what every reader needs: identifiers made of names,
telephone numbers and web addresses as a pack wants them, and in which languages a document turned out to be.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, cast

from knowledge.build import Builder
from knowledge.catalogue import FOLDERS, Document
from knowledge.check import problems_within
from knowledge.contract import LANGUAGES, Language
from knowledge.formats.place import BadFile
from knowledge.words import is_syllable, split
from text.fold import fold

Tree = dict[str, Any]
_LONGEST = 60                 # letters of an identifier made of a name
_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]")
NO_ONLINE = {
    "vi": "Dữ liệu gốc không nêu cách nộp trực tuyến.",
    "en": "The record that this was taken from names no way to apply online.",
}
SOME_ONLINE = {
    "vi": "Dữ liệu gốc không nói nộp trực tuyến được toàn bộ hay một phần.",
    "en": "The record that this was taken from does not say whether all of it can be done online.",
}


class Draft(NamedTuple):
    """`kind` is a folder of a pack; `tree` what would stand in its file; `place` where it came from."""

    kind: str
    tree: Tree
    place: str


@dataclass(slots=True)
class Drafts:
    """Everything that one import brings. `today` dates it, `language` is for texts that do not say theirs."""

    today: date
    language: Language | None = None
    drafts: list[Draft] = field(default_factory=list[Draft])
    left_out: list[str] = field(default_factory=list[str])
    _taken: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    _agencies: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def month(self) -> str:
        """The month in which the facts are read, as a source wants it."""
        return f"{self.today:%Y-%m}"

    def add(self, kind: str, tree: Tree, place: str) -> None:
        """A document; keys without a value are left out of it, and its languages are found."""
        kept = {key: _even(value) for key, value in tree.items() if value not in (None, [], {}, ())}
        self.drafts.append(Draft(kind, kept | _written_in(kept), place))

    def skip(self, place: str, what: str) -> None:
        """Names something that could not be carried over."""
        self.left_out.append(f"{place}: {what}; left out")

    def identifier(self, kind: str, name: str) -> str:
        """An identifier made of a name, with a number from the second of that name on."""
        made = slug(name)
        count = self._taken[kind, made] = self._taken.get((kind, made), 0) + 1
        return made if count == 1 else f"{made}-{count}"

    def agency_called(self, name: str, language: Language) -> str:
        """The identifier of the agency of that name, which is added the first time."""
        if name not in self._agencies:
            self._agencies[name] = identifier = self.identifier("agencies", name)
            self.add("agencies", {"identifier": identifier, "name": {language: name}}, name)
        return self._agencies[name]

    def telephone(self, place: str, number: str | None) -> str | None:
        """The number in digits and spaces, if it is one."""
        cleaned = re.sub(r"[^\d.]+", " ", number or "").strip(" .")
        cleaned = ("+" if "+" in (number or "") else "") + cleaned
        if number and not re.fullmatch(r"\+?\d[\d .]{1,16}\d", cleaned):
            return self.skip(place, f"'{number}' is no telephone number")
        return cleaned if number else None

    def address(self, place: str, url: str | None) -> str | None:
        """The web address, if it is one."""
        if url and not re.fullmatch(r"https?://[^\s/]+\.\S+", url):
            return self.skip(place, f"'{url}' is no web address")
        return url


def slug(name: str) -> str:
    """"Đăng ký khai sinh" → "dang-ky-khai-sinh"; a long one is cut, and told apart by what it was."""
    made = "-".join(re.findall(r"[a-z0-9]+", fold(name)))
    if made and len(made) <= _LONGEST:
        return made
    short = made[:_LONGEST].rpartition("-")[0] or made[:_LONGEST] or "unnamed"
    return f"{short}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def language_of(*texts: str) -> Language:
    """Where a format says nothing: Vietnamese by letters that only it has, or by marks on nothing but syllables."""
    for text in texts:
        words = split(text)
        marked = any(word.marked for word in words) and all(is_syllable(word.folded) for word in words)
        if marked or _VIETNAMESE.search(text.lower()):
            return "vi"
    return "en"


def origin(act: str, month: str, url: str | None = None) -> Tree:
    """A source that is another's record, read in that month."""
    return {"legal": {"act": act} | ({"url": url} if url else {}), "read": month}


def documents(file: str, drafts: Drafts) -> dict[str, dict[str, Any]]:
    """The drafts built and checked, {kind: {identifier: document}}. Raises BadFile with every problem."""
    made = [_built(file, draft) for draft in drafts.drafts]
    problems = [problem for document in made for problem in document.built.problems]
    problems += problems_within(made)
    if problems:
        raise BadFile("\n".join(map(str, dict.fromkeys(problems))))
    by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in FOLDERS}
    for document in made:
        by_kind[document.folder][document.body.identifier] = document.body
    return {kind: documents for kind, documents in by_kind.items() if documents}


def _built(file: str, draft: Draft) -> Document:
    builder = Builder(f"{file}: {draft.place}")
    return Document(builder.file, draft.kind, builder.build(FOLDERS[draft.kind], draft.tree, line=0), builder)


def _even(value: Any) -> Any:
    """Names in one language alone are none in the other."""
    names = cast(dict[str, Any], value if isinstance(value, dict) else {})
    one_sided = names and names.keys() <= set(LANGUAGES) and all(isinstance(name, list) for name in names.values())
    return {language: names.get(language, []) for language in LANGUAGES} if one_sided else cast(Any, value)


def _written_in(tree: Tree) -> Tree:
    """The languages that every text has, if those are not both; without any, texts are completed by what they have."""
    texts = list(_texts(tree))
    common = [language for language in LANGUAGES if all(language in text for text in texts)]
    if len(common) == len(LANGUAGES):
        return {}
    written = common or [next(iter(cast(dict[str, str], tree.get("name")) or LANGUAGES))]
    for text in texts:
        text.setdefault(written[0], next(iter(text.values())))
    return {"written_in": written}


def _texts(value: Any) -> Iterator[dict[str, str]]:
    """Every {"vi": …, "en": …} in it."""
    if isinstance(value, dict):
        tree = cast(dict[str, Any], value)
        if tree and tree.keys() <= set(LANGUAGES):
            if all(isinstance(text, str) for text in tree.values()):
                yield tree
            return
        for item in tree.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in cast(list[Any], value):
            yield from _texts(item)
