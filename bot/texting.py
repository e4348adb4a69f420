"""One turn as one SMS: the short forms, choices as numbers, three segments at most and then a link, and its price.

It adds no words of its own but numbers and the way to a person, so that it never invites what a carrier acts on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.words import say
from text.gsm7 import septets
from text.sms import Count, count, fitted, fold

MOST_SEGMENTS = 3
MOST_CHOICES = 9                        # a number is one digit
PERSON = "intent=talk_to_person"
_BULLET = re.compile(r"^[ \t]*[-*•·–—▪●][ \t]+", re.MULTILINE)
_GAP = re.compile(r"\s*\n\s*")

Choice = dict[str, str]                 # {"label", "value"}
Write = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a turn. `short` is its form for SMS, "" if there is none. `asks`: a choice is to answer it."""

    author: str
    text: str
    short: str
    choices: Sequence[Choice]
    language: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One provider message. `choices_shown` in the order of their numbers, the person (always 0) not among them.

    `cut`: not all of it could be said. Price in VND, 0 if none is set.
    """

    text: str
    choices_shown: list[Choice]
    count: Count
    price_vnd: int
    cut: bool


def render(said: Sequence[Said], *, folded: bool, link: Callable[[], str] | None, price: int) -> Text:
    """The lines of one turn as one text. `price` is VND a segment; `link` is called only where the text has to be cut.

    The choices are those of the last line that has any. A question shows them all, anything else only as many as cost
    no segment more than the first.
    """
    offering = next((one for one in reversed(said) if one.choices), None)
    choices = [one for one in offering.choices if not _is_person(one)][:MOST_CHOICES] if offering else []
    write = _writing(said, offering, folded=folded)
    body = _lines(*(_plain(one.short or one.text, write) for one in said))
    numbered = _numbered(choices, write)
    if offering is None or not offering.asks:
        numbered = _that_fit(body, numbered)
    text, cut = _lines(body, *numbered), False
    if count(text).segments > MOST_SEGMENTS:
        numbered = _that_leave_room(numbered)
        text, cut = fitted(body, MOST_SEGMENTS, _lines(*numbered, link() if link else "")), True
    elif offering and any(map(_is_person, offering.choices)):
        text = _with_person(text, offering, write)
    counted = count(text)
    return Text(text, choices[: len(numbered)], counted, counted.segments * price, cut)


def _writing(said: Sequence[Said], offering: Said | None, *, folded: bool) -> Write:
    """How all of the turn is written: folded where that is wanted and one letter of it would not go as GSM-7."""
    labels = [choice["label"] for choice in offering.choices] if offering else []
    pieces = [*(one.short or one.text for one in said), *labels]
    return fold if folded and septets("".join(pieces)) is None else str


def _plain(text: str, write: Write) -> str:
    """What is sent of a text: NFC, plain bullets, no empty lines. Emoji alone stay: nothing else would be said."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")      # no provider takes half a pair
    plain = _GAP.sub("\n", _BULLET.sub("- ", unicodedata.normalize("NFC", whole))).strip()
    return write(plain) or plain


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _is_person(choice: Choice) -> bool:
    return choice["value"].startswith(PERSON)


def _numbered(choices: Sequence[Choice], write: Write) -> list[str]:
    labels = (" ".join(_plain(choice["label"], write).split()) for choice in choices)
    return [f"{number} {label}" for number, label in enumerate(labels, start=1)]


def _that_fit(body: str, numbered: list[str]) -> list[str]:
    """As many as are one segment together with the text."""
    while numbered and count(_lines(body, *numbered)).segments > 1:
        numbered = numbered[:-1]
    return numbered


def _that_leave_room(numbered: list[str]) -> list[str]:
    """As many as leave a segment to the question itself."""
    while numbered and count(_lines(*numbered)).segments >= MOST_SEGMENTS:
        numbered = numbered[:-1]
    return numbered


def _with_person(text: str, offering: Said, write: Write) -> str:
    """The text with the way to a person as its last line, where that costs nothing."""
    person = f"0 {_plain(say(offering.language, 'talk_to_person'), write)}"
    most = count(text).segments if offering.asks else 1
    longer = _lines(text, person)
    return longer if count(longer).segments <= most else text
