"""A case system in memory, for tests and demonstrations; it can be told to be down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from actions.cases.attempts import WINDOW, Limit, limits, locked_until
from actions.cases.contract import Case, Change, Locked, NoSuchCase, NotOffered, Proof, Report, Service, Unavailable


@dataclass(frozen=True, slots=True)
class Kept:
    """A case and what proves it."""

    case: Case
    proofs: frozenset[str] = field(repr=False)
    changed_at: datetime


class FakeCases:
    """`down` makes every call raise Unavailable; `offered` are the services that can be reported, to `agency`."""

    def __init__(
        self, clock: Callable[[], datetime], kept: Iterable[Kept] = (), *,
        name: str = "fake", agency: str = "mau-ward", prefix: str = "H15.50.05.13", offered: Iterable[Service] = (),
    ) -> None:
        self.name = name
        self.down = False
        self.agency = agency
        self.prefix = prefix
        self._clock = clock
        self._kept = {one.case.reference: one for one in kept}
        self._offered = {service.service_code: service for service in offered}
        self._opened: dict[str, str] = {}
        self._wrong: list[tuple[dict[str, str], datetime]] = []
        self._right: dict[tuple[str, str, str], bool] = {}      # what came out, by case, conversation and message

    async def services(self) -> list[Service]:
        self._answering()
        return list(self._offered.values())

    async def open(self, report: Report, *, once: str) -> Case:
        self._answering()
        if once not in self._opened:
            self._opened[once] = self._new(report).reference
        return self._kept[self._opened[once]].case

    async def find(self, reference: str, proof: Proof | None) -> Case:
        self._answering()
        kept = self._kept.get(reference)
        typed = proof if proof and not proof.possession else None
        if typed:
            self._look_at(reference, typed, kept)
        if kept is None:
            raise NoSuchCase
        shown = typed or (proof and self._is_owned(reference, proof, kept))
        return kept.case if shown else kept.case.coarse()

    async def changes(self, since: datetime) -> list[Change]:
        self._answering()
        changed = [kept for kept in self._kept.values() if kept.changed_at > since]
        changed.sort(key=lambda kept: (kept.changed_at, kept.case.reference))
        return [Change(kept.case.reference, kept.case.status, kept.changed_at) for kept in changed]

    def _answering(self) -> None:
        if self.down:
            raise Unavailable(self.name)

    def _new(self, report: Report) -> Case:
        service, now = self._offered.get(report.service_code), self._clock()
        if service is None:
            raise NotOffered
        reference = f"{self.prefix}-{now:%y%m%d}-{len(self._kept) + 1:04d}"
        name = service.service_name
        case = Case(reference, report.service_code, name, self.agency, 1, None, 1, now, channel="online")
        self._kept[reference] = Kept(case, frozenset({report.phone} if report.phone else ()), now)
        return case

    def _is_owned(self, reference: str, sender: Proof, kept: Kept) -> bool:
        """Whether the sender's number, never four digits, is the phone on file, and level 1 is not locked."""
        locked = self._locked_until(limits(reference, sender), self._clock())
        return locked is None and sender.value.startswith("+") and sender.value in kept.proofs

    def _look_at(self, reference: str, proof: Proof, kept: Kept | None) -> None:
        now, bounds = self._clock(), limits(reference, proof)
        self._wrong = [(whose, at) for whose, at in self._wrong if at > now - WINDOW]
        right = kept is not None and proof.value in kept.proofs
        same = (reference, proof.conversation, proof.once or "")
        if proof.once and same in self._right:
            right = right and self._right[same]
        else:
            self._count(bounds, now, right)
            self._right[same] = right
        if not right:
            raise NoSuchCase(self._locked_until(bounds, now))

    def _count(self, bounds: list[Limit], now: datetime, right: bool) -> None:
        if until := self._locked_until(bounds, now):
            raise Locked(until)
        if not right:
            self._wrong.append(({limit.column: limit.value for limit in bounds}, now))

    def _locked_until(self, bounds: list[Limit], now: datetime) -> datetime | None:
        ends = [
            locked_until([at for whose, at in self._wrong if whose.get(one.column) == one.value], one.most, now)
            for one in bounds
        ]
        return max((end for end in ends if end), default=None)
