"""What became of every message, as the stand-in counts it, and what still waits in the gateway's database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import sqlalchemy as sa

from bench.channels_carrier import Carrier, row_of
from bench.channels_load import Sent
from bench.channels_plan import Question
from bot.model import correspondent, delivery, envelope, inbox, message, task
from channels.fake_twilio_forms import Text

Marks = Mapping[int, frozenset[str]]  # by topic: how the answers about it begin
UNDER_WAY = ("waiting", "sending", "unsettled")


class Stored:
    """The gateway's database, read from outside while it runs."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))

    def unsettled(self) -> dict[str, int]:
        """How many rows are not at their end, by what they wait for."""
        counts = {
            "envelopes not opened": _count(envelope, envelope.c.state != "opened"),
            "messages without an answer": _count(inbox, inbox.c.state != "done"),
            **{f"deliveries {state}": _count(delivery, delivery.c.state == state) for state in UNDER_WAY},
            "deliveries failed without a task": _count(
                delivery, delivery.c.state == "failed", ~sa.exists().where(task.c.delivery == delivery.c.id)
            ),
        }
        return self._numbers(counts)

    def kept(self) -> dict[str, int]:
        """How many citizens' messages there are, and deliveries by state."""
        with self._engine.connect() as connection:
            by_state = sa.select(delivery.c.state, sa.func.count()).group_by(delivery.c.state)
            states = {f"deliveries {state}": int(number) for state, number in connection.execute(by_state)}
        return self._numbers({"messages": _count(message, message.c.author == "citizen")}) | states

    def with_task(self) -> frozenset[int]:
        """The deliveries that failed for good and are before a person."""
        found = sa.select(delivery.c.id).join(task).where(delivery.c.state == "failed", task.c.done_at.is_(None))
        with self._engine.connect() as connection:
            return frozenset(connection.execute(found).scalars())

    def said(self, provider: str) -> dict[str, list[str]]:
        """By conversation: the ids of what people wrote by this provider, sorted."""
        whose = sa.select(message.c.conversation, message.c.message_id).join(
            correspondent, correspondent.c.conversation == message.c.conversation
        )
        found = whose.where(correspondent.c.provider == provider, message.c.author == "citizen")
        ids: dict[str, list[str]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(found.order_by(message.c.message_id)):
                ids.setdefault(row.conversation, []).append(row.message_id)
        return ids

    def answers(self, provider: str) -> int:
        """How many messages of ours there are by this provider."""
        with self._engine.connect() as connection:
            return int(connection.execute(_count(delivery, delivery.c.provider == provider)).scalar_one())

    def close(self) -> None:
        self._engine.dispose()

    def _numbers(self, counts: Mapping[str, sa.Select[Any]]) -> dict[str, int]:
        with self._engine.connect() as connection:
            return {name: int(connection.execute(counted).scalar_one()) for name, counted in counts.items()}


def _count(table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table).where(*where)


@dataclass(slots=True)
class Fate:
    """One message: its answers in the order in which the stand-in took them, as places among all that it took.

    `reached`: when the first one was on the phone, in monotonic seconds."""

    question: Question
    reached: float = 0.0
    taken: list[int] = field(default_factory=list[int])
    delivered: list[int] = field(default_factory=list[int])
    rows: set[int] = field(default_factory=set[int])

    def seen_to(self, with_task: frozenset[int]) -> bool:
        """The provider will never deliver it, and a person has been told."""
        return not self.delivered and bool(self.rows & with_task)


def fates(questions: Iterable[Question], carrier: Carrier, marks: Marks) -> tuple[list[Fate], list[str]]:
    """Each message with its answers; and the answers that belong to no message."""
    by_number: dict[str, list[Fate]] = {}
    for question in questions:
        by_number.setdefault(question.number, []).append(Fate(question))
    strange: list[str] = []
    for place, text in enumerate(carrier.outbound()):
        if text.recipient not in by_number:
            continue  # what was asked before the load
        fate = next((one for one in by_number[text.recipient] if _answers(text, marks[one.question.topic])), None)
        if fate is None:
            strange.append(text.text)
            continue
        fate.taken.append(place)
        fate.rows.add(row_of(text))
        if text.status == "delivered":
            fate.reached = fate.reached or carrier.ended[text.sid]
            fate.delivered.append(place)
    return [fate for known in by_number.values() for fate in known], strange


def _answers(text: Text, begin: frozenset[str]) -> bool:
    return any(mark in text.text for mark in begin)


def out_of_order(found: Sequence[Fate], sent: Iterable[Sent], *, arrived: bool) -> int:
    """Pairs of one number whose first was acknowledged before the second was sent at all, answered the other way round.

    By the time of the first answer that was taken; `arrived`: by that of the answer that reached the phone, which is
    later where the provider failed after taking it.
    """
    times: dict[str, tuple[float, float]] = {}
    for one in sent:
        if not one.arrival.repeat:
            times[one.arrival.question.sid] = (one.begun, one.acknowledged)
    numbers: dict[str, list[Fate]] = {}
    for fate in found:
        numbers.setdefault(fate.question.number, []).append(fate)
    pairs = (pair for known in numbers.values() for pair in permutations(known, 2))
    return sum(_turned(first, second, times, arrived=arrived) for first, second in pairs)


def _turned(first: Fate, second: Fate, times: Mapping[str, tuple[float, float]], *, arrived: bool) -> bool:
    one, other = (fate.delivered if arrived else fate.taken for fate in (first, second))
    acknowledged, begun = times[first.question.sid][1], times[second.question.sid][0]
    return bool(one and other) and acknowledged < begun and other[0] < one[0]
