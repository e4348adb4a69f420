"""channels that a provider carries: envelopes, deliveries, consent, tasks"""

import sqlalchemy as sa
from alembic import op

import bot.model

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "channel_switch",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("off_since", bot.model.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_switch")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("evidence", sa.String(length=80), nullable=False),
        sa.Column("at", bot.model.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('stopped', 'started')", name=op.f("ck_consent_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_channel_address_id"), ["channel", "address", "id"], unique=False)

    op.create_table(
        "envelope",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("received_at", bot.model.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'opened', 'broken')", name=op.f("ck_envelope_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sa.UniqueConstraint(
            "provider", "account", "provider_id", name=op.f("uq_envelope_provider_account_provider_id")
        ),
    )
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_envelope_state_id"), ["state", "id"], unique=False)

    op.create_table(
        "correspondent",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("conversation", sa.String(length=40), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_correspondent_conversation"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_correspondent")),
    )
    with op.batch_alter_table("correspondent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correspondent_conversation"), ["conversation"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation", sa.String(length=40), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("encoding", sa.String(length=10), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=True),
        sa.Column("consent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=True),
        sa.Column("code", sa.String(length=80), server_default="", nullable=False),
        sa.Column("written_at", bot.model.Moment(timezone=True), nullable=False),
        sa.Column("due_at", bot.model.Moment(timezone=True), nullable=False),
        sa.Column("sent_at", bot.model.Moment(timezone=True), nullable=True),
        sa.Column("settled_at", bot.model.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'sending', 'sent', 'delivered', 'failed', 'unsettled', 'silenced')",
            name=op.f("ck_delivery_state"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_delivery_conversation"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("conversation", "to_seq", name=op.f("uq_delivery_conversation_to_seq")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_delivery_link_digest")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_address_sent_at"), ["address", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_conversation_state"), ["conversation", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_state_due_at"), ["state", "due_at"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation", sa.String(length=40), nullable=False),
        sa.Column("delivery", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=80), server_default="", nullable=False),
        sa.Column("opened_at", bot.model.Moment(timezone=True), nullable=False),
        sa.Column("done_at", bot.model.Moment(timezone=True), nullable=True),
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("kind in ('undelivered', 'unsettled')", name=op.f("ck_task_kind")),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_task_conversation"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name=op.f("fk_task_delivery"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_task_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("delivery", name=op.f("uq_task_delivery")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_conversation"), ["conversation"], unique=False)

    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expects", sa.String(length=10), nullable=True))

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("short", sa.Text(), server_default="", nullable=False))
