"""What all tables are made of: a moment, a key that counts up, and the way to a conversation or a person."""

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


def to_conversation(**more: Any) -> sa.Column[Any]:
    return sa.Column("conversation", sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, **more)


def to_person(
    name: str = "person", *, nullable: bool = True, ondelete: str | None = None, **more: Any
) -> sa.Column[Any]:
    return sa.Column(name, sa.ForeignKey("person.id", ondelete=ondelete), nullable=nullable, **more)
