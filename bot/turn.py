"""The turn: a worker takes the oldest waiting message of one conversation, asks Rasa, and writes the answer once."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import asking, drafts, outbox, policy
from bot.assistant import Answer, Answered, Assistant, Away, Failed, Handoff, Question, Reply
from bot.core import Core, beside
from bot.dispatch import dispatch
from bot.meaning import PROOF_STANDS
from bot.model import LOCKED, SETTLED, Moment, conversation, inbox, message, rating
from bot.outbox import Line
from bot.store import Tx
from bot.words import say, say_short

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # a message taken longer ago belongs to a worker that died
LONGEST_WAIT = 4.0  # seconds between two tries while something is away
TRIES = 5  # for a message that fails while everything is there; while something is away it waits without an end
DRAFT_COUNTS = timedelta(minutes=1)  # by then the person has answered without it
Finished = Callable[[str, float], None]  # outcome, seconds from received to answered


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in a worker's hands: its inbox row and its conversation, as they were when it was taken."""

    row: sa.Row[Any]
    claims: int


async def release_all(core: Core) -> None:
    """At the start: messages that a dead process had taken wait again. An answer is written once, whoever asks."""
    async with core.store.write() as tx:
        await tx.execute(sa.update(inbox).where(inbox.c.state == "taken").values(state="waiting"))


async def answer_next(core: Core, assistant: Assistant, finished: Finished) -> bool:
    """Take one waiting message and see it through; False when none waits."""
    taken = await take(core)
    if taken is None:
        return False
    await see_through(core, assistant, finished, taken)
    return True


async def see_through(core: Core, assistant: Assistant, finished: Finished, taken: Taken) -> None:
    """Ask Rasa, and write the answer; or put the message back, or give up on it with an honest sentence."""
    try:
        answered = await assistant.ask(_question(taken))
    except Away as err:
        await _again(core, taken, str(err))
    except Failed as err:
        await _failed(core, taken, str(err), finished)
    else:
        await _write(core, taken, answered, finished)


def _is_blocked() -> sa.Exists:
    """An earlier message of the same conversation is not answered yet."""
    older = inbox.alias()
    return sa.exists().where(
        older.c.conversation == inbox.c.conversation, older.c.id < inbox.c.id, older.c.state != "done"
    )


def _first_waiting() -> sa.Select[int]:
    lapsed = sa.and_(inbox.c.state == "taken", inbox.c.due_at < sa.bindparam("lapsed"))
    free = sa.or_(inbox.c.state == "waiting", lapsed)
    found = sa.select(inbox.c.id).where(free, inbox.c.due_at <= sa.bindparam("now"), ~_is_blocked())
    return found.order_by(inbox.c.id).limit(1).with_for_update(skip_locked=True)


def _with_text() -> sa.Select[Any]:
    said = sa.and_(message.c.conversation == inbox.c.conversation, message.c.seq == inbox.c.seq)
    of_conversation = conversation.c.channel, conversation.c.address, conversation.c.claims, conversation.c.agency
    of_message = message.c.text, message.c.language, message.c.message_id
    found = sa.select(inbox, *of_conversation, *of_message)
    return found.select_from(inbox.join(conversation).join(message, said)).where(inbox.c.id == sa.bindparam("taken"))


# Made once: building them costs more than asking them.
FIRST_WAITING = _first_waiting()
WITH_TEXT = _with_text()
SETTLE = sa.update(inbox).where(inbox.c.id == sa.bindparam("taken"), inbox.c.state != "done").values(**SETTLED)
ANSWERED = outbox.growing(
    language=sa.bindparam("spoken"),
    expects=sa.bindparam("asked"),
    proof_until=sa.func.coalesce(sa.bindparam("until", type_=Moment), conversation.c.proof_until),
)
_TAKING = sa.update(inbox).values(state="taken", due_at=sa.bindparam("now"), attempts=inbox.c.attempts + 1)
TAKE = _TAKING.where(inbox.c.id == sa.bindparam("taken"))
TAKE_NEW = _TAKING.where(
    inbox.c.conversation == sa.bindparam("whose"), inbox.c.seq == sa.bindparam("number"), ~_is_blocked()
).returning(inbox.c.id)


async def take(core: Core) -> Taken | None:
    """The oldest message that waits and is the first unanswered one of its conversation; None when there is none."""
    now = core.clock()
    async with core.store.write() as tx:
        found = (await tx.execute(FIRST_WAITING, {"now": now, "lapsed": now - LEASE})).scalar_one_or_none()
        if found is None:
            return None
        await tx.execute(TAKE, {"taken": found, "now": now})
        return await _in_hands(tx, found)


async def take_new(tx: Tx, conversation_id: str, seq: int, now: datetime) -> Taken | None:
    """The message that was just kept in this transaction; None where it waits for another, or was answered at once."""
    new = {"whose": conversation_id, "number": seq, "now": now}
    found = (await tx.execute(TAKE_NEW, new)).scalar_one_or_none()
    if found is None:
        return None
    return await _in_hands(tx, found)


async def _in_hands(tx: Tx, found: int) -> Taken:
    row = (await tx.execute(WITH_TEXT, {"taken": found})).one()
    return Taken(row, row.claims)


async def put_back(core: Core, taken: Taken, pause: timedelta = timedelta()) -> None:
    """What took it, or what was to come of it, broke off: if it is still taken, the message waits again."""
    row = taken.row
    same = sa.and_(inbox.c.conversation == row.conversation, inbox.c.seq == row.seq)
    as_taken = sa.and_(inbox.c.state == "taken", inbox.c.due_at == row.due_at, inbox.c.attempts == row.attempts)
    async with core.store.write() as tx:
        await tx.execute(sa.update(inbox).where(same, as_taken).values(state="waiting", due_at=core.clock() + pause))
    core.wake.work.set()


def _question(taken: Taken) -> Question:
    row = taken.row
    return Question(
        row.conversation,
        row.message_id,
        row.text,
        row.language,
        row.channel,
        row.address,
        row.understood["intent"],
        row.understood["entities"],
        2 * taken.claims - row.draft,
    )


async def _again(core: Core, taken: Taken, why: str, failed: int = 0) -> None:
    """The message waits and is tried again; a draft for a minute. `failed`: 1 where everything was there."""
    row = taken.row
    if row.draft and core.clock() - row.received_at > DRAFT_COUNTS:
        await _settle(core, row.id)
        return
    if row.attempts in (1, 10, 100):
        log.warning("no answer (%s), try %s; the message waits", why, row.attempts)
    seconds = min(LONGEST_WAIT, 0.25 * 2 ** min(row.attempts, 8)) * random.uniform(0.75, 1.0)  # noqa: S311 (jitter)
    async with core.store.write() as tx:
        await tx.execute(
            sa.update(inbox)
            .where(inbox.c.id == row.id, inbox.c.state == "taken")
            .values(state="waiting", failures=row.failures + failed, due_at=core.clock() + timedelta(seconds=seconds))
        )


async def _settle(core: Core, inbox_id: int) -> None:
    async with core.store.write() as tx:
        await tx.execute(SETTLE, {"taken": inbox_id})


async def _failed(core: Core, taken: Taken, why: str, finished: Finished) -> None:
    failures = taken.row.failures + 1
    if failures < TRIES:
        await _again(core, taken, why, failed=1)
        return
    if taken.row.draft:
        await _settle(core, taken.row.id)
        return
    log.error("gave up on a message after %s tries: %s", failures, why)
    language = taken.row.language
    person = {"label": say(language, "talk_to_person"), "value": "intent=talk_to_person"}
    told = {"text": say(language, "failed"), "short": say_short(language, "failed")}
    reply = Reply.model_validate({**told, "language": language, "choices": [person]})
    await _write(core, taken, Answered(answers=[Answer(outcome="failed", reply=reply)]), finished)


async def _write(core: Core, taken: Taken, answered: Answered, finished: Finished) -> None:
    """The answer, its outcome and what follows, in one transaction, unless a person took over meanwhile."""
    now, answer, row = core.clock(), answered.joined(), taken.row
    async with core.store.write() as tx:
        if not await _settled_by_us(tx, taken):
            return
        if row.draft:
            await drafts.keep(tx, row, answer, now)
        else:
            await _answered(core, tx, row, answered, answer, now)
    core.wake.grew(beside(row.conversation) if row.draft else row.conversation)
    if not row.draft:
        finished(answer.outcome, (now - row.received_at).total_seconds())


async def _answered(core: Core, tx: Tx, row: sa.Row[Any], answered: Answered, answer: Answer, now: datetime) -> None:
    await _say(tx, row, answer, now)
    language = answer.reply.language
    what = {"outcome": answer.outcome, "intent": answered.intent, "confidence": answered.confidence}
    when = {"received_at": row.received_at, "finished_at": now}
    of = {"conversation": row.conversation, "seq": row.seq, "about": answer.about, "language": language}
    await tx.execute(outbox.TURN, {**of, **what, **when})
    if answer.rating is not None:
        await _rate(tx, row, answer.rating, now)
    request = _request(core, row, answer.handoff) if answer.handoff else await policy.forced(core, tx, row, answer)
    if request is not None:
        await asking.queue(core, tx, row.conversation, request, answer.reply.language, now)
    await dispatch(core, tx, row.conversation, row.channel, now)


def _expects(answer: Answer) -> str | None:
    """What the citizen is asked for now: until they answer, a bare "dung" is an answer and no wish to stop."""
    return answer.expect or ("choice" if answer.outcome == "clarified" and answer.reply.choices else None)


def _proof_until(answer: Answer, now: datetime) -> datetime | None:
    """A case is being looked at: digits sent in the next minutes are a proof, also after a detour."""
    return now + PROOF_STANDS if answer.expect == "proof" or answer.outcome == "case_status" else None


async def _settled_by_us(tx: Tx, taken: Taken) -> bool:
    """Whether neither a person nor another worker had settled this message; the conversation is locked here."""
    owner = (await tx.execute(LOCKED, {"whose": taken.row.conversation})).one()
    answering = ("staff",) if taken.row.draft else ("assistant", "queue")
    if owner.owner not in answering or owner.claims != taken.claims:
        return False
    return bool((await tx.execute(SETTLE, {"taken": taken.row.id})).rowcount)


async def _say(tx: Tx, row: sa.Row[Any], answer: Answer, now: datetime) -> None:
    reply = answer.reply
    line = Line(
        "assistant",
        reply.text,
        reply.language,
        reply_to=row.seq,
        choices=[choice.model_dump() for choice in reply.choices],
        sources=[source.model_dump() for source in reply.sources],
        short=reply.short,
    )
    changed = {"spoken": reply.language, "asked": _expects(answer), "until": _proof_until(answer, now)}
    await outbox.append(tx, row.conversation, line, now, by=ANSWERED, **changed)


async def _rate(tx: Tx, row: sa.Row[Any], value: int, now: datetime) -> None:
    rated = sa.select(sa.func.max(message.c.seq)).where(
        message.c.conversation == row.conversation,
        message.c.author.in_(("assistant", "staff")),
        message.c.seq < row.seq,
    )
    seq = (await tx.execute(rated)).scalar_one()
    if seq is not None:
        await tx.execute(sa.insert(rating).values(conversation=row.conversation, seq=seq, value=value, at=now))


def _request(core: Core, row: sa.Row[Any], wanted: Handoff) -> asking.Request:
    known = wanted.agency if wanted.agency in core.site.agencies else row.agency
    return asking.Request(wanted.reason, wanted.topic, known, "\n".join(wanted.summary.splitlines()[:3]))
