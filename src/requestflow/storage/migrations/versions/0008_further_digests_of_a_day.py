"""Further digests of a day: what became urgent after the first one went out."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_KEY = ["office_id", "recipient", "channel", "day"]


def _number() -> None:
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="1"))
        batch_op.drop_constraint(op.f("uq_dispatches_office_id_recipient_channel_day"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_dispatches_office_id_recipient_channel_day_part"), [*_KEY, "part"]
        )
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.alter_column("part", existing_type=sa.Integer(), server_default=None)


def upgrade() -> None:
    """Numbers the digests of a day; those so far were the first.

    A file's table is made anew for that, which cannot be while reminders name its rows: these stand
    aside meanwhile.
    """
    if op.get_bind().dialect.name != "sqlite":
        _number()
        return
    op.execute("CREATE TEMPORARY TABLE reminders_aside AS SELECT * FROM reminders")
    op.execute("DELETE FROM reminders")
    _number()
    op.execute("INSERT INTO reminders SELECT * FROM reminders_aside")
    op.execute("DROP TABLE reminders_aside")
