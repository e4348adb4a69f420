"""What the desk's API takes in and gives out of ready answers, the search, the board, queues, hours and callbacks."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from bot import board, canned, finding, queueing, schedule
from bot.desk.shapes import Line, Nothing, Shape
from bot.desk.steps import Step
from bot.hours import MOST_SHIFTS
from bot.words import LANGUAGES

Minutes = Annotated[int, Field(ge=1, le=14_400)]  # thirty days of eight hours: nobody promises more
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="07:30")]


class Texts(Shape):
    """The answer in both languages, with the same blanks {name} in each."""

    vi: str
    en: str


class Writing(Shape):
    """`agency` null: everybody's answer."""

    agency: Line | None = None
    shortcut: str
    title: str
    text: Texts

    def written(self) -> canned.Written:
        return canned.Written(self.agency, self.shortcut, self.title, self.text.model_dump())


class Setting(Shape):
    """What is not named stays as it is; minutes of working time, `answer_minutes` by the clock on the wall."""

    closed: bool | None = None
    response_minutes: Minutes | None = None
    resolution_minutes: Minutes | None = None
    answer_minutes: Minutes | None = None
    callback_minutes: Minutes | None = None
    longest: Annotated[int, Field(ge=0, le=10_000)] | None = None
    topics: list[Line] | None = Field(None, max_length=200)

    def given(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class Span(Shape):
    opens: Clock
    closes: Clock


class WeekSpan(Span):
    """`weekday`: 0 is Monday."""

    weekday: int = Field(ge=0, le=6)


class Week(Shape):
    """null: the hours of the agency's office again; []: never open."""

    shifts: list[WeekSpan] | None = Field(max_length=7 * MOST_SHIFTS)

    def given(self) -> list[dict[str, Any]] | None:
        return None if self.shifts is None else [one.model_dump() for one in self.shifts]


class Day(Shape):
    """A single day with other hours; [] is closed."""

    day: str = Field(json_schema_extra={"format": "date"})
    name: Line = Field(max_length=80)
    shifts: list[Span] = Field(max_length=MOST_SHIFTS)

    def given(self) -> list[dict[str, str]]:
        return [one.model_dump() for one in self.shifts]


class Room(Shape):
    """How much a colleague has in hand at once, in weights of channels."""

    person: Line
    capacity: int = Field(ge=1, le=board.MOST_CAPACITY)


def on(given: str) -> date | None:
    """A day of the calendar as 2026-11-27; None for anything else."""
    try:
        return date.fromisoformat(given) if len(given) == len("2026-11-27") else None
    except ValueError:
        return None


_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_COUNT = {"type": "integer"}
_SHARE = {"type": ["number", "null"]}
_FLAG = {"type": "boolean"}
_MOMENT = {"type": "string", "format": "date-time"}
_SOMETIME = {"type": ["string", "null"], "format": "date-time"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(schema: dict[str, Any], **more: int) -> dict[str, Any]:
    return {"type": "array", "items": schema, **more}


def _each(names: tuple[str, ...], schema: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(names, schema)


_ANSWER = _object(
    id=_COUNT, agency=_MAYBE, shortcut=_TEXT, title=_TEXT, text=_object(**_each(LANGUAGES, _TEXT)),
    blanks=_list(_TEXT), mine=_FLAG,
)  # fmt: skip
_FOUND = _object(
    **_each(("conversation", "channel", "language", "agency", "owner"), _TEXT),
    test=_FLAG,
    at=_MOMENT,
    snippet=_list(_object(text=_TEXT, hit=_FLAG)),
    episode={"type": ["object", "null"]},
)
_PAGE = _object(found=_list(_FOUND, maxItems=finding.PAGE), before={"type": ["integer", "null"]})
_PROMISES = _object(**_each(("ok", "warned", "breached", "paused", "escalated"), _COUNT))
_NOW = _object(
    **_each(("waiting", "callbacks", "late_callbacks", "in_hand"), _COUNT),
    longest_wait={"type": ["integer", "null"]},
    promises=_PROMISES,
)
_TODAY = _object(
    **_each(("opened", "resolved", "surveys", "drafts"), _COUNT),
    **_each(("first_reply_kept", "first_reply_minutes", "survey_mean", "drafts_used"), _SHARE),
)
_AGENCY = _object(agency=_TEXT, closed=_FLAG, open=_FLAG, next_opening=_SOMETIME, now=_NOW, today=_TODAY)
_PERSON = _object(
    name=_TEXT, role=_TEXT, agencies={"type": ["array", "null"], "items": _TEXT}, presence=_TEXT,
    **_each(("in_hand", "load", "capacity"), _COUNT), acted_at=_SOMETIME,
)  # fmt: skip
_OPEN = _object(
    **_each(("conversation", "agency", "channel", "language", "reason", "wanted"), _TEXT),
    **_each(("topic", "person"), _MAYBE),
    waiting_since=_MOMENT,
    clock={"type": "object"},
)
_BOARD = _object(
    at=_MOMENT, agencies=_list(_AGENCY), people=_list(_PERSON), open=_list(_OPEN, maxItems=board.MOST_OPEN)
)
_QUEUE = _object(
    closed=_FLAG, topics=_list(_TEXT), **_each(tuple(set(queueing.SETTINGS) - {"closed", "topics"}), _COUNT)
)
_SPAN = _object(opens=_TEXT, closes=_TEXT)
_SCHEDULE = _object(
    own=_FLAG,
    open=_FLAG,
    open_until=_SOMETIME,
    next_opening=_SOMETIME,
    shifts=_list(_object(weekday=_COUNT, opens=_TEXT, closes=_TEXT)),
    days=_list(_object(day=_TEXT, name=_TEXT, shifts=_list(_SPAN))),
    coming=_list(_object(day=_TEXT, shifts=_list(_SPAN), because=_MAYBE), maxItems=schedule.COMING),
)
_CALLBACK = _object(
    **_each(("conversation", "channel", "language", "agency", "reason", "summary", "wanted"), _TEXT),
    **_each(("topic", "contact"), _MAYBE),
    waiting_since=_MOMENT,
    promised_at=_SOMETIME,
    late=_FLAG,
    clock={"type": "object"},
)
_DONE = {"200": _object(done=_FLAG)}
_REFUSED: dict[str, Any] = {"403": None, "404": None}
_QUERY = {"type": "string", "minLength": 1, "maxLength": finding.LONGEST}

STEPS: tuple[Step, ...] = (
    Step("get", "/canned", "Ready answers, of one's agencies and of everybody; with q those that have its words", None,
         {"200": _list(_ANSWER)}, query={"q": _TEXT, "language": {"enum": list(LANGUAGES)}}),
    Step("post", "/canned", "A new one", Writing, {"201": _object(id=_COUNT), "403": None, "409": None}),
    Step("post", "/canned/{id}", "Write one anew", Writing, _DONE | _REFUSED | {"409": None}),
    Step("post", "/canned/{id}/remove", "Remove one", Nothing, _DONE | _REFUSED),
    Step("get", "/search", "Past conversations by reference, phone, id or words, the newest first", None,
         {"200": _PAGE, "403": None}, query={"q": _QUERY, "before": {"type": "integer", "minimum": 0}}),
    Step("get", "/board", "How the queues stand, how the day goes, who is there", None, {"200": _BOARD, "403": None}),
    Step("post", "/board/capacity", "How much a colleague has in hand at once", Room, _DONE | _REFUSED),
    Step("get", "/queues/{agency}", "What is set for an agency's queue", None, {"200": _QUEUE} | _REFUSED),
    Step("post", "/queues/{agency}", "Close or open it, its promises, how many wait, which services go to a person",
         Setting, {"200": _QUEUE} | _REFUSED),
    Step("get", "/schedule/{agency}", "The hours of an agency's queue, and what they come to", None,
         {"200": _SCHEDULE, "404": None}),
    Step("post", "/schedule/{agency}", "Other hours in the week", Week, {"200": _SCHEDULE} | _REFUSED),
    Step("post", "/schedule/{agency}/days", "A single day with other hours", Day, {"200": _SCHEDULE} | _REFUSED),
    Step("post", "/schedule/{agency}/days/{day}/remove", "The day has its weekday's hours again", Nothing,
         {"200": _SCHEDULE} | _REFUSED),
    Step("get", "/callbacks", "Whom to answer by a promised moment, the nearest first, with the number they left", None,
         {"200": _list(_CALLBACK), "403": None}),
)  # fmt: skip
