"""The one payload that every action gives back through Rasa."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict
from urllib.parse import urlencode

Language = Literal["vi", "en"]
Expect = Literal["proof", "choice", "text"]
Outcome = Literal[
    "answered", "clarified", "case_status", "reported", "handed_off", "no_answer", "out_of_scope", "refused", "failed"
]
Reason = Literal[
    "asked", "complaint", "clarification_failed", "no_answer", "case_system_down", "failure", "report_problem",
    "delete_my_data", "stop_messages", "low_rating", "emergency",
]


class Choice(TypedDict):
    """An already understood message: `value` is a query string, "intent=documents&service=passport"."""

    label: str
    value: str


class SourceLink(TypedDict):
    title: str
    url: str | None
    verified: str | None


class Reply(TypedDict):
    """`short` is for SMS and keeps its diacritics: folded it is at most 160 GSM-7 septets, about a case 120."""

    text: str
    short: str
    choices: list[Choice]
    sources: list[SourceLink]
    language: Language


class Handoff(TypedDict):
    reason: Reason
    topic: str | None
    agency: str | None
    summary: str


class Answer(TypedDict):
    outcome: Outcome
    reply: Reply
    handoff: NotRequired[Handoff]
    expect: NotRequired[Expect]
    about: NotRequired[dict[str, str]]
    rating: NotRequired[int]


def choice(label: str, intent: str, **entities: str) -> Choice:
    return {"label": label, "value": urlencode({"intent": intent, **entities})}
