"""Channels that a provider carries: how people are reached, what came in, what goes out, and who wants nothing more."""

from __future__ import annotations

import sqlalchemy as sa

from bot.model.base import BigId, Moment, metadata, to_conversation, to_person

correspondent = sa.Table(  # who writes by such a channel, and how to reach them
    "correspondent",
    metadata,
    sa.Column("channel", sa.String(20), primary_key=True),
    sa.Column("address", sa.String(64), primary_key=True),  # keyed hash
    sa.Column("sealed", sa.Text, nullable=False),  # the address itself, encrypted: needed to answer, shown to nobody
    to_conversation(index=True),
    sa.Column("provider", sa.String(20), nullable=False),  # through whom they wrote last
    sa.Column("heard_at", Moment),  # when they wrote last: apps take replies only for so long after
    sa.Column("person", sa.String(36), index=True),  # the same for channels that one person has linked by a code
)

link_code = sa.Table(  # one-time codes by which a person links two channels
    "link_code",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    to_conversation(index=True),
    sa.Column("until", Moment, nullable=False),
)

credential = sa.Table(  # tokens of a provider whose refresh token is used up by using it
    "credential",
    metadata,
    sa.Column("provider", sa.String(20), primary_key=True),
    sa.Column("given", sa.Text, nullable=False),  # digests of the settings that it began with, the last 100
    sa.Column("access", sa.Text, nullable=False),  # encrypted; "" before the first renewal
    sa.Column("refresh", sa.Text, nullable=False),  # encrypted
    sa.Column("until", Moment, nullable=False),
    sa.Column("renewed_by", Moment),  # a process renews it until then; nobody else does meanwhile
)

envelope = sa.Table(  # what a provider delivered, sealed, until it is opened into its conversation
    "envelope",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("provider", sa.String(20), nullable=False),
    sa.Column("account", sa.String(80), nullable=False),
    sa.Column("provider_id", sa.String(255), nullable=False),
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
    to_conversation(),
    sa.Column("from_seq", sa.Integer, nullable=False),  # it says what was said in these messages
    sa.Column("to_seq", sa.Integer, nullable=False),
    sa.Column("part", sa.Integer, nullable=False, server_default="0"),  # where it is too long for one
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("provider", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("options", sa.JSON, nullable=False, server_default="[]"),  # [{"key", "label"}]: buttons, or a list
    sa.Column("opener", sa.String(40), nullable=False, server_default=""),  # what opens the list; "": buttons
    sa.Column("template", sa.Text, nullable=False, server_default=""),  # the link that goes out instead, by a template
    sa.Column("encoding", sa.String(10), nullable=False),  # of a text; "" where nothing is counted
    sa.Column("segments", sa.Integer, nullable=False),
    sa.Column("price", sa.Integer, nullable=False),  # VND, as set when it was written
    sa.Column("link_digest", sa.String(64), unique=True),  # of the token in the link to the whole text
    sa.Column("consent", sa.Boolean, nullable=False, server_default=sa.false()),  # the one confirmation of an opt-out
    sa.Column("state", sa.String(10), nullable=False, server_default="waiting"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column(
        "failures", sa.Integer, nullable=False, server_default="0"
    ),  # of those, but for a token of ours
    sa.Column("unsure", sa.Boolean, nullable=False, server_default=sa.false()),  # may have arrived, and goes once more
    sa.Column("provider_id", sa.String(255)),
    sa.Column("code", sa.String(80), nullable=False, server_default=""),  # the provider's last error
    sa.Column("written_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),  # waiting: sent then; sending: the provider is asked about it then
    sa.Column("sent_at", Moment),  # when it was last given to the provider
    sa.Column("settled_at", Moment),
    sa.CheckConstraint(
        "state in ('waiting', 'sending', 'sent', 'delivered', 'failed', 'unsettled', 'silenced')", name="state"
    ),
    sa.UniqueConstraint("conversation", "to_seq", "part", "channel"),
    sa.Index(None, "provider_id"),
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
    sa.Column("evidence", sa.String(255), nullable=False),  # the provider's id of the message, or its error code
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
    to_conversation(index=True),
    sa.Column("delivery", BigId, sa.ForeignKey("delivery.id", ondelete="CASCADE"), unique=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("code", sa.String(80), nullable=False, server_default=""),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("done_at", Moment),
    to_person(),
    sa.CheckConstraint("kind in ('undelivered', 'unsettled')", name="kind"),
)
