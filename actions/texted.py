"""An answer as it goes by SMS: where a person is on offer, the text says how to reach one."""

from __future__ import annotations

from dataclasses import replace

from actions.offers import is_person
from actions.said import Said
from actions.telling.short import CASE_ROOM, cut, packed
from actions.voice import Voice
from text.gsm7 import ONE_SEGMENT


def texted(said: Said) -> Said:
    """The same, "Soạn 0 gặp nhân viên." behind it if it has room; the person is then no choice any more.

    A question stands alone: its choices follow it, with their numbers, and 0 is one of them.
    """
    others = tuple(one for one in said.choices if not is_person(one))
    if said.outcome == "clarified" or len(others) == len(said.choices):
        return said
    way = Voice(said.language)("text_a_person")
    room = CASE_ROOM if "case" in said.about else ONE_SEGMENT
    brief = cut(said.telling.brief)
    brief = brief if way in brief else packed([brief], [way], room=room)
    return replace(said, telling=replace(said.telling, brief=brief), choices=others) if way in brief else said
