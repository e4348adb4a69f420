"""What is known of a message before Rasa: a taken choice, a sealed proof; and the text as it may be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import door
from bot.core import Core
from bot.door import Understood
from bot.errors import NotOffered
from bot.model import message
from bot.proof import conceal
from bot.store import Tx
from text.mask import mask
from text.proof import seal
from text.reference import find_references

CHOICES_STAND = timedelta(hours=24)
FAR_BACK = 20  # answers in which the last choices are looked for
PROOF_STANDS = timedelta(minutes=10)  # after a case was named or asked for, four digits are taken for its proof


LAST_CHOICES = (
    sa.select(message.c.choices)
    .where(
        message.c.conversation == sa.bindparam("whose"),
        message.c.author != "citizen",
        message.c.at > sa.bindparam("since"),
    )
    .order_by(message.c.seq.desc())
    .limit(FAR_BACK)
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it came: a text, or the value of an offered choice. `means`: a value that the text stands for.
    `sender`: the number that a proved request came from, which may count as a proof of the sender's own cases."""

    message_id: str
    text: str | None = None
    payload: str | None = None
    means: str | None = None
    sender: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Meant:
    """The text as it may be kept, what is known of it, and until when digits are taken for a proof."""

    shown: str
    known: Understood
    proof_until: datetime | None


async def understand(core: Core, tx: Tx, row: sa.Row[Any], said: Said, now: datetime) -> Meant:
    """The text as it may be kept, and what is already known of it."""
    if said.payload is not None:
        shown, known = await _offered(tx, row.id, said.payload)
        return Meant(shown, known, row.proof_until)
    text = said.text or ""
    if said.means is not None:
        return Meant(text, door.understood(said.means), row.proof_until)
    meant = _sealed(core, row, text, now)
    if meant.known.intent is None and not meant.known.entities:
        choice = door.taken_choice(text, await _last_choices(tx, row.id, now))
        meant = meant if choice is None else replace(meant, known=door.understood(choice["value"]))
    return _with_sender(core, row, said, meant, now)


def _with_sender(core: Core, row: sa.Row[Any], said: Said, meant: Meant, now: datetime) -> Meant:
    """While a case is looked at, the sealed number goes along; for anything else nobody needs to know it."""
    if said.sender is None or meant.proof_until is None or meant.proof_until <= now:
        return meant
    sealed = seal(core.secrets.proof_key, row.id, said.sender, now=now)
    known = replace(meant.known, entities=meant.known.entities | {"sender": sealed})
    return replace(meant, known=known)


def _sealed(core: Core, row: sa.Row[Any], text: str, now: datetime) -> Meant:
    """The text without proofs, IDs and cards. A case reference opens the time in which four digits are a proof."""
    expected = row.proof_until is not None and now < row.proof_until
    hidden = conceal(text, expected=expected)
    token = hidden.seal(core.secrets.proof_key, row.id, now)
    known = Understood("check_case" if token and expected and hidden.alone else None, {"proof": token} if token else {})
    until = now + PROOF_STANDS if find_references(text) else row.proof_until
    return Meant(mask(hidden.text).text, known, until)


async def _offered(tx: Tx, conversation_id: str, payload: str) -> tuple[str, Understood]:
    rows = await tx.execute(
        sa.select(message.c.choices)
        .where(message.c.conversation == conversation_id, message.c.author != "citizen")
        .order_by(message.c.seq.desc())
    )
    for choices in rows.scalars():
        for choice in choices:
            if choice["value"] == payload:
                return choice["label"], door.understood(payload)
    raise NotOffered(
        "This payload was not offered in this conversation; send the value of a choice, or a text.", field="payload"
    )


async def _last_choices(tx: Tx, conversation_id: str, now: datetime) -> list[dict[str, str]]:
    rows = await tx.execute(LAST_CHOICES, {"whose": conversation_id, "since": now - CHOICES_STAND})
    shown: Sequence[list[dict[str, str]]] = rows.scalars().all()
    none: list[dict[str, str]] = []
    return next((choices for choices in shown if choices), none)
