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
    sa.Column("expects", sa.String(10)),  # proof, choice or text: what the last answer asked for
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.CheckConstraint("owner in ('assistant', 'queue', 'staff', 'closed')", name="owner"),
    sa.Index(None, "address", "created_at"),
)

# The conversation `whose`, for this transaction alone; rows that point to it may still be written meanwhile.
LOCKED = sa.select(conversation).where(conversation.c.id == sa.bindparam("whose")).with_for_update(key_share=True)


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
    sa.Column("short", sa.Text, nullable=False, server_default=""),  # the same for one SMS; "": the text will do
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

# ---- channels that a provider carries -------------------------------------------------------------------------------

correspondent = sa.Table(  # who writes by such a channel, and how to reach them
    "correspondent",
    metadata,
    sa.Column("channel", sa.String(20), primary_key=True),
    sa.Column("address", sa.String(64), primary_key=True),  # keyed hash
    sa.Column("sealed", sa.Text, nullable=False),  # the address itself, encrypted: needed to answer, shown to nobody
    _to_conversation(index=True),
    sa.Column("provider", sa.String(20), nullable=False),  # through whom they wrote last
)

envelope = sa.Table(  # what a provider delivered, sealed, until it is opened into its conversation
    "envelope",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("provider", sa.String(20), nullable=False),
    sa.Column("account", sa.String(80), nullable=False),
    sa.Column("provider_id", sa.String(80), nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),  # "" once it was opened
    sa.Column("state", sa.String(10), nullable=False, server_default="waiting"),
    sa.Column("received_at", Moment, nullable=False),
    sa.UniqueConstraint("provider", "account", "provider_id"),
    sa.CheckConstraint("state in ('waiting', 'opened', 'broken')", name="state"),
    sa.Index(None, "state", "id"),
)

delivery = sa.Table(  # the outbox: one message that a provider is to carry
    "delivery",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    _to_conversation(),
    sa.Column("from_seq", sa.Integer, nullable=False),  # it says what was said in these messages
    sa.Column("to_seq", sa.Integer, nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("provider", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("encoding", sa.String(10), nullable=False),
    sa.Column("segments", sa.Integer, nullable=False),
    sa.Column("price", sa.Integer, nullable=False),  # VND, as set when it was written
    sa.Column("link_digest", sa.String(64), unique=True),  # of the token in the link to the whole text
    sa.Column("consent", sa.Boolean, nullable=False, server_default=sa.false()),  # the one confirmation of an opt-out
    sa.Column("state", sa.String(10), nullable=False, server_default="waiting"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("provider_id", sa.String(80)),
    sa.Column("code", sa.String(80), nullable=False, server_default=""),  # the provider's last error
    sa.Column("written_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),  # waiting: sent then; sending: the provider is asked about it then
    sa.Column("sent_at", Moment),  # when it was last given to the provider
    sa.Column("settled_at", Moment),
    sa.CheckConstraint(
        "state in ('waiting', 'sending', 'sent', 'delivered', 'failed', 'unsettled', 'silenced')", name="state"
    ),
    sa.UniqueConstraint("conversation", "to_seq"),
    sa.Index(None, "state", "due_at"),
    sa.Index(None, "conversation", "state"),
    sa.Index(None, "address", "sent_at"),
)

consent = sa.Table(  # the ledger: only ever added to; the newest row of an address holds
    "consent",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("source", sa.String(10), nullable=False),  # citizen: a word of theirs; provider: it told us
    sa.Column("evidence", sa.String(80), nullable=False),  # the provider's id of the message, or its error code
    sa.Column("at", Moment, nullable=False),
    sa.CheckConstraint("state in ('stopped', 'started')", name="state"),
    sa.Index(None, "channel", "address", "id"),
)

channel_switch = sa.Table(  # a channel that is off; no row: it is on
    "channel_switch",
    metadata,
    sa.Column("channel", sa.String(20), primary_key=True),
    sa.Column("message", sa.JSON, nullable=False),  # {"vi": …, "en": …}
    sa.Column("off_since", Moment, nullable=False),
)

task = sa.Table(  # something that a person has to see to
    "task",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    _to_conversation(index=True),
    sa.Column("delivery", BigId, sa.ForeignKey("delivery.id", ondelete="CASCADE"), unique=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("code", sa.String(80), nullable=False, server_default=""),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("done_at", Moment),
    _to_person(),
    sa.CheckConstraint("kind in ('undelivered', 'unsettled')", name="kind"),
)
