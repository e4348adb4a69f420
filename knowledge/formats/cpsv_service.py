"""One service as a node of CPSV-AP, with everything that is its own inside it."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.contract import (
    ChannelType,
    Cost,
    EvidenceCase,
    EvidenceItem,
    Form,
    PublicService,
    ServiceChannel,
    Text,
    TimeLimit,
)
from knowledge.formats import cpsv_terms as terms
from knowledge.formats.cpsv_nodes import Json, Pen, end, kept, period, ref, tagged


def node(service: PublicService, pen: Pen) -> Json:
    iri = pen.at.service(service.identifier)
    titled = pen.titled(iri, "cpsv:PublicService", service.name)
    return titled | kept({
        "adms:identifier": {"@type": "adms:Identifier", "skos:notation": service.code} if service.code else None,
        "dct:description": pen.text(service.description),
        "skos:altLabel": pen.many(service.alternative_names),
        "dcat:keyword": pen.many(service.keywords),
        "cv:hasCompetentAuthority": ref(pen.at.agency(service.competent_authority)),
        "dct:audience": pen.audience(f"{iri}#audience", service.who_may_apply),
        "cpsv:hasInput": list(_evidence(iri, service, pen)),
        "foaf:page": [_form(iri, form, pen) for form in service.forms],
        "cv:hasCost": list(_costs(iri, service, pen)),
        "cv:processingTime": _processing_time(service),
        "cpsv:follows": list(_rules(iri, service, pen)),
        "cv:hasChannel": [_channel(iri, n, channel, pen) for n, channel in enumerate(service.channels, 1)],
        "schema:serviceLocation": [ref(pen.at.office(office)) for office in service.offices],
        "cv:isClassifiedBy": _online(iri, service, pen),
        "cpsv:produces": pen.titled(f"{iri}#output", "cv:Output", service.output) if service.output else None,
        "cv:holdsRequirement": [
            pen.titled(f"{iri}#requirement-{n}", "cv:Requirement", text)
            for n, text in enumerate(service.requirements, 1)
        ],
        "cv:hasLegalResource": [pen.legal(f"{iri}#law-{n}", law) for n, law in enumerate(service.legal_basis, 1)],
        "cv:isGroupedBy": [ref(pen.at.life_event(event)) for event in service.life_events],
        "dct:requires": [ref(pen.at.service(other)) for other in service.requires],
        "dct:temporal": period(service.effective_from, service.effective_to),
        "dct:provenance": pen.source(service.source),
    })


def _evidence(iri: str, service: PublicService, pen: Pen) -> Iterator[Json]:
    """Papers; those of a case support it as a requirement that the service itself does not hold."""
    for c, case in enumerate(service.evidence, 1):
        for n, item in enumerate(case.items, 1):
            paper = _paper(f"{iri}#evidence-{c}-{n}", item, iri, pen)
            yield paper | kept({"cv:supportsRequirement": _case(f"{iri}#case-{c}", case, pen)})


def _paper(at: str, item: EvidenceItem, iri: str, pen: Pen) -> Json:
    more = {"dct:description": pen.text(item.note), "foaf:page": ref(_form_iri(iri, item.form)) if item.form else None}
    return pen.titled(at, "cv:Evidence", item.name) | kept(more)


def _case(at: str, case: EvidenceCase, pen: Pen) -> Json | None:
    return pen.titled(at, "cv:Requirement", case.when) if case.when else None


def _form(iri: str, form: Form, pen: Pen) -> Json:
    titled = pen.titled(_form_iri(iri, form.code), "foaf:Document", form.name)
    return titled | {"dct:identifier": form.code} | kept({"schema:url": ref(form.url) if form.url else None})


def _form_iri(iri: str, code: str) -> str:
    return f"{iri}#form-{'-'.join(code.split())}"


def _costs(iri: str, service: PublicService, pen: Pen) -> Iterator[Json]:
    numbers = {channel.type: n for n, channel in reversed(list(enumerate(service.channels, 1)))}
    for n, cost in enumerate(service.costs, 1):
        through = numbers.get(cost.channel) if cost.channel else None
        way = _way(iri, through, cost.channel, pen) if cost.channel else None
        yield _cost(f"{iri}#cost-{n}", cost, pen) | kept({"cv:ifAccessedThrough": way})


def _way(iri: str, number: int | None, channel: ChannelType, pen: Pen) -> Json:
    """The channel of the service, or one that is only named here."""
    if number:
        return ref(f"{iri}#channel-{number}")
    at = f"{iri}#way-{channel}"
    return {"@id": at, "@type": "cv:Channel", "dct:identifier": end(at), "dct:type": ref(pen.at.term(channel))}


def _cost(at: str, cost: Cost, pen: Pen) -> Json:
    doubtful = cost.unconfirmed and cost.source is not None         # without a source it is anyway
    return kept({
        "@id": at,
        "@type": "cv:Cost",
        "dct:identifier": end(at),
        "cv:hasValue": None if cost.amount is None else {"@value": f"{cost.amount}", "@type": "xsd:double"},
        "cv:currency": None if cost.amount is None else ref(terms.VND),
        "dct:description": pen.text(cost.note),
        "dct:audience": pen.audience(f"{at}-audience", cost.applicant),
        "dct:temporal": period(cost.effective_from, cost.effective_to),
        "dct:provenance": pen.source(cost.source),
        "adms:status": ref(pen.at.term(terms.UNCONFIRMED)) if doubtful else None,
    })


def _processing_time(service: PublicService) -> Json | None:
    """The ordinary limit. A duration knows no working days; the rule beside it says which days are meant."""
    usual = next((one for one in service.time_limits if one.when is None and one.amount is not None), None)
    return {"@value": terms.DURATIONS[usual.unit].format(usual.amount), "@type": "xsd:duration"} if usual else None


def _rules(iri: str, service: PublicService, pen: Pen) -> Iterator[Json]:
    if service.steps:
        numbered = {
            language: "\n".join(f"{n}. {' '.join(step[language].split())}" for n, step in enumerate(service.steps, 1))
            for language in service.steps[0]
        }
        yield _rule(f"{iri}#steps", terms.STEPS, terms.RULES[terms.STEPS], numbered, pen)
    for n, limit in enumerate(service.time_limits, 1):
        title = limit.when or terms.RULES[terms.TIME_LIMIT]
        rule = _rule(f"{iri}#time-{n}", terms.TIME_LIMIT, title, _said(limit), pen)
        yield rule | kept({"time:hasDuration": _duration(limit, pen), "dct:provenance": pen.source(limit.source)})


def _rule(iri: str, kind: str, title: Text, description: Text, pen: Pen) -> Json:
    titled = pen.titled(iri, "cpsv:Rule", title)
    return titled | {"dct:type": ref(pen.at.term(kind)), "dct:description": pen.text(description)}


def _said(limit: TimeLimit) -> Text:
    """"8 working days. Note"."""
    note = limit.note or {}
    if limit.amount is None:
        return note
    lasting = terms.lasting(limit.amount, limit.unit)
    return {language: f"{text}. {note[language]}" if note else text for language, text in lasting.items()}


def _duration(limit: TimeLimit, pen: Pen) -> Json | None:
    if limit.amount is None:
        return None
    unit = terms.STANDARD_UNITS.get(limit.unit) or pen.at.term(limit.unit)
    return {"@type": "time:Duration", "time:numericDuration": limit.amount, "time:unitType": ref(unit)}


def _channel(iri: str, number: int, channel: ServiceChannel, pen: Pen) -> Json:
    at = f"{iri}#channel-{number}"
    return kept({
        "@id": at,
        "@type": "cv:Channel",
        "dct:identifier": end(at),
        "dct:type": ref(pen.at.term(channel.type)),
        "dct:description": pen.text(channel.description),
        "schema:serviceUrl": ref(channel.url) if channel.url else None,
    })


def _online(iri: str, service: PublicService, pen: Pen) -> Json:
    """How much can be done online: a concept of the service's own, for the reason is its own too."""
    label = tagged(terms.ONLINE[service.online_level])
    return kept({
        "@id": f"{iri}#online",
        "@type": "skos:Concept",
        "skos:broader": ref(pen.at.term(f"online-{service.online_level}")),
        "skos:prefLabel": label,
        "skos:note": pen.text(service.partial_reason),
    })
