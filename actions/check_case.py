"""How far a case is: coarsely for who has its reference, in detail for who can prove whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from actions.answer import choice
from actions.base import Ability
from actions.cases.contract import Locked, NoSuchCase
from actions.offers import person, to_a_person, to_choose
from actions.open_case import Opened, open_case
from actions.phrases import made_of
from actions.said import Said, about
from actions.telling.case import whole
from actions.telling.write import clock, short_day
from actions.turn import Turn
from actions.voice import Voice
from calendars.working_time import local
from text.proof import BadProof
from text.reference import without_references

MOST = 5                # references to choose from


class CheckCase(Ability):
    called = "action_check_case"

    async def answer(self, turn: Turn) -> Said:
        if len(several := turn.entities.get("case_reference", ())) > 1:
            return _which(turn, several)
        reference = turn.entity("case_reference") or turn.memory.case_reference
        if reference is None:
            return ask_for_reference(turn)
        turn = replace(turn, memory=replace(turn.memory, case_reference=reference))
        try:
            return _told(turn, await open_case(self.world, turn, reference))
        except NoSuchCase as wrong:
            if wrong.locked_until:
                return _locked(turn, reference, wrong.locked_until)
            return _not_found(turn, reference)
        except BadProof:
            return _not_found(turn, reference)
        except Locked as lock:
            return _locked(turn, reference, lock.until)


def names_only_a_case(turn: Turn) -> bool:
    """Whether the text is a reference, with its proof or without, and asks for nothing else."""
    return turn.entity("case_reference") is not None and made_of("case_named", without_references(turn.text))


def ask_for_reference(turn: Turn) -> Said:
    telling = Voice(turn.language).telling("case_which")
    return Said("clarified", telling, turn.memory, turn.language, expect="text")


def _which(turn: Turn, references: tuple[str, ...]) -> Said:
    """Of several references in one text none is guessed: each is a choice."""
    choices = tuple(choice(one, "check_case", case_reference=one) for one in references[:MOST])
    telling = Voice(turn.language).telling("case_which_of")
    return to_choose(Said("clarified", telling, turn.memory, turn.language, choices))


def _not_found(turn: Turn, reference: str) -> Said:
    """Unknown reference and wrong proof read the same, so that neither can be guessed from the answer."""
    voice = Voice(turn.language)
    telling = voice.telling("case_not_found", reference=reference)
    said = Said("case_status", telling, turn.memory, turn.language, expect="proof", about=about(case=reference))
    return to_a_person(said, "asked")


def _locked(turn: Turn, reference: str, until: datetime) -> Said:
    voice = Voice(turn.language)
    ends = local(until)
    key = "case_locked_today" if ends.date() == turn.now.date() else "case_locked_day"
    time = voice(key, time=clock(ends), day=short_day(voice, ends.date()))
    telling = voice.telling("case_locked", reference=reference, time=time)
    said = Said("refused", telling, turn.memory, turn.language, about=about(case=reference))
    return to_a_person(said, "asked")


def _told(turn: Turn, opened: Opened) -> Said:
    case, view = opened.case, opened.view
    regarding = opened.about | about(service=case.service)
    said = Said("case_status", whole(view), opened.memory, turn.language, about=regarding)
    if case.level == 0:
        said = replace(said, expect="proof")
    elif case.service:
        papers = choice(view.voice("choice_documents"), "documents", service=case.service)
        said = replace(said, choices=(papers,))
    if view.late:
        return to_a_person(said, "asked")
    return replace(said, choices=(*said.choices, person(view.voice)))
