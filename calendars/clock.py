"""The clock of a process: the real one; or, for tests, one set to another time, which all processes share."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from calendars.working_time import ZONE


def clock_of(given: str = "", since: str = "") -> Callable[[], datetime]:
    """Aware moments. `given`: the time (ISO; without a zone, the authority's) that it was at `since`, in seconds since
    1970 by the real clock; "" is now. Raises ValueError for another form."""
    if not given:
        return lambda: datetime.now(UTC)
    told = datetime.fromisoformat(given)
    then = told if told.tzinfo else told.replace(tzinfo=ZONE)
    ahead = then - datetime.fromtimestamp(float(since) if since else time.time(), UTC)
    return lambda: datetime.now(UTC) + ahead
