"""A case in words: all of it, and each side of it that may be asked for by itself."""

from __future__ import annotations

from actions.cases.contract import Missing, Progress
from actions.said import Telling
from actions.telling import case_brief
from actions.telling.case_view import MORE_DOCUMENTS, CaseView
from actions.telling.write import bullets, lines


def whole(view: CaseView) -> Telling:
    """State, date, next step, and with the right proof what was done and what is missing."""
    case, voice = view.case, view.voice
    service = voice.inside(case.service_name[voice.language])
    head = voice("case_head", reference=case.reference, service=service)
    state = voice("case_state", state=view.label, meaning=view.status.meaning[voice.language])
    more = _detail(view) if case.level else voice("case_offer_proof")
    return Telling(lines(head, state, _due(view), _next(view), more), case_brief.whole(view))


def missing(view: CaseView) -> Telling:
    """The papers that are missing; without proof only whether there are any."""
    voice = view.voice
    if view.case.missing:
        papers = [_missing(view, one) for one in view.case.missing]
        return Telling(lines(voice("case_missing"), bullets(papers)), case_brief.still_missing(view))
    if view.case.status == MORE_DOCUMENTS:
        return voice.telling("case_missing_closed" if view.case.level == 0 else "case_missing_unlisted")
    none = voice.telling("case_nothing_missing", state=view.label)
    return none if view.case.level else Telling(lines(none.text, voice("case_offer_proof")), none.brief)


def when(view: CaseView) -> Telling:
    """When the result is due, or why there is no date."""
    due = _due(view)
    if view.late:
        return Telling(lines(due, _next(view)), case_brief.late(view))
    if due:
        return Telling(due, due)
    meaning = view.voice("case_state", state=view.label, meaning=view.status.meaning[view.voice.language])
    no_date = view.voice("case_no_date") if view.status.group == "open" else ""
    return Telling(lines(no_date, meaning, _next(view)), case_brief.undated(view, no_date))


def _due(view: CaseView) -> str:
    if view.late:
        key = "case_late" if view.dated else "case_late_undated"
        return view.voice(key, day=view.day(view.case.due_at))
    running = view.dated and view.status.group == "open" and view.case.due_at
    return view.voice("case_due", day=view.day(view.case.due_at)) if running else ""


def _next(view: CaseView) -> str:
    """The case's own next step; else what its status says, which for a late case would be to go on waiting."""
    own = view.case.next_step[view.voice.language] if view.case.next_step else ""
    if view.late:
        return " ".join(part for part in (own, view.voice("case_next_late")) if part)
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
