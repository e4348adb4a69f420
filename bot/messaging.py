"""One turn in a messaging app: the whole text, its sources, and its choices as buttons, a list, or numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.texting import Choice
from bot.words import say
from channels.contract import Limits, Option, Unit
from text.gsm7 import septets
from text.pieces import pieces, utf8, utf16


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a turn, as it is kept: `seq` its number in the conversation, `sources` as the web has them."""

    seq: int
    text: str
    language: str
    choices: Sequence[Choice] = ()
    sources: Sequence[dict[str, str | None]] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One message of the app. With an `opener` the options are a list, else buttons."""

    text: str
    options: tuple[Option, ...] = field(default=())
    opener: str = ""


def render(said: Sequence[Line], limits: Limits) -> list[Part]:
    """The lines of one turn, within the channel's limits; [] where there is nothing to say.

    The choices are those of the last line that has any.
    """
    offering = next((one for one in reversed(said) if one.choices), None)
    body = "\n\n".join(filter(None, map(_told, said)))
    if not body:
        return []
    if offering is None:
        return [Part(text) for text in _cut(body, limits.length, limits)]
    options = tuple(Option(f"{offering.seq}.{place}", one["label"]) for place, one in enumerate(offering.choices))
    whole = fitted(Part(body, options), offering.language, limits)
    if not whole.options:
        return [Part(text) for text in _cut(whole.text, limits.length, limits)]
    *before, last = _cut(body, limits.length, limits)
    *more, asking = _cut(last, limits.asking or limits.length, limits)
    return [*(Part(text) for text in (*before, *more)), Part(asking, options, whole.opener)]


def fitted(part: Part, language: str, limits: Limits) -> Part:
    """The choices as a channel takes them: buttons, a list, or numbers in the text. Also of a part that was written for
    one provider and goes by another."""
    if not part.options or _are(part.options, limits.buttons, limits.button):
        return Part(part.text, part.options)
    if _are(part.options, limits.rows, limits.row):
        return Part(part.text, part.options, part.opener or say(language, "choose"))
    return Part(f"{part.text}\n\n{_numbered(part.options)}")


def _told(line: Line) -> str:
    """The text and where it is from."""
    sources = [_source(line.language, one) for one in line.sources]
    return "\n".join(part for part in (line.text.strip(), *sources) if part)


def _source(language: str, source: dict[str, str | None]) -> str:
    told = say(language, "source", title=source["title"] or "")
    return f"{told} {source['url']}" if source["url"] else told


def _are(options: Sequence[Option], most: int, letters: int) -> bool:
    """Whether the options can be so many, with labels of so many letters."""
    return len(options) <= most and all(utf16(one.label) <= letters for one in options)


def _numbered(options: Sequence[Option]) -> str:
    """What a number answers."""
    return "\n".join(f"{number}. {one.label}" for number, one in enumerate(options, start=1))


def _cut(text: str, most: int, limits: Limits) -> list[str]:
    return pieces(text, most, SIZES[limits.unit])


def _septets(text: str) -> int:
    return septets(text) or utf16(text)


SIZES: dict[Unit, Callable[[str], int]] = {"gsm": _septets, "utf16": utf16, "bytes": utf8, "characters": len}
