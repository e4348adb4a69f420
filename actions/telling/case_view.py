"""One case as one citizen sees it: in their language, now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actions.cases.contract import Case
from actions.cases.statuses import Status, status
from actions.telling.write import short_day, shortest_day
from actions.voice import Voice
from calendars.working_time import local

MORE_DOCUMENTS = 5      # the national status of a case that waits for papers


@dataclass(frozen=True, slots=True)
class CaseView:
    case: Case
    voice: Voice
    now: datetime
    dated: bool                         # whether the due date may be said
    by_sms: bool = False                # where a person is reached with 0

    @property
    def late(self) -> bool:
        return self.case.overdue(self.now)

    @property
    def status(self) -> Status:
        return status(self.case.status)

    @property
    def label(self) -> str:
        return self.status.label[self.voice.language]

    def day(self, at: datetime | None) -> str:
        return short_day(self.voice, local(at).date()) if at else ""

    def brief_day(self, at: datetime | None) -> str:
        return shortest_day(self.voice, local(at).date()) if at else ""
