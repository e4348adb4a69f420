"""What every case system must do, its fake included."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest

from actions.cases.contract import Case, CaseError, CaseSystem, Locked, NoSuchCase, NotOffered, Proof, Report
from actions.cases.demonstration import demonstration_rows
from calendars.working_time import DaysOff
from tests.actions.cases.conftest import KEY, TODAY, Clock, as_case

REFERENCE = "H15.50.05.13-261008-0975"
UNKNOWN = "H15.50.05.13-261008-9999"
OTHER = "H15.50.05.13-261123-1021"
HANDSET, ITS_CASE, ITS_DIGITS = "+84912000001", "G01.50.05-20261118-0061233", "1746"
ROWS = {row["reference"]: row for row in demonstration_rows(KEY, TODAY, DaysOff())}


def proof(value: str, conversation: str = "c-1", address: str = "", once: str | None = None) -> Proof:
    return Proof(value, conversation, address, once=once)


def sender(number: str, conversation: str = "c-1", address: str = "") -> Proof:
    return Proof(number, conversation, address, possession=True)


async def refused(system: CaseSystem, reference: str, given: Proof | None) -> CaseError:
    with pytest.raises(CaseError) as caught:
        await system.find(reference, given)
    return caught.value


async def test_without_proof_a_case_is_told_coarsely(system: CaseSystem) -> None:
    case = await system.find(REFERENCE, None)
    assert case == as_case(ROWS[REFERENCE]).coarse()
    assert (case.level, case.status, case.service) == (0, 5, "building-permit")
    assert (case.missing, case.progress, case.received_at, case.applicant, case.next_step) == ((), (), None, None, None)


@pytest.mark.parametrize("value", ["2345", "+84900000975"])
async def test_the_right_proof_shows_all_of_it(system: CaseSystem, value: str) -> None:
    case = await system.find(REFERENCE, proof(value))
    assert case == as_case(ROWS[REFERENCE])
    assert case.level == 1
    assert [set(one.why) for one in case.missing] == [{"vi", "en"}] * 2


@pytest.mark.parametrize(("reference", "given"), [
    (UNKNOWN, None), (UNKNOWN, proof("2345")), (REFERENCE, proof("2346")), (REFERENCE, proof("")),
    (REFERENCE, proof("+84900000976")), (REFERENCE.lower(), None),
    ("", None), ("x" * 400, None), ("x" * 400, proof("2345")), ("x' OR '1'='1", None),
    (OTHER, proof("2345")),
])
async def test_wrong_and_unknown_are_answered_the_same(
    system: CaseSystem, reference: str, given: Proof | None
) -> None:
    error = await refused(system, reference, given)
    assert type(error) is NoSuchCase
    assert str(error) == "There is no case with this reference and this proof."


@pytest.mark.parametrize("reference", [REFERENCE, UNKNOWN])
async def test_five_wrong_proofs_lock_a_case_for_the_rest_of_six_hours(
    system: CaseSystem, clock: Clock, reference: str
) -> None:
    first = clock.now
    for n in range(5):
        wrong = await refused(system, reference, proof(f"000{n}", f"c-{n}"))
        assert type(wrong) is NoSuchCase
        assert wrong.locked_until == (datetime(2026, 11, 24, 8, tzinfo=UTC) if n == 4 else None)
        clock.move(hours=1)
    for value in ("2345", "0000"):
        locked = await refused(system, reference, proof(value, "c-new"))
        assert isinstance(locked, Locked)
        assert locked.until == datetime(2026, 11, 24, 8, tzinfo=UTC)         # six hours after the first wrong one
    clock.now = first.replace(hour=7, minute=59)
    assert isinstance(await refused(system, reference, proof("2345")), Locked)


async def test_a_lock_ends_and_looking_at_it_does_not_prolong_it(system: CaseSystem, clock: Clock) -> None:
    for n in range(5):
        await refused(system, REFERENCE, proof(f"000{n}"))
    for _ in range(5):
        clock.move(hours=1)
        assert isinstance(await refused(system, REFERENCE, proof("2345")), Locked)
    clock.move(hours=1)
    assert (await system.find(REFERENCE, proof("2345"))).level == 1


async def test_a_lock_is_of_one_case_and_of_level_1(system: CaseSystem) -> None:
    for n in range(5):
        await refused(system, REFERENCE, proof(f"000{n}"))
    assert (await system.find(REFERENCE, None)).level == 0
    assert (await system.find(OTHER, proof("7183"))).level == 1


async def test_right_proofs_lock_nothing_and_forgive_nothing(system: CaseSystem) -> None:
    for n in range(4):
        await refused(system, REFERENCE, proof(f"000{n}"))
        for _ in range(3):
            assert (await system.find(REFERENCE, proof("2345"))).level == 1
    await refused(system, REFERENCE, proof("0009"))
    assert isinstance(await refused(system, REFERENCE, proof("2345")), Locked)


@pytest.mark.parametrize("reference", [REFERENCE, UNKNOWN])
async def test_a_message_that_is_asked_about_again_is_one_attempt(
    system: CaseSystem, clock: Clock, reference: str
) -> None:
    """Its turn was not kept: the lock must not be closed by one mistyped text, and tells the same when it is."""
    async def wrong(once: str) -> datetime | None:
        error = await refused(system, reference, proof("0000", once=once))
        assert isinstance(error, NoSuchCase)
        return error.locked_until

    for once in ("m-1", "m-2", "m-3", "m-4"):
        assert [await wrong(once) for _ in range(6)] == [None] * 6
        clock.move(seconds=1)
    until = datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert [await wrong("m-5") for _ in range(3)] == [until] * 3
    assert isinstance(await refused(system, reference, proof("0000", once="m-6")), Locked)


async def test_a_right_proof_that_is_asked_about_again_is_right_also_when_others_have_locked_the_case_since(
    system: CaseSystem,
) -> None:
    assert (await system.find(REFERENCE, proof("2345", once="m-1"))).level == 1
    for n in range(5):
        await refused(system, REFERENCE, proof("0000", f"another-{n}", once="m-1"))
    assert (await system.find(REFERENCE, proof("2345", once="m-1"))).level == 1
    assert isinstance(await refused(system, REFERENCE, proof("2345", once="m-2")), Locked)


@pytest.mark.parametrize(("first", "then"), [("0000", "2345"), ("2345", "0000")])
async def test_a_message_brings_one_proof_and_no_second_guess(system: CaseSystem, first: str, then: str) -> None:
    with contextlib.suppress(NoSuchCase):
        await system.find(REFERENCE, proof(first, once="m-1"))
    assert type(await refused(system, REFERENCE, proof(then, once="m-1"))) is NoSuchCase


async def test_the_same_message_id_elsewhere_is_another_attempt(system: CaseSystem) -> None:
    for n in range(5):
        await refused(system, REFERENCE, proof("0000", f"c-{n}", once="m-1"))
    assert isinstance(await refused(system, REFERENCE, proof("2345", once="m-2")), Locked)
    assert type(await refused(system, OTHER, proof("0000", "c-1", once="m-1"))) is NoSuchCase
    assert (await system.find(OTHER, proof("7183", "c-2", once="m-1"))).level == 1


@pytest.mark.parametrize(("most", "who"), [(10, "conversation"), (30, "address")])
async def test_guessing_over_many_cases_is_stopped(system: CaseSystem, most: int, who: str) -> None:
    def guess(n: int) -> Proof:
        return proof("0000", "c-1" if who == "conversation" else f"c-{n}", "a-1" if who == "address" else f"a-{n}")

    for n in range(most):
        assert type(await refused(system, f"H15.50.05.13-261008-{n:04d}", guess(n))) is NoSuchCase
    assert isinstance(await refused(system, OTHER, guess(most)), Locked)
    assert (await system.find(OTHER, proof("7183", "c-other", "a-other"))).level == 1


async def test_without_an_address_none_is_shared(system: CaseSystem) -> None:
    for n in range(35):
        await refused(system, f"H15.50.05.13-261008-{n:04d}", proof("0000", f"c-{n}"))
    assert (await system.find(OTHER, proof("7183", "c-other"))).level == 1


async def test_changes_since(system: CaseSystem) -> None:
    changes = await system.changes(datetime(2026, 11, 1, tzinfo=UTC))
    assert [change.at for change in changes] == sorted(change.at for change in changes)
    expected = {row["reference"] for row in ROWS.values() if row["changed_at"] > datetime(2026, 11, 1, tzinfo=UTC)}
    assert {change.reference for change in changes} == expected
    assert all(change.status == ROWS[change.reference]["status"] for change in changes)
    assert await system.changes(datetime(2026, 11, 25, tzinfo=UTC)) == []


async def test_what_nobody_can_report_here(system: CaseSystem) -> None:
    assert await system.services() == []
    with pytest.raises(NotOffered):
        await system.open(Report("street-problem", "Ổ gà trước nhà số 5"), once="m-1")


def test_overdue_is_derived(clock: Clock) -> None:
    def late(reference: str) -> bool:
        return as_case(ROWS[reference]).overdue(clock.now)

    assert {reference for reference in ROWS if late(reference)} == {
        "000.00.19.H15-261113-0412", "G01.50.05-20261109-0061150", "H15.12.07-261109-0149",
    }
    assert not late(OTHER)                   # due today
    clock.move(hours=8, seconds=1)           # 17:00 is over
    assert late(OTHER)
    assert isinstance(as_case(ROWS[OTHER]), Case)


async def test_the_senders_number_shows_all_of_the_senders_own_case(system: CaseSystem) -> None:
    assert await system.find(ITS_CASE, sender(HANDSET)) == as_case(ROWS[ITS_CASE])


@pytest.mark.parametrize(("reference", "number"), [
    (REFERENCE, HANDSET), (OTHER, HANDSET),              # somebody else's case
    (ITS_CASE, "+84912000002"), (ITS_CASE, "0912000001"), (ITS_CASE, "84912000001"), (ITS_CASE, "+8491200000"),
    (ITS_CASE, ITS_DIGITS), (REFERENCE, "2345"),         # a short code that happens to be the applicant's digits
    (ITS_CASE, ""), (ITS_CASE, "VIETTEL"), (ITS_CASE, "\x00"),
])
async def test_another_number_is_as_none_and_never_a_wrong_proof(
    system: CaseSystem, reference: str, number: str
) -> None:
    coarse = await system.find(reference, None)
    for _ in range(12):                                  # more often than any limit bears
        assert await system.find(reference, sender(number)) == coarse
    assert (await system.find(ITS_CASE, proof(ITS_DIGITS))).level == 1
    assert (await system.find(REFERENCE, proof("2345"))).level == 1


async def test_an_unknown_reference_is_unknown_by_number_too(system: CaseSystem) -> None:
    for given in (None, sender(HANDSET)):
        error = await refused(system, UNKNOWN, given)
        assert isinstance(error, NoSuchCase)
        assert error.locked_until is None


@pytest.mark.parametrize("who", ["case", "conversation", "address"])
async def test_what_wrong_proofs_have_locked_the_senders_number_does_not_open(
    system: CaseSystem, clock: Clock, who: str
) -> None:
    for n in range({"case": 5, "conversation": 10, "address": 30}[who]):
        reference = ITS_CASE if who == "case" else f"H15.50.05.13-261008-{n:04d}"
        conversation, address = "c-1" if who == "conversation" else f"c-{n}", "a-1" if who == "address" else f"a-{n}"
        await refused(system, reference, proof("0000", conversation, address))
    mine = sender(HANDSET, "c-1", "a-1")
    assert (await system.find(ITS_CASE, mine)).level == 0
    clock.move(hours=6, seconds=1)
    assert (await system.find(ITS_CASE, mine)).level == 1


async def test_looking_by_number_touches_no_lock(system: CaseSystem, clock: Clock) -> None:
    for n in range(4):
        await refused(system, ITS_CASE, proof(f"000{n}"))
        assert (await system.find(ITS_CASE, sender(HANDSET))).level == 1
        assert (await system.find(ITS_CASE, sender("+84912000002"))).level == 0
    last = await refused(system, ITS_CASE, proof("0009"))
    assert isinstance(last, NoSuchCase)
    assert last.locked_until == datetime(2026, 11, 24, 8, tzinfo=UTC)
    clock.move(hours=5)
    assert (await system.find(ITS_CASE, sender(HANDSET))).level == 0
    clock.move(hours=1, seconds=1)
    assert (await system.find(ITS_CASE, sender(HANDSET))).level == 1
