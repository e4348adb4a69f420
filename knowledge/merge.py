"""One catalogue out of several: what the pack says goes first, what files brought from elsewhere is laid around it.

The same thing is told once. An agency is the same by its identifier or by what it is called, a service by its
identifier or its national code, a journey by its identifier; whatever pointed to the later one then points to the
first. So a pack may take a service over, or say that the "Ủy ban nhân dân cấp xã" of a file is its own ward, by calling
it that too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from knowledge.contract import LifeEvent, PublicOrganisation, PublicService
from text.fold import fold


@dataclass(frozen=True, slots=True)
class Part:
    """What one origin brought, each by identifier."""

    services: dict[str, PublicService] = field(default_factory=dict[str, PublicService])
    agencies: dict[str, PublicOrganisation] = field(default_factory=dict[str, PublicOrganisation])
    life_events: dict[str, LifeEvent] = field(default_factory=dict[str, LifeEvent])


def merged(parts: Iterable[Part]) -> Part:
    """All parts as one, the first having precedence."""
    whole = _Whole()
    for part in parts:
        whole.lay(part)
    return whole.sum


class _Whole:
    """What has been laid so far, and how to know a thing again."""

    def __init__(self) -> None:
        self.sum = Part()
        self._called: dict[str, str] = {}       # folded name → agency
        self._codes: dict[str, str] = {}        # national code → service
        self._offices: set[str] = set()

    def lay(self, part: Part) -> None:
        """Things of one part are never the same, however they are called."""
        agencies = {key: self._same_agency(agency) for key, agency in part.agencies.items()}
        services = {key: self._same_service(service) for key, service in part.services.items()}
        for key, agency in part.agencies.items():
            if agencies[key] == key and key not in self.sum.agencies:
                self._add_agency(agency)
        for key, service in part.services.items():
            if services[key] == key and key not in self.sum.services:
                self.sum.services[key] = self._pointing(service, agencies, services)
                self._codes |= {service.code: key} if service.code else {}
        for key, event in part.life_events.items():
            steps = tuple(replace(step, service=services.get(step.service, step.service)) for step in event.steps)
            self.sum.life_events.setdefault(key, replace(event, steps=steps))

    def _same_agency(self, agency: PublicOrganisation) -> str:
        """Its identifier, or that of the agency laid before that it is."""
        if agency.identifier in self.sum.agencies:
            return agency.identifier
        names = map(fold, agency.name.values())
        return next((self._called[name] for name in names if name in self._called), agency.identifier)

    def _same_service(self, service: PublicService) -> str:
        if service.identifier in self.sum.services or service.code is None:
            return service.identifier
        return self._codes.get(service.code, service.identifier)

    def _add_agency(self, agency: PublicOrganisation) -> None:
        self.sum.agencies[agency.identifier] = agency
        self._offices |= {office.identifier for office in agency.offices}
        for name in _names(agency):
            self._called.setdefault(fold(name), agency.identifier)

    def _pointing(self, service: PublicService, agencies: dict[str, str], services: dict[str, str]) -> PublicService:
        """The service with what it names as it is called in the whole; an agency that was there has its own offices."""
        return replace(
            service,
            competent_authority=agencies.get(service.competent_authority, service.competent_authority),
            requires=tuple(services.get(one, one) for one in service.requires),
            offices=tuple(one for one in service.offices if one in self._offices),
        )


def _names(agency: PublicOrganisation) -> Iterator[str]:
    yield from agency.name.values()
    for names in agency.alternative_names.values():
        yield from names
