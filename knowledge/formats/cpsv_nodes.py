"""What every node of a written CPSV-AP document is made of: IRIs, texts with their language, sources, periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.contract import LegalResource, Source, Text
from knowledge.languages import own

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Iris:
    """The addresses of things, under that of the catalogue."""

    base: str

    def service(self, identifier: str) -> str:
        return f"{self.base}/services/{identifier}"

    def agency(self, identifier: str) -> str:
        return f"{self.base}/agencies/{identifier}"

    def office(self, identifier: str) -> str:
        return f"{self.base}/offices/{identifier}"

    def life_event(self, identifier: str) -> str:
        return f"{self.base}/life-events/{identifier}"

    def term(self, name: str) -> str:
        return f"{self.base}/terms/{name}"


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes what one document says; copies that stand for a language it is not written in are not given on."""

    languages: tuple[str, ...]
    at: Iris

    def text(self, text: Text | None) -> list[Json] | None:
        return tagged(own(text, self.languages)) if text else None

    def many(self, names: Mapping[str, tuple[str, ...]]) -> list[Json]:
        return [_literal(name, language) for language, several in names.items() for name in several]

    def titled(self, iri: str, kind: str, title: Text) -> Json:
        """A node of that class, with the end of its IRI as identifier."""
        return {"@id": iri, "@type": kind, "dct:identifier": end(iri), "dct:title": self.text(title)}

    def audience(self, iri: str, who: Text | None) -> Json | None:
        return {"@id": iri, "@type": "skos:Concept", "skos:prefLabel": self.text(who)} if who else None

    def legal(self, iri: str | None, law: LegalResource) -> Json:
        return kept({
            "@id": iri,
            "@type": "eli:LegalResource",
            "dct:identifier": law.act,
            "dct:title": self.text(law.title),
            "dct:bibliographicCitation": f"{law.act}, {law.article}" if law.article else None,
            "schema:url": ref(law.url) if law.url else None,
        })

    def source(self, source: Source | None) -> Json | None:
        """Where a fact was read, when, and who has confirmed it."""
        if source is None:
            return None
        by: Json = {"@type": "foaf:Agent", "dct:identifier": source.verified_by, "dct:title": source.verified_by}
        return kept({
            "@type": "dct:ProvenanceStatement",
            "dct:source": self.legal(None, source.legal),
            "dct:date": source.read,
            "prov:wasAttributedTo": by if source.verified_by else None,
            "dct:dateAccepted": f"{source.verified_on}" if source.verified_on else None,
        })


def period(start: date | None, end: date | None) -> Json | None:
    if not start and not end:
        return None
    days = {"dcat:startDate": start, "dcat:endDate": end}
    given = {key: {"@value": f"{day}", "@type": "xsd:date"} for key, day in days.items() if day}
    return {"@type": "dct:PeriodOfTime", **given}


def phone(iri: str, number: str | None) -> Json | None:
    return {"@id": iri, "@type": "cv:ContactPoint", "cv:telephone": number} if number else None


def concept(iri: str, label: Text) -> Json:
    return {"@id": iri, "@type": "skos:Concept", "skos:prefLabel": tagged(label)}


def end(iri: str) -> str:
    """What stands behind the last stroke: "passport#cost-1"."""
    return iri.rpartition("/")[2]


def ref(iri: str) -> Json:
    return {"@id": iri}


def tagged(text: Mapping[str, str]) -> list[Json]:
    return [_literal(words, language) for language, words in text.items()]


def kept(node: Json) -> Json:
    """Without what is not known."""
    return {key: value for key, value in node.items() if value not in (None, [])}


def _literal(words: str, language: str) -> Json:
    return {"@language": language, "@value": words}
