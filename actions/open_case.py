"""Finding a case for a turn: with the proof it brings, else with the sealed one that opened the case before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.cases.contract import Case, Locked, NoSuchCase, Proof, Unavailable
from actions.errors import CaseSystemDown
from actions.memory import Memory
from actions.telling.case import CaseView
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


async def open_case(world: World, turn: Turn, reference: str) -> Opened:
    """Raises NoSuchCase, BadProof, Locked, CaseSystemDown."""
    agencies = (await world.knowledge.current()).catalogue.agencies.values()
    agency = world.owner(reference, agencies)
    voice = Voice(turn.language)
    token = turn.entity("proof")
    try:
        case = await _found(world, turn, reference, token, agencies) if token else None
        if case is None:
            token = _held(turn, reference)
            case = await _still_open(world, turn, reference, token, agencies)
    except Unavailable as down:
        raise CaseSystemDown(agency=voice.pick(agency.name) if agency else down.system) from down
    dated = case.level > 0 or (agency is not None and agency.show_due_date)
    opened = {"case": reference, "token": token} if case.level and token else None
    memory = replace(turn.memory, case_reference=reference, service=case.service or turn.memory.service)
    return Opened(case, agency, CaseView(case, voice, turn.now, dated), replace(memory, opened=opened))


def _held(turn: Turn, reference: str) -> str | None:
    opened = turn.memory.opened
    return opened["token"] if opened and opened["case"] == reference else None


async def _still_open(world: World, turn: Turn, reference: str, token: str | None, agencies: Agencies) -> Case:
    """As detailed as before while the sealed proof is good; after that as for anybody."""
    if token:
        try:
            return await _found(world, turn, reference, token, agencies)
        except (BadProof, NoSuchCase, Locked):
            pass
    return await world.cases.find(reference, None, agencies)


async def _found(world: World, turn: Turn, reference: str, token: str, agencies: Agencies) -> Case:
    value = world.open_proof(turn.conversation, token, turn.now)
    return await world.cases.find(reference, Proof(value, turn.conversation, turn.address or ""), agencies)
