"""Who owns a conversation, and every step from one owner to another, each of them one compare-and-set.

assistant ⇄ queue ⇄ staff → assistant | closed; queue → closed; closed → assistant when the citizen writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import door, outbox
from bot.core import Core
from bot.dispatch import dispatch
from bot.errors import Conflict, NotFound, Unreadable
from bot.model import LOCKED, SETTLED, conversation, handoff, inbox, message, person, task, turn
from bot.outbox import spoken
from bot.people import Person
from bot.store import Tx
from bot.words import say

PRESENT = timedelta(minutes=2)  # who asked the desk for anything within this time counts as there


@dataclass(frozen=True, slots=True)
class Request:
    """Why a person is wanted: a reason of the closed list, the topic, the agency, a summary of at most three lines."""

    reason: str
    topic: str | None
    agency: str
    summary: str


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
    await queue(tx, row.id, Request(reason, topic, agency, summary), language, now)


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
    """What the citizen asked last, for the summary."""
    before = sa.select(message.c.text).where(
        message.c.conversation == conversation_id, message.c.author == "citizen", message.c.seq < seq
    )
    asked = (await tx.execute(before.order_by(message.c.seq.desc()).limit(2))).scalars()
    return [say(language, "summary_last", text=text[:120]) for text in reversed(list(asked))]


async def queue(tx: Tx, conversation_id: str, request: Request, language: str, now: datetime) -> None:
    """Put the conversation into the queue and tell the citizen; already there, only the place is told."""
    moved = await tx.execute(
        sa.update(conversation)
        .where(conversation.c.id == conversation_id, conversation.c.owner == "assistant")
        .values(owner="queue", agency=request.agency)
    )
    if moved.rowcount:
        await tx.execute(
            sa.insert(handoff).values(
                conversation=conversation_id,
                reason=request.reason,
                topic=request.topic,
                agency=request.agency,
                summary=request.summary,
                opened_at=now,
            )
        )
    word = (
        ("queued_present" if await _somebody(tx, request.agency, now) else "queued_absent")
        if moved.rowcount
        else "still_queued"
    )
    position = await _position(tx, conversation_id)
    await outbox.append(tx, conversation_id, spoken("system", language, word, position=position), now)


async def withdraw(tx: Tx, row: sa.Row[Any], seq: int, language: str, now: datetime) -> None:
    """The citizen no longer wants a person: out of the queue, and the assistant goes on."""
    await tx.execute(
        sa.update(conversation)
        .where(conversation.c.id == row.id, conversation.c.owner == "queue")
        .values(owner="assistant")
    )
    await _move_handoff(tx, row.id, "queued", state="closed", ended_at=now, outcome="withdrawn")
    await outbox.append(tx, row.id, spoken("assistant", language, "withdrawn", reply_to=seq), now)
    await outbox.record_at_door(tx, row.id, seq, "answered", "cancel", language, now)


async def waiting(core: Core, who: Person) -> list[dict[str, Any]]:
    """The queue that `who` may see, oldest first."""
    listed = (
        sa.select(handoff, conversation.c.channel, conversation.c.language)
        .join(conversation)
        .where(handoff.c.state == "queued")
        .order_by(handoff.c.opened_at, handoff.c.id)
    )
    async with core.store.read() as tx:
        rows = [row for row in await tx.execute(listed) if who.may_see(row.agency)]
    return [
        {
            "conversation": row.conversation,
            "channel": row.channel,
            "language": row.language,
            "agency": row.agency,
            "reason": row.reason,
            "topic": row.topic,
            "summary": row.summary,
            "waiting_since": row.opened_at.isoformat(),
        }
        for row in rows
    ]


async def claim(core: Core, who: Person, conversation_id: str) -> None:
    """`who` takes the conversation: of two who try at once exactly one wins. From here the assistant is silent."""
    now = core.clock()
    async with core.store.write() as tx:
        row = await visible(tx, who, conversation_id)
        if row.owner == "staff" and row.person == who.id:
            return
        taken = await tx.execute(
            sa.update(conversation)
            .where(
                conversation.c.id == conversation_id,
                conversation.c.owner == "queue",
            )
            .values(owner="staff", person=who.id, claims=conversation.c.claims + 1)
        )
        if not taken.rowcount:
            raise Conflict("This conversation is not waiting in the queue; somebody else may have taken it.")
        await _move_handoff(tx, conversation_id, "queued", state="claimed", claimed_at=now, person=who.id)
        await tx.execute(
            sa.update(inbox).where(inbox.c.conversation == conversation_id, inbox.c.state != "done").values(**SETTLED)
        )
        await _system(tx, row, "joined", now, person=who.name)  # by text it goes out with their first reply
    core.wake.grew(conversation_id)


async def return_to_assistant(core: Core, who: Person, conversation_id: str) -> None:
    """The assistant answers again from the next message on."""
    await _release(core, who, conversation_id, "assistant", "returned", state="returned")


async def close(core: Core, who: Person, conversation_id: str, outcome: str) -> None:
    """The episode ends with an outcome; the citizen opens it again by writing."""
    await _release(core, who, conversation_id, "closed", "closed", state="closed", outcome=outcome)


async def transfer(core: Core, who: Person, conversation_id: str, *, agency: str | None, colleague: str | None) -> None:
    """Back into the queue of another agency, or straight to a colleague; the whole transcript goes along."""
    now = core.clock()
    async with core.store.write() as tx:
        row = await owned(tx, who, conversation_id)
        if agency is not None:
            await _to_agency(core, tx, row, agency, now)
        else:
            await _to_colleague(tx, row, colleague or "", now)
        await dispatch(core, tx, row.id, row.channel, now)
    core.wake.grew(conversation_id)


async def visible(tx: Tx, who: Person, conversation_id: str) -> sa.Row[Any]:
    """The locked conversation, if `who` may see it; another agency's is NotFound, as one that does not exist."""
    found = await tx.execute(LOCKED, {"whose": conversation_id})
    row = found.one_or_none()
    if row is None or not who.may_see(row.agency) or not await _handed_over(tx, conversation_id):
        raise NotFound("No such conversation.")
    return row


async def _handed_over(tx: Tx, conversation_id: str) -> bool:
    """Staff see a conversation from its first hand-off or task on, and none before."""
    about = [sa.exists().where(one.c.conversation == conversation_id) for one in (handoff, task)]
    return bool((await tx.execute(sa.select(sa.or_(*about)))).scalar_one())


async def owned(tx: Tx, who: Person, conversation_id: str) -> sa.Row[Any]:
    """The locked conversation, if `who` owns it; Conflict if not."""
    row = await visible(tx, who, conversation_id)
    if row.owner != "staff" or row.person != who.id:
        raise Conflict("You do not own this conversation; claim it first.")
    return row


async def _release(core: Core, who: Person, conversation_id: str, owner: str, word: str, **ended: Any) -> None:
    now = core.clock()
    async with core.store.write() as tx:
        row = await owned(tx, who, conversation_id)
        await tx.execute(sa.update(conversation).where(conversation.c.id == row.id).values(owner=owner, person=None))
        await _move_handoff(tx, row.id, "claimed", ended_at=now, **ended)
        await _system(tx, row, word, now)
        await dispatch(core, tx, row.id, row.channel, now)
    core.wake.grew(conversation_id)


async def _to_agency(core: Core, tx: Tx, row: sa.Row[Any], agency: str, now: datetime) -> None:
    if agency not in core.site.agencies:
        raise Unreadable(f"No agency {agency}.", field="agency")
    await tx.execute(
        sa.update(conversation).where(conversation.c.id == row.id).values(owner="queue", person=None, agency=agency)
    )
    await _move_handoff(tx, row.id, "claimed", state="queued", claimed_at=None, person=None, agency=agency)
    await _system(tx, row, "transferred", now, to=core.site.agency_name(agency, row.language))


async def _to_colleague(tx: Tx, row: sa.Row[Any], name: str, now: datetime) -> None:
    found = (await tx.execute(sa.select(person).where(person.c.name == name))).one_or_none()
    if found is None or not Person.of(found).may_see(row.agency):
        raise Unreadable(f"No colleague {name} who serves this agency.", field="person")
    await tx.execute(sa.update(conversation).where(conversation.c.id == row.id).values(person=found.id))
    await _move_handoff(tx, row.id, "claimed", person=found.id)
    await _system(tx, row, "transferred", now, to=say(row.language, "transferred_colleague"))


async def _move_handoff(tx: Tx, conversation_id: str, before: str, **values: Any) -> None:
    await tx.execute(
        sa.update(handoff).where(handoff.c.conversation == conversation_id, handoff.c.state == before).values(**values)
    )


async def _system(tx: Tx, row: sa.Row[Any], word: str, now: datetime, **blanks: str) -> None:
    await outbox.append(tx, row.id, spoken("system", row.language, word, reply_to=None, **blanks), now)


async def _somebody(tx: Tx, agency: str, now: datetime) -> bool:
    rows = await tx.execute(sa.select(person).where(person.c.seen_at > now - PRESENT))
    return any(Person.of(row).may_see(agency) for row in rows)


async def _position(tx: Tx, conversation_id: str) -> int:
    mine = sa.select(handoff.c.agency, handoff.c.opened_at, handoff.c.id).where(
        handoff.c.conversation == conversation_id, handoff.c.state == "queued"
    )
    own = (await tx.execute(mine)).one()
    ahead = sa.select(sa.func.count()).where(
        handoff.c.state == "queued",
        handoff.c.agency == own.agency,
        sa.or_(
            handoff.c.opened_at < own.opened_at, sa.and_(handoff.c.opened_at == own.opened_at, handoff.c.id < own.id)
        ),
    )
    return int((await tx.execute(ahead)).scalar_one()) + 1
