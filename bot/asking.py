"""A citizen wants a person: the queue that serves them, what they are told of it, and what they may choose instead.

Never a queue that nobody serves: out of hours, closed, full or with nobody there it is a promise to be answered by a
moment that is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

import sqlalchemy as sa

from bot import door, outbox
from bot.core import Core
from bot.hours import hours_of
from bot.model import conversation, handoff, message, person, turn
from bot.outbox import Line, spoken
from bot.people import Person, present
from bot.promise import Rules, promised, rules_of
from bot.store import Tx
from bot.waits import waits_of
from bot.words import say, say_short, when
from calendars.timetable import Timetable

# Somebody in need goes first: as if they had asked so much earlier, so that who waits long enough still comes before.
PRIORITY = {"vulnerable": 3, "complaint": 1, "low_rating": 1}
EARLIER = timedelta(minutes=10)  # a step of priority
FRONT = timedelta(days=1)  # back at the front: as if asked a day earlier
Absent = Literal["hours", "closed", "full", "nobody"]


@dataclass(frozen=True, slots=True)
class Request:
    """Why a person is wanted: a reason of the closed list, the topic, the agency, a summary of at most three lines."""

    reason: str
    topic: str | None
    agency: str
    summary: str


@dataclass(frozen=True, slots=True)
class _Service:
    """What a queue can do for whoever asks now."""

    table: Timetable
    rules: Rules
    absent: Absent | None  # why nobody answers at once


async def ask_at_door(core: Core, tx: Tx, row: sa.Row[Any], seq: int, language: str, now: datetime) -> None:
    """The citizen asked for a person in so many words, or took the offer of one: answered here, without Rasa.

    It goes to the agency of the service that was talked about last, else to the authority itself.
    """
    reason = await _reason_of_offer(tx, row.id, seq)
    summary = "\n".join([say(language, "summary_asked"), *await _summed_up(tx, row.id, seq, language)])
    await outbox.append(tx, row.id, spoken("assistant", language, "handed_off", reply_to=seq), now)
    await outbox.record_at_door(tx, row.id, seq, "handed_off", "talk_to_person", language, now)
    topic = await _last_topic(tx, row.id)
    agency = core.site.agency_of.get(topic or "", core.site.identifier)
    await queue(core, tx, row.id, Request(reason, topic, agency, summary), language, now)


async def _reason_of_offer(tx: Tx, conversation_id: str, seq: int) -> str:
    """Why the last answer offered a person; "asked" where it offered none."""
    before = sa.select(message.c.choices).where(
        message.c.conversation == conversation_id, message.c.author == "assistant", message.c.seq < seq
    )
    last: list[dict[str, str]] | None = (
        await tx.execute(before.order_by(message.c.seq.desc()).limit(1))
    ).scalar_one_or_none()
    taken = (door.understood(choice["value"]) for choice in last or ())
    return next((one.entities["reason"] for one in taken if "reason" in one.entities), "asked")


async def _last_topic(tx: Tx, conversation_id: str) -> str | None:
    """The service that the last answer was about."""
    said = sa.select(turn.c.about).where(turn.c.conversation == conversation_id).order_by(turn.c.seq.desc()).limit(5)
    services = [about["service"] for about in (await tx.execute(said)).scalars() if about.get("service")]
    return services[0] if services else None


async def _summed_up(tx: Tx, conversation_id: str, seq: int, language: str) -> list[str]:
    """What the citizen asked last, for the summary; a number alone, or one that was masked, is no question."""
    before = sa.select(message.c.text).where(
        message.c.conversation == conversation_id, message.c.author == "citizen", message.c.seq < seq
    )
    said = (await tx.execute(before.order_by(message.c.seq.desc()).limit(6))).scalars()
    asked = [text for text in said if any(map(str.isalpha, text))][:2]
    return [say(language, "summary_last", text=text[:120]) for text in reversed(asked)]


async def queue(core: Core, tx: Tx, conversation_id: str, request: Request, language: str, now: datetime) -> None:
    """Put the conversation into its agency's queue and tell the citizen; already there, only the place is told."""
    moved = await tx.execute(
        sa.update(conversation)
        .where(conversation.c.id == conversation_id, conversation.c.owner == "assistant")
        .values(owner="queue", agency=request.agency, expects="choice")
    )
    service = await _service(core, tx, request.agency, now)
    if moved.rowcount:
        await _open(tx, conversation_id, request, service, language, now)
        core.store.after(tx, partial(core.wake.grew, "desk"))
    await outbox.append(tx, conversation_id, await _told(core, tx, conversation_id, service, language, now), now)


async def _service(core: Core, tx: Tx, agency: str, now: datetime) -> _Service:
    table, rules = await hours_of(core, tx, agency), await rules_of(tx, agency)
    return _Service(table, rules, await _absent(tx, agency, table, rules, now))


async def _absent(tx: Tx, agency: str, table: Timetable, rules: Rules, now: datetime) -> Absent | None:
    if rules.closed:
        return "closed"
    if not table.is_open(now):
        return "hours"
    waiting = sa.select(sa.func.count()).where(handoff.c.agency == agency, handoff.c.state == "queued")
    if int((await tx.execute(waiting.where(handoff.c.wanted == "wait"))).scalar_one()) >= rules.longest:
        return "full"
    staff = await tx.execute(sa.select(person).where(person.c.active))
    there = [row for row in staff if Person.of(row).takes(agency) and present(row, now) in ("available", "busy")]
    return None if there else "nobody"


async def _open(
    tx: Tx, conversation_id: str, request: Request, service: _Service, language: str, now: datetime
) -> None:
    priority = PRIORITY.get(request.reason, 0)
    before = sa.select(handoff.c.person).where(
        handoff.c.conversation == conversation_id, handoff.c.person.is_not(None), handoff.c.state != "queued"
    )
    cases, level = await _cases_seen(tx, conversation_id)
    await tx.execute(
        sa.insert(handoff).values(
            conversation=conversation_id,
            reason=request.reason,
            topic=request.topic,
            agency=request.agency,
            language=language,
            summary=request.summary,
            proof_level=level,
            cases=cases,
            wanted="callback" if service.absent else "wait",
            promised_at=service.table.after(now, service.rules.callback_minutes) if service.absent else None,
            priority=priority,
            opened_at=now,
            rank_at=now - EARLIER * priority,
            preferred=(await tx.execute(before.order_by(handoff.c.id.desc()).limit(1))).scalar_one_or_none(),
            **promised(service.table, service.rules, now),
        )
    )


async def _cases_seen(tx: Tx, conversation_id: str) -> tuple[list[str], int]:
    """The references that were looked up, newest first, and how far the citizen has proved to be entitled."""
    said = sa.select(turn.c.about).where(turn.c.conversation == conversation_id).order_by(turn.c.seq.desc()).limit(50)
    abouts = [about for about in (await tx.execute(said)).scalars() if about.get("case")]
    proved = any(about.get("level") == "1" for about in abouts)
    return list(dict.fromkeys(about["case"] for about in abouts))[:5], int(proved)


async def _told(
    core: Core, tx: Tx, conversation_id: str, service: _Service, language: str, now: datetime
) -> Line:
    """Who answers, until when, how many are before, how long it takes where that is known; and what to do instead."""
    row = (await tx.execute(_waiting(conversation_id))).one()
    blanks: dict[str, Any] = {
        "position": await position(tx, row),
        "agency": core.site.agency_name(row.agency, language),
        "until": when(language, service.table.open_until(now), now),
        "opening": when(language, service.table.next_opening(now), now),
        "promised": when(language, row.promised_at, now),
    }
    keys = ["queued_present"] if row.wanted == "wait" else [f"absent_{service.absent or 'nobody'}", "queued_absent"]
    waits = await waits_of(tx, row.agency, now) if row.wanted == "wait" else None
    if waits:
        keys.append("queued_waits")
        blanks |= {"low": waits[0], "high": waits[1]}
    text = " ".join(say(language, key, **blanks) for key in keys)
    short = " ".join(filter(None, (say_short(language, key, **blanks) for key in keys)))
    return Line("system", text, language, short=short, choices=_instead(row.wanted, language))


def _waiting(conversation_id: str) -> sa.Select[Any]:
    return sa.select(handoff).where(handoff.c.conversation == conversation_id, handoff.c.state == "queued")


def _instead(wanted: str, language: str) -> list[dict[str, str]]:
    offered = ["keep_waiting"] if wanted == "wait" else []
    return [
        {"label": say(language, f"choice_{one}"), "value": f"intent={one}"}
        for one in (*offered, "call_back", "leave_message", "leave_queue")
    ]


async def position(tx: Tx, row: sa.Row[Any]) -> int:
    """The place of a waiting hand-off in its agency's queue, 1 for the next."""
    before = sa.or_(
        handoff.c.rank_at < row.rank_at, sa.and_(handoff.c.rank_at == row.rank_at, handoff.c.id < row.id)
    )
    ahead = sa.select(sa.func.count()).where(handoff.c.state == "queued", handoff.c.agency == row.agency, before)
    return int((await tx.execute(ahead)).scalar_one()) + 1


async def withdraw(core: Core, tx: Tx, row: sa.Row[Any], seq: int, language: str, now: datetime) -> None:
    """The citizen no longer wants a person: out of the queue, and the assistant goes on."""
    await tx.execute(
        sa.update(conversation)
        .where(conversation.c.id == row.id, conversation.c.owner == "queue")
        .values(owner="assistant")
    )
    ended = {"state": "closed", "ended_at": now, "outcome": "withdrawn"}
    await tx.execute(
        sa.update(handoff).where(handoff.c.conversation == row.id, handoff.c.state == "queued").values(**ended)
    )
    await outbox.append(tx, row.id, spoken("assistant", language, "withdrawn", reply_to=seq), now)
    await outbox.record_at_door(tx, row.id, seq, "answered", "cancel", language, now)
    core.store.after(tx, partial(core.wake.grew, "desk"))
