"""What staff see of a conversation beside its messages: who writes and what is known of them, and what has happened."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot import consent, promise
from bot.core import Core
from bot.handoff import visible
from bot.hours import hours_of
from bot.model import conversation, correspondent, delivery, handoff, person, turn
from bot.people import Person
from bot.store import Tx


async def details(core: Core, who: Person, conversation_id: str) -> dict[str, Any]:
    """Raises NotFound for a conversation of another agency, as for one that does not exist."""
    async with core.store.read() as tx:
        row = await visible(tx, who, conversation_id)
        return {
            "conversation": row.id,
            "channel": row.channel,
            "language": row.language,
            "agency": row.agency,
            "owner": row.owner,
            "owner_name": await _name(tx, row.person),
            "yours": row.owner == "staff" and row.person == who.id,
            "blocked": row.blocked,
            "test": row.test,
            "opted_out": await consent.stopped(tx, row.channel, row.address),
            "handoff": await _last_handoff(core, tx, row),
            "episodes": await _episodes(tx, who, row),
            "turns": await _turns(tx, conversation_id),
            "deliveries": await _deliveries(tx, conversation_id),
        }


async def _name(tx: Tx, person_id: int | None) -> str | None:
    return (await tx.execute(sa.select(person.c.name).where(person.c.id == person_id))).scalar_one_or_none()


async def _last_handoff(core: Core, tx: Tx, conversation_row: sa.Row[Any]) -> dict[str, Any] | None:
    """The open episode, else the last one; `contact`: the number to call, if they gave one."""
    of = sa.select(handoff).where(handoff.c.conversation == conversation_row.id).order_by(handoff.c.id.desc()).limit(1)
    row = (await tx.execute(of)).one_or_none()
    if row is None:
        return None
    table, rules = await hours_of(core, tx, row.agency), await promise.rules_of(tx, row.agency)
    return {
        "state": row.state,
        "reason": row.reason,
        "topic": row.topic,
        "summary": row.summary,
        "language": row.language,
        "wanted": row.wanted,
        "contact": core.secrets.unsealed(row.contact) if row.contact else None,
        "promised_at": row.promised_at.isoformat() if row.promised_at else None,
        "opened_at": row.opened_at.isoformat(),
        "proof_level": row.proof_level,
        "cases": row.cases,
        "offered_to": row.offered_to,
        "requeued": row.requeued,
        "clock": promise.clock(row, table, rules, core.clock()),
    }


async def _episodes(tx: Tx, who: Person, row: sa.Row[Any]) -> list[dict[str, Any]]:
    """The ended episodes of the same correspondent that `who` may see, newest first."""
    theirs = sa.select(correspondent.c.person).where(correspondent.c.conversation == row.id)
    linked = sa.select(correspondent.c.conversation).where(correspondent.c.person.in_(theirs))
    same = sa.and_(conversation.c.channel == row.channel, conversation.c.address == row.address)
    mine = conversation.c.id == row.id if row.channel == "web" else sa.or_(same, conversation.c.id.in_(linked))
    found = (
        sa.select(handoff, person.c.name)
        .join(conversation, conversation.c.id == handoff.c.conversation)
        .outerjoin(person, person.c.id == handoff.c.person)
        .where(mine, handoff.c.ended_at.is_not(None))
        .order_by(handoff.c.id.desc())
        .limit(20)
    )
    return [
        {
            "conversation": one.conversation,
            "opened_at": one.opened_at.isoformat(),
            "ended_at": one.ended_at.isoformat(),
            "reason": one.reason,
            "agency": one.agency,
            "outcome": one.outcome or one.state,
            "person": one.name,
            "survey_score": one.survey_score,
        }
        for one in await tx.execute(found)
        if who.may_see(one.agency)
    ]


async def _turns(tx: Tx, conversation_id: str) -> dict[int, dict[str, Any]]:
    """By the seq of the citizen's message: what became of it."""
    rows = await tx.execute(sa.select(turn).where(turn.c.conversation == conversation_id).order_by(turn.c.seq))
    return {
        row.seq: {"outcome": row.outcome, "intent": row.intent, "confidence": row.confidence, "about": row.about}
        for row in rows
    }


async def _deliveries(tx: Tx, conversation_id: str) -> list[dict[str, Any]]:
    """`seq`: of the last message that the text carries; price in VND; `link`: it went out as a link to the answer."""
    rows = await tx.execute(
        sa.select(delivery).where(delivery.c.conversation == conversation_id).order_by(delivery.c.id)
    )
    return [
        {
            "seq": row.to_seq,
            "state": row.state,
            "channel": row.channel,
            "provider": row.provider,
            "link": bool(row.template),
            "encoding": row.encoding,
            "segments": row.segments,
            "price": row.price,
            "code": row.code,
        }
        for row in rows
    ]
