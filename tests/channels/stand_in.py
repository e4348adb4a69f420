"""A stand-in for Twilio whose clock goes on by a second a look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from channels.fake import Plan
from channels.fake_twilio import FakeTwilio
from tests.contracts.providers import PUBLIC_URL, TWILIO_ACCOUNT, TWILIO_NUMBER, TWILIO_TOKEN

SERVICE = "MG" + "0" * 32
SINCE = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
OTHER = "+84900000001"


class Clock:
    """A second a look."""

    def __init__(self) -> None:
        self.at = SINCE

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def fake_twilio(number: str = TWILIO_NUMBER, plan: Plan = (), *, carrier_opt_out: bool = False) -> FakeTwilio:
    return FakeTwilio(
        TWILIO_ACCOUNT, TWILIO_TOKEN, number, PUBLIC_URL, plan=plan, carrier_opt_out=carrier_opt_out, now=Clock()
    )
