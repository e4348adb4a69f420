"""What every stand-in for a provider has: what it does with a request, and the plan of what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, repeat
from typing import Literal

# A word a message: "ok", a fault (not taken), "accepted_then_" and a fault (taken, and the answer is lost), or an end.
# In a list they come in order, and when it is used up all goes well; or one is asked for, given the request's fields.
Plan = Callable[[Mapping[str, str]], str] | Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What whoever serves the stand-in does: answers, hangs without a word, or closes the connection."""

    status: int
    body: str
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    act: Literal["answer", "hang", "close"] = "answer"


@dataclass(frozen=True, slots=True)
class Text:
    """A message that an app's stand-in holds, one way or the other. `options`: key and label of what can be pressed.
    `template`: which one, and `text` is its link. `named`: what goes along and comes back. `ends`: as planned."""

    sid: str
    sender: str
    recipient: str
    text: str
    at: datetime
    options: tuple[tuple[str, str], ...] = ()
    opener: str = ""
    template: str = ""
    named: str = ""
    ends: str = "delivered"


class Planned:
    """A plan under way. `ends`: the words, as a pattern, that a provider has beside `faults`."""

    def __init__(self, plan: Plan, faults: Sequence[str], ends: str) -> None:
        words = iter(()) if callable(plan) else chain(plan, repeat("ok"))
        self._next: Callable[[Mapping[str, str]], str] = plan if callable(plan) else lambda fields: next(words)
        self._known = re.compile(rf"ok|(accepted_then_)?({'|'.join(faults)})|{ends}")

    def word(self, fields: Mapping[str, str]) -> str:
        """What goes wrong with the next message. Raises ValueError for a word that nobody knows."""
        word = self._next(fields)
        if not self._known.fullmatch(word):
            raise ValueError(f"{word!r} is none of the faults")
        return word


def acted(fault: str) -> Answer:
    """The faults that look the same at every provider: "html", "hang", "close"."""
    if fault == "html":
        return Answer(200, "<html><body>Be right back</body></html>", "text/html")
    return Answer(0, "", act="hang" if fault == "hang" else "close")
