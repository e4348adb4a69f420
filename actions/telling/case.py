"""A case in words: in full, as one SMS, and each side of it that may be asked for by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actions.cases.contract import Case, Missing, Progress
from actions.cases.statuses import Status, status
from actions.said import Telling
from actions.telling.write import bullets, lines, short_day
from actions.voice import Voice
from calendars.working_time import local

MORE_DOCUMENTS = 5      # the national status of a case that waits for papers


@dataclass(frozen=True, slots=True)
class CaseView:
    case: Case
    voice: Voice
    now: datetime
    dated: bool                         # whether the due date may be said

    @property
    def late(self) -> bool:
        return self.case.overdue(self.now)

    @property
    def status(self) -> Status:
        return status(self.case.status)

    @property
    def label(self) -> str:
        return self.status.label[self.voice.language]

    def day(self, at: datetime | None) -> str:
        return short_day(self.voice, local(at).date()) if at else ""


def whole(view: CaseView) -> Telling:
    """State, date, next step, and with the right proof what was done and what is missing."""
    case, voice = view.case, view.voice
    service = voice.inside(case.service_name[voice.language])
    head = voice("case_head", reference=case.reference, service=service)
    state = voice("case_state", state=view.label, meaning=view.status.meaning[voice.language])
    more = _detail(view) if case.level else voice("case_offer_proof")
    return Telling(lines(head, state, _due(view), _next(view, "case_next_late"), more), _brief(view))


def missing(view: CaseView) -> Telling:
    """The papers that are missing; without proof only whether there are any."""
    voice = view.voice
    if view.case.missing:
        papers = [_missing(view, one) for one in view.case.missing]
        return Telling(lines(voice("case_missing"), bullets(papers)), f"{voice('case_missing')} {'; '.join(papers)}")
    if view.case.status == MORE_DOCUMENTS:
        return voice.telling("case_missing_closed" if view.case.level == 0 else "case_missing_unlisted")
    none = voice.telling("case_nothing_missing", state=view.label)
    return none if view.case.level else Telling(lines(none.text, voice("case_offer_proof")), none.brief)


def when(view: CaseView) -> Telling:
    """When the result is due, or why there is no date."""
    if view.late:
        late = _due(view)
        return Telling(lines(late, _next(view, "case_next_late")), f"{late} {_next(view, 'case_next_late_brief')}")
    due = _due(view)
    if due:
        return Telling(due, due)
    meaning = view.voice("case_state", state=view.label, meaning=view.status.meaning[view.voice.language])
    no_date = view.voice("case_no_date") if view.status.group == "open" else ""
    told = lines(no_date, meaning, _next(view, "case_next_late"))
    return Telling(told, told)


def _due(view: CaseView) -> str:
    if view.late:
        key = "case_late" if view.dated else "case_late_undated"
        return view.voice(key, day=view.day(view.case.due_at))
    running = view.dated and view.status.group == "open" and view.case.due_at
    return view.voice("case_due", day=view.day(view.case.due_at)) if running else ""


def _next(view: CaseView, if_late: str) -> str:
    """The case's own next step; else what its status says, which for a late case would be to go on waiting."""
    own = view.case.next_step[view.voice.language] if view.case.next_step else ""
    if view.late:
        return " ".join(part for part in (own, view.voice(if_late)) if part)
    return own or view.status.next_step[view.voice.language]


def _detail(view: CaseView) -> str:
    case, voice = view.case, view.voice
    return lines(
        lines(voice("case_missing"), bullets([_missing(view, one) for one in case.missing])) if case.missing else "",
        voice("case_received", day=view.day(case.received_at)) if case.received_at else "",
        _progress(view, case.progress[-1]) if case.progress else "",
    )


def _missing(view: CaseView, one: Missing) -> str:
    language = view.voice.language
    return view.voice("case_missing_one", document=one.document[language], why=one.why[language])


def _progress(view: CaseView, last: Progress) -> str:
    voice = view.voice
    said = {"department": last.department[voice.language], "note": last.note[voice.language]}
    return voice("case_last", day=view.day(last.at), **said)


def _brief(view: CaseView) -> str:
    state = view.voice("case_short", reference=view.case.reference, state=view.label)
    due = view.voice("case_late_brief", day=view.day(view.case.due_at)) if view.late and view.dated else _due(view)
    return " ".join(part for part in (state, due, _next(view, "case_next_late_brief")) if part)
