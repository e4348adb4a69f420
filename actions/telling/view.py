"""One service as one citizen sees it: in their language, today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from actions.answer import SourceLink
from actions.said import Telling
from actions.telling import sources
from actions.voice import Voice
from knowledge.catalogue import Catalogue
from knowledge.contract import Office, PublicOrganisation, PublicService, Source

LONG = 52                # letters of a name from which it is shortened on labels
TELLING = 15             # letters that the part before a comma must have to name it alone


def short_name(name: str) -> str:
    """What stands before a colon, or in a long name before a comma."""
    before_colon = name.split(":")[0]
    before_comma = before_colon.split(",")[0]
    return before_comma if len(before_colon) > LONG and len(before_comma) >= TELLING else before_colon


@dataclass(frozen=True, slots=True)
class View:
    service: PublicService
    catalogue: Catalogue
    voice: Voice
    now: datetime
    asked: str = ""          # the question's text: the case that it names is told first

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def name(self) -> str:
        return self.voice.pick(self.service.name)

    @property
    def head(self) -> str:
        """The name without what explains it behind a colon."""
        return self.name.split(":")[0]

    @property
    def short_name(self) -> str:
        """For labels and one SMS."""
        return short_name(self.name)

    @property
    def short_inside(self) -> str:
        return self.voice.inside(self.short_name)

    @property
    def inside(self) -> str:
        return self.voice.inside(self.head)

    @property
    def agency(self) -> PublicOrganisation:
        return self.catalogue.agencies[self.service.competent_authority]

    @property
    def agency_name(self) -> str:
        return self.voice.pick(self.agency.name)

    @property
    def offices(self) -> tuple[Office, ...]:
        """The offices that take the service in."""
        if not self.service.offices:
            return self.agency.offices
        every = self.catalogue.offices()
        return tuple(every[identifier] for identifier in self.service.offices if identifier in every)

    def sources(self, *own: Source | None) -> tuple[SourceLink, ...]:
        """The facts' own sources, or the service's where a fact has none; and that it is there in one language only."""
        found = sources.links(self.voice, [source or self.service.source for source in own or (None,)])
        if self.voice.language in self.service.written_in:
            return found
        note = self.voice("written_elsewhere")
        return tuple({**link, "verified": f"{link['verified']}; {note}"} for link in found)

    def telling(self, text: str, brief: str, *own: Source | None) -> Telling:
        return Telling(text, brief, self.sources(*own))
