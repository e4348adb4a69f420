"""A number or a date with nothing beside it: what it may mean is asked, with what there is to choose; never guessed."""

from __future__ import annotations

import re
from datetime import date

from actions.answer import Choice, choice
from actions.memory import LastAnswer
from actions.offers import is_person, person, to_choose
from actions.said import Said
from actions.starters import starters
from actions.telling.write import short_day
from actions.turn import Turn
from actions.voice import Voice
from actions.world import World
from text.dates import find_dates
from text.fold import words

_NUMBER = re.compile(r"(?:(?:so|muc|chon|y|cau|option|number|choice) )?(\d{1,2})")
_SCALE = re.compile(r"\d{1,2} (?:5|10)")        # "4/5", where a rating is understood
MOST = 4                # choices beside a day


async def bare(world: World, turn: Turn) -> Said | None:
    """The choices that a number may have meant, or the opening hours of a day; None where a rating was asked for."""
    said = " ".join(words(turn.text))
    if not said or "*" in turn.text or turn.entity("rating") or (turn.memory.pending or {}).get("kind") == "rating":
        return None
    number, day = _NUMBER.fullmatch(said), _only_a_day(turn)
    if number:
        return _of_number(turn, number[1], starters(turn, await world.knowledge.current()))
    if day is None or turn.memory.topic == "hours" or (turn.intent == "rate" and _SCALE.fullmatch(said)):
        return None
    return _of_day(turn, day, starters(turn, await world.knowledge.current()))


def _of_number(turn: Turn, number: str, first: tuple[Choice, ...]) -> Said:
    voice, last = Voice(turn.language), turn.memory.last_answer
    if last and last["expect"] in ("text", "proof"):
        telling = voice.telling(f"simple_{last['expect']}")
        return Said("clarified", telling, turn.memory, turn.language, expect=last["expect"], about=last["about"])
    shown = _shown(last)
    if not shown:
        telling = voice.telling("which_number", number=number)
        return to_choose(Said("clarified", telling, turn.memory, turn.language, (*first, person(voice))))
    choices = (*shown, person(voice))
    count = len(shown) if turn.by_sms else len(choices)         # by SMS a person is 0, elsewhere one of the choices
    key = "number_of_one" if count == 1 else "number_of_many"
    telling = voice.telling(key, number=number, n=count)
    return to_choose(Said("clarified", telling, turn.memory, turn.language, choices))


def _shown(last: LastAnswer | None) -> tuple[Choice, ...]:
    """What the last answer had to choose from, beside a person."""
    return tuple(one for one in last["choices"] if not is_person(one)) if last else ()


def _only_a_day(turn: Turn) -> date | None:
    found = find_dates(turn.text, turn.now.date())
    if len(found) != 1:
        return None
    rest = turn.text[: found[0].start] + turn.text[found[0].end :]
    return None if words(rest) else date.fromisoformat(found[0].date)


def _of_day(turn: Turn, day: date, first: tuple[Choice, ...]) -> Said:
    voice = Voice(turn.language)
    on = short_day(voice, day)
    hours = choice(voice("choice_hours_on", day=on), "office_hours", date=day.isoformat())
    telling = voice.telling("which_day", day=on)
    return to_choose(
        Said("clarified", telling, turn.memory, turn.language, (hours, *first[: MOST - 1], person(voice)))
    )
