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


def _to_person(
    name: str = "person", *, nullable: bool = True, ondelete: str | None = None, **more: Any
) -> sa.Column[Any]:
    return sa.Column(name, sa.ForeignKey("person.id", ondelete=ondelete), nullable=nullable, **more)


person = sa.Table(
    "person",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False, unique=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("agencies", sa.JSON(none_as_null=True)),  # list of identifiers; null means all
    sa.Column("skills", sa.JSON(none_as_null=True)),  # languages and services that they take; null means all
    sa.Column("language", sa.String(2), nullable=False, server_default="vi"),  # of their pages
    sa.Column("password", sa.String(200)),  # argon2id; null: signs in by link or token alone
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("presence", sa.String(10), nullable=False, server_default="available"),  # as chosen; see seen_at
    sa.Column("capacity", sa.Integer, nullable=False, server_default="8"),  # in weights of channels
    sa.Column("seen_at", Moment),  # when they last asked for anything: without a sign of life nobody is there
    sa.Column("acted_at", Moment),  # when they last did something
    sa.Column("created_at", Moment, nullable=False),
    sa.CheckConstraint("presence in ('available', 'busy', 'away', 'offline')", name="presence"),
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
    sa.Column("folded", sa.Text, nullable=False, server_default=""),  # the text without diacritics, for the search
    _to_person(),  # who of the staff wrote it
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
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),  # of those, since something was away
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

handoff = sa.Table(  # one episode with people: from the wish for one until it is given back or closed
    "handoff",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    _to_conversation(index=True),
    sa.Column("state", sa.String(10), nullable=False, server_default="queued"),
    sa.Column("reason", sa.String(30), nullable=False),
    sa.Column("topic", sa.String(80)),  # a service
    sa.Column("agency", sa.String(60), nullable=False),
    sa.Column("language", sa.String(2), nullable=False, server_default="vi"),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("proof_level", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cases", sa.JSON, nullable=False, server_default="[]"),  # references that were looked up
    sa.Column("wanted", sa.String(10), nullable=False, server_default="wait"),
    sa.Column("contact", sa.Text),  # sealed: the number to call back
    sa.Column("promised_at", Moment),  # callback, message: answered by then
    sa.Column("priority", sa.Integer, nullable=False, server_default="0"),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("rank_at", Moment, nullable=False),  # the queue's order: when it was opened, earlier by its priority
    sa.Column("claimed_at", Moment),
    _to_person(),
    _to_person("preferred"),  # who took care of it before, or is asked for
    sa.Column("requeued", sa.Integer, nullable=False, server_default="0"),
    sa.Column("offered_to", sa.String(60)),  # an agency: the citizen was asked whether it may go there
    sa.Column("response_due", Moment),  # the promise: the first reply of a person by then
    sa.Column("replied_at", Moment),  # when it came
    sa.Column("last_reply_at", Moment),
    sa.Column("resolution_due", Moment),  # the promise: settled by then; moves while the citizen is awaited
    sa.Column("paused_at", Moment),  # since when the citizen is awaited
    sa.Column("escalated_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("outcome", sa.String(40)),
    sa.Column("survey_at", Moment),  # asked once an episode
    sa.Column("survey_score", sa.Integer),
    sa.CheckConstraint("state in ('queued', 'claimed', 'returned', 'closed')", name="state"),
    sa.CheckConstraint("wanted in ('wait', 'callback', 'message')", name="wanted"),
    sa.Index(None, "state", "agency", "rank_at"),
    sa.Index(None, "agency", "claimed_at"),
    sa.Index(None, "person", "state"),
    sa.Index(None, "ended_at"),
)

note = sa.Table(
    "note",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    _to_conversation(index=True),
    _to_person(nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("note_id", sa.String(36)),  # of the page that it was written on: sent twice it is one note
    sa.UniqueConstraint("conversation", "note_id"),
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

# ---- the desk -------------------------------------------------------------------------------------------------------

staff_session = sa.Table(  # a browser that is signed in
    "staff_session",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    _to_person(ondelete="CASCADE", nullable=False),
    sa.Column("device", sa.String(120), nullable=False),  # as the browser names itself
    sa.Column("by_link", sa.Boolean, nullable=False, server_default=sa.false()),  # a link opened it, not a password
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)

sign_in_link = sa.Table(  # opens a session once
    "sign_in_link",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    _to_person(ondelete="CASCADE", nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
)

sign_in_failure = sa.Table(
    "sign_in_failure",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("whose", sa.String(64), nullable=False),  # keyed hash of a name, or of an address
    sa.Column("at", Moment, nullable=False),
    sa.Index(None, "whose", "at"),
)

audit = sa.Table(  # only ever added to; each row holds the hash of the one before
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    sa.Column("at", Moment, nullable=False),
    sa.Column("who", sa.String(80), nullable=False),  # a person's name, or "system"
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("conversation", sa.String(40)),
    sa.Column("agency", sa.String(60)),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index(None, "conversation"),
)

desk_queue = sa.Table(  # what supervisors set for an agency's queue; no row: the defaults, and the pack's hours
    "desk_queue",
    metadata,
    sa.Column("agency", sa.String(60), primary_key=True),
    sa.Column("closed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("shifts", sa.JSON(none_as_null=True)),  # [{"weekday": 0…6, "opens": "07:30", "closes": "11:30"}]
    sa.Column("response_minutes", sa.Integer, nullable=False, server_default="15"),  # working time to the first reply
    sa.Column("resolution_minutes", sa.Integer, nullable=False, server_default="480"),  # working time to the end
    sa.Column("answer_minutes", sa.Integer, nullable=False, server_default="10"),  # an owner who has not replied by
    # then gives it up to the queue
    sa.Column("callback_minutes", sa.Integer, nullable=False, server_default="240"),  # working time to a callback
    sa.Column("longest", sa.Integer, nullable=False, server_default="50"),  # more do not wait: they are called back
    sa.Column("topics", sa.JSON, nullable=False, server_default="[]"),  # services that always go to a person
)

desk_day = sa.Table(  # a day with other hours than its weekday's
    "desk_day",
    metadata,
    sa.Column("agency", sa.String(60), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("shifts", sa.JSON, nullable=False),  # [{"opens", "closes"}]; [] closed
)

canned = sa.Table(  # answers that staff have ready
    "canned",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("agency", sa.String(60)),  # null: every agency's
    sa.Column("shortcut", sa.String(30), nullable=False),
    sa.Column("title", sa.String(80), nullable=False),
    sa.Column("text", sa.JSON, nullable=False),  # {"vi", "en"}, with blanks such as {name}
    sa.Column("updated_at", Moment, nullable=False),
    _to_person(),
    sa.Index(None, "agency", "shortcut"),
)

draft = sa.Table(  # what the assistant would have said while a person answers
    "draft",
    metadata,
    _to_conversation(primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),  # of the citizen's message
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("sources", sa.JSON, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("used_at", Moment),
)

attention = sa.Table(  # who of the staff has a conversation open, and what they do there
    "attention",
    metadata,
    _to_conversation(primary_key=True),
    _to_person(nullable=False, ondelete="CASCADE", primary_key=True),
    sa.Column("doing", sa.String(10), nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.CheckConstraint("doing in ('reading', 'replying', 'noting')", name="doing"),
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
    sa.Column("heard_at", Moment),  # when they wrote last: apps take replies only for so long after
    sa.Column("person", sa.String(36), index=True),  # the same for channels that one person has linked by a code
)

link_code = sa.Table(  # one-time codes by which a person links two channels
    "link_code",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    _to_conversation(index=True),
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
    _to_conversation(),
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
    _to_conversation(index=True),
    sa.Column("delivery", BigId, sa.ForeignKey("delivery.id", ondelete="CASCADE"), unique=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("code", sa.String(80), nullable=False, server_default=""),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("done_at", Moment),
    _to_person(),
    sa.CheckConstraint("kind in ('undelivered', 'unsettled')", name="kind"),
)
