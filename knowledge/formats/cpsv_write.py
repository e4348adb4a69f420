"""The catalogue as open data: one JSON-LD document in CPSV-AP 3.2, with IRIs under the authority's public address.

What citizens are told is in it, each fact with its source and the month it was read; how the authority's own systems
route cases is not. What CPSV-AP has no words for is said as cpsv_terms.py tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from knowledge.catalogue import Catalogue
from knowledge.contract import Authority, JourneyStep, LifeEvent, Office, PublicOrganisation, Text
from knowledge.formats import cpsv_service
from knowledge.formats import cpsv_terms as terms
from knowledge.formats.cpsv_nodes import Iris, Json, Pen, concept, kept, phone, ref, tagged
from knowledge.formats.vocabulary import PREFIXES

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def document(catalogue: Catalogue, address: str) -> Json:
    """The whole catalogue. `address` is the authority's public one, without a trailing slash."""
    at = Iris(f"{address}/catalogue")
    graph = [_dataset(catalogue, at, address), *_concepts(at)]
    graph += [_agency(one, Pen(one.written_in, at)) for one in catalogue.agencies.values()]
    graph += [cpsv_service.node(one, Pen(one.written_in, at)) for one in catalogue.services.values()]
    graph += [_life_event(one, Pen(one.written_in, at)) for one in catalogue.life_events.values()]
    used = {name.partition(":")[0] for name in _names(graph)}
    return {"@context": {prefix: iri for prefix, iri in PREFIXES.items() if prefix in used}, "@graph": graph}


def _dataset(catalogue: Catalogue, at: Iris, address: str) -> Json:
    authority = catalogue.authority
    title = {"dct:identifier": authority.identifier, "dct:title": tagged(authority.name)}
    return {
        "@id": at.base,
        "@type": "dcat:Dataset",
        **title,
        "dct:description": tagged(_about(authority)),
        "dct:publisher": {"@id": f"{at.base}/publisher", "@type": "foaf:Agent", **title},
        "dcat:landingPage": {"@id": address, "@type": "foaf:Document"},
        "owl:versionInfo": catalogue.version(),
        "dct:hasPart": [ref(at.service(identifier)) for identifier in catalogue.services],
    }


def _about(authority: Authority) -> Text:
    """What a demonstration says of itself goes wherever its data goes."""
    plain = {"vi": "Dịch vụ công của {}.", "en": "Public services of {}."}
    note = authority.demonstration_note or {}
    return {one: f"{text.format(authority.name[one])} {note.get(one, '')}".strip() for one, text in plain.items()}


def _concepts(at: Iris) -> list[Json]:
    """The concepts that are pointed to: of another's vocabulary, and of the authority's own."""
    ours: dict[str, Text] = {**terms.RULES, **terms.CHANNELS}
    ours |= {f"online-{level}": text for level, text in terms.ONLINE.items()}
    ours |= {unit: text for unit, text in terms.UNITS.items() if unit not in terms.STANDARD_UNITS}
    ours[terms.UNCONFIRMED] = {"vi": "Chưa xác nhận", "en": "Not confirmed"}
    place: Json = {"@id": terms.VIET_NAM, "@type": "dct:Location"}
    dong = concept(terms.VND, {"vi": "Đồng Việt Nam", "en": "Vietnamese dong"})
    return [*(concept(at.term(name), text) for name, text in ours.items()), dong, place]


def _agency(agency: PublicOrganisation, pen: Pen) -> Json:
    iri = pen.at.agency(agency.identifier)
    titled = pen.titled(iri, "cv:PublicOrganisation", agency.name)
    return titled | kept({
        "@type": ["cv:PublicOrganisation", "org:Organization", "foaf:Agent"],
        "skos:prefLabel": titled["dct:title"],
        "skos:altLabel": pen.many(agency.alternative_names),
        "dct:spatial": ref(terms.VIET_NAM),
        "cv:contactPoint": phone(f"{iri}#phone", agency.phone),
        "org:hasSite": [_office(office, pen) for office in agency.offices],
    })


def _office(office: Office, pen: Pen) -> Json:
    iri, address = pen.at.office(office.identifier), pen.text(office.address)
    return kept({
        "@id": iri,
        "@type": "org:Site",
        "dct:identifier": office.identifier,
        "skos:prefLabel": pen.text(office.name),
        "org:siteAddress": {"@id": f"{iri}#address", "@type": "locn:Address", "locn:fullAddress": address},
        "cv:contactPoint": phone(f"{iri}#phone", office.phone),
        "schema:openingHoursSpecification": [
            {
                "@type": "schema:OpeningHoursSpecification",
                "schema:dayOfWeek": ref(f"schema:{_DAYS[shift.weekday]}"),
                "schema:opens": f"{shift.opens:%H:%M}",
                "schema:closes": f"{shift.closes:%H:%M}",
            }
            for shift in office.shifts
        ],
    })


def _life_event(event: LifeEvent, pen: Pen) -> Json:
    services = dict.fromkeys(step.service for step in event.steps)
    titled = pen.titled(pen.at.life_event(event.identifier), "cv:LifeEvent", event.name)
    return titled | kept({
        "@type": ["cv:LifeEvent", "cv:Event"],
        "skos:altLabel": pen.many(event.alternative_names),
        "dct:description": pen.text(event.introduction),
        "cv:hasRelatedService": [ref(pen.at.service(service)) for service in services],
        "schema:step": [_step(n, step, pen) for n, step in enumerate(event.steps, 1)],
    })


def _step(number: int, step: JourneyStep, pen: Pen) -> Json:
    return kept({
        "@type": "schema:HowToStep",
        "schema:position": number,
        "dct:description": pen.text(step.text),
        "skos:note": pen.text(step.note),
        "cv:hasRelatedService": ref(pen.at.service(step.service)),
    })


def _names(value: Any) -> Iterator[str]:
    """Every key and text in it, where a prefix may stand."""
    if isinstance(value, dict):
        node = cast(Json, value)
        yield from node
        yield from _names(list(node.values()))
    elif isinstance(value, list):
        for item in cast(list[Any], value):
            yield from _names(item)
    elif isinstance(value, str):
        yield value
