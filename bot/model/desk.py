"""Staff: who they are and how they are signed in, what they are asked for and by when, what they write and did."""

from __future__ import annotations

import sqlalchemy as sa

from bot.model.base import BigId, Moment, metadata, to_conversation, to_person

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
    to_person(ondelete="CASCADE", nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

staff_session = sa.Table(  # a browser that is signed in
    "staff_session",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    to_person(ondelete="CASCADE", nullable=False),
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
    to_person(ondelete="CASCADE", nullable=False),
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

handoff = sa.Table(  # one episode with people: from the wish for one until it is given back or closed
    "handoff",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    to_conversation(index=True),
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
    to_person(),
    to_person("preferred"),  # who took care of it before, or is asked for
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
    to_conversation(index=True),
    to_person(nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("note_id", sa.String(36)),  # of the page that it was written on: sent twice it is one note
    sa.UniqueConstraint("conversation", "note_id"),
)

draft = sa.Table(  # what the assistant would have said while a person answers
    "draft",
    metadata,
    to_conversation(primary_key=True),
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
    to_conversation(primary_key=True),
    to_person(nullable=False, ondelete="CASCADE", primary_key=True),
    sa.Column("doing", sa.String(10), nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.CheckConstraint("doing in ('reading', 'replying', 'noting')", name="doing"),
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
    to_person(),
    sa.Index(None, "agency", "shortcut"),
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
