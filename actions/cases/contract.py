"""What a case system answers, in the vocabulary of Open311 GeoReport v2; statuses are the national ones.

Times are aware UTC. A `Text` is {"vi": …, "en": …}, both present. No applicant's name, ID or phone is ever in a Case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

Text = Mapping[str, str]
FilingChannel = Literal["in-person", "online", "post"]          # KenhThucHien 1, 2, 3
Applicant = Literal["citizen", "enterprise", "household-business"]     # LoaiDoiTuong 0, 1, 2

FINISHED = frozenset({3, 7, 9, 10})                             # no clock runs any more: statuses.py has the table


@dataclass(frozen=True, slots=True)
class Proof:
    """What a citizen knows about a case: last four digits of the applicant's ID, or the phone on file (E.164).

    `conversation` and `address` (a keyed hash) are whose attempt it is; wrong ones are counted against both.
    `once` names the message that brought it, which may be asked about again: the same one for the same case is one
    attempt, and comes out as it did the first time. None: an attempt of its own.
    `possession`: nobody typed `value`, it is the number that a proved message came from. It opens the sender's own
    cases and is never a wrong proof, for nothing was claimed: see CaseSystem.find.
    """

    value: str = field(repr=False)
    conversation: str
    address: str = ""
    possession: bool = False
    once: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """One step that was done: which part of the agency, what, when. Never which person."""

    at: datetime
    department: Text
    note: Text


@dataclass(frozen=True, slots=True)
class Missing:
    """A paper that the applicant still has to bring, and why."""

    document: Text
    why: Text


@dataclass(frozen=True, slots=True)
class Case:
    """A case. Level 0 (no proof): what stands above the line; level 1 (right proof): all of it."""

    reference: str
    service: str | None                                         # our identifier, where the service is in the catalogue
    service_name: Text
    agency: str
    status: int                                                 # national code 1–10, described in statuses.py
    due_at: datetime | None                                     # None = no promise runs: not accepted yet, or paused
    level: Literal[0, 1] = 0
    # ---- level 1 only
    received_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    channel: FilingChannel | None = None
    applicant: Applicant | None = None
    progress: tuple[Progress, ...] = ()                         # oldest first
    missing: tuple[Missing, ...] = ()
    next_step: Text | None = None       # of this case, its last sentence what to do; None = the usual one of its status

    def coarse(self) -> Case:
        """The same case as level 0 shows it."""
        return Case(self.reference, self.service, self.service_name, self.agency, self.status, self.due_at)

    def overdue(self, now: datetime) -> bool:
        """Whether the wait is over its promise. Derived, never a status."""
        return self.status not in FINISHED and self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True)
class Service:
    """Something that can be reported (Open311 GET services)."""

    service_code: str
    service_name: Text
    description: Text
    group: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a citizen (Open311 POST requests); a place is an address or latitude and longitude."""

    service_code: str
    description: str
    address_string: str | None = None
    lat: float | None = None
    long: float | None = None
    media_urls: tuple[str, ...] = ()
    phone: str | None = field(default=None, repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Change:
    """A case came to a status."""

    reference: str
    status: int
    at: datetime


class CaseError(Exception):
    """The case system gave no case."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class NoSuchCase(CaseError):
    """There is no case with this reference and this proof."""

    def __init__(self, locked_until: datetime | None = None) -> None:
        """`locked_until`: this was the last wrong proof that is borne, and the lock that it closed ends then."""
        super().__init__()
        self.locked_until = locked_until


class NotOffered(CaseError):
    """This case system takes no reports."""


class Unavailable(CaseError):
    """The case system does not answer."""

    def __init__(self, system: str) -> None:
        super().__init__()
        self.system = system


class Locked(CaseError):
    """Too many wrong proofs: none is looked at for now, not even the right one."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class CaseSystem(Protocol):
    name: str

    async def services(self) -> list[Service]:
        """What can be reported here; [] if nothing. Raises Unavailable."""
        ...

    async def open(self, report: Report, *, once: str) -> Case:
        """Open a case for a report; the same `once` gives the same case. Raises NotOffered, Unavailable."""
        ...

    async def find(self, reference: str, proof: Proof | None) -> Case:
        """The case of a printed-form reference: level 0 without proof, level 1 with the right one.

        Raises NoSuchCase for a reference or a proof that is not right, and never says which; Locked; Unavailable.

        By possession: level 1 where the phone on file is the sender's, else exactly as without proof. Nothing is
        counted and nothing locked by it. While wrong proofs have locked level 1 it stays locked for the sender too:
        whoever holds a stolen or passed-on phone is then no further than one who guesses. Level 0 is answered always.
        """
        ...

    async def changes(self, since: datetime) -> list[Change]:
        """What changed after a time, oldest first. Raises Unavailable."""
        ...
