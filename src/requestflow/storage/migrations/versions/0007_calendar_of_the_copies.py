"""Which calendar the copies of dates go by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds the column; empty: not known."""
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar", sa.Text()))
