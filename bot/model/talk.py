"""What was said in a conversation, by whom and in which order; what waits for an answer; what was answered."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.model.base import BigId, Moment, metadata, to_conversation, to_person

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
    to_person(),  # who of the staff, while owner is staff
    sa.Column(
        "claims", sa.Integer, nullable=False, server_default="0"
    ),  # grows with each claim: an answer computed before is dropped
    sa.Column("last_seq", sa.Integer, nullable=False, server_default="0"),
    sa.Column("blocked", sa.String(80)),  # why what they write is no longer taken; null: it is
    sa.Column("test", sa.Boolean, nullable=False, server_default=sa.false()),  # of staff who try it: in no figures
    sa.Column("proof_until", Moment),  # until then digits are taken for a proof and sealed at the door
    sa.Column("expects", sa.String(10)),  # proof, choice, text, phone or message: what was asked for last
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.CheckConstraint("owner in ('assistant', 'queue', 'staff', 'closed')", name="owner"),
    sa.Index(None, "address", "created_at"),
)

# The conversation `whose`; LOCKED: for this transaction alone, though rows that point to it may be written meanwhile.
CONVERSATION = sa.select(conversation).where(conversation.c.id == sa.bindparam("whose"))
LOCKED = CONVERSATION.with_for_update(key_share=True)

message = sa.Table(
    "message",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    to_conversation(),
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
    sa.Column("folded", sa.Text, nullable=False, server_default=""),  # the text without diacritics, for the search
    to_person(),  # who of the staff wrote it
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
    to_conversation(),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("understood", sa.JSON, nullable=False),  # {"intent": …|null, "entities": {…}}: proof only as a token
    sa.Column("state", sa.String(10), nullable=False, server_default="waiting"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),  # of those, while everything was there
    sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()),  # the citizen knows that it takes longer
    sa.Column("draft", sa.Boolean, nullable=False, server_default=sa.false()),  # a person answers: for their eyes only
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
    to_conversation(),
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

rating = sa.Table(
    "rating",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    to_conversation(index=True),
    sa.Column("seq", sa.Integer, nullable=False),  # of the answer that was rated
    sa.Column("value", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
