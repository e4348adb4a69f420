"""A moment as the desk's pages write it."""

from __future__ import annotations

from datetime import datetime

from calendars.working_time import local


def moment(at: str) -> str:
    """ISO time to the authority's own: "27/11/2026 10:12:05"."""
    return local(datetime.fromisoformat(at)).strftime("%d/%m/%Y %H:%M:%S")
