"""The loops of the gateway: messages are taken as they come, several conversations at once; who waits long is told."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot import outbox
from bot.assistant import Assistant
from bot.core import Core
from bot.dispatch import dispatch
from bot.looking import each, looking
from bot.model import LOCKED, conversation, inbox
from bot.outbox import spoken
from bot.store import Tx
from bot.turn import Finished, Taken, put_back, see_through, take

log = logging.getLogger(__name__)

AT_ONCE = 8  # turns under way
BROKEN = timedelta(seconds=2)  # until a turn that broke off is tried again, at first; twice as long each time
TELL_AFTER = timedelta(seconds=5)  # no answer by then: the citizen is told, once an outage
TELL_BY_TEXT_AFTER = timedelta(minutes=5)  # a text costs, and nobody sits before the phone


async def work(core: Core, assistant: Assistant, finished: Finished) -> None:
    """Take messages and see them through; runs until cancelled. Whatever goes wrong with one, the next is served."""
    with core.hands.open(AT_ONCE, partial(_served, core, assistant, finished), partial(_put_back, core)):
        while True:
            await core.wake.calm()
            core.wake.work.clear()  # before looking: what comes while looking is seen
            await core.hands.free()
            with core.hands.hold() as hand:
                if hand:
                    hand.holds = await _next(core)
                    core.hands.behind = hand.holds is not None
            if hand and hand.holds:
                await asyncio.sleep(0)  # it asks Rasa before we look for the next
            else:
                await core.wake.rest(core.wake.work)


async def _next(core: Core) -> Taken | None:
    try:
        return await take(core)
    except Exception:
        log.exception("taking a message broke off")
        return None


async def _served(core: Core, assistant: Assistant, finished: Finished, taken: Taken) -> None:
    try:
        await see_through(core, assistant, finished, taken)
    except Exception:
        log.exception("a turn broke off; its message is taken again")
        await _put_back(core, taken, BROKEN * 2 ** min(taken.row.attempts - 1, 5))
    finally:
        core.wake.work.set()  # the conversation's next message may be taken now


async def _put_back(core: Core, taken: Taken, pause: timedelta = timedelta()) -> None:
    try:
        await put_back(core, taken, pause)
    except Exception:
        log.exception("a message could not be put back; it is taken again when its lease ends")


async def tell_of_delay(core: Core) -> None:
    """Tell each citizen who waits longer than five seconds, once an outage; runs until cancelled."""
    await looking(partial(tell_late, core), 0.5, "telling of a delay")


async def tell_late(core: Core) -> None:
    """One look at what waits too long."""
    now = core.clock()
    since = sa.case((conversation.c.channel == "web", now - TELL_AFTER), else_=now - TELL_BY_TEXT_AFTER)
    late = (
        sa.select(inbox.c.id, inbox.c.conversation, conversation.c.language, conversation.c.channel)
        .join(conversation)
        .where(inbox.c.state != "done", inbox.c.told.is_(False), ~inbox.c.draft, inbox.c.received_at <= since)
    )
    async with core.store.read() as tx:
        rows = list(await tx.execute(late))
    await each(rows, partial(_tell, core, now), "telling one of a delay")


async def _tell(core: Core, now: datetime, row: sa.Row[Any]) -> None:
    async with core.store.write() as tx:
        await tx.execute(LOCKED, {"whose": row.conversation})
        if await _first_to_tell(tx, row.id) and not await _told_already(tx, row.conversation):
            await outbox.append(tx, row.conversation, spoken("system", row.language, "outage"), now)
            await dispatch(core, tx, row.conversation, row.channel, now)
    core.wake.grew(row.conversation)


async def _first_to_tell(tx: Tx, inbox_id: int) -> bool:
    told = await tx.execute(
        sa.update(inbox)
        .where(inbox.c.id == inbox_id, inbox.c.told.is_(False), inbox.c.state != "done")
        .values(told=True)
    )
    return bool(told.rowcount)


async def _told_already(tx: Tx, conversation_id: str) -> bool:
    """Another message of this conversation still waits and its citizen was told."""
    counted = await tx.execute(
        sa.select(sa.func.count()).where(
            inbox.c.conversation == conversation_id, inbox.c.told.is_(True), inbox.c.state != "done"
        )
    )
    return int(counted.scalar_one()) > 1
