"""What a citizen said, by whatever channel: kept, answered at once where the door recognises it, else left for Rasa."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import asking, door, linking, outbox, policy, promise, switches, wishes
from bot.core import Core
from bot.language import detect
from bot.meaning import Meant, Said, understand
from bot.model import inbox
from bot.outbox import Line, spoken
from bot.secrets import keyed
from bot.store import Tx
from bot.words import emergency, emergency_short, say, say_short

A_PERSON = "0"  # by text: the way to a person that needs no word


HEARD = outbox.growing(
    language=sa.bindparam("spoken"), owner=sa.bindparam("now_of"), proof_until=sa.bindparam("until"), expects=None
)
WAITING = sa.insert(inbox)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that was just kept: its conversation as it was before, its owner from now on, and what it means."""

    row: sa.Row[Any]
    owner: str
    seq: int
    message_id: str
    meant: Meant
    language: str
    now: datetime

    def wish(self, core: Core, tx: Tx) -> wishes.Wish:
        return wishes.Wish(core, tx, self.row, self.seq, self.meant, self.language, self.now)


def make_ready() -> None:
    """Build what the first message would keep everybody waiting for: the door's phrases take most of a second."""
    door.recognise("xin chào, hello")
    detect("xin chào, hello")


async def hear(core: Core, tx: Tx, row: sa.Row[Any], said: Said, now: datetime) -> int:
    """Keep what was said in the locked conversation `row`; the seq of the message."""
    meant = await understand(core, tx, row, said, now)
    tells = meant.known.intent is None and not door.link_code(meant.shown)
    language = (detect(meant.shown) if tells else None) or row.language
    line = Line("citizen", meant.shown, language, message_id=said.message_id, digest=content_digest(core, said))
    owner = "assistant" if row.owner == "closed" else row.owner
    changed = {"spoken": language, "now_of": owner, "until": meant.proof_until}
    seq = await outbox.append(tx, row.id, line, now, by=HEARD, **changed)
    heard = Heard(row, owner, seq, said.message_id, meant, language, now)
    if owner in ("queue", "staff") and row.blocked is None:
        await promise.go_on(core, tx, row.id, now)
    await _answer_or_queue(core, tx, heard)
    return seq


async def _answer_or_queue(core: Core, tx: Tx, heard: Heard) -> None:
    """What the door recognises is answered here; what a person owns waits for that person; the rest waits for Rasa."""
    text, typed = heard.meant.shown, heard.meant.known.intent is None
    recognised = door.recognise(text) if typed else None
    person = recognised == "person" or heard.meant.known.intent == "talk_to_person"  # a word, a label or a button
    person = person or (heard.row.channel != "web" and text.strip() == A_PERSON)
    if recognised == "emergency":
        await _answer_emergency(core, tx, heard)
    elif heard.row.blocked is not None:
        await _say_blocked(tx, heard)
    elif await wishes.settled(heard.wish(core, tx)) or await linking.settled(heard.wish(core, tx)):
        return
    elif heard.owner == "staff":
        await _wait_for_rasa(tx, heard, draft=True)
    elif person:
        await asking.ask_at_door(core, tx, heard.row, heard.seq, heard.language, heard.now)
    elif typed and heard.owner == "queue" and door.withdraws(text):
        await asking.withdraw(core, tx, heard.row, heard.seq, heard.language, heard.now)
    elif off := await switches.off(tx, heard.row.channel):
        await _say_off(tx, heard, off[heard.language])
    else:
        await _wait_for_rasa(tx, heard)


async def _say_off(tx: Tx, heard: Heard, text: str) -> None:
    """Kept, and told why there is no answer now; by text only once, for each costs."""
    if heard.row.channel == "web" or await outbox.last_said(tx, heard.row.id) != text:
        line = Line("system", text, heard.language, reply_to=heard.seq, short=text)
        await outbox.append(tx, heard.row.id, line, heard.now)
    await outbox.record_at_door(tx, heard.row.id, heard.seq, "refused", "channel_off", heard.language, heard.now)


async def _say_blocked(tx: Tx, heard: Heard) -> None:
    """Kept, and told once that nobody reads it."""
    text = say(heard.language, "blocked")
    if await outbox.last_said(tx, heard.row.id) != text:
        await outbox.append(tx, heard.row.id, spoken("system", heard.language, "blocked"), heard.now)
    await outbox.record_at_door(tx, heard.row.id, heard.seq, "refused", "blocked", heard.language, heard.now)


async def _wait_for_rasa(tx: Tx, heard: Heard, *, draft: bool = False) -> None:
    """`draft`: a person answers, and the assistant's answer is for that person's eyes."""
    row = heard.row
    waiting = {"provider": row.channel, "account": row.id, "provider_id": heard.message_id, "conversation": row.id}
    known, when = heard.meant.known.as_json(), {"received_at": heard.now, "due_at": heard.now}
    await tx.execute(WAITING, {**waiting, "seq": heard.seq, "understood": known, "draft": draft, **when})


async def _answer_emergency(core: Core, tx: Tx, heard: Heard) -> None:
    """The numbers, the fitting one first; as a system note where a person owns the conversation."""
    author = "system" if heard.owner == "staff" else "assistant"
    kind, language = door.danger(heard.meant.shown) or "any", heard.language
    short = emergency_short(kind, language)
    line = Line(author, emergency(kind, language), language, reply_to=heard.seq, short=short)
    await outbox.append(tx, heard.row.id, line, heard.now)
    await outbox.record_at_door(tx, heard.row.id, heard.seq, "answered", "emergency", heard.language, heard.now)
    request = policy.in_need(core, kind, heard.meant.shown, language)
    if request is not None and heard.owner == "assistant" and heard.row.blocked is None:
        await asking.queue(core, tx, heard.row.id, request, language, heard.now)


def disclosure(core: Core, language: str) -> Line:
    """That this is an automatic assistant, and whose."""
    name, short = core.site.name[language], core.site.short_name[language]
    line = spoken("system", language, "disclosure", name=name)
    return replace(line, short=say_short(language, "disclosure", name=short))


def content_digest(core: Core, said: Said) -> str:
    kind, content = ("payload", said.payload) if said.payload is not None else ("text", said.text)
    return keyed(core.secrets.session_key, f"{kind}:{content}")
