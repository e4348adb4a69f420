"""How long a provider asks to wait, in the forms that RFC 9110 knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from channels.wire import retry_after


@pytest.mark.parametrize(("said", "seconds"), [
    ("0", 0.0), (" 120 ", 120.0), ("9" * 400, 3600.0),
    ("", None), ("soon", None), ("-1", None), ("1.5", None), ("٣", None),
    ("Thu, 26 Nov 3020 23:00:00 GMT", 3600.0),
    ("Thu, 26 Nov 2020 23:00:00 GMT", 0.0),
    ("Thu, 26 Nov 2020 23:00:00", 0.0),
])
def test_a_wait(said: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": said}) == seconds


def test_a_wait_until() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    found = retry_after({"Retry-After": until})
    assert found is not None
    assert 3000 < found <= 3600


def test_no_wait() -> None:
    assert retry_after({}) is None
