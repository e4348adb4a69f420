"""A text from a phone or an app, in its conversation: consent first, then what cannot be taken, then as any other."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import consent, limits, outbox
from bot.conversation import LIMIT
from bot.core import Core
from bot.dispatch import confirm, dispatch
from bot.door import danger, link_code
from bot.errors import TooMany
from bot.hearing import disclosure, hear
from bot.language import detect
from bot.meaning import Said
from bot.model import LOCKED, conversation, correspondent, message
from bot.outbox import Line
from bot.store import Tx
from bot.words import say, say_short
from channels.contract import Channel, Message
from text.clean import clean, visible
from text.mask import mask

NUMBER = re.compile(r"\+[1-9]\d{7,14}")  # E.164: what a channel calls a person by may be their telephone number
KEY = re.compile(r"(\d{1,9})\.(\d{1,3})")
# What buttons of an app itself write, /start with what led here behind it, and what each asks.
COMMAND = re.compile(r"/(start)\b.*|/(help)", re.DOTALL)
MEANS = {"start": "intent=greet", "help": "intent=what_can_you_do"}

REACHED = (
    sa.update(correspondent)
    .where(correspondent.c.channel == sa.bindparam("by"), correspondent.c.address == sa.bindparam("of"))
    .values(provider=sa.bindparam("through"), heard_at=sa.bindparam("at"))
    .returning(correspondent.c.conversation)
)
CORRESPONDENT = sa.insert(correspondent)
CONVERSATION = sa.insert(conversation)
SAID_SINCE = (
    sa.select(message.c.id)
    .where(message.c.conversation == sa.bindparam("whose"), message.c.seq > sa.bindparam("after"))
    .limit(1)
)


async def hear_text(core: Core, tx: Tx, provider: str, letter: Message, now: datetime) -> str | None:
    """Keep what was texted and answer it, or leave it for Rasa; the conversation, None where nothing was said."""
    channel = core.channels[provider]
    whole = clean(unicodedata.normalize("NFC", letter.text)) if visible(letter.text) else ""
    if not whole and not letter.media and not letter.pressed and letter.consent is None:
        return None
    text = whole[:LIMIT]
    command = _command(channel, text)
    language = None if command or consent.word_of(text, asked=False) or link_code(text) else detect(text)
    row = await _conversation(core, tx, channel.name, provider, letter.sender, language, now)
    word = letter.consent or await _word(tx, row, text, command)
    if word is not None:
        await _consent(core, tx, row, letter, text, word, now)
    elif await consent.silent(tx, channel.name, row.address, _id(letter), now):
        await _kept(tx, row, letter, text, now)
    else:
        said = await _said(tx, channel, row, letter, text, MEANS[command] if command else None)
        await _answered(core, tx, row, letter, said, len(whole), now)
    return str(row.id)


def _command(channel: Channel, text: str) -> str | None:
    """How one begins in an app, or asks what it can do: a command, or the word on a button. By SMS START is consent."""
    if channel.name == "sms":
        return None
    if found := COMMAND.fullmatch(text):
        return found[1] or found[2]
    return "start" if consent.word_of(text, asked=True) == "start" else None


async def _word(tx: Tx, row: sa.Row[Any], text: str, command: str | None) -> consent.Word | None:
    """What the text says about consent. In an app whoever has not stopped only begins."""
    if command is None:
        return consent.word_of(text, asked=_asked(row))
    return "start" if command == "start" and await consent.stopped(tx, row.channel, row.address) else None


async def _said(tx: Tx, channel: Channel, row: sa.Row[Any], letter: Message, text: str, means: str | None) -> Said:
    """A button is the choice that it stands for, as long as that was offered here; else what was written on it."""
    proved = channel.signed and NUMBER.fullmatch(letter.sender)
    sender = letter.sender if proved else None
    payload = await _pressed(tx, row.id, letter.pressed) if letter.pressed else None
    if payload is not None:
        return Said(_id(letter), payload=payload, sender=sender)
    return Said(_id(letter), text, means=means, sender=sender)


async def _pressed(tx: Tx, conversation_id: str, key: str) -> str | None:
    """The value of the choice that a key of bot/messaging.py names."""
    found = KEY.fullmatch(key)
    if found is None:
        return None
    of = sa.select(message.c.choices).where(message.c.conversation == conversation_id, message.c.author != "citizen")
    offered: list[dict[str, str]] | None = (
        await tx.execute(of.where(message.c.seq == int(found[1])))
    ).scalar_one_or_none()
    return next((one["value"] for place, one in enumerate(offered or ()) if place == int(found[2])), None)


def _asked(row: sa.Row[Any]) -> bool:
    return row.expects is not None or row.owner in ("queue", "staff")


async def _conversation(
    core: Core, tx: Tx, channel: str, provider: str, sender: str, language: str | None, now: datetime
) -> sa.Row[Any]:
    """The one conversation of a number, locked; made with its first text."""
    address = core.secrets.address(f"{channel}:{sender}")
    found = await tx.execute(REACHED, {"by": channel, "of": address, "through": provider, "at": now})
    conversation_id = found.scalar_one_or_none()
    if conversation_id is None:
        conversation_id = await _new(core, tx, channel, address, language or core.site.default_language, now)
        values = {"channel": channel, "address": address, "conversation": conversation_id, "provider": provider}
        await tx.execute(CORRESPONDENT, {**values, "sealed": core.secrets.sealed(sender), "heard_at": now})
    return (await tx.execute(LOCKED, {"whose": conversation_id})).one()


async def _new(core: Core, tx: Tx, channel: str, address: str, language: str, now: datetime) -> str:
    made = "c-" + secrets.token_urlsafe(16)
    whose = {"channel": channel, "address": address, "language": language, "agency": core.site.identifier}
    await tx.execute(CONVERSATION, {"id": made, **whose, "created_at": now, "updated_at": now})
    return made


async def _consent(
    core: Core, tx: Tx, row: sa.Row[Any], letter: Message, text: str, word: consent.Word, now: datetime
) -> None:
    """Written down; confirmed once, unless the provider has done that. Help is not given to whom opted out."""
    before = await consent.stopped(tx, row.channel, row.address)
    seq = await _kept(tx, row, letter, text, now)
    source = "provider" if letter.consent else "citizen"
    await consent.record(tx, row.channel, row.address, word, source, letter.provider_id, now)
    await outbox.record_at_door(tx, row.id, seq, "answered", f"text_{word}", row.language, now)
    silent = letter.consent is not None or (before and word != "start")
    if not silent:
        await outbox.append(tx, row.id, consent.confirmation(core, word, row.language, seq), now)
        await confirm(core, tx, row.id, now)


async def _kept(tx: Tx, row: sa.Row[Any], letter: Message, text: str, now: datetime) -> int:
    """Kept for staff, and not answered."""
    beside = say(row.language, f"beside_{letter.beside}") if letter.beside else "…"
    line = Line("citizen", mask(text).text or beside, row.language, message_id=_id(letter))
    return await outbox.append(tx, row.id, line, now)


async def _answered(
    core: Core, tx: Tx, row: sa.Row[Any], letter: Message, said: Said, length: int, now: datetime
) -> None:
    if await outbox.last_said(tx, row.id) is None:  # goes out in one text with the first answer
        await outbox.append(tx, row.id, disclosure(core, row.language), now)
    if letter.media:
        await _say_once(tx, row, f"media_{letter.beside}" if letter.beside else "media", now)
    nothing = not said.text and said.payload is None
    if nothing and letter.pressed:  # of so long ago that even what was written on it is gone
        await _say_once(tx, row, "no_longer", now)
    refusal = await _refusal(core, tx, row, said.text or "", length, now)
    if refusal is None and not nothing:
        seq = await hear(core, tx, row, said, now)
    else:
        seq = await _kept(tx, row, letter, said.text or "", now)
    if refusal is not None:
        await _say_once(tx, row, refusal, now)
    if nothing or await _said_since(tx, row.id, seq):
        await dispatch(core, tx, row.id, row.channel, now)


async def _refusal(core: Core, tx: Tx, row: sa.Row[Any], text: str, length: int, now: datetime) -> str | None:
    """Why a text is kept and not answered, as the name of a sentence; a cry for help is always answered."""
    if danger(text) is not None:
        return None
    if length > LIMIT:
        return "too_long"
    try:
        await limits.check_rate(core, tx, row.id, now)
    except TooMany:
        return "too_many"
    return None


async def _say_once(tx: Tx, row: sa.Row[Any], key: str, now: datetime) -> None:
    """Not again if it was the last thing said: whoever sends a hundred texts is told once."""
    short = say_short(row.language, key, limit=LIMIT)
    text = short or say(row.language, key)
    if await outbox.last_said(tx, row.id) != text:
        await outbox.append(tx, row.id, Line("system", text, row.language, short=short), now)


async def _said_since(tx: Tx, conversation_id: str, seq: int) -> bool:
    return (await tx.execute(SAID_SINCE, {"whose": conversation_id, "after": seq})).first() is not None


def _id(letter: Message) -> str:
    """The provider's id as the id of the message; shortened where it would not fit."""
    given = letter.provider_id
    return given if len(given) <= 36 else hashlib.sha256(given.encode()).hexdigest()[:36]
