"""Which case system answers for a reference: its prefix names the agency, the agency its system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from actions.cases.contract import Case, CaseSystem, NoSuchCase, Proof, Unavailable
from actions.cases.sql import SqlCases


class Agency(Protocol):
    @property
    def case_prefixes(self) -> Sequence[str]: ...
    @property
    def case_system(self) -> str | None: ...


def _begins(reference: str, prefix: str) -> bool:
    """Whole groups only: H15.50.05.1 is not the beginning of H15.50.05.13-261008-0975."""
    return reference.startswith((f"{prefix}.", f"{prefix}-"))


def owner[A: Agency](reference: str, agencies: Iterable[A]) -> A | None:
    """The agency whose prefix a reference (printed form) has, the longest prefix first; None if nobody's."""
    owners = [(prefix, agency) for agency in agencies for prefix in agency.case_prefixes if _begins(reference, prefix)]
    return max(owners, key=lambda found: len(found[0]))[1] if owners else None


class Registry:
    """The case systems by the name that an agency's `case_system` gives."""

    def __init__(self, systems: Mapping[str, CaseSystem]) -> None:
        self._systems = dict(systems)

    def system(self, name: str) -> CaseSystem:
        """Raises Unavailable for a name that was not set up."""
        if name not in self._systems:
            raise Unavailable(name)
        return self._systems[name]

    async def find(self, reference: str, proof: Proof | None, agencies: Iterable[Agency]) -> Case:
        """Ask the system of the reference's agency. Raises what CaseSystem.find raises."""
        agency = owner(reference, agencies)
        if agency is None or agency.case_system is None:
            raise NoSuchCase
        return await self.system(agency.case_system).find(reference, proof)


def demonstration(url: str, key: str, clock: Callable[[], datetime]) -> Registry:
    """The sample authority's: one SQL case system, filled by actions.cases.demonstration."""
    return Registry({"demonstration": SqlCases(url, key, clock, name="demonstration")})
