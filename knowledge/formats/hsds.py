"""Open Referral HSDS 3: organisations and their services, as its API gives them or in tables.

An object, a list, or a page of the API ({"contents": […]}) of services, of organisations with their services, or of
services at locations. The standard says nothing of a record's own language: it is given, or told by its letters.
Source: openreferral/specification, HSDS 3.0, schema/service.json and what that names.
"""

from __future__ import annotations

import re
from typing import Any

from knowledge.contract import Language
from knowledge.formats import hsds_tables
from knowledge.formats.drafts import NO_ONLINE, Drafts, Tree, language_of, origin
from knowledge.formats.hsds_hours import shifts
from knowledge.formats.place import Place

_OF_SERVICES = ("status", "organization", "organization_id", "application_process")
_OF_ORGANISATIONS = ("services", "legal_status", "website", "organization_identifiers", "tax_status")
_GONE = frozenset({"inactive", "defunct"})
_AGES = {
    "vi": ("Từ {0:.0f} đến {1:.0f} tuổi.", "Từ {0:.0f} tuổi.", "Đến {1:.0f} tuổi."),
    "en": ("Ages {0:.0f} to {1:.0f}.", "From the age of {0:.0f}.", "Up to the age of {1:.0f}."),
}
_CLOSED = {"vi": "Tạm ngừng.", "en": "Temporarily closed."}


def fits(place: Place) -> bool:
    """Whether this looks like HSDS."""
    if place.has("contents"):
        return any(fits(one) for one in place.at("contents").entries()[:1])
    named = place.has("id", "name") and any(place.has(key) for key in (*_OF_SERVICES, *_OF_ORGANISATIONS))
    return named or place.has("service", "location") or hsds_tables.fits(place)


def read(records: Place, drafts: Drafts) -> None:
    """Adds each service that is in use, and the organisations with their locations. Raises BadFile."""
    directory = _Directory(drafts)
    for record in _services(records):
        directory.add(record)
    directory.close()


def _services(records: Place) -> list[Place]:
    """The services in it, each with its organisation and its locations."""
    if records.has("contents"):
        return _services(records.at("contents"))
    if isinstance(records.value, list):
        return [service for record in records.entries() for service in _services(record)]
    if hsds_tables.fits(records):
        return hsds_tables.nested(records)
    if records.has("service", "location"):
        service = records.at("service").object()
        return [Place(service.value | {"service_at_locations": [records.value]}, service.file, service.path)]
    if not records.has("services"):
        return [records.object()]
    services = records.at("services").entries()
    return [Place(one.object().value | {"organization": records.value}, one.file, one.path) for one in services]


class _Directory:
    """The organisations met so far, with the locations that their services named; they are added when all are known."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._agencies: dict[str, Tree] = {}                    # by the id of the organisation
        self._offices: dict[tuple[str, str], Tree] = {}         # by agency and the id of the location
        self._seen: set[str] = set()

    def add(self, record: Place) -> None:
        name, status = record.needed("name"), record.text("status") or "active"
        if not any(record.has(key) for key in _OF_SERVICES):
            return self._drafts.skip(name, "an organisation without services")
        if status in _GONE:
            return self._drafts.skip(name, f"its status is '{status}'")
        if record.needed("id") in self._seen:
            return record.at("id").wrong(f"'{record.needed('id')}' is used twice")
        self._seen.add(record.needed("id"))
        language = self._drafts.language or language_of(name, record.text("description") or "")
        agency = self._agency(record, language)
        places = record.at("service_at_locations").entries()
        offices = [self._office(record, place, agency, language) for place in places]
        tree = _service(record, language, self._drafts)
        tree |= {"identifier": self._drafts.identifier("services", name), "competent_authority": agency["identifier"]}
        tree["offices"] = list(dict.fromkeys(office for office in offices if office))
        tree["channels"] = [*_desks(places, offices, language), *tree["channels"]]
        tree["source"] = _source(record, next(iter(agency["name"].values())), self._drafts)
        self._drafts.add("services", tree, name)

    def close(self) -> None:
        for agency in self._agencies.values():
            offices = [office for (owner, _), office in self._offices.items() if owner == agency["identifier"]]
            self._drafts.add("agencies", agency | {"offices": offices}, next(iter(agency["name"].values())))

    def _agency(self, record: Place, language: Language) -> Tree:
        organisation = record.at("organization")
        if organisation.value is None:
            record.wrong("names no organisation that is in this file")
        key, name = organisation.needed("id"), organisation.needed("name")
        if key not in self._agencies:
            other = organisation.text("alternate_name")
            self._agencies[key] = {
                "identifier": self._drafts.identifier("agencies", name),
                "name": {language: name},
                "alternative_names": {language: [other]} if other else {},
                "phone": _phone(organisation, name, self._drafts),
            }
        return self._agencies[key]

    def _office(self, record: Place, at: Place, agency: Tree, language: Language) -> str | None:
        """The identifier of the office that a location with an address and hours is; None for another."""
        location = at.at("location").object()
        key, address = (agency["identifier"], location.needed("id")), _address(location)
        if key not in self._offices:
            name = location.text("name") or address or ""
            hours = next((one.at("schedules") for one in (location, at, record) if one.at("schedules").value), None)
            open_at = shifts(hours.entries() if hours else [], name, self._drafts)
            if not address or not open_at:
                return None
            self._offices[key] = {
                "identifier": self._drafts.identifier("offices", f"{agency['identifier']} {name}"),
                "name": {language: name},
                "address": {language: address},
                "shifts": open_at,
                "phone": _phone(location, name, self._drafts),
            }
        return self._offices[key]["identifier"]


def _service(record: Place, language: Language, drafts: Drafts) -> Tree:
    name, way = record.needed("name"), record.text("application_process")
    parts = (record.text("alert"), _CLOSED[language] if record.text("status") == "temporarily closed" else None)
    described = record.text("description") or way or name
    other, phone, wait = record.text("alternate_name"), _phone(record, name, drafts), record.text("wait_time")
    return {
        "name": {language: name},
        "description": {language: " ".join(part for part in (*parts, described) if part)},
        "alternative_names": {language: [other]} if other else {},
        "keywords": {language: keywords} if (keywords := _keywords(record)) else {},
        "who_may_apply": _who(record, language),
        "evidence": _evidence(record, language),
        "costs": _costs(record, language),
        "time_limits": [{"amount": None, "note": {language: wait}}] if wait else [],
        "steps": [{language: line} for line in (way or "").split("\n") if line],
        "channels": [{"type": "phone", "description": {language: phone}}] if phone else [],
        "partial_reason": NO_ONLINE,
    }


def _desks(places: list[Place], offices: list[str | None], language: Language) -> list[Tree]:
    """Where to go besides the offices: locations whose hours nobody says."""
    locations = [at.at("location") for at, office in zip(places, offices, strict=True) if office is None]
    told = [f"{one.text('name') or ''}, {address}".lstrip(", ") for one in locations if (address := _address(one))]
    return [{"type": "in-person", "description": {language: "; ".join(told)}}] if told else []


def _source(record: Place, agency: str, drafts: Drafts) -> Tree:
    """The record itself. That a directory has assured it (assured_date) is no word of an authority."""
    name, act = record.needed("name"), f"{agency}: {record.needed('name')}"
    return origin(act, drafts.month, drafts.address(name, record.text("url")))


def _phone(record: Place, name: str, drafts: Drafts) -> str | None:
    numbers = [phone.text("number") for phone in record.at("phones").entries() if phone.text("type") in (None, "voice")]
    return drafts.telephone(name, next((number for number in numbers if number), None))


def _address(location: Place) -> str | None:
    addresses = location.at("addresses").entries()
    physical = [one for one in addresses if one.text("address_type") != "postal"] or addresses
    keys = ("address_1", "address_2", "city", "region", "state_province", "postal_code")
    return ", ".join(text for key in keys for one in physical[:1] if (text := one.text(key))) or None


def _keywords(record: Place) -> list[str]:
    terms = [attribute.at("taxonomy_term") for attribute in record.at("attributes").entries()]
    return list(dict.fromkeys(name for term in terms if term.value is not None and (name := term.text("name"))))


def _who(record: Place, language: Language) -> dict[str, str] | None:
    youngest, oldest = record.number("minimum_age"), record.number("maximum_age")
    both, least, most = _AGES[language]
    ages = "" if oldest is youngest is None else most if youngest is None else least if oldest is None else both
    who = re.sub(r"(?<=\w)$", ".", record.text("eligibility_description") or "")
    return {language: text} if (text := f"{who} {ages.format(youngest, oldest)}".strip()) else None


def _evidence(record: Place, language: Language) -> list[Tree]:
    items: list[Tree] = []
    for row in record.at("required_documents").entries():
        uri = row.text("uri")
        items.append({"name": {language: row.needed("document").rstrip(".")}})
        items[-1] |= {"note": {language: uri}} if uri else {}
    return [{"items": items}] if items else []


def _costs(record: Place, language: Language) -> list[Tree]:
    """What the record says of fees; nobody of an authority has said it to us, so that all are unconfirmed."""
    costs = [_cost(row, language) for row in record.at("cost_options").entries()]
    told = record.text("fees_description")
    return [*costs, {"amount": None, "note": {language: told}, "unconfirmed": True}] if told else costs


def _cost(row: Place, language: Language) -> Tree:
    """An amount in dong; one in another currency, or without any, in words."""
    amount, currency, told = row.number("amount"), (row.text("currency") or "").upper(), row.text("amount_description")
    dong = amount is not None and currency == "VND" and amount == int(amount) >= 0
    words = [f"{amount:g}" if amount is not None and not dong else "", "" if dong else currency, told or ""]
    note = " ".join(word for word in words if word)
    cost: dict[str, Any] = {
        "amount": int(amount or 0) if dong else None,
        "applicant": {language: option} if (option := row.text("option")) else None,
        "note": {language: note} if note else None if dong else row.wrong("says no amount"),
        "unconfirmed": True,
        "effective_from": _day(row, "valid_from"),
        "effective_to": _day(row, "valid_to"),
    }
    return {key: value for key, value in cost.items() if value is not None or key == "amount"}


def _day(row: Place, key: str) -> str | None:
    day = re.match(r"\d{4}-\d{2}-\d{2}", row.text(key) or "")
    return day[0] if day else None
