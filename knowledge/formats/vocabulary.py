"""The words of CPSV-AP 3.2 and of the vocabularies under it: prefixes, and the short terms of its own contexts.

Everything in here is written with these prefixes, whatever a file calls them. Source: SEMICeu/CPSV-AP, release 3.2.0,
context/cpsv-ap.jsonld (terms like "PublicService.name"), and release 2.2.1 (terms like "name").
"""

from __future__ import annotations

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ALSO = {                     # other names of the same
    "http://schema.org/": "schema",
    "http://purl.org/dc/elements/1.1/": "dct",
}
_NAMESPACES = {iri: prefix for prefix, iri in PREFIXES.items()} | _ALSO

CLASSES = {
    "PublicService": "cpsv:PublicService",
    "PublicOrganisation": "cv:PublicOrganisation",
    "PublicOrganization": "cv:PublicOrganisation",
    "Organization": "org:Organization",
    "Agent": "foaf:Agent",
    "Channel": "cv:Channel",
    "Cost": "cv:Cost",
    "Evidence": "cv:Evidence",
    "EvidenceType": "cv:EvidenceType",
    "Requirement": "cv:Requirement",
    "Rule": "cpsv:Rule",
    "Output": "cv:Output",
    "LegalResource": "eli:LegalResource",
    "Event": "cv:Event",
    "LifeEvent": "cv:LifeEvent",
    "BusinessEvent": "cv:BusinessEvent",
    "ContactPoint": "cv:ContactPoint",
    "Address": "locn:Address",
    "Concept": "skos:Concept",
}
TERMS = {
    "addressee": "dct:audience",
    "alternative": "dct:alternative",
    "address": "locn:address",
    "contactPoint": "cv:contactPoint",
    "currency": "cv:currency",
    "description": "dct:description",
    "follows": "cpsv:follows",
    "fullAddress": "locn:fullAddress",
    "hasChannel": "cv:hasChannel",
    "hasCompetentAuthority": "cv:hasCompetentAuthority",
    "hasContactPoint": "cv:contactPoint",
    "hasCost": "cv:hasCost",
    "hasInput": "cpsv:hasInput",
    "hasInputType": "cv:hasInputType",
    "hasLegalResource": "cv:hasLegalResource",
    "hasRelatedService": "cv:hasRelatedService",
    "hasTelephone": "cv:telephone",
    "hasValue": "cv:hasValue",
    "holdsRequirement": "cv:holdsRequirement",
    "identifier": "dct:identifier",
    "ifAccessedThrough": "cv:ifAccessedThrough",
    "implements": "cpsv:implements",
    "isGroupedBy": "cv:isGroupedBy",
    "keyword": "dcat:keyword",
    "name": "dct:title",
    "preferredLabel": "skos:prefLabel",
    "prefLabel": "skos:prefLabel",
    "processingTime": "cv:processingTime",
    "produces": "cpsv:produces",
    "requires": "dct:requires",
    "supportsRequirement": "cv:supportsRequirement",
    "telephone": "cv:telephone",
    "title": "dct:title",
    "type": "dct:type",
}


def short(iri: str) -> str:
    """An IRI with one of our prefixes, if it begins with what that stands for."""
    for namespace, prefix in _NAMESPACES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def term(name: str) -> str | None:
    """What a short term of CPSV-AP's own contexts stands for: "PublicService.name", "name", "Cost"."""
    return CLASSES.get(name) or TERMS.get(name.rpartition(".")[2])
