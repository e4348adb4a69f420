"""The citizen did not understand the answer, or it was wrong, or what was asked for is not at hand."""

from __future__ import annotations

from dataclasses import replace

from actions.memory import LastAnswer
from actions.offers import is_person, to_a_person
from actions.phrases import only_says, says
from actions.said import Said, Telling
from actions.turn import Turn
from actions.voice import Voice


def unclear(turn: Turn) -> Said | None:
    """First more simply, with a person on offer; after that only the person."""
    last = turn.memory.last_answer
    if last is None or not only_says("unclear", turn.text):
        return None
    voice = Voice(turn.language)
    simple = simpler(turn, last)
    memory = replace(turn.memory, simpler=turn.memory.simpler + 1)
    if simple is None:
        return to_a_person(Said("answered", voice.telling("still_unclear"), memory, turn.language, again=True), "asked")
    telling = replace(simple, text=voice("more_simply", text=simple.text))
    return to_a_person(_once_more(turn, last, telling), "asked")


def simpler(turn: Turn, last: LastAnswer) -> Telling | None:
    """The last answer in its short form, a question in fewer words; None when that was done already."""
    if turn.memory.simpler:
        return None
    if last["brief"] != last["text"] and last["language"] == turn.language:
        return Telling(last["brief"], last["brief"], tuple(last["sources"]))
    asks = last["expect"]
    return Voice(turn.language).telling(f"simple_{asks}") if asks else None


def _once_more(turn: Turn, last: LastAnswer, telling: Telling) -> Said:
    """The same answer in other words, its own offers kept: a person stands among them once."""
    choices = tuple(one for one in last["choices"] if not is_person(one))
    memory = replace(turn.memory, simpler=turn.memory.simpler + 1)
    return Said(
        "answered", telling, memory, turn.language, choices, expect=last["expect"], about=last["about"], again=True
    )


def shorter(turn: Turn, last: LastAnswer) -> Said:
    """In fewer words, once."""
    simple = simpler(turn, last)
    if simple is None:
        telling = Voice(turn.language).telling("shortest")
        return to_a_person(Said("answered", telling, turn.memory, turn.language, again=True), "asked")
    return replace(_once_more(turn, last, simple), choices=tuple(last["choices"]), pending=turn.memory.pending)


def not_right(turn: Turn) -> Said | None:
    """ "Sai rồi" to an answer; to a question with choices it only says that none of them was it."""
    pending = turn.memory.pending
    if turn.memory.last_answer is None or not only_says("not_right", turn.text):
        return None
    if pending and pending["kind"] == "choice":
        return None
    return to_a_person(Said("answered", Voice(turn.language).telling("not_right"), turn.memory, turn.language), "asked")


def not_at_hand(turn: Turn) -> Said | None:
    """A case reference, or the proof of a case, was asked for: where it stands, and a person."""
    asked = turn.memory.last_answer["expect"] if turn.memory.last_answer else None
    if asked not in ("text", "proof") or turn.entities.get("service") or not says("no_reference", turn.text):
        return None
    telling = Voice(turn.language).telling("no_reference" if asked == "text" else "no_proof")
    return to_a_person(Said("answered", telling, turn.memory, turn.language), "asked")
