"""How a citizen found the help of a person: asked once an episode, on every channel, and answered by a choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot import outbox
from bot.model import handoff, message, rating
from bot.outbox import Line, spoken
from bot.store import Tx
from bot.words import say, say_short

SCORES = (5, 3, 1)


async def questions(tx: Tx, row: sa.Row[Any], now: datetime) -> list[dict[str, str]]:
    """The choices to rate the episode that ends now by, marked as asked; [] if it was asked, or is not to be."""
    if row.blocked or row.test:
        return []
    of_episode = sa.and_(handoff.c.conversation == row.id, handoff.c.state == "claimed", handoff.c.survey_at.is_(None))
    asked = await tx.execute(sa.update(handoff).where(of_episode).values(survey_at=now))
    if not asked.rowcount:
        return []
    labels = {score: say(row.language, f"survey_{score}") for score in SCORES}
    return [{"label": label, "value": f"intent=survey&score={score}"} for score, label in labels.items()]


def with_questions(line: Line, asked: list[dict[str, str]]) -> Line:
    """The same line, and after it the question."""
    if not asked:
        return line
    text = f"{line.text}\n\n{say(line.language, 'survey')}"
    short = f"{line.short} {say_short(line.language, 'survey')}"
    return replace(line, text=text, short=short, choices=asked)


async def answered(tx: Tx, row: sa.Row[Any], seq: int, score: str, language: str, now: datetime) -> None:
    """Keep the answer to the last survey that stands open; a second one is thanked for, and changes nothing."""
    value = int(score)
    last = sa.select(sa.func.max(handoff.c.id)).where(
        handoff.c.conversation == row.id, handoff.c.survey_at.is_not(None)
    )
    kept = await tx.execute(
        sa.update(handoff)
        .where(handoff.c.id == last.scalar_subquery(), handoff.c.survey_score.is_(None))
        .values(survey_score=value)
    )
    if kept.rowcount:
        said = sa.select(sa.func.max(message.c.seq)).where(
            message.c.conversation == row.id, message.c.author == "staff"
        )
        of = (await tx.execute(said)).scalar_one() or seq
        await tx.execute(sa.insert(rating).values(conversation=row.id, seq=of, value=value, at=now))
    await outbox.append(tx, row.id, spoken("assistant", language, "survey_thanks", reply_to=seq), now)
    await outbox.record_at_door(tx, row.id, seq, "answered", "rate", language, now)
