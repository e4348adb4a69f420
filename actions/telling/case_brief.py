"""A case as one SMS: state, date and next step always; how to learn more, or what was done last, where it fits."""

from __future__ import annotations

from collections.abc import Sequence

from actions.telling.case_view import MORE_DOCUMENTS, CaseView
from actions.telling.short import CASE_ROOM, packed, sentences

Ways = Sequence[str]


def whole(view: CaseView) -> str:
    late, papers, own = _late_step(view), _papers(view), _own_step(view)
    if late:
        return packed([_state(view)], late, *_more(view, papers, own, _new_date(view)), room=CASE_ROOM)
    if papers:
        return packed([_state(view)], papers, *_more(view, own), room=CASE_ROOM)
    return packed([_state(view)], [*own, view.status.step[view.voice.language]], *_more(view), room=CASE_ROOM)


def still_missing(view: CaseView) -> str:
    return packed(_papers(view), _own_step(view), room=CASE_ROOM)


def late(view: CaseView) -> str:
    key = "case_late" if view.dated else "case_late_undated"
    told = view.voice.telling(key, day=view.brief_day(view.case.due_at)).brief
    return packed([told], _late_step(view), _new_date(view), room=CASE_ROOM)


def undated(view: CaseView, no_date: str) -> str:
    step = view.status.step[view.voice.language]
    return packed([no_date or f"{view.label}."], [*_own_step(view), step], room=CASE_ROOM)


def _state(view: CaseView) -> str:
    key = "case_short"
    if view.late:
        key = "case_short_late" if view.dated else "case_short_late_undated"
    elif view.dated and view.status.group == "open" and view.case.due_at:
        key = "case_short_due"
    day = view.brief_day(view.case.due_at)
    return view.voice(key, reference=view.case.reference, state=view.label, day=day)


def _more(view: CaseView, *others: Ways) -> Sequence[Ways]:
    """Without proof, how to see more; with it, the most of what there is to see."""
    voice = view.voice
    if view.case.level:
        return [*others, _latest(view)]
    hint = "case_hint_papers" if view.case.status == MORE_DOCUMENTS else "case_hint"
    return [[voice(hint), voice("case_hint_short")]]


def _late_step(view: CaseView) -> Ways:
    if not view.late:
        return []
    return [view.voice("text_a_person" if view.by_sms else "case_late_step")]


def _new_date(view: CaseView) -> Ways:
    return [view.voice("case_new_date")]


def _own_step(view: CaseView) -> Ways:
    """The case's own next step, the last sentence of which says what to do: as much of its end as fits."""
    own = sentences(view.case.next_step[view.voice.language]) if view.case.next_step else []
    return [" ".join(own[first:]) for first in range(len(own))]


def _papers(view: CaseView) -> Ways:
    """All papers that are missing, with the reasons if they fit; else the first of them and how many there are more."""
    voice, missing = view.voice, view.case.missing
    if not missing:
        return []
    names = [voice.pick(one.document) for one in missing]
    because = [voice("case_paper_why", document=voice.pick(one.document), why=voice.pick(one.why)) for one in missing]
    all_of_them = [voice("case_send", papers="; ".join(papers)) for papers in (because, names)]
    some = [
        voice("case_send_some", papers="; ".join(names[:most]), n=len(names) - most)
        for most in range(len(names) - 1, 0, -1)
    ]
    return [*all_of_them, *some, voice("case_send_noticed")]


def _latest(view: CaseView) -> Ways:
    if not view.case.progress:
        return []
    last = view.case.progress[-1]
    note = view.voice.pick(last.note).rstrip(".")
    return [view.voice("case_latest", day=view.brief_day(last.at), note=note)]
