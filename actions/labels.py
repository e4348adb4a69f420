"""What a service, an agency or a life event is called on a choice."""

from __future__ import annotations

from typing import Protocol

from actions.telling.short import fits
from actions.telling.view import short_name
from actions.turn import Turn
from knowledge.contract import Names, Text

LONGEST = 28            # septets of a choice by SMS: with its number four of them leave room for a question


class Named(Protocol):
    @property
    def name(self) -> Text: ...
    @property
    def alternative_names(self) -> Names: ...


def label(turn: Turn, named: Named) -> str:
    """Its own name; by SMS, where that is long, the first of the names people have for it that is short enough."""
    own = short_name(named.name[turn.language].strip())
    if not turn.by_sms or fits(own, LONGEST):
        return own
    others = named.alternative_names.get(turn.language, ())
    shorter = next((other for other in others if fits(other, LONGEST)), own)
    return shorter[:1].upper() + shorter[1:]
