"""The demonstration cases fit the catalogue, the reference grammar and the calendar, on whatever day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from actions.cases.contract import FINISHED
from actions.cases.demonstration import demonstration_rows, to_try
from actions.cases.registry import owner
from actions.cases.statuses import STATUSES
from calendars.working_time import ZONE, DaysOff, is_working_day, local
from knowledge.catalogue import load
from tests.actions.cases.conftest import KEY, TODAY, as_case
from text.phone import normalise as normal_phone
from text.reference import normalise

TET = DaysOff(frozenset(date(2026, 2, day) for day in range(16, 21)), frozenset({date(2026, 8, 22)}))
DAYS = [TODAY, *(date(2026, 2, 10) + timedelta(days=n) for n in range(16)), date(2026, 8, 22), date(2026, 11, 22)]
PACK = Path(__file__).parents[3] / "knowledge" / "pack"


def test_every_status_and_enough_of_them() -> None:
    rows = demonstration_rows(KEY, TODAY, DaysOff())
    assert len(rows) >= 24
    assert {row["status"] for row in rows} == set(STATUSES) == set(range(1, 11))
    assert len({row["reference"] for row in rows}) == len(rows)


def test_references_are_in_printed_form_and_their_agencys() -> None:
    agencies = load(PACK).agencies
    for row in demonstration_rows(KEY, TODAY, DaysOff()):
        assert normalise(row["reference"]) == row["reference"]
        found = owner(row["reference"], agencies.values())
        assert found
        assert (found.identifier, found.case_system) == (row["agency"], "demonstration")


def test_services_are_in_the_catalogue_and_of_their_agency() -> None:
    services = load(PACK).services
    for row in demonstration_rows(KEY, TODAY, DaysOff()):
        assert services[row["service"]].competent_authority == row["agency"]


@pytest.mark.parametrize("today", DAYS)
def test_dates_make_sense_on_any_day(today: date) -> None:
    morning = datetime.combine(today, time.min, ZONE)
    for row in demonstration_rows(KEY, today, TET):
        case = as_case(row)
        assert case.received_at
        assert case.received_at < morning
        assert case.received_at <= case.progress[0].at
        assert [step.at for step in case.progress] == sorted(step.at for step in case.progress)
        assert case.progress[-1].at < morning
        assert is_working_day(case.received_at.date(), TET)
        assert (case.due_at is None) == (STATUSES[case.status].group == "paused" or case.status in (1, 3, 7))
        assert (case.finished_at is not None) == (case.status in FINISHED)
        assert all(at < morning for at in (case.finished_at, case.returned_at) if at)


@pytest.mark.parametrize("today", [day for day in DAYS if is_working_day(day, TET)])
def test_some_are_overdue_and_some_due_today(today: date) -> None:
    open_cases = [as_case(row) for row in demonstration_rows(KEY, today, TET) if row["status"] in (2, 4)]
    due = [local(case.due_at).date() for case in open_cases if case.due_at]
    assert due.count(today) == 2
    assert sum(day < today for day in due) == 3
    assert sum(day > today for day in due) > 5


def test_a_handful_to_try() -> None:
    shown = to_try()
    assert (shown[0].reference, shown[0].proof) == ("H15.50.05.13-261008-0975", "2345")
    assert 5 <= len(shown) <= 10
    for one in shown:
        assert one.proof.isdigit()
        assert len(one.proof) == 4
        assert normal_phone(one.phone) == one.phone
        assert set(one.what) == {"vi", "en"}


def test_paused_for_papers_says_which_and_why() -> None:
    for row in demonstration_rows(KEY, TODAY, DaysOff()):
        assert bool(row["missing"]) == (row["status"] == 5)


def test_finished_is_what_the_table_calls_done() -> None:
    assert {code for code, one in STATUSES.items() if one.group in ("done", "closed-negative")} == FINISHED


@pytest.mark.parametrize("code", STATUSES)
def test_every_status_is_worded_in_both_languages(code: int) -> None:
    one = STATUSES[code]
    for words in (one.national, one.label, one.meaning, one.next_step):
        assert set(words) == {"vi", "en"}
        assert all(words.values())
