"""JSON-LD read into nodes: every @id once, with the values of its properties in the order in which they stand.

All compact forms of JSON-LD 1.1 that catalogues of services are written in: prefixes, terms with @id, @type, @language
and @container, values as text, {"@value"}, lists or language maps, nodes inside nodes or by reference, with or without
@graph. Nothing is fetched: a context by address is known (vocabulary.py) or it is named as unknown. What would be read
wrongly (reversed and nested properties, scoped contexts) is refused. Why no library: docs/adr/0006.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urljoin

from knowledge.formats.place import Place
from knowledge.formats.vocabulary import PREFIXES, short, term
from text.clean import clean

_KEYWORDS = frozenset({
    "@id", "@type", "@value", "@language", "@list", "@set", "@graph", "@context", "@direction", "@index", "@included",
    "@reverse", "@nest", "@json", "@none", "@version", "@base", "@vocab", "@container", "@protected", "@propagate",
})  # fmt: skip
_REFUSED = ("@reverse", "@nest", "@included", "@import")
_CONTAINERS = frozenset({"@set", "@list", "@language"})


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number or truth, as text; with the language that it says it is in."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """The IRI of a node, which may be elsewhere, and where it was named."""

    iri: str
    at: Place


@dataclass(slots=True)
class Node:
    """`iri` is its @id, or one of our own; `types` and the keys of `values` are short IRIs."""

    iri: str
    at: Place
    types: list[str] = field(default_factory=list[str])
    values: dict[str, list[Literal | Reference]] = field(default_factory=dict[str, list[Literal | Reference]])


@dataclass(frozen=True, slots=True)
class _Term:
    """What a context says of a term. `iri` None: it is not to be read."""

    iri: str | None
    type: str | None = None
    language: str | None = None
    container: str | None = None


@dataclass(frozen=True, slots=True)
class _Context:
    """What short names mean where we are."""

    terms: dict[str, _Term] = field(default_factory=dict[str, _Term])
    vocabulary: str = ""
    base: str = ""
    language: str | None = None

    def iri(self, name: str) -> str:
        """The IRI of a node: a compact one, or one relative to the base."""
        return self._compact(name) or (urljoin(self.base, name) if self.base else name)

    def property(self, name: str) -> str | None:
        """The short IRI or keyword that a key or type means; None where it means nothing."""
        if name in _KEYWORDS:
            return name
        if known := self.terms.get(name):
            return known.iri
        if found := self._compact(name):
            return short(found)
        return short(self.vocabulary + name) if self.vocabulary else term(name)

    def _compact(self, name: str) -> str | None:
        prefix, colon, rest = name.partition(":")
        if not colon:
            return None
        known = self.terms.get(prefix)
        namespace = known.iri if known and not rest.startswith("//") else None
        if namespace is not None:
            return _whole(namespace) + rest
        return PREFIXES[prefix] + rest if prefix in PREFIXES else name


def _whole(iri: str) -> str:
    """A short IRI in full."""
    prefix, colon, rest = iri.partition(":")
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else iri


def fits(place: Place) -> bool:
    """Whether this is JSON-LD, by its keywords."""
    return any(place.has(key) for key in ("@context", "@graph", "@id"))


class Graph:
    """The nodes of a document, in the order in which they first stand; `unknown` are contexts that were not read."""

    def __init__(self, document: Place) -> None:
        self.nodes: dict[str, Node] = {}
        self.unknown: list[str] = []
        self._added = 0
        for place in document.each():
            self._node(place.object(), _Context())

    def of_type(self, *types: str) -> Iterator[Node]:
        return (node for node in self.nodes.values() if not set(types).isdisjoint(node.types))

    def _node(self, place: Place, context: _Context) -> Reference | None:
        """Adds a node and those inside it; None for an object that is only there to hold a graph."""
        context = self._within(place, context)
        keys = {key: context.property(key) for key in place.value}
        for key, meant in keys.items():
            if meant in _REFUSED:
                place.at(key).wrong(f"'{meant}' is not read here; write it out")
            if meant == "@graph":
                for inner in place.at(key).each():
                    self._node(inner.object(), context)
        given = [self._text(place.at(key)) for key, meant in keys.items() if meant == "@id"]
        if not given and set(keys.values()) <= {"@graph", "@context", None}:
            return None
        return self._filled(place, context, keys, context.iri(given[0]) if given else self._blank())

    def _filled(self, place: Place, context: _Context, keys: dict[str, str | None], iri: str) -> Reference:
        node = self.nodes.setdefault(iri, Node(iri, place))
        for key, meant in keys.items():
            if meant == "@type":
                types = [context.property(self._text(one)) for one in place.at(key).each()]
                node.types += [one for one in types if one and one not in node.types]
            elif meant and not meant.startswith("@"):
                values = node.values.setdefault(meant, [])
                values += self._values(place.at(key), context, context.terms.get(key, _Term(meant)))
        return Reference(iri, place)

    def _values(self, place: Place, context: _Context, known: _Term) -> list[Literal | Reference]:
        if known.container == "@language" and place.has():
            return [Literal(self._text(one), key) for key in place.names() for one in place.at(key).each()]
        return [value for one in place.each() for value in self._value(one, context, known)]

    def _value(self, place: Place, context: _Context, known: _Term) -> list[Literal | Reference]:
        value = place.value
        if value is None:
            return []
        if not isinstance(value, dict):
            if isinstance(value, list):
                place.wrong("must be one value, not a list in a list")
            if known.type in ("@id", "@vocab"):
                return [Reference(context.iri(self._text(place)), place)]
            return [Literal(_written(value), known.language or context.language if isinstance(value, str) else None)]
        keys = {context.property(key): key for key in place.names()}
        if "@value" in keys:
            language = place.at(keys["@language"]).value if "@language" in keys else None
            return [Literal(_written(place.at(keys["@value"]).value), language if isinstance(language, str) else None)]
        if inner := keys.get("@list") or keys.get("@set"):
            return self._values(place.at(inner), context, known)
        reference = self._node(place, context)
        return [reference] if reference else []

    def _text(self, place: Place) -> str:
        return clean(place.value) if isinstance(place.value, str) else place.wrong("must be text")

    def _blank(self) -> str:
        self._added += 1
        return f"_:unnamed-{self._added}"

    def _within(self, place: Place, context: _Context) -> _Context:
        """The context inside an object that may have one of its own."""
        own = place.at("@context")
        for one in own.each() if own.value is not None else []:
            if isinstance(one.value, str):
                self.unknown += [] if "CPSV-AP" in one.value else [one.value]
            else:
                context = _extended(context, one.object())
        return context


def _extended(context: _Context, place: Place) -> _Context:
    given = cast(dict[str, Any], place.value)
    for refused in _REFUSED:
        if refused in given:
            place.at(refused).wrong(f"'{refused}' is not read here")
    vocabulary, base = given.get("@vocab") or context.vocabulary, given.get("@base") or context.base
    language = given.get("@language", context.language)
    raw = dict[str, Any]((key, value) for key, value in given.items() if not key.startswith("@"))
    # A definition may use prefixes that are defined further down: those that are plain go first.
    plain = {key: _Term(value) for key, value in raw.items() if isinstance(value, str)}
    extended = _Context(context.terms | plain, str(vocabulary), str(base), language)
    terms = {key: _term(place.at(key), key, extended) for key in raw}
    return _Context(context.terms | terms, str(vocabulary), str(base), language)


def _term(place: Place, key: str, context: _Context) -> _Term:
    if place.value is None or isinstance(place.value, str):
        return _Term(_meaning(place.value, context))
    for refused in (*_REFUSED, "@context"):
        if refused in place.object().value:
            place.at(refused).wrong(f"'{refused}' of a term is not read here")
    container = place.at("@container")
    kind = next((str(one.value) for one in container.each() if one.value not in (None, "@set")), None)
    if kind and kind not in _CONTAINERS:
        container.wrong(f"'{kind}' is not read here; use @set, @list or @language")
    meant = place.text("@id") if place.has("@id") else key
    return _Term(_meaning(meant, context, key), place.text("@type"), place.text("@language"), kind)


def _meaning(meant: str | None, context: _Context, key: str = "") -> str | None:
    """The short IRI or keyword that a definition gives its term."""
    if meant is None or meant in _KEYWORDS:
        return meant
    found = context.property(meant) if meant != key or ":" in meant else term(meant)
    return found or (short(context.vocabulary + meant) if context.vocabulary else meant)


def _written(value: Any) -> str:
    """A plain value as text: true, 200000, 1.5."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
