"""the desk: queues with hours and promises, who may sign in, what was done by whom"""

import sqlalchemy as sa
from alembic import op

import bot.model
from text.fold import fold

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", bot.model.Moment(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("conversation", sa.String(length=40), nullable=True),
        sa.Column("agency", sa.String(length=60), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_conversation"), ["conversation"], unique=False)

    op.create_table(
        "desk_day",
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("shifts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("agency", "day", name=op.f("pk_desk_day")),
    )
    op.create_table(
        "desk_queue",
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("closed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shifts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("response_minutes", sa.Integer(), server_default="15", nullable=False),
        sa.Column("resolution_minutes", sa.Integer(), server_default="480", nullable=False),
        sa.Column("answer_minutes", sa.Integer(), server_default="10", nullable=False),
        sa.Column("callback_minutes", sa.Integer(), server_default="240", nullable=False),
        sa.Column("longest", sa.Integer(), server_default="50", nullable=False),
        sa.Column("topics", sa.JSON(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("agency", name=op.f("pk_desk_queue")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("whose", sa.String(length=64), nullable=False),
        sa.Column("at", bot.model.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failure_whose_at"), ["whose", "at"], unique=False)

    op.create_table(
        "canned",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=True),
        sa.Column("shortcut", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("updated_at", bot.model.Moment(timezone=True), nullable=False),
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_canned_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned")),
    )
    with op.batch_alter_table("canned", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_canned_agency_shortcut"), ["agency", "shortcut"], unique=False)

    op.create_table(
        "sign_in_link",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expires_at", bot.model.Moment(timezone=True), nullable=False),
        sa.Column("used_at", bot.model.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_sign_in_link_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in_link")),
    )
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("by_link", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", bot.model.Moment(timezone=True), nullable=False),
        sa.Column("seen_at", bot.model.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", bot.model.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_staff_session_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_session")),
    )
    op.create_table(
        "attention",
        sa.Column("conversation", sa.String(length=40), nullable=False),
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("doing", sa.String(length=10), nullable=False),
        sa.Column("until", bot.model.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("doing in ('reading', 'replying', 'noting')", name=op.f("ck_attention_doing")),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_attention_conversation"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_attention_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation", "person", name=op.f("pk_attention")),
    )
    op.create_table(
        "draft",
        sa.Column("conversation", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("at", bot.model.Moment(timezone=True), nullable=False),
        sa.Column("used_at", bot.model.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_draft_conversation"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation", "seq", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("blocked", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("test", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("handoff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=2), server_default="vi", nullable=False))
        batch_op.add_column(sa.Column("proof_level", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("cases", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("wanted", sa.String(length=10), server_default="wait", nullable=False))
        batch_op.add_column(sa.Column("contact", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("promised_at", bot.model.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("rank_at", bot.model.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("preferred", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("requeued", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("offered_to", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("response_due", bot.model.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("replied_at", bot.model.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("last_reply_at", bot.model.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("resolution_due", bot.model.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("paused_at", bot.model.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("escalated_at", bot.model.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("survey_at", bot.model.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("survey_score", sa.Integer(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_handoff_state_agency_opened_at"))
        batch_op.create_index(batch_op.f("ix_handoff_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_handoff_agency_claimed_at"), ["agency", "claimed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_handoff_person_state"), ["person", "state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_handoff_state_agency_rank_at"), ["state", "agency", "rank_at"], unique=False
        )
        batch_op.create_foreign_key(batch_op.f("fk_handoff_preferred"), "person", ["preferred"], ["id"])
        batch_op.create_check_constraint("wanted", "wanted in ('wait', 'callback', 'message')")
    op.execute("update handoff set rank_at = opened_at")
    with op.batch_alter_table("handoff", schema=None) as batch_op:
        batch_op.alter_column("rank_at", nullable=False)

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("draft", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folded", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_message_person"), "person", ["person"], ["id"])

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note_id", sa.String(length=36), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_note_conversation_note_id"), ["conversation", "note_id"])

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("skills", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=2), server_default="vi", nullable=False))
        batch_op.add_column(sa.Column("password", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("presence", sa.String(length=10), server_default="available", nullable=False))
        batch_op.add_column(sa.Column("capacity", sa.Integer(), server_default="8", nullable=False))
        batch_op.add_column(sa.Column("acted_at", bot.model.Moment(timezone=True), nullable=True))
        batch_op.create_check_constraint("presence", "presence in ('available', 'busy', 'away', 'offline')")

    _fold_what_was_said()
    _only_ever_add("audit")


def _fold_what_was_said() -> None:
    message = sa.table("message", sa.column("id"), sa.column("text"), sa.column("folded"))
    connection = op.get_bind()
    folded = sa.update(message).where(message.c.id == sa.bindparam("which")).values(folded=sa.bindparam("as"))
    for row in connection.execute(sa.select(message.c.id, message.c.text)).all():
        connection.execute(folded, {"which": row.id, "as": fold(row.text)})


def _only_ever_add(table: str) -> None:
    """The database itself refuses to change or remove a row."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{change} before {change} on {table} "
                f"begin select raise(abort, '{table} is only ever added to'); end"
            )
        return
    op.execute(
        f"create function {table}_is_kept() returns trigger language plpgsql as "
        f"$$ begin raise exception '{table} is only ever added to'; end $$"
    )
    op.execute(
        f"create trigger {table}_is_kept before update or delete or truncate on {table} "
        f"for each statement execute function {table}_is_kept()"
    )
