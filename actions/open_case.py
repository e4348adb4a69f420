"""Finding a case for a turn: by the proof it brings, else by the one that opened it before, else by the sender."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace

from actions.cases.contract import Case, Locked, NoSuchCase, Proof, Unavailable
from actions.errors import CaseSystemDown
from actions.memory import Memory
from actions.memory import Opened as MemoryOfCase
from actions.said import about
from actions.telling.case_view import CaseView
from actions.turn import Turn
from actions.voice import Voice
from actions.world import Agencies, World
from knowledge.contract import PublicOrganisation
from text.proof import BadProof


@dataclass(frozen=True, slots=True)
class Opened:
    case: Case
    agency: PublicOrganisation | None
    view: CaseView
    memory: Memory

    @property
    def about(self) -> dict[str, str]:
        """What an answer that tells of it is about."""
        return about(case=self.case.reference, level="1" if self.case.level else None)


async def open_case(world: World, turn: Turn, reference: str) -> Opened:
    """Raises NoSuchCase, BadProof, Locked, CaseSystemDown.

    What was typed is looked at first and decides alone: a wrong proof is told and counted, also where the sender's own
    number would have opened the case. Whoever types a proof asks whether it is right; the same digits must not be wrong
    from one phone and pass from another, nor may a phone be a way to guess them without being counted. The next text
    without a proof is shown to its sender again. A proof of before comes next, and the sender's number last.
    """
    agencies = (await world.knowledge.current()).catalogue.agencies.values()
    agency = world.owner(reference, agencies)
    voice = Voice(turn.language)
    try:
        case, token = await _seen(world, turn, reference, agencies)
    except Unavailable as down:
        raise CaseSystemDown(reference, agency=voice.pick(agency.name) if agency else down.system) from down
    dated = case.level > 0 or (agency is not None and agency.show_due_date)
    opened: MemoryOfCase | None = {"case": reference, "token": token} if token else None
    memory = replace(turn.memory, case_reference=reference, service=case.service or turn.memory.service, opened=opened)
    return Opened(case, agency, CaseView(case, voice, turn.now, dated, turn.by_sms), memory)


async def _seen(world: World, turn: Turn, reference: str, agencies: Agencies) -> tuple[Case, str | None]:
    """The case, and the sealed proof that opened it, if one did: a number needs no remembering, each text brings it."""
    typed = turn.entity("proof")
    if typed:
        return await _proved(world, turn, reference, typed, agencies), typed
    held = _held(turn, reference)
    if held:
        with contextlib.suppress(BadProof, NoSuchCase, Locked):
            return await _proved(world, turn, reference, held, agencies), held
    return await world.cases.find(reference, _sender(world, turn), agencies), None


def _held(turn: Turn, reference: str) -> str | None:
    opened = turn.memory.opened
    return opened["token"] if opened and opened["case"] == reference else None


async def _proved(world: World, turn: Turn, reference: str, token: str, agencies: Agencies) -> Case:
    value = world.open_proof(turn.conversation, token, turn.now)
    proof = Proof(value, turn.conversation, turn.address or "", once=turn.message)
    return await world.cases.find(reference, proof, agencies)


def _sender(world: World, turn: Turn) -> Proof | None:
    """The number that the text came from, which the gateway seals only where the provider's signature proves it."""
    token = turn.entity("sender")
    if token is None:
        return None
    try:
        number = world.open_proof(turn.conversation, token, turn.now)
    except BadProof:
        return None
    return Proof(number, turn.conversation, turn.address or "", possession=True)
