"""Undertaking units on the rows of applications; reminders and what carries them."""

import sqlalchemy as sa
from alembic import op

from requestflow.storage.schema import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Undertaking units on the rows of applications; reminders and what carries them."""
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("unit_due", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("unit_signed", sa.Date(), nullable=True))
    op.create_table(
        "dispatches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("claimed_at", Instant(timezone=True), nullable=True),
        sa.Column("sent_at", Instant(timezone=True), nullable=True),
        sa.Column("doubled", sa.Boolean(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_dispatches_office_id_offices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
        sa.UniqueConstraint(
            "office_id", "recipient", "channel", "day",
            name=op.f("uq_dispatches_office_id_recipient_channel_day"),
        ),
    )  # fmt: skip
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.create_index(
            "ix_dispatches_open",
            ["office_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("status IN ('waiting', 'claimed')"),
            postgresql_where=sa.text("status IN ('waiting', 'claimed')"),
        )
    op.create_table(
        "reminders",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("stage", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatches.id"], name=op.f("fk_reminders_dispatch_id_dispatches")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_reminders_office_id_offices")
        ),
        sa.PrimaryKeyConstraint(
            "office_id", "number", "kind", "entry", "due", "stage", "recipient", "channel",
            name=op.f("pk_reminders"),
        ),
    )  # fmt: skip
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminders_dispatch_id"), ["dispatch_id"], unique=False)
