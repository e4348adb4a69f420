"""The tabular form of Open Referral HSDS, a list a table, as the nested form that its API gives."""

from __future__ import annotations

from typing import Any

from knowledge.formats.place import Place

_PARENTS = {                  # table → (how its rows are called in their parent, whose they may be)
    "phones": ("phones", ("services", "locations", "organizations", "service_at_locations")),
    "schedules": ("schedules", ("services", "locations", "service_at_locations")),
    "addresses": ("addresses", ("locations",)),
    "cost_options": ("cost_options", ("services",)),
    "required_documents": ("required_documents", ("services",)),
    "service_at_locations": ("service_at_locations", ("services",)),
}
_COLUMNS = {
    "services": "service_id",
    "locations": "location_id",
    "organizations": "organization_id",
    "service_at_locations": "service_at_location_id",
}


def fits(place: Place) -> bool:
    """Whether these are tables."""
    return not place.has("id") and (place.has("services") or place.has("services.csv"))


def nested(tables: Place) -> list[Place]:
    """The services with all that belongs to them. Raises BadFile for a row that names one which is not there."""
    rows = {name: _rows(tables, name) for name in {*_PARENTS, *_COLUMNS}}
    known = {name: {row.needed("id"): row.value for row in rows[name]} for name in _COLUMNS}
    for row in rows["service_at_locations"]:
        row.value["location"] = _named(row, "locations", known)
    for table, (key, parents) in _PARENTS.items():
        for row in rows[table]:
            for parent in parents:
                if row.text(_COLUMNS[parent]):
                    _named(row, parent, known).setdefault(key, []).append(row.value)
    for service in rows["services"]:
        service.value["organization"] = _named(service, "organizations", known)
    return rows["services"]


def _rows(tables: Place, name: str) -> list[Place]:
    """A table by either of its names; the standard calls one of them in the singular."""
    keys = [f"{called}{end}" for called in (name, name.removesuffix("s")) for end in ("", ".csv")]
    key = next((key for key in keys if tables.has(key)), name)
    return [Place(dict(row.object().value), row.file, row.path) for row in tables.at(key).entries()]


def _named(row: Place, table: str, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    identifier = row.needed(_COLUMNS[table])
    if identifier not in known[table]:
        row.at(_COLUMNS[table]).wrong(f"no row of '{table}' has the id '{identifier}'")
    return known[table][identifier]
