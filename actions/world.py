"""What abilities need from outside, given to each as one argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from actions.cases.contract import Case, Proof
from actions.knowledge import Knowledge
from knowledge.contract import PublicOrganisation

Agencies = Iterable[PublicOrganisation]


class Cases(Protocol):
    async def find(self, reference: str, proof: Proof | None, agencies: Agencies) -> Case:
        """Asks the system of the reference's agency; raises as actions.cases.contract says."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    knowledge: Knowledge
    cases: Cases
    owner: Callable[[str, Agencies], PublicOrganisation | None]     # whose reference it is, by its prefix
    open_proof: Callable[[str, str, datetime], str]     # conversation, token, now → value; raises text.proof.BadProof
    now: Callable[[], datetime]                         # local time, with its zone
