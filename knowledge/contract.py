"""What the catalogue is made of, in the vocabulary of CPSV-AP 3.2, and what an index over it answers.

Every text for people is a `Text`: {"vi": …, "en": …}, both present (languages.py). Money is whole dong (VND).
Source of the vocabulary: SEMICeu CPSV-AP 3.2.0; the Vietnamese parts of a procedure: Decree 63/2010, article 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal, Protocol

Language = Literal["vi", "en"]
Text = dict[str, str]
Names = dict[str, tuple[str, ...]]
ChannelType = Literal["in-person", "online", "post", "phone"]
Unit = Literal["working-hour", "working-day", "calendar-day", "month"]
OnlineLevel = Literal["full", "partial", "none"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class LegalResource:
    """An act, its article and the copy it was read in. `url` only where a source gives one, else None."""

    act: str
    article: str | None = None
    url: str | None = None
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from and how sure it is. `verified_by` is None until someone of an authority confirms it."""

    legal: LegalResource
    read: str                                   # month it was read, "2026-11"
    verified_by: str | None = None
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """A fee. `amount` in VND; None = set locally or not known, said in `note`. Needs `source` or `unconfirmed`."""

    amount: int | None
    channel: ChannelType | None = None          # CPSV: ifAccessedThrough; None = every channel
    applicant: Text | None = None               # None = everyone
    note: Text | None = None
    source: Source | None = None
    unconfirmed: bool = False
    effective_from: date | None = None
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Processing time. `amount` None with `note` where law gives none."""

    amount: int | None
    unit: Unit = "working-day"
    when: Text | None = None                    # the case this limit is for; None = the ordinary case
    note: Text | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    name: Text
    note: Text | None = None
    form: str | None = None                     # code of the form, "CT01"


@dataclass(frozen=True, slots=True)
class EvidenceCase:
    """What to bring, for one case ("trường hợp"); `when` None = always."""

    items: tuple[EvidenceItem, ...]
    when: Text | None = None


@dataclass(frozen=True, slots=True)
class Form:
    code: str
    name: Text
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceChannel:
    type: ChannelType
    description: Text
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PublicService:
    identifier: str
    name: Text
    description: Text
    competent_authority: str                    # agency identifier
    code: str | None = None                     # national procedure code, "1.001193"
    alternative_names: Names = field(default_factory=dict[str, tuple[str, ...]])      # what people call it
    keywords: Names = field(default_factory=dict[str, tuple[str, ...]])
    who_may_apply: Text | None = None
    evidence: tuple[EvidenceCase, ...] = ()
    costs: tuple[Cost, ...] = ()
    time_limits: tuple[TimeLimit, ...] = ()
    steps: tuple[Text, ...] = ()
    channels: tuple[ServiceChannel, ...] = ()
    online_level: OnlineLevel = "none"
    partial_reason: Text | None = None
    output: Text | None = None
    requirements: tuple[Text, ...] = ()
    forms: tuple[Form, ...] = ()
    legal_basis: tuple[LegalResource, ...] = ()
    life_events: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()               # offices that take it in; empty = all of the authority's
    requires: tuple[str, ...] = ()              # services to finish first
    effective_from: date | None = None
    effective_to: date | None = None
    source: Source | None = None                # for facts without their own
    written_in: tuple[Language, ...] = LANGUAGES     # the languages its texts were written in; others are copies


@dataclass(frozen=True, slots=True)
class Shift:
    """One stretch of opening: weekday 0 = Monday, local time."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Office:
    identifier: str
    name: Text
    address: Text
    shifts: tuple[Shift, ...]
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class PublicOrganisation:
    identifier: str
    name: Text
    alternative_names: Names = field(default_factory=dict[str, tuple[str, ...]])
    offices: tuple[Office, ...] = ()
    phone: str | None = None
    case_prefixes: tuple[str, ...] = ()         # what its case references begin with, "H15.50.05.13"
    case_system: str | None = None              # name in actions.cases.registry
    show_due_date: bool = True                  # level 0 may say when the result is due
    written_in: tuple[Language, ...] = LANGUAGES


@dataclass(frozen=True, slots=True)
class JourneyStep:
    service: str
    text: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A journey across agencies: what to do, in order."""

    identifier: str
    name: Text
    introduction: Text
    steps: tuple[JourneyStep, ...]
    alternative_names: Names = field(default_factory=dict[str, tuple[str, ...]])
    written_in: tuple[Language, ...] = LANGUAGES


@dataclass(frozen=True, slots=True)
class Holidays:
    """One year's days off, and the weekend days worked in exchange."""

    year: int
    days_off: dict[date, Text]
    swapped_workdays: tuple[date, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Starter:
    """A question offered before anything is typed: what the button says, and what is asked by it."""

    label: Text
    text: Text
    value: str | None = None                    # already understood, as in every choice: "intent=documents&service=…"


@dataclass(frozen=True, slots=True)
class Place:
    """A place that people of this authority name: a quarter, a street, a ward."""

    identifier: str
    name: Text


@dataclass(frozen=True, slots=True)
class Authority:
    """Whose assistant this is; with `demonstration`, every page says so in the words of `demonstration_note`."""

    identifier: str
    name: Text
    default_language: Language
    short_name: Text | None = None
    province: Text | None = None
    demonstration: bool = False
    demonstration_note: Text | None = None
    hotline: str | None = None
    hotline_note: Text | None = None
    portal_support: str | None = None           # helpline of the national portal
    portal_support_note: Text | None = None
    fees_note: Text | None = None               # what holds for the fees of every service
    sms_fold_to_gsm7: bool = False              # texts go out without diacritics, in a third of the segments
    starters: tuple[Starter, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A text that answers questions: {"id","title","body","language","url"}."""

    id: str
    title: str
    body: str
    language: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A found service or article; `score` in [0, 1], comparable over queries; `kind` "service" or "article"; `named`:
    the share of the name fitting best, synonyms included, that was asked for, 0 where only other text was found."""

    id: str
    score: float
    kind: str = "service"
    named: float = 1.0


class Index(Protocol):
    def search(self, question: str, *, language: str | None = None, limit: int = 5) -> list[Hit]:
        """The best hits first; [] means "I do not know"."""
        ...
