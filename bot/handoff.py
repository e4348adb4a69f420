"""Who owns a conversation, and every step from one owner to another, each of them one compare-and-set.

assistant ⇄ queue ⇄ staff → assistant | closed; closed → assistant when the citizen writes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import audit, outbox, promise, survey
from bot.asking import FRONT
from bot.core import Core
from bot.dispatch import dispatch
from bot.errors import Conflict, NotFound, Unreadable
from bot.model import CONVERSATION, LOCKED, SETTLED, conversation, handoff, inbox, person, task
from bot.outbox import spoken
from bot.people import Person, require
from bot.store import Tx
from bot.words import say

# Staff see a conversation from its first hand-off or task on, and none before.
HANDED_OVER = sa.or_(*(sa.exists().where(one.c.conversation == conversation.c.id) for one in (handoff, task)))
SEEN, HELD = (found.add_columns(HANDED_OVER.label("handed_over")) for found in (CONVERSATION, LOCKED))


async def claim(core: Core, who: Person, conversation_id: str) -> None:
    """`who` takes the conversation: of two who try at once exactly one wins. From here the assistant is silent."""
    require(who, "converse")
    async with core.store.write() as tx:
        row = await _to_own(tx, who, conversation_id)
        if row.owner == "staff" and row.person == who.id:
            return
        await _claimed(core, tx, who, row, core.clock())
    core.wake.grew(conversation_id, "desk")


async def _claimed(core: Core, tx: Tx, who: Person, row: sa.Row[Any], now: datetime) -> None:
    taken = await tx.execute(
        sa.update(conversation)
        .where(conversation.c.id == row.id, conversation.c.owner == "queue")
        .values(owner="staff", person=who.id, claims=conversation.c.claims + 1, expects=None)
    )
    if not taken.rowcount:
        raise Conflict("This conversation is not waiting in the queue; somebody else may have taken it.")
    await move(tx, row.id, "queued", state="claimed", claimed_at=now, person=who.id, preferred=None, offered_to=None)
    await tx.execute(sa.update(inbox).where(inbox.c.conversation == row.id, inbox.c.state != "done").values(**SETTLED))
    await _system(tx, row, "joined", now, person=who.name)  # by text it goes out with their first reply
    await audit.record(tx, who.name, "claim", now, conversation=row.id, agency=row.agency)


async def take(core: Core, tx: Tx, who: Person, conversation_id: str) -> bool:
    """The same for one out of a list that may be old: whether `who` got it."""
    try:
        await _claimed(core, tx, who, await locked(tx, who, conversation_id), core.clock())
    except (Conflict, NotFound):
        return False
    return True


async def return_to_assistant(core: Core, who: Person, conversation_id: str) -> None:
    """The assistant answers again from the next message on."""
    await _release(core, who, conversation_id, "assistant", "returned", state="returned")


async def close(core: Core, who: Person, conversation_id: str, outcome: str) -> None:
    """The episode ends with an outcome; the citizen opens it again by writing."""
    await _release(core, who, conversation_id, "closed", "closed", state="closed", outcome=outcome)


async def _release(core: Core, who: Person, conversation_id: str, owner: str, word: str, **ended: Any) -> None:
    now = core.clock()
    async with core.store.write() as tx:
        row = await owned(tx, who, conversation_id)
        asked = await survey.questions(tx, row, now)
        expects = "choice" if asked else None
        released = sa.update(conversation).where(conversation.c.id == row.id)
        await tx.execute(released.values(owner=owner, person=None, expects=expects))
        await _drop_drafts(tx, row.id)
        await move(tx, row.id, "claimed", ended_at=now, paused_at=None, **ended)
        await outbox.append(tx, row.id, survey.with_questions(spoken("system", row.language, word), asked), now)
        await dispatch(core, tx, row.id, row.channel, now)
        await audit.record(tx, who.name, word, now, conversation=row.id, agency=row.agency, **_plain(ended))
    core.wake.grew(conversation_id, "desk")


def _plain(ended: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in ended.items() if key == "outcome"}


async def transfer(
    core: Core,
    who: Person,
    conversation_id: str,
    *,
    agency: str | None = None,
    colleague: str | None = None,
    ask: bool = False,
) -> None:
    """Into the queue of another agency, or to a colleague; transcript, summary, clock and audit go along.

    `ask`: the citizen is asked first, and it moves when they agree; without it `who` has their word already.
    """
    now = core.clock()
    async with core.store.write() as tx:
        row = await owned(tx, who, conversation_id)
        if agency is None:
            await _to_colleague(tx, row, colleague or "", now)
        elif agency not in core.site.agencies:
            raise Unreadable(f"No agency {agency}.", field="agency")
        elif ask:
            await _ask_to_move(core, tx, row, agency, now)
        else:
            await to_agency(core, tx, row, agency, now)
        await dispatch(core, tx, row.id, row.channel, now)
        to = {"to": agency or colleague, "asked": ask}
        await audit.record(tx, who.name, "transfer", now, conversation=row.id, agency=row.agency, **to)
    core.wake.grew(conversation_id, "desk")


async def _ask_to_move(core: Core, tx: Tx, row: sa.Row[Any], agency: str, now: datetime) -> None:
    await move(tx, row.id, "claimed", offered_to=agency)
    await tx.execute(sa.update(conversation).where(conversation.c.id == row.id).values(expects="choice"))
    line = spoken("system", row.language, "may_transfer", to=core.site.agency_name(agency, row.language))
    answers = [
        {"label": say(row.language, f"choice_{one}"), "value": f"intent={one}"}
        for one in ("agree_transfer", "decline_transfer")
    ]
    await outbox.append(tx, row.id, outbox.offering(line, answers), now)


async def to_agency(core: Core, tx: Tx, row: sa.Row[Any], agency: str, now: datetime) -> None:
    """Into an agency's queue, keeping its place by when it was opened; from here the citizen waits for us."""
    await promise.go_on(core, tx, row.id, now)
    await _back_to_queue(tx, row, agency)
    await move(tx, row.id, "claimed", state="queued", claimed_at=None, person=None, agency=agency, offered_to=None)
    await _system(tx, row, "transferred", now, to=core.site.agency_name(agency, row.language))


async def requeue(core: Core, tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    """Its owner has gone or does not answer: to the front of its queue, and the citizen is told."""
    await _back_to_queue(tx, row, row.agency)
    front = {"rank_at": now - FRONT, "requeued": handoff.c.requeued + 1}
    await move(tx, row.id, "claimed", state="queued", claimed_at=None, person=None, **front)
    await _system(tx, row, "requeued", now)
    await dispatch(core, tx, row.id, row.channel, now)


async def _back_to_queue(tx: Tx, row: sa.Row[Any], agency: str) -> None:
    back = {"owner": "queue", "person": None, "agency": agency}
    await tx.execute(sa.update(conversation).where(conversation.c.id == row.id).values(**back))
    await _drop_drafts(tx, row.id)


async def _to_colleague(tx: Tx, row: sa.Row[Any], name: str, now: datetime) -> None:
    found = (await tx.execute(sa.select(person).where(person.c.name == name, person.c.active))).one_or_none()
    if found is None or not Person.of(found).takes(row.agency):
        raise Unreadable(f"No colleague {name} who serves this agency.", field="person")
    await tx.execute(sa.update(conversation).where(conversation.c.id == row.id).values(person=found.id))
    await move(tx, row.id, "claimed", person=found.id, claimed_at=now)
    await _system(tx, row, "transferred", now, to=say(row.language, "transferred_colleague"))


async def reassign(core: Core, who: Person, conversation_id: str, colleague: str) -> None:
    """A supervisor gives a waiting or owned conversation to somebody, at once."""
    require(who, "supervise")
    now = core.clock()
    async with core.store.write() as tx:
        row = await locked(tx, who, conversation_id)
        if row.owner not in ("queue", "staff"):
            raise Conflict("This conversation is with nobody of the staff and does not wait for them.")
        if row.owner == "queue":
            await _claimed(core, tx, who, row, now)
        await _to_colleague(tx, row, colleague, now)
        await dispatch(core, tx, row.id, row.channel, now)
        await audit.record(tx, who.name, "reassign", now, conversation=row.id, agency=row.agency, to=colleague)
    core.wake.grew(conversation_id, "desk")


async def block(core: Core, who: Person, conversation_id: str, reason: str | None) -> None:
    """Take nothing more from an abusive correspondent, for a reason; None takes them up again."""
    require(who, "converse")
    async with core.store.write() as tx:
        row = await locked(tx, who, conversation_id)
        await tx.execute(sa.update(conversation).where(conversation.c.id == row.id).values(blocked=reason))
        action = "block" if reason else "unblock"
        await audit.record(tx, who.name, action, core.clock(), conversation=row.id, agency=row.agency, reason=reason)
    core.wake.grew(conversation_id, "desk")


async def mark_test(core: Core, who: Person, conversation_id: str, test: bool) -> None:
    """A conversation of staff who try the assistant: out of all figures."""
    require(who, "converse")
    async with core.store.write() as tx:
        row = await locked(tx, who, conversation_id)
        await tx.execute(sa.update(conversation).where(conversation.c.id == row.id).values(test=test))
        await audit.record(tx, who.name, "test", core.clock(), conversation=row.id, agency=row.agency, test=test)
    core.wake.grew(conversation_id, "desk")


async def visible(tx: Tx, who: Person, conversation_id: str) -> sa.Row[Any]:
    """The conversation, if `who` may see it; another agency's is NotFound, as one that does not exist."""
    return _handed_over(await _of_agency(tx, who, conversation_id, SEEN))


async def locked(tx: Tx, who: Person, conversation_id: str) -> sa.Row[Any]:
    """The same, for this transaction alone: for whoever goes on to change it."""
    return _handed_over(await _of_agency(tx, who, conversation_id, HELD))


def _handed_over(row: sa.Row[Any]) -> sa.Row[Any]:
    if not row.handed_over:
        raise NotFound("No such conversation.")
    return row


async def _of_agency(tx: Tx, who: Person, conversation_id: str, found: sa.Select[Any]) -> sa.Row[Any]:
    row = (await tx.execute(found, {"whose": conversation_id})).one_or_none()
    if row is None or not who.may_see(row.agency):
        raise NotFound("No such conversation.")
    return row


async def _to_own(tx: Tx, who: Person, conversation_id: str) -> sa.Row[Any]:
    """Locked, for what only an owner may do: where no person was ever asked for, the assistant owns it."""
    row = await _of_agency(tx, who, conversation_id, HELD)
    if not row.handed_over:
        raise Conflict("Nobody has asked for a person in this conversation, so it cannot be claimed.")
    return row


async def owned(tx: Tx, who: Person, conversation_id: str) -> sa.Row[Any]:
    """The locked conversation, if `who` owns it; Conflict if not."""
    row = await _to_own(tx, who, conversation_id)
    if row.owner != "staff" or row.person != who.id:
        raise Conflict("You do not own this conversation; claim it first.")
    return row


async def move(tx: Tx, conversation_id: str, before: str, **values: Any) -> None:
    """Change the hand-off of a conversation that is in the state `before`."""
    of_conversation = sa.and_(handoff.c.conversation == conversation_id, handoff.c.state == before)
    await tx.execute(sa.update(handoff).where(of_conversation).values(**values))


async def _drop_drafts(tx: Tx, conversation_id: str) -> None:
    """What the assistant still computes for the owner's eyes only is of no use to anybody."""
    open_ones = sa.and_(inbox.c.conversation == conversation_id, inbox.c.draft, inbox.c.state != "done")
    await tx.execute(sa.update(inbox).where(open_ones).values(**SETTLED))


async def _system(tx: Tx, row: sa.Row[Any], word: str, now: datetime, **blanks: str) -> None:
    await outbox.append(tx, row.id, spoken("system", row.language, word, reply_to=None, **blanks), now)
