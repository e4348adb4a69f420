"""The tables of conversations: who said what in which order, what waits for an answer, who owns the conversation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class Moment(sa.TypeDecorator[datetime]):
    """A point in time, stored as UTC; SQLite gives it back without a zone, so it is put on again."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts up only an INTEGER key


def _to_conversation(**more: Any) -> sa.Column[Any]:
    return sa.Column("conversation", sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, **more)


def _to_person(*, nullable: bool = True, ondelete: str | None = None) -> sa.Column[Any]:
    return sa.Column("person", sa.ForeignKey("person.id", ondelete=ondelete), nullable=nullable)


person = sa.Table(
    "person",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False, unique=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("agencies", sa.JSON(none_as_null=True)),  # list of identifiers; null means all
    sa.Column("seen_at", Moment),  # presence: when they last asked for anything
    sa.Column("created_at", Moment, nullable=False),
)

staff_token = sa.Table(
    "staff_token",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    _to_person(ondelete="CASCADE", nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),  # keyed hash, never the address
    sa.Column("token_digest", sa.String(64), unique=True),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("agency", sa.String(60), nullable=False),
    sa.Column("owner", sa.String(10), nullable=False, server_default="assistant"),
    _to_person(),  # who of the staff, while owner is staff
    sa.Column(
        "claims", sa.Integer, nullable=False, server_default="0"
    ),  # grows with each claim: an answer computed before is dropped
    sa.Column("last_seq", sa.Integer, nullable=False, server_default="0"),
    sa.Column("proof_until", Moment),  # until then digits are taken for a proof and sealed at the door
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.CheckConstraint("owner in ('assistant', 'queue', 'staff', 'closed')", name="owner"),
    sa.Index(None, "address", "created_at"),
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    _to_conversation(),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("message_id", sa.String(36), nullable=False),  # the citizen's own id, or one of ours
    sa.Column("author", sa.String(10), nullable=False),
    sa.Column("reply_to", sa.Integer),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("sources", sa.JSON, nullable=False),
    sa.Column("digest", sa.String(64)),  # keyed, of what was sent: the same id with other content is a conflict
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("conversation", "seq"),
    sa.UniqueConstraint("conversation", "message_id"),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("provider", sa.String(20), nullable=False),
    sa.Column("account", sa.String(80), nullable=False),
    sa.Column("provider_id", sa.String(80), nullable=False),
    _to_conversation(),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("understood", sa.JSON, nullable=False),  # {"intent": …|null, "entities": {…}}: proof only as a token
    sa.Column("state", sa.String(10), nullable=False, server_default="waiting"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()),  # the citizen knows that it takes longer
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.UniqueConstraint("provider", "account", "provider_id"),
    sa.CheckConstraint("state in ('waiting', 'taken', 'done')", name="state"),
    sa.Index(None, "state", "due_at"),
    sa.Index(None, "conversation", "state"),
)

SETTLED: dict[str, Any] = {"state": "done", "understood": {}}  # a settled row keeps no proof token

turn = sa.Table(
    "turn",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    _to_conversation(),
    sa.Column("seq", sa.Integer, nullable=False),  # of the citizen's message
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("intent", sa.String(40)),
    sa.Column("confidence", sa.Float),
    sa.Column("about", sa.JSON, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("finished_at", Moment, nullable=False),
    sa.UniqueConstraint("conversation", "seq"),
)

handoff = sa.Table(
    "handoff",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    _to_conversation(index=True),
    sa.Column("state", sa.String(10), nullable=False, server_default="queued"),
    sa.Column("reason", sa.String(30), nullable=False),
    sa.Column("topic", sa.String(80)),
    sa.Column("agency", sa.String(60), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("claimed_at", Moment),
    _to_person(),
    sa.Column("ended_at", Moment),
    sa.Column("outcome", sa.String(40)),
    sa.CheckConstraint("state in ('queued', 'claimed', 'returned', 'closed')", name="state"),
    sa.Index(None, "state", "agency", "opened_at"),
)

note = sa.Table(
    "note",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    _to_conversation(index=True),
    _to_person(nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

rating = sa.Table(
    "rating",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    _to_conversation(index=True),
    sa.Column("seq", sa.Integer, nullable=False),  # of the answer that was rated
    sa.Column("value", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
