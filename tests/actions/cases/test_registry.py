"""Whose a reference is, and which system is asked."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from actions.cases.contract import NoSuchCase, Unavailable
from actions.cases.demonstration import fill
from actions.cases.fake import FakeCases
from actions.cases.registry import Registry, demonstration, owner
from tests.actions.cases.conftest import KEY, TODAY, Clock


@dataclass(frozen=True)
class Office:
    identifier: str
    case_prefixes: tuple[str, ...] = ()
    case_system: str | None = "demonstration"


AGENCIES = [
    Office("province", ("H15",)),
    Office("ward", ("H15.50.05.13", "000.00.19.H15")),
    Office("police", ("G01.50.05",), "elsewhere"),
    Office("school", ("H15.11.03",), None),
    Office("nothing"),
]


@pytest.mark.parametrize(("reference", "expected"), [
    ("H15.50.05.13-261008-0975", "ward"), ("000.00.19.H15-230101-0001", "ward"),
    ("G01.50.05-20261008-0092637", "police"),
    ("H15.50.05.131-261008-0975", "province"), ("H15.50.05-261008-0975", "province"),
    ("H15-261008-0975", "province"),
    ("H15.50.05.13.02-261008-0975", "ward"), ("H16.50.05.13-261008-0975", None),
    ("H150-261008-0975", None), ("", None),
])
def test_the_longest_prefix_of_whole_groups_owns(reference: str, expected: str | None) -> None:
    for agencies in (AGENCIES, AGENCIES[::-1]):
        found = owner(reference, agencies)
        assert (found and found.identifier) == expected


@pytest.mark.parametrize(("reference", "error"), [
    ("H16.50.05.13-261008-0975", NoSuchCase),        # nobody's
    ("H15.11.03-261008-0975", NoSuchCase),           # of an agency that shows no cases
    ("G01.50.05-20261008-0092637", Unavailable),     # of a system that was not set up
    ("H15.50.05.13-261008-0975", Unavailable),       # of one that is down
])
async def test_what_is_not_answered(clock: Clock, reference: str, error: type[Exception]) -> None:
    fake = FakeCases(clock)
    fake.down = True
    with pytest.raises(error):
        await Registry({"demonstration": fake}).find(reference, None, AGENCIES)


async def test_the_sample_authority_answers(sqlite_url: str, clock: Clock) -> None:
    fill(sqlite_url, KEY, TODAY)
    case = await demonstration(sqlite_url, KEY, clock).find("H15.50.05.13-261008-0975", None, AGENCIES)
    assert case.agency == "mau-ward"
