"""How far a case is: coarsely for who has its reference, in detail for who can prove whose it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from actions.answer import choice
from actions.base import Ability
from actions.cases.contract import Case, Locked, Missing, NoSuchCase, Progress, Proof, Unavailable
from actions.cases.statuses import status
from actions.errors import CaseSystemDown
from actions.offers import person, to_a_person
from actions.said import Said, Telling, about
from actions.telling.write import bullets, clock, lines, short_day
from actions.turn import Turn
from actions.voice import Voice
from calendars.working_time import local
from text.proof import BadProof


class CheckCase(Ability):
    called = "action_check_case"

    async def answer(self, turn: Turn) -> Said:
        reference = turn.entity("case_reference") or turn.memory.case_reference
        if reference is None:
            return _ask_for_reference(turn)
        turn = replace(turn, memory=replace(turn.memory, case_reference=reference))
        catalogue = (await self.world.knowledge.current()).catalogue
        agency = self.world.owner(reference, catalogue.agencies.values())
        try:
            case = await self.world.cases.find(reference, self._proof(turn), catalogue.agencies.values())
        except (NoSuchCase, BadProof):
            return _not_found(turn, reference)
        except Locked as lock:
            return _locked(turn, reference, lock.until)
        except Unavailable as down:
            name = Voice(turn.language).pick(agency.name) if agency else down.system
            raise CaseSystemDown(agency=name) from down
        return _told(turn, case, dated=case.level > 0 or (agency is not None and agency.show_due_date))

    def _proof(self, turn: Turn) -> Proof | None:
        token = turn.entity("proof")
        if token is None:
            return None
        value = self.world.open_proof(turn.conversation, token, turn.now)
        return Proof(value, turn.conversation, turn.address or "")


def _ask_for_reference(turn: Turn) -> Said:
    telling = Voice(turn.language).telling("case_which")
    return Said("clarified", telling, turn.memory, turn.language, expect="text")


def _not_found(turn: Turn, reference: str) -> Said:
    """Unknown reference and wrong proof read the same, so that neither can be guessed from the answer."""
    voice = Voice(turn.language)
    telling = voice.telling("case_not_found", reference=reference)
    said = Said("case_status", telling, turn.memory, turn.language, expect="proof", about=about(case=reference))
    return to_a_person(said, "asked")


def _locked(turn: Turn, reference: str, until: datetime) -> Said:
    voice = Voice(turn.language)
    telling = voice.telling("case_locked", reference=reference, time=clock(local(until)))
    said = Said("refused", telling, turn.memory, turn.language, about=about(case=reference))
    return to_a_person(said, "asked")


@dataclass(frozen=True, slots=True)
class _View:
    case: Case
    voice: Voice
    now: datetime
    dated: bool                         # whether the due date may be said

    @property
    def late(self) -> bool:
        return self.case.overdue(self.now)

    def day(self, at: datetime | None) -> str:
        return short_day(self.voice, local(at).date()) if at else ""


def _told(turn: Turn, case: Case, *, dated: bool) -> Said:
    view = _View(case, Voice(turn.language), turn.now, dated)
    memory = replace(turn.memory, service=case.service or turn.memory.service)
    said = Said("case_status", Telling(_text(view), _brief(view)), memory, turn.language,
                about=about(case=case.reference, service=case.service))
    if case.level == 0:
        return replace(said, expect="proof", choices=(person(view.voice),))
    choices = [choice(view.voice("choice_documents"), "documents", service=case.service)] if case.service else []
    return replace(said, choices=(*choices, person(view.voice)))


def _text(view: _View) -> str:
    case, voice = view.case, view.voice
    now = status(case.status)
    service = voice.inside(case.service_name[voice.language])
    head = voice("case_head", reference=case.reference, service=service)
    state = voice("case_state", state=now.label[voice.language], meaning=now.meaning[voice.language])
    more = _detail(view) if case.level else voice("case_offer_proof")
    return lines(head, state, _due(view), _next(view), more)


def _due(view: _View) -> str:
    if view.late:
        key = "case_late" if view.dated else "case_late_undated"
        return view.voice(key, day=view.day(view.case.due_at))
    running = view.dated and status(view.case.status).group == "open" and view.case.due_at
    return view.voice("case_due", day=view.day(view.case.due_at)) if running else ""


def _next(view: _View) -> str:
    own = view.case.next_step or status(view.case.status).next_step
    return own[view.voice.language]


def _detail(view: _View) -> str:
    case, voice = view.case, view.voice
    return lines(
        lines(voice("case_missing"), bullets([_missing(view, one) for one in case.missing])) if case.missing else "",
        voice("case_received", day=view.day(case.received_at)) if case.received_at else "",
        _progress(view, case.progress[-1]) if case.progress else "",
    )


def _missing(view: _View, one: Missing) -> str:
    language = view.voice.language
    return view.voice("case_missing_one", document=one.document[language], why=one.why[language])


def _progress(view: _View, last: Progress) -> str:
    voice = view.voice
    said = {"department": last.department[voice.language], "note": last.note[voice.language]}
    return voice("case_last", day=view.day(last.at), **said)


def _brief(view: _View) -> str:
    """State, date, next step."""
    case, voice = view.case, view.voice
    state = voice("case_short", reference=case.reference, state=status(case.status).label[voice.language])
    due = voice("case_late_brief", day=view.day(case.due_at)) if view.late and view.dated else _due(view)
    return " ".join(part for part in (state, due, _next(view)) if part)
