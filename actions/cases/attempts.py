"""How many wrong proofs are borne: limits over six hours for each case, conversation and address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.cases.contract import Proof

WINDOW = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` wrong proofs within the window for one value of `column`; from then on none is looked at."""

    column: str
    value: str
    most: int


def limits(reference: str, proof: Proof) -> list[Limit]:
    """What an attempt counts against. A caller without address counts for case and conversation only."""
    found = [Limit("reference", reference, 5), Limit("conversation", proof.conversation, 10)]
    return [*found, Limit("address", proof.address, 30)] if proof.address else found


def locked_until(wrong: Sequence[datetime], most: int, now: datetime) -> datetime | None:
    """When the lock ends that `most` wrong proofs within the window have closed; None if there is none."""
    recent = sorted((at for at in wrong if at > now - WINDOW), reverse=True)
    return recent[most - 1] + WINDOW if len(recent) >= most else None
