"""A node of JSON-LD as a reader of CPSV-AP asks it: its texts by language, numbers, and the nodes that it names."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from knowledge.contract import LANGUAGES, Language
from knowledge.formats.drafts import Drafts, language_of
from knowledge.formats.jsonld import Graph, Literal, Node, Reference
from text.clean import clean


@dataclass(frozen=True, slots=True)
class View:
    """A text that does not say its language has that of the import, else that which the node's letters tell."""

    node: Node
    graph: Graph
    drafts: Drafts

    @property
    def end(self) -> str:
        """The last part of its IRI: "…/terms/online" → "online"."""
        return self.node.iri.rstrip("/").replace("#", "/").rpartition("/")[2]

    @property
    def described(self) -> bool:
        """Whether the file says anything of it beyond its IRI."""
        return bool(self.node.types or self.node.values)

    @property
    def called(self) -> str:
        """What to call it when something is wrong with it."""
        named = self.texts("dct:title", "skos:prefLabel")
        return next(iter(named.values()), self.node.iri)

    def wrong(self, message: str) -> NoReturn:
        self.node.at.wrong(message)

    def texts(self, *properties: str) -> dict[str, str]:
        """The first of the properties that has a text in a language we speak."""
        for one in properties:
            found = {language: text for language, text in reversed(list(self._tagged(one))) if language in LANGUAGES}
            if found:
                return {language: found[language] for language in LANGUAGES if language in found}
        return {}

    def names(self, *properties: str) -> dict[str, list[str]]:
        """All texts of the properties, by language."""
        said = [pair for one in properties for pair in self._tagged(one)]
        names = {language: [text for own, text in said if own == language] for language in LANGUAGES}
        return {language: texts for language, texts in names.items() if texts}

    def string(self, *properties: str) -> str | None:
        """The first plain text of any of the properties, in whatever language."""
        return next((text for one in properties for _, text in self._tagged(one)), None)

    def number(self, *properties: str) -> float | None:
        text = self.string(*properties)
        try:
            number = float(text) if text is not None else None
        except ValueError:
            number = math.nan
        return number if number is None or math.isfinite(number) else self.wrong(f"'{text}' is no number")

    def iri(self, *properties: str) -> str | None:
        """The first IRI that any of the properties names, as a reference or as text."""
        values = (value for one in properties for value in self.node.values.get(one, []))
        return next((value.iri if isinstance(value, Reference) else clean(value.text) for value in values), None)

    def url(self, *properties: str) -> str | None:
        """The same, if it is a web address."""
        return self.drafts.address(self.called, self.iri(*properties))

    def views(self, *properties: str) -> list[View]:
        """The nodes that it names, which must be in the file. Raises BadFile."""
        return [view if view.described else self._missing(view) for view in self.links(*properties)]

    def links(self, *properties: str) -> list[View]:
        """The nodes that it names, also those that are elsewhere."""
        return [self._view(value) for one in properties for value in self.node.values.get(one, [])]

    def one(self, *properties: str) -> View | None:
        return next(iter(self.views(*properties)), None)

    def _view(self, value: Literal | Reference) -> View:
        iri = value.iri if isinstance(value, Reference) else value.text
        return View(self.graph.nodes.get(iri) or Node(iri, self.node.at), self.graph, self.drafts)

    def _missing(self, view: View) -> NoReturn:
        self.wrong(f"names '{view.node.iri}', of which this file says nothing")

    def _tagged(self, one: str) -> Iterator[tuple[str, str]]:
        for value in self.node.values.get(one, []):
            if isinstance(value, Literal) and (text := clean(value.text)):
                yield (value.language or "").lower().partition("-")[0] or self._untagged(), text

    def _untagged(self) -> Language:
        literals = (value for values in self.node.values.values() for value in values if isinstance(value, Literal))
        return self.drafts.language or language_of(*(value.text for value in literals if not value.language))
