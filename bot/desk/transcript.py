"""What was said, as staff read it: whose line, on which day, what became of the turn, how far a text of ours came."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot import window
from bot.conversation import read
from bot.core import Core
from bot.desk.pages import words
from bot.desk.shown import at_clock, many, on_day
from bot.model import message, person
from bot.people import Person

AT_FIRST = 100  # lines on a page; the rest on request
FAR = ("failed", "unsettled", "sending", "waiting", "silenced", "sent", "delivered")  # states, the least far first
AS_LINK = {"failed": "window", "sent": "link", "delivered": "link"}  # states of what went out after the window
Line = dict[str, Any]


async def transcript(core: Core, who: Person, known: dict[str, Any], after: int = 0) -> list[Line]:
    """The lines after a seq, each with "who", "clock", "day" ("" on the day of the line before), and where there is one
    "outcome" and "delivery". `known`: as bot.desk.details tells."""
    messages = await read(core, known["conversation"], after)
    names = await _names(core, known["conversation"], after)
    outcomes, texts = _outcomes(known, messages), _texts(known)
    lines: list[Line] = []
    day = ""
    for one in messages:
        today = on_day(one["at"])
        line = {
            "who": _who(who, one, names),
            "clock": at_clock(one["at"]),
            "day": today if today != day else "",
            "outcome": _outcome(who.language, outcomes.get(one["seq"])),
            "delivery": _delivery(who.language, texts.get(one["seq"])),
            "sources": [source | {"url": _web(source.get("url"))} for source in one["sources"]],
        }
        lines.append(one | line)
        day = today
    return lines


async def _names(core: Core, conversation_id: str, after: int) -> dict[int, str]:
    """Who of the staff wrote, by seq."""
    wrote = sa.select(message.c.seq, person.c.name).join(person).where(message.c.conversation == conversation_id)
    async with core.store.read() as tx:
        return {row.seq: row.name for row in await tx.execute(wrote.where(message.c.seq > after))}


def _who(who: Person, one: Line, names: dict[int, str]) -> str:
    said = words(who.language)["conversation"]
    name = names.get(one["seq"])
    if name is None:
        return str(said["authors"][one["author"]])
    return f"{name} ({said['you']})" if name == who.name else name


def _outcomes(known: dict[str, Any], messages: list[Line]) -> dict[int, dict[str, Any]]:
    """The outcome of each turn, at the line that answers; at the question where nothing did."""
    answers = {one["reply_to"]: one["seq"] for one in reversed(messages) if one["reply_to"]}
    return {answers.get(seq, seq): turn for seq, turn in known["turns"].items()}


def _outcome(language: str, turn: dict[str, Any] | None) -> dict[str, str] | None:
    if turn is None:
        return None
    said, sure = words(language)["conversation"], turn["confidence"]
    told = said["outcomes"].get(turn["outcome"], turn["outcome"])
    return {"kind": turn["outcome"], "said": told, "sure": said["sure"].format(n=round(sure * 100)) if sure else ""}


def _texts(known: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """By the line that they carry: of an answer in parts, the part that has come least far."""
    return {one["seq"]: one for one in sorted(known["deliveries"], key=_far, reverse=True)}


def _far(text: dict[str, Any]) -> int:
    """How far it came; what another part's link or another channel tells is not looked for."""
    told_there = text["state"] == "silenced" and text["code"] == window.CODE
    return len(FAR) if told_there else FAR.index(text["state"])


def _delivery(language: str, text: dict[str, Any] | None) -> dict[str, Any] | None:
    """An app has neither segments nor a price."""
    if text is None:
        return None
    said, state = words(language)["conversation"], text["state"]
    if text["channel"] == "sms":
        price = [money(language, text["price"])] if text["price"] else []
        told = [said["deliveries"][state], many(said["segments"], text["segments"]), *price]
    else:
        told = [said["app_deliveries"][AS_LINK.get(state, state) if text["link"] else state]]
    code = "" if text["code"] == window.CODE else text["code"]
    return {"state": state, "said": " · ".join(told), "code": code}


def money(language: str, amount: int) -> str:
    """1.000 ₫ or ₫1,000."""
    return f"{amount:,} ₫".replace(",", ".") if language == "vi" else f"₫{amount:,}"


def _web(url: str | None) -> str | None:
    """Only web addresses become links, whatever a source says."""
    return url if url and url.startswith(("https://", "http://")) else None
