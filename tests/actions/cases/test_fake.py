"""What the fake has beyond the contract suite: it takes reports, and can be told to be down."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.cases.contract import NotOffered, Proof, Report, Service, Unavailable
from actions.cases.fake import FakeCases
from tests.actions.cases.conftest import Clock

STREET = Service("street-problem", {"vi": "Phản ánh hiện trường", "en": "Street problem"}, {"vi": "…", "en": "…"})
REPORT = Report("street-problem", "Ổ gà trước nhà số 5", address_string="5 đường Mẫu", phone="+84900000001")


async def test_the_same_once_is_the_same_case(clock: Clock) -> None:
    fake = FakeCases(clock, offered=[STREET])
    assert await fake.services() == [STREET]
    first = await fake.open(REPORT, once="m-1")
    assert await fake.open(REPORT, once="m-1") == first
    second = await fake.open(REPORT, once="m-2")
    assert (first.reference, second.reference) == ("H15.50.05.13-261124-0001", "H15.50.05.13-261124-0002")
    assert (await fake.find(first.reference, Proof("+84900000001", "c-1"))).status == 1
    with pytest.raises(NotOffered):
        await fake.open(Report("fireworks", "!"), once="m-3")


async def test_down_is_down_until_it_is_up(clock: Clock) -> None:
    fake = FakeCases(clock, offered=[STREET])
    fake.down = True
    for asked in (fake.services(), fake.find("x", None), fake.changes(datetime(2026, 1, 1, tzinfo=UTC)),
                  fake.open(REPORT, once="m-1")):
        with pytest.raises(Unavailable) as caught:
            await asked
        assert caught.value.system == "fake"
    fake.down = False
    assert await fake.services() == [STREET]
