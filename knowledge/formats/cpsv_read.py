"""CPSV-AP in JSON-LD, ours or another's, as the documents of a pack: services, who answers for them, life events.

Texts in other languages than vi and en are passed over. What a service, its agency or a cost points to has to be in the
file, except legal resources and concepts, which may be elsewhere.
"""

from __future__ import annotations

import re

from knowledge.contract import Text
from knowledge.formats.cpsv_read_service import facts, source
from knowledge.formats.cpsv_view import View
from knowledge.formats.drafts import Drafts, Tree, origin
from knowledge.formats.jsonld import Graph
from knowledge.formats.place import Place

_IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EVENTS = ("cv:LifeEvent", "cv:BusinessEvent", "cv:Event")


def read(document: Place, drafts: Drafts) -> None:
    """Adds every service with a name in vi or en, all agencies, and the life events that have services."""
    graph = Graph(document)
    reading = _Reading(graph, drafts)
    if not reading.services and graph.unknown:
        document.wrong(f"no service is known here by its type; the context {graph.unknown[0]} is not fetched")
    reading.add()


class _Reading:
    """One file. What has a name in our languages gets its identifier first, so that all can point to each other."""

    def __init__(self, graph: Graph, drafts: Drafts) -> None:
        self._graph, self._drafts = graph, drafts
        services = self._views("cpsv:PublicService")
        organisations = {view.node.iri: view for view in self._views("cv:PublicOrganisation")}
        organisations |= {one.node.iri: one for view in services for one in view.views("cv:hasCompetentAuthority")}
        self.services = self._identified("services", services)
        self._agencies = self._identified("agencies", list(organisations.values()))
        self._events = self._identified("journeys", self._views(*_EVENTS))
        self._offices: dict[str, str] = {}

    def add(self) -> None:
        for identifier, view in self._agencies.values():
            self._agency(identifier, view)
        for identifier, view in self.services.values():
            self._service(identifier, view)
        for identifier, view in self._events.values():
            self._event(identifier, view)

    def _views(self, *types: str) -> list[View]:
        return [View(node, self._graph, self._drafts) for node in self._graph.of_type(*types)]

    def _identified(self, kind: str, views: list[View]) -> dict[str, tuple[str, View]]:
        found: dict[str, tuple[str, View]] = {}
        for view in views:
            name = _named(view)
            if not name and kind != "agencies":
                self._drafts.skip(view.node.iri, "without a name in vi or en")
                continue
            given = view.string("dct:identifier") or ""
            called = next(iter(name.values()), None) or view.string("skos:prefLabel", "dct:title") or view.end
            made = given if _IDENTIFIER.fullmatch(given) else self._drafts.identifier(kind, called)
            found[view.node.iri] = made, view
        return found

    def _agency(self, identifier: str, view: View) -> None:
        """By its label, in whatever language: a name is a name."""
        name = _named(view) or {"en": view.string("skos:prefLabel", "dct:title") or view.end}
        offices = [office for site in view.views("org:hasSite") if (office := self._office(identifier, name, site))]
        self._drafts.add("agencies", {
            "identifier": identifier,
            "name": name,
            "alternative_names": view.names("skos:altLabel", "dct:alternative"),
            "phone": self._phone(view),
            "offices": offices,
        }, view.called)

    def _office(self, agency: str, agency_name: Text, site: View) -> Tree | None:
        address = _address(site)
        if not address:
            return self._drafts.skip(site.called, "a place without an address in vi or en")
        given = site.string("dct:identifier") or ""
        own = site.texts("skos:prefLabel", "dct:title")
        made = self._drafts.identifier("offices", f"{agency} {next(iter(own.values()), 'office')}")
        self._offices[site.node.iri] = identifier = given if _IDENTIFIER.fullmatch(given) else made
        shifts = [_shift(one) for one in site.views("schema:openingHoursSpecification", "schema:hoursAvailable")]
        office: Tree = {"identifier": identifier, "name": own or agency_name, "address": address, "shifts": shifts}
        return office | ({"phone": phone} if (phone := self._phone(site)) else {})

    def _phone(self, view: View) -> str | None:
        numbers = [one.string("cv:telephone", "schema:telephone") for one in view.views("cv:contactPoint")]
        return self._drafts.telephone(view.called, next((number for number in numbers if number), None))

    def _service(self, identifier: str, view: View) -> None:
        owners = view.views("cv:hasCompetentAuthority")
        if not owners:
            view.wrong("has no competent authority (cv:hasCompetentAuthority)")
        for other in owners[1:]:
            self._drafts.skip(view.called, f"'{other.called}', a further competent authority")
        name, agency = _named(view), self._agencies[owners[0].node.iri]
        told = facts(view, self._drafts)
        told["channels"] += _desk(owners[0], told["channels"])
        self._drafts.add("services", {
            "identifier": identifier,
            "name": name,
            "description": view.texts("dct:description") or name,
            "competent_authority": agency[0],
            "offices": [self._offices[one.node.iri] for one in view.views("schema:serviceLocation")],
            "life_events": self._pointed(view, "cv:isGroupedBy", self._events),
            "requires": self._pointed(view, "dct:requires", self.services),
            "source": source(view) or self._record(view, name, agency[1].called),
            **told,
        }, view.called)

    def _pointed(self, view: View, one: str, known: dict[str, tuple[str, View]]) -> list[str]:
        """The identifiers of what it names; what had no name in our languages is not there."""
        return [known[other.node.iri][0] for other in view.views(one) if other.node.iri in known]

    def _record(self, view: View, name: Text, agency: str) -> Tree:
        """The file's own word, where it gives no source."""
        act = f"{agency}: {next(iter(name.values()))}"
        return origin(act, self._drafts.month, view.url("dcat:landingPage", "cv:isDescribedAt", "schema:url"))

    def _event(self, identifier: str, view: View) -> None:
        name = _named(view)
        steps = [self._step(one) for one in view.views("schema:step")] or self._steps_of(view)
        if not steps:
            return self._drafts.skip(view.called, "a life event without services")
        self._drafts.add("journeys", {
            "identifier": identifier,
            "name": name,
            "introduction": view.texts("dct:description") or name,
            "alternative_names": view.names("skos:altLabel", "dct:alternative"),
            "steps": steps,
        }, view.called)

    def _step(self, view: View) -> Tree:
        service, note = self._pointed(view, "cv:hasRelatedService", self.services), view.texts("skos:note")
        if not service:
            view.wrong("a step names no service (cv:hasRelatedService)")
        return {"service": service[0], "text": view.texts("dct:description")} | ({"note": note} if note else {})

    def _steps_of(self, event: View) -> list[Tree]:
        """The services of an event, each told by its own description, in the order of the file."""
        named = [one.node.iri for one in event.views("cv:hasRelatedService", "dct:relation")]
        grouped = [iri for iri, (_, view) in self.services.items() if event.node.iri in _iris(view, "cv:isGroupedBy")]
        services = [self.services[iri] for iri in dict.fromkeys((*named, *grouped)) if iri in self.services]
        return [{"service": made, "text": view.texts("dct:description") or _named(view)} for made, view in services]


def _named(view: View) -> Text:
    return view.texts("skos:prefLabel", "dct:title", "foaf:name")


def _iris(view: View, one: str) -> set[str]:
    return {other.node.iri for other in view.links(one)}


def _address(view: View) -> Text:
    where = view.one("org:siteAddress", "locn:address")
    return where.texts("locn:fullAddress") if where else {}


def _desk(owner: View, channels: list[Tree]) -> list[Tree]:
    """Where to go, if all that is known is the agency's address: without hours it is no office of ours."""
    known = any(channel["type"] == "in-person" for channel in channels) or owner.links("org:hasSite")
    address = {} if known else _address(owner)
    return [{"type": "in-person", "description": address}] if address else []


def _shift(view: View) -> Tree:
    day = re.split(r"[/#:]", view.iri("schema:dayOfWeek") or "")[-1]
    opens, closes = view.string("schema:opens"), view.string("schema:closes")
    if day not in _DAYS or not opens or not closes:
        view.wrong("opening hours are a day of the week (schema:dayOfWeek) with schema:opens and schema:closes")
    return {"weekday": _DAYS.index(day), "opens": opens[:5], "closes": closes[:5]}
