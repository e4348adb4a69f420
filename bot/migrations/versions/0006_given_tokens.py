"""every refresh token that the settings ever gave is known again"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.alter_column("given", type_=sa.Text(), existing_type=sa.String(length=64), existing_nullable=False)
