"""messaging apps: messages in parts, buttons, templates; channels that are linked; tokens that are renewed"""

import sqlalchemy as sa
from alembic import op

import bot.model

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "credential",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("given", sa.String(length=64), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("refresh", sa.Text(), nullable=False),
        sa.Column("until", bot.model.Moment(timezone=True), nullable=False),
        sa.Column("renewed_by", bot.model.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_credential")),
    )
    op.create_table(
        "link_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=40), nullable=False),
        sa.Column("until", bot.model.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_link_code_conversation"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_link_code")),
    )
    with op.batch_alter_table("link_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_code_conversation"), ["conversation"], unique=False)

    with op.batch_alter_table("correspondent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heard_at", bot.model.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("person", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_correspondent_person"), ["person"], unique=False)

    for table, column in (("envelope", "provider_id"), ("consent", "evidence")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, type_=sa.String(length=255), existing_nullable=False)

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.alter_column("provider_id", type_=sa.String(length=255), existing_nullable=True)
        batch_op.add_column(sa.Column("part", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("options", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("opener", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("template", sa.Text(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_delivery_provider_id"), ["provider_id"], unique=False)
        batch_op.drop_constraint(batch_op.f("uq_delivery_conversation_to_seq"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_delivery_conversation_to_seq_part_channel"), ["conversation", "to_seq", "part", "channel"]
        )
