"""What a citizen chooses who waits for a person, has one, or had one; settled here, without Rasa."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot import asking, audit, outbox, promise, survey
from bot.core import Core
from bot.handoff import move, to_agency
from bot.hours import hours_of
from bot.meaning import Meant
from bot.model import conversation, correspondent, handoff
from bot.outbox import spoken
from bot.store import Tx
from bot.words import say, when
from text.phone import find_phones

SAID = 500  # code points of a message that is left, in the summary


@dataclass(frozen=True, slots=True)
class Wish:
    """What was chosen or written, in its conversation as it was before."""

    core: Core
    tx: Tx
    row: sa.Row[Any]
    seq: int
    meant: Meant
    language: str
    now: datetime

    async def answer(self, word: str, outcome: str = "handed_off", **blanks: object) -> None:
        line = spoken("assistant", self.language, word, reply_to=self.seq, **blanks)
        await outbox.append(self.tx, self.row.id, line, self.now)
        await self.count(outcome)

    async def count(self, outcome: str) -> None:
        intent = self.meant.known.intent or "talk_to_person"
        await outbox.record_at_door(self.tx, self.row.id, self.seq, outcome, intent, self.language, self.now)

    async def expect(self, what: str | None) -> None:
        mine = sa.update(conversation).where(conversation.c.id == self.row.id)
        await self.tx.execute(mine.values(expects=what))

    async def waiting(self) -> sa.Row[Any] | None:
        mine = sa.select(handoff).where(handoff.c.conversation == self.row.id, handoff.c.state == "queued")
        return (await self.tx.execute(mine)).one_or_none()


async def settled(wish: Wish) -> bool:
    """Whether it was one, and is done."""
    intent = wish.meant.known.intent
    if intent in CHOICES:
        await CHOICES[intent](wish)
        return True
    if intent is not None or wish.row.owner != "queue" or wish.row.expects not in ("phone", "message"):
        return False
    if wish.row.expects == "message":
        await _left(wish)
        return True
    phones = find_phones(wish.meant.shown)
    if phones:
        await _to_be_called(wish, wish.core.secrets.sealed(phones[0].phone))
    return bool(phones)


async def _keep_waiting(wish: Wish) -> None:
    if await wish.waiting() is None:
        await _ask_again(wish)
    else:
        await wish.answer("keeps_waiting")


async def _leave_queue(wish: Wish) -> None:
    await asking.withdraw(wish.core, wish.tx, wish.row, wish.seq, wish.language, wish.now)


async def _call_back(wish: Wish) -> None:
    """By text the number is known; elsewhere it is asked for, and until it is told the answer will be written here."""
    if await wish.waiting() is None:
        await _ask_again(wish)
    elif wish.row.channel == "sms":
        await _to_be_called(wish, await _own_number(wish))
    else:
        await _promise(wish, "callback")
        await wish.expect("phone")
        await wish.answer("ask_phone", "clarified")


async def _own_number(wish: Wish) -> str:
    """The number that they text from, sealed."""
    own = sa.select(correspondent.c.sealed).where(correspondent.c.conversation == wish.row.id)
    return str((await wish.tx.execute(own)).scalar_one())


async def _to_be_called(wish: Wish, contact: str) -> None:
    promised = await _promise(wish, "callback", contact=contact)
    await wish.answer("called_back", promised=when(wish.language, promised, wish.now))


async def _leave_message(wish: Wish) -> None:
    if await wish.waiting() is None:
        await _ask_again(wish)
        return
    await wish.expect("message")
    await wish.answer("ask_message", "clarified")


async def _left(wish: Wish) -> None:
    row = await wish.waiting()
    left = say(wish.language, "summary_message", text=wish.meant.shown[:SAID])
    promised = await _promise(wish, "message", summary=f"{row.summary}\n{left}" if row else left)
    await wish.answer("message_left", promised=when(wish.language, promised, wish.now))


async def _promise(wish: Wish, wanted: str, **values: Any) -> datetime | None:
    """Answered by when; the first promise stands."""
    row = await wish.waiting()
    if row is None:
        return None
    promised = row.promised_at
    if promised is None:
        rules, table = await promise.rules_of(wish.tx, row.agency), await hours_of(wish.core, wish.tx, row.agency)
        promised = table.after(wish.now, rules.callback_minutes)
    await move(wish.tx, wish.row.id, "queued", wanted=wanted, promised_at=promised, **values)
    wish.core.store.after(wish.tx, partial(wish.core.wake.grew, "desk"))
    return promised


async def _ask_again(wish: Wish) -> None:
    """A choice of a queue that was left, or came to its end: they want a person now."""
    await asking.ask_at_door(wish.core, wish.tx, wish.row, wish.seq, wish.language, wish.now)


async def _agree(wish: Wish) -> None:
    mine = sa.select(handoff).where(handoff.c.conversation == wish.row.id, handoff.c.state == "claimed")
    row = (await wish.tx.execute(mine)).one_or_none()
    if row is None or row.offered_to is None:
        await wish.answer("no_longer", "answered")
        return
    await wish.count("handed_off")
    await to_agency(wish.core, wish.tx, wish.row, row.offered_to, wish.now)
    to = {"to": row.offered_to, "agreed": True}
    await audit.record(wish.tx, "citizen", "transfer", wish.now, conversation=wish.row.id, agency=row.agency, **to)
    wish.core.store.after(wish.tx, partial(wish.core.wake.grew, "desk"))


async def _decline(wish: Wish) -> None:
    await move(wish.tx, wish.row.id, "claimed", offered_to=None)
    await wish.answer("stays_here", "answered")


async def _rated(wish: Wish) -> None:
    score = wish.meant.known.entities["score"]
    await survey.answered(wish.tx, wish.row, wish.seq, score, wish.language, wish.now)


CHOICES: dict[str, Callable[[Wish], Awaitable[None]]] = {
    "keep_waiting": _keep_waiting,
    "call_back": _call_back,
    "leave_message": _leave_message,
    "leave_queue": _leave_queue,
    "agree_transfer": _agree,
    "decline_transfer": _decline,
    "survey": _rated,
}
