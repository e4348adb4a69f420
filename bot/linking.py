"""One person on two channels stays two until they link them: a one-time code from one, written on the other.

A number that somebody types never links anything. Who is linked is still two conversations; staff see that they are of
one person, and an answer that one channel no longer takes may go out by the other.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot import door, outbox
from bot.dispatch import dispatch
from bot.model import conversation, correspondent, link_code
from bot.outbox import spoken
from bot.secrets import keyed
from bot.wishes import Wish

STANDS = timedelta(minutes=10)
NAMES = {"sms": "SMS", "whatsapp": "WhatsApp", "messenger": "Messenger", "telegram": "Telegram", "zalo": "Zalo"}


async def settled(wish: Wish) -> bool:
    """Whether it was about linking, and is done. The web has nothing to link: whoever writes there is unknown."""
    if wish.row.channel == "web" or wish.meant.known.intent is not None:
        return False
    text = wish.meant.shown.strip()
    if code := door.link_code(text):
        await _redeem(wish, code)
    elif door.links(text):
        await _give(wish)
    elif door.unlinks(text):
        await _undo(wish)
    else:
        return False
    return True


async def _give(wish: Wish) -> None:
    """A new code; one of before is no longer good."""
    code = "".join(secrets.choice(door.CODE_LETTERS) for _ in range(door.CODE_LENGTH))
    await wish.tx.execute(sa.delete(link_code).where(link_code.c.conversation == wish.row.id))
    values = {"digest": _digest(wish, code), "conversation": wish.row.id, "until": wish.now + STANDS}
    await wish.tx.execute(sa.insert(link_code).values(**values))
    await wish.answer("link_code", "answered", code=f"LK {code}")


def _digest(wish: Wish, code: str) -> str:
    return keyed(wish.core.secrets.session_key, f"link:{code}")


async def _redeem(wish: Wish, code: str) -> None:
    """Good once, from another channel, for ten minutes; whatever else it is, the answer is the same."""
    good = sa.and_(link_code.c.digest == _digest(wish, code), link_code.c.until > wish.now)
    found = sa.delete(link_code).where(good).returning(link_code.c.conversation)
    other = (await wish.tx.execute(found)).scalar_one_or_none()
    pair = {row.conversation: row for row in await wish.tx.execute(_of(wish.row.id, other))} if other else {}
    if len(pair) < 2 or len({row.channel for row in pair.values()}) < 2:
        await wish.answer("link_wrong", "refused")
        return
    await _join(wish, pair)
    there = pair[str(other)]
    await wish.answer("linked", "answered", channel=NAMES.get(there.channel, there.channel))
    told = spoken("system", there.language, "linked", channel=NAMES.get(wish.row.channel, wish.row.channel))
    await outbox.append(wish.tx, there.conversation, told, wish.now)
    await dispatch(wish.core, wish.tx, there.conversation, there.channel, wish.now)
    wish.core.store.after(wish.tx, partial(wish.core.wake.grew, there.conversation, "desk"))


def _of(*conversations: str) -> sa.Select[Any]:
    found = sa.select(correspondent, conversation.c.language).join(conversation)
    return found.where(correspondent.c.conversation.in_(conversations)).order_by(correspondent.c.conversation)


async def _join(wish: Wish, pair: dict[str, sa.Row[Any]]) -> None:
    """All that either has linked before goes along."""
    persons = [row.person for row in pair.values() if row.person]
    one = persons[0] if persons else str(uuid.uuid4())
    both = sa.or_(correspondent.c.conversation.in_(list(pair)), correspondent.c.person.in_(persons))
    await wish.tx.execute(sa.update(correspondent).where(both).values(person=one))


async def _undo(wish: Wish) -> None:
    mine = sa.update(correspondent).where(correspondent.c.conversation == wish.row.id)
    await wish.tx.execute(mine.values(person=None))
    await wish.answer("unlinked", "answered")
